"""Operators, casts, paths and clauses that people bring from other SQL, and from SendGrid's other APIs.

Each line is a condition, and what the fix of its diagnostic makes of it, which is valid.
"""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, diagnose
from tests.cases.test_functions_from_elsewhere import FIELDS, SELECT, errors, fixed, lines

JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)

SAFE = """
email == 'x' | email = 'x'
age =< 3 | age <= 3
age => 3 | age >= 3
age ≥ 3 | age >= 3
age ≠ 3 | age != 3
stage <=> 'x' | stage = 'x'
stage == NULL | stage IS NULL
stage =! 'x' | stage != 'x'
stage ISNULL | stage IS NULL
stage NOTNULL | stage IS NOT NULL
email = 'x' && stage = 'y' | email = 'x' AND stage = 'y'
email = 'x'&&stage = 'y' | email = 'x' AND stage = 'y'
email = 'x' || stage = 'y' | email = 'x' OR stage = 'y'
!ARRAY_CONTAINS(list_ids, 'a') | NOT ARRAY_CONTAINS(list_ids, 'a')
first_name || ' ' || last_name = 'A B' | CONCAT(first_name, ' ', last_name) = 'A B'
stage LIKE '%' || 'x' | stage LIKE '%x'
stage IS DISTINCT FROM 'x' | (stage != 'x' OR stage IS NULL)
stage IS NOT DISTINCT FROM 'x' | stage = 'x'
stage IS DISTINCT FROM NULL | stage IS NOT NULL
city IS NOT DISTINCT FROM country | (city = country OR (city IS NULL AND country IS NULL))
stage LIKE ('%a', '%b') | (stage LIKE '%a' OR stage LIKE '%b')
stage LIKE '1^%' ESCAPE '!' | stage LIKE '1^%'
stage GLOB 'x*' | stage LIKE 'x%'
stage SIMILAR TO '%x%' | stage LIKE '%x%'
ARRAY_CONTAINS(list_ids, ('a','b')) | ARRAY_CONTAINS(list_ids, ['a', 'b'])
ARRAY_CONTAINS(list_ids, 'a', 'b') | ARRAY_CONTAINS(list_ids, ['a', 'b'])
'a' IN list_ids | ARRAY_CONTAINS(list_ids, 'a')
'a' MEMBER OF (list_ids) | ARRAY_CONTAINS(list_ids, 'a')
stage IN 'a' | stage IN ('a')
custom_fields['stage'] = 'x' | stage = 'x'
contact_data.custom_fields.stage = 'x' | stage = 'x'
[stage] = 'x' | stage = 'x'
d BETWEEN '2026-01-01' TO '2026-02-01' | d BETWEEN '2026-01-01' AND '2026-02-01'
d < DATE '2026-01-01' | d < '2026-01-01'
d < TIMESTAMP "2026-01-01" | d < TIMESTAMP '2026-01-01'
d < CAST('2026-01-01' AS DATE) | d < '2026-01-01'
d < '2026-01-01'::timestamp | d < '2026-01-01'
CAST(d AS DATE) = '2026-01-31' | (d >= '2026-01-31' AND d < '2026-02-01')
EXTRACT(YEAR FROM d) >= 2026 | d >= '2026-01-01'
POSITION('@x' IN email) > 0 | email LIKE '%@x%'
LEFT(stage, 2) = 'ab' | stage LIKE 'ab%'
RIGHT(stage, 2) != 'ab' | stage NOT LIKE '%ab'
d > NOW() - INTERVAL 30 DAY | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > created_at + INTERVAL '2 weeks' | d > TIMESTAMPADD(week, 2, created_at)
d > now() - interval '30' day | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > DATE_SUB(CURDATE(), INTERVAL 1 MONTH) | d > TIMESTAMPADD(month, -1, CURRENT_TIMESTAMP)
d > DATE_ADD(NOW(), INTERVAL -30 DAY) | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
stage = N'x' | stage = 'x'
stage COLLATE utf8 = 'x' | stage = 'x'
BINARY stage = 'x' | stage = 'x'
list_ids @> ARRAY['a'] | ARRAY_CONTAINS(list_ids, 'a')
list_ids @> '{a,b}' | (ARRAY_CONTAINS(list_ids, 'a') AND ARRAY_CONTAINS(list_ids, 'b'))
NOT list_ids @> ARRAY['a']::text[] | NOT ARRAY_CONTAINS(list_ids, 'a')
ARRAY['a'] <@ list_ids | ARRAY_CONTAINS(list_ids, 'a')
list_ids && ARRAY['a','b'] | ARRAY_CONTAINS(list_ids, ['a', 'b'])
list_ids && '{a}' | ARRAY_CONTAINS(list_ids, 'a')
stage = ANY(ARRAY['a','b']) | stage IN ('a', 'b')
stage <> ALL(ARRAY['a','b']) | stage NOT IN ('a', 'b')
'a' = ANY(list_ids) | ARRAY_CONTAINS(list_ids, 'a')
stage IN ARRAY['a'] | stage IN ('a')
stage NOT IN ['a', 'b'] | stage NOT IN ('a', 'b')
stage IN {'a', 'b'} | stage IN ('a', 'b')
ARRAY_CONTAINS(list_ids, ARRAY['a', 'b']) | ARRAY_CONTAINS(list_ids, ['a', 'b'])
ARRAY_OVERLAP(list_ids, ARRAY['a']) | ARRAY_CONTAINS(list_ids, ['a'])
ARRAYS_OVERLAP(list_ids, ARRAY_CONSTRUCT('a', 'b')) | ARRAY_CONTAINS(list_ids, ['a', 'b'])
ARRAY_OVERLAPS(list_ids, ['a']) | ARRAY_CONTAINS(list_ids, ['a'])
'a' IN UNNEST(list_ids) | ARRAY_CONTAINS(list_ids, 'a')
UNNEST(list_ids) = 'a' | ARRAY_CONTAINS(list_ids, 'a')
email LIKE ALL 'a%' | email LIKE 'a%'
email LIKE ANY '%a' | email LIKE '%a'
email LIKE ANY (ARRAY['%a', 'b%']) | (email LIKE '%a' OR email LIKE 'b%')
email LIKE ALL ('a%', '%b') | (email LIKE 'a%' AND email LIKE '%b')
email ILIKE '%A' | LOWER(email) LIKE '%a'
email NOT ILIKE '%A' | LOWER(email) NOT LIKE '%a'
email ILIKE ANY ('%A', 'b%') | (LOWER(email) LIKE '%a' OR LOWER(email) LIKE 'b%')
email NOT ILIKE ALL ('%a', 'b') | NOT (LOWER(email) LIKE '%a' AND LOWER(email) LIKE 'b')
d > CURRENT_DATE - 7 | d > TIMESTAMPADD(day, -7, CURRENT_TIMESTAMP)
d > GETDATE() - 7 | d > TIMESTAMPADD(day, -7, CURRENT_TIMESTAMP)
d < NOW() + 7 | d < TIMESTAMPADD(day, 7, CURRENT_TIMESTAMP)
d > NOW() - '7 days'::interval | d > TIMESTAMPADD(day, -7, CURRENT_TIMESTAMP)
d > {ts '2026-01-01 00:00:00'} | d > '2026-01-01 00:00:00'
d > #2026-01-01# | d > '2026-01-01'
d > TIMESTAMP WITH TIME ZONE '2026-01-01' | d > '2026-01-01'
age !> 3 | age <= 3
age !< 3 | age >= 3
age = 1e3 | age = 1000
age = 1_000 | age = 1000
age BETWEEN (1, 5) | age BETWEEN 1 AND 5
age BETWEEN SYMMETRIC 1 AND 5 | age BETWEEN 1 AND 5
(age, stage) = (1, 'a') | (age = 1 AND stage = 'a')
stage is not in ('a') | stage NOT IN ('a')
stage is not like 'a%' | stage NOT LIKE 'a%'
stage IS IN ('a') | stage IN ('a')
(age > 3) IS UNKNOWN | (age > 3) IS NULL
stage equals 'a' | stage = 'a'
age is greater than or equal to 3 | age >= 3
stage is not equal to 'a' | stage != 'a'
age = 1 & stage = 'a' | age = 1 AND stage = 'a'
"""

PATHS = """
e.data:payload."smtp-id" = 'x' | e.data:payload['smtp-id'] = 'x'
e.data.payload.url = 'x' | e.data:payload.url = 'x'
e.data['payload']['url'] = 'x' | e.data:['payload']['url'] = 'x'
e.data->>'url' = 'x' | e.data:payload.url = 'x'
e.data:payload.smtp-id = 'x' | e.data:payload['smtp-id'] = 'x'
e.data:payload.ip-address IS NULL | e.data:payload['ip-address'] IS NULL
e.data:payload.unique-args.a LIKE 'x%' | e.data:payload['unique-args'].a LIKE 'x%'
e.data:payload.a-b-c = 'x' | e.data:payload['a-b-c'] = 'x'
e.data:smtp-id = 'x' | e.data:['smtp-id'] = 'x'
e.data:payload:url = 'x' | e.data:payload.url = 'x'
e.data->'payload'->>'smtp-id' = 'x' | e.data:payload['smtp-id'] = 'x'
e.data:payload.url::string LIKE 'x%' | e.data:payload.url LIKE 'x%'
JSON_EXTRACT(e.data, '$.payload.url') = 'x' | e.data:payload.url = 'x'
event_data['url'] = 'x' | e.data:payload.url = 'x'
event_data['campaign'] = 'x' | e.data:payload.unique_args.campaign = 'x'
e.event_data['smtp-id'] = 'x' | e.data:payload['smtp-id'] = 'x'
event_data.url = 'x' | e.data:payload.url = 'x'
e.category = 'x' | e.data:payload.category = 'x'
e.singlesend_id = 'x' | e.data:payload.unique_args.singlesend_id = 'x'
e.data #>> '{payload,url}' = 'x' | e.data:payload.url = 'x'
e.data ? 'url' | e.data:payload.url IS NOT NULL
PARSE_JSON(e.data):payload.url = 'x' | e.data:payload.url = 'x'
"""


@pytest.mark.parametrize(("written", "instead"), lines(SAFE))
def test_a_fix_writes_it(written: str, instead: str) -> None:
    assert fixed(SELECT + written, unsafe=True) == SELECT + instead
    assert not errors(SELECT + instead)


@pytest.mark.parametrize(("written", "instead"), lines(PATHS))
def test_a_path_is_written_as_here(written: str, instead: str) -> None:
    assert fixed(JOIN + written, unsafe=True) == JOIN + instead
    assert not errors(JOIN + instead)


V1 = """
stage LIKE '1^%' ESCAPE '^' | stage LIKE '1%%'
stage IS DISTINCT FROM 'x' | (stage != 'x' OR stage IS NULL)
list_ids[0] = 'a' | CONTAINS(list_ids, 'a')
ARRAY_CONTAINS(list_ids, ('a', 'b')) | (CONTAINS(list_ids, 'a') OR CONTAINS(list_ids, 'b'))
d < DATE '2026-01-01' | d < TIMESTAMP '2026-01-01'
d < CAST('2026-01-01' AS DATE) | d < TIMESTAMP '2026-01-01'
contact_data.stage = 'x' | stage = 'x'
custom_fields.stage = 'x' | stage = 'x'
event_data.payload.url = 'x' | event_data['url'] = 'x'
first_name || last_name = 'x' | first_name + last_name = 'x'
stage = 'x'; | stage = 'x'
d > DATE_SUB(NOW(), INTERVAL 30 DAY) | d > NOW() - INTERVAL 30 DAY
list_ids @> ARRAY['a'] | CONTAINS(list_ids, 'a')
list_ids && ARRAY['a','b'] | (CONTAINS(list_ids, 'a') OR CONTAINS(list_ids, 'b'))
stage = ANY(ARRAY['a','b']) | stage IN ('a', 'b')
stage IN ['a'] | stage IN ('a')
stage ILIKE 'A%' | LOWER(stage) LIKE 'a%'
d > CURRENT_DATE - 7 | d > NOW() - INTERVAL 7 DAY
d > {ts '2026-01-01'} | d > TIMESTAMP '2026-01-01'
age eq 3 | age = 3
stage is not in ('a') | stage NOT IN ('a')
"""


CLAUSES = """
WHERE age > 3 QUALIFY ROW_NUMBER() OVER (ORDER BY d) = 1 | QUALIFY | MAX(e.timestamp)
WHERE age > 3 WINDOW w AS (ORDER BY d) | WINDOW | MAX(e.timestamp)
WHERE age > 3 MINUS SELECT contact_id, updated_at FROM contact_data | MINUS | AND NOT
MINUS SELECT contact_id, updated_at FROM contact_data | MINUS | AND NOT
WHERE age > 3 FETCH FIRST 10 ROWS ONLY | FETCH | every contact that matches
WHERE age > 3 OFFSET 5 | OFFSET | every contact that matches
WHERE age > 3 FOR UPDATE | FOR | only selects
WITH (NOLOCK) WHERE age > 3 | WITH | only selects
TABLESAMPLE (10) | TABLESAMPLE | every contact that matches
JOIN LATERAL FLATTEN(list_ids) f | FLATTEN | ARRAY_CONTAINS
WHERE NOT EXISTS (SELECT 1 FROM event_data) | EXISTS | NOT IN (SELECT
WHERE age & 1 = 1 | & | no bits
WHERE age ** 2 = 4 | ** | product
WHERE age > 3 // young | // | comments start with --
WHERE stage = #{stage} | # | no variables
WHERE stage IS EMPTY | IS EMPTY | stage = ''
"""


@pytest.mark.parametrize("line", CLAUSES.strip().splitlines())
def test_a_clause_of_elsewhere_is_named_with_the_way_out(line: str) -> None:
    written, said, instead = (part.strip() for part in line.split(" | "))
    text = "SELECT contact_id, updated_at FROM contact_data " + written
    error, *_ = errors(text)
    assert said in error.message
    assert instead in error.help


@pytest.mark.parametrize("written", ["TOP 10 ", "TOP (10) PERCENT "])
def test_top_is_left_out(written: str) -> None:
    text = f"SELECT {written}contact_id, updated_at FROM contact_data WHERE age > 3"
    assert fixed(text, unsafe=False) == "SELECT contact_id, updated_at FROM contact_data WHERE age > 3"


@pytest.mark.parametrize("value", ["'{}'", "'{NULL}'", "'{\"a,b\"}'", "ARRAY[age]", "ARRAY[]"])
def test_an_array_that_is_not_plain_is_not_guessed_at(value: str) -> None:
    assert all(error.fix is None for error in errors(f"{SELECT}list_ids @> {value}"))


@pytest.mark.parametrize("clock", ["CURRENT_DATE", "NOW"])
def test_a_column_may_be_called_as_a_clock(clock: str) -> None:
    schema = SENDGRID.with_fields([{"name": clock, "field_type": "Number"}])
    assert not [found for found in diagnose(f"{SELECT}{clock} - 7 > 3", schema) if found.is_error]


@pytest.mark.parametrize(("written", "instead"), lines(V1))
def test_a_fix_writes_it_in_v1(written: str, instead: str) -> None:
    assert fixed(written, unsafe=True, dialect="v1") == instead
    assert not errors(instead, "v1")


def test_tables_in_a_row_are_joined() -> None:
    text = (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c, event_data AS e "
        "WHERE c.contact_id = e.contact_id AND e.event_type = 'open'"
    )
    assert fixed(text, unsafe=False) == (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
        "ON c.contact_id = e.contact_id WHERE c.contact_id = e.contact_id AND e.event_type = 'open'"
    )


HELP = """
clicks.campaign_identifier = '513' | event_type = 'click' AND event_data['singlesend_id'] = '513'
clicks.url_location = 'x' | event_type = 'click' AND event_data['url'] = 'x'
opens.campaign_identifier = '513' | a condition of the legacy API
{"and": [{"field": "email", "operator": "eq"}]} | this is JSON
[{"field": "email"}] | this is JSON
{"name": "x", "query_dsl": "email = 'a'"} | a query is the text behind query_dsl alone
email IN (SELECT email FROM contact_data) | v1 has no subqueries
"""


@pytest.mark.parametrize(("text", "said"), lines(HELP))
def test_what_is_no_query_is_named(text: str, said: str) -> None:
    (error,) = errors(text)
    assert said in f"{error.message}: {error.help}"


def test_the_events_of_the_legacy_api_in_v2_are_a_subquery() -> None:
    (error,) = errors("clicks.campaign_identifier = '513'", "v2")
    query = error.help.partition(": ")[2]
    assert query.startswith("SELECT contact_id, updated_at FROM contact_data WHERE contact_id IN (SELECT")
    assert not errors(query)


@pytest.mark.parametrize("text", ["email = 'x'", "d > NOW() - INTERVAL 10 DAY", "email = 'x' AND"])
def test_a_bare_predicate_sent_as_v2(text: str) -> None:
    (error,) = errors(text, "v2")
    assert error.code == "bare-predicate"


@pytest.mark.parametrize("operator", ["REGEXP", "RLIKE", "~", "!~"])
def test_a_regular_expression_is_perhaps_a_pattern(operator: str) -> None:
    (error,) = errors(f"{SELECT}email {operator} '^ann'")
    assert "LIKE 'ann%'" in error.help


def test_a_part_of_a_date_is_a_range() -> None:
    (error,) = errors(SELECT + "EXTRACT(month FROM d) = 1")
    assert "there is no" in error.message or "has no function EXTRACT" in error.message
    assert "d >= '2026-01-01' AND d < '2026-02-01'" in error.help


def test_events_are_counted_by_joins() -> None:
    (error,) = errors(JOIN + "e.event_type = 'open' GROUP BY c.contact_id, c.updated_at HAVING COUNT(*) >= 2")
    assert "join event_data twice" in error.help


def test_all_mistakes_are_told_in_one_run() -> None:
    text = (
        SELECT + "email == 'Ann@x' && contry => 'x' AND CONTAINS(list_ids, 'a') && city <> 'x' AND age ~ '3'"
    )
    found = diagnose(text, FIELDS)
    assert [(item.code, text[item.span.start : item.span.end]) for item in found if item.is_error] == [
        ("unexpected-text", "="),
        ("unexpected-character", "&&"),
        ("unknown-column", "contry"),
        ("unexpected-text", ">"),
        ("unknown-function", "CONTAINS"),
        ("unexpected-character", "&&"),
        ("unsupported-operator", "~"),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "\"stage\" = 'x'",
        "\"stage\" LIKE 'x%'",
        "\"stage\" NOT LIKE 'x%'",
        "\"stage\" IN ('x', 'y')",
        "\"stage\" NOT IN ('x', 'y')",
        '"stage" IS NULL',
        '"stage" IS NOT NULL',
        "\"stage\" BETWEEN 'a' AND 'b'",
        "'stage' = 'x'",
    ],
)
def test_a_column_in_quotes_is_a_text_in_v1(condition: str) -> None:
    (found,) = diagnose(condition, FIELDS, "v1")
    assert found.code in ("never-matches", "always-matches")
    assert found.help == "in quotes it is a text: for the column, write stage"


@pytest.mark.parametrize(
    ("condition", "instead"),
    [
        ('"age" > 3', "age > 3"),
        ("\"d\" > TIMESTAMP '2026-01-01'", "d > TIMESTAMP '2026-01-01'"),
        ("CONTAINS(\"list_ids\", 'a')", "CONTAINS(list_ids, 'a')"),
        ("'age' BETWEEN 1 AND 2", "age BETWEEN 1 AND 2"),
    ],
)
def test_beside_what_is_no_text_it_is_an_error_with_the_column(condition: str, instead: str) -> None:
    assert fixed(condition, unsafe=True, dialect="v1") == instead
