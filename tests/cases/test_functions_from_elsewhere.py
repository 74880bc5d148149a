"""Functions that people bring from MySQL, PostgreSQL, BigQuery, Snowflake and SQL Server.

Each line is a condition, and what its diagnostic says to write: what a fix makes of it, which is valid.
"""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, Schema, diagnose
from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.fixes import fix_text
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import custom_column

FIELDS: Schema = SENDGRID.with_columns(
    [
        custom_column("stage", DataType.VARCHAR),
        custom_column("age", DataType.NUMBER),
        custom_column("d", DataType.TIMESTAMP),
    ]
)
SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE "

SAFE = """
d < TO_DATE('2026-01-01')                       | d < '2026-01-01'
d < TO_TIMESTAMP('2026-01-01 10:00:00')         | d < '2026-01-01 10:00:00'
d < TO_DATE('2026-01-01', 'YYYY-MM-DD')         | d < '2026-01-01'
d < STR_TO_DATE('2026-01-01', '%Y-%m-%d')       | d < '2026-01-01'
d < PARSE_TIMESTAMP('%Y', '2026-01-01')         | d < '2026-01-01'
d < DATE('2026-01-01')                          | d < '2026-01-01'
d < DATE_FROM_PARTS(2026, 1, 31)                | d < '2026-01-31'
d < FROM_UNIXTIME(1700000000)                   | d < '2023-11-14T22:13:20Z'
UNIX_TIMESTAMP(d) > 1700000000                  | d > '2023-11-14T22:13:20Z'
YEAR(d) = 2026                                  | (d >= '2026-01-01' AND d < '2027-01-01')
2025 < YEAR(d)                                  | d >= '2026-01-01'
DATE_PART('year', d) <= 2025                    | d < '2026-01-01'
DATE(d) = '2026-01-31'                          | (d >= '2026-01-31' AND d < '2026-02-01')
DATE_TRUNC('month', d) = '2026-12-01'           | (d >= '2026-12-01' AND d < '2027-01-01')
DATE_TRUNC(d, MONTH) > '2026-02-01'             | d >= '2026-03-01'
d > DATEADD(day, -30, GETDATE())                | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > DATE_SUB(NOW(), 30)                         | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > ADD_MONTHS(CURRENT_TIMESTAMP, -1)           | d > TIMESTAMPADD(month, -1, CURRENT_TIMESTAMP)
d > DATEADD(quarter, -1, created_at)            | d > TIMESTAMPADD(month, -3, created_at)
d > SYSDATE()                                   | d > CURRENT_TIMESTAMP
d > LOCALTIMESTAMP                              | d > CURRENT_TIMESTAMP
CONTAINS(email, 'gmail')                        | email LIKE '%gmail%'
CONTAINS(LOWER(email), 'gmail')                 | LOWER(email) LIKE '%gmail%'
NOT CONTAINS(stage, 'x')                        | NOT stage LIKE '%x%'
CONTAINS(email, 'gmail') = TRUE                 | email LIKE '%gmail%'
CONTAINS(email, 'gmail') = FALSE                | NOT (email LIKE '%gmail%')
CONTAINS(list_ids, 'a')                         | ARRAY_CONTAINS(list_ids, 'a')
ARRAY_CONTAINS(email, 'gmail')                  | email LIKE '%gmail%'
ARRAY_CONTAINS('a', list_ids)                   | ARRAY_CONTAINS(list_ids, 'a')
ARRAYS_OVERLAP(list_ids, ['a', 'b'])            | ARRAY_CONTAINS(list_ids, ['a', 'b'])
FIND_IN_SET('a', list_ids)                      | ARRAY_CONTAINS(list_ids, 'a')
'a' = ANY(list_ids)                             | ARRAY_CONTAINS(list_ids, 'a')
stage = ANY('a', 'b')                           | stage IN ('a', 'b')
STARTSWITH(email, 'a')                          | email LIKE 'a%'
ENDS_WITH(email, '.org')                        | email LIKE '%.org'
INSTR(email, '@x') > 0                          | email LIKE '%@x%'
STRPOS(email, '@x') = 0                         | email NOT LIKE '%@x%'
CHARINDEX('ann', email) = 1                     | email LIKE 'ann%'
SUBSTRING(stage, 1, 2) = 'ab'                   | stage LIKE 'ab%'
stage LIKE ANY ('%a', '%b')                     | (stage LIKE '%a' OR stage LIKE '%b')
stage LIKE ALL ('%a', '%b')                     | (stage LIKE '%a' AND stage LIKE '%b')
stage LIKE CONCAT('%', 'x')                     | stage LIKE '%x'
COALESCE(stage, '') = 'x'                       | stage = 'x'
COALESCE(stage, '') != 'x'                      | (stage != 'x' OR stage IS NULL)
COALESCE(stage, city) = 'x'                     | (stage = 'x' OR (stage IS NULL AND city = 'x'))
NVL(d, updated_at) > created_at                 | (d > created_at OR (d IS NULL AND updated_at > created_at))
COALESCE(age, age, 1) > 2 | (age > 2 OR (age IS NULL AND (age > 2 OR (age IS NULL AND 1 > 2))))
TRUNC(age) >= 3                                 | age >= 3
IFNULL(age, 0) < 18                             | (age < 18 OR age IS NULL)
IFNULL(age, 0) > 18                             | age > 18
ISNULL(stage)                                   | stage IS NULL
MOD(age, 2) = 0                                 | age % 2 = 0
ABS(age) > 3                                    | (age > 3 OR age < -3)
FLOOR(age) = 3                                  | (age >= 3 AND age < 4)
FLOOR(age) <= 3                                 | age < 4
CEIL(age) = 3                                   | (age > 2 AND age <= 3)
CEILING(age) > -3                               | age > -3
3 > CEIL(age)                                   | age <= 2
FLOOR(age) != 3                                 | (age < 3 OR age >= 4)
d > DATEADD(dd, -30, GETDATE())                 | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > DATEADD(hh, -2, GETDATE())                  | d > TIMESTAMPADD(hour, -2, CURRENT_TIMESTAMP)
d > TIMESTAMPADD('day', -30, NOW())             | d > TIMESTAMPADD(day, -30, NOW())
d > TIMESTAMPADD(SQL_TSI_DAY, -30, NOW())       | d > TIMESTAMPADD(day, -30, NOW())
d > NOW(6) AND d < CURRENT_TIMESTAMP(3)         | d > NOW() AND d < CURRENT_TIMESTAMP
custom_fields.stage = 'x'                       | stage = 'x'
"""
"""Where the same is asked for in other words."""

UNSAFE = """
d < CURRENT_DATE                                | d < CURRENT_TIMESTAMP
d < TODAY()                                     | d < CURRENT_TIMESTAMP
DATEDIFF(day, d, CURRENT_TIMESTAMP) > 30        | d < TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
DATEDIFF(NOW(), d) >= 30                        | d <= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
TIMESTAMPDIFF(MONTH, d, NOW()) < 6              | d > TIMESTAMPADD(month, -6, CURRENT_TIMESTAMP)
DATE_DIFF(d, CURRENT_DATE(), DAY) <= 7          | d <= TIMESTAMPADD(day, 7, CURRENT_TIMESTAMP)
30 > DATEDIFF('day', created_at, d)             | d < TIMESTAMPADD(day, 30, created_at)
REGEXP_LIKE(email, '^ann')                      | email LIKE 'ann%'
REGEXP_LIKE(email, 'gmail\\\\.com$')            | email LIKE '%gmail.com'
LEN(stage) > 3                                  | LENGTH(stage) > 3
LCASE(stage) = 'x'                              | LOWER(stage) = 'x'
SPLIT_PART(email, '@', 2) = 'gmail.com'         | email LIKE '%@gmail.com'
stage NOT LIKE ANY ('%a', '%b')                 | NOT (stage LIKE '%a' OR stage LIKE '%b')
ROUND(age) = 3                                  | (age >= 2.5 AND age < 3.5)
TRUNC(age) >= -3                                | age >= -3
GREATEST(age, 3) > 5                            | (age > 5 OR 3 > 5)
"""
"""Where what is asked for is nearly the same."""


def lines(table: str) -> list[tuple[str, str]]:
    pairs = [line.split(" | ") for line in table.strip().splitlines()]
    return [(written.strip(), instead.strip()) for written, instead in pairs]


@pytest.mark.parametrize(("written", "instead"), lines(SAFE))
def test_a_safe_fix_writes_it(written: str, instead: str) -> None:
    assert fixed(SELECT + written, unsafe=False) == SELECT + instead
    assert not errors(SELECT + instead)


@pytest.mark.parametrize(("written", "instead"), lines(UNSAFE))
def test_an_unsafe_fix_writes_it(written: str, instead: str) -> None:
    assert fixed(SELECT + written, unsafe=False) == SELECT + written
    assert errors(SELECT + written)
    assert fixed(SELECT + written, unsafe=True) == SELECT + instead
    assert not errors(SELECT + instead)


V1 = """
d < TO_DATE('2026-01-01')                       | d < TIMESTAMP '2026-01-01'
d < SYSDATE()                                   | d < NOW()
YEAR(d) >= 2026                                 | d >= TIMESTAMP '2026-01-01'
CONTAINS(email, 'gmail')                        | email LIKE '%gmail%'
ENDS_WITH(email, '.org')                        | email LIKE '%.org'
ARRAY_CONTAINS(list_ids, 'a')                   | CONTAINS(list_ids, 'a')
d > TIMESTAMPADD(day, -30, NOW())               | d > NOW() - INTERVAL 30 DAY
d > DATEADD(week, -2, NOW())                    | d > NOW() - INTERVAL 14 DAY
COALESCE(stage, '') != 'x'                      | (stage != 'x' OR stage IS NULL)
custom_fields['stage'] = 'x'                    | stage = 'x'
"""


@pytest.mark.parametrize(("written", "instead"), lines(V1))
def test_a_safe_fix_writes_it_in_v1(written: str, instead: str) -> None:
    assert fixed(written, unsafe=False, dialect="v1") == instead
    assert not errors(instead, "v1")


def test_a_fix_that_rests_on_three_percent_signs_is_not_safe() -> None:
    text = "CONTAINS(email, '50%')"
    assert fixed(text, unsafe=False, dialect="v1") == text
    assert fixed(text, unsafe=True, dialect="v1") == "email LIKE '%50%%%'"
    assert not errors("email LIKE '%50%%%'", "v1")


HELP = """
MONTH(d) = 1                          | a part of a date cannot be asked for, a range can: d >= '2026-01-01'
CONTAINS(age, '3')                    | age is a number, which holds no text: compare it
CONTAINS(email, '50%')                | LIKE has no escape character
ENDSWITH(email, '_x')                 | LIKE has no escape character
ARRAY_SIZE(list_ids) > 2              | how long a list is cannot be asked for
ROUND(age, 2) = 3.14                  | ask for a range: age >= … AND age < …
TIMESTAMPADD(quarter, -1, NOW()) < d  | write month, and 3 times the amount
DATE(d) = DATE(NOW())                 | d > TIMESTAMPADD(day, -1, CURRENT_TIMESTAMP)
DATE_TRUNC('month', d) = CURRENT_DATE | the last one can: d > TIMESTAMPADD(month, -1,
NULLIF(stage, '') IS NULL             | write the two cases: (stage = '' OR stage IS NULL)
IFF(age > 3, TRUE, FALSE)             | write the cases as conditions
REGEXP_LIKE(email, '(a|b)+')          | there are no regular expressions
DATEDIFF(day, d, created_at) > age    | compare the moment itself: d < TIMESTAMPADD(day, -30,
TRIM(stage) = 'x'                     | texts are compared as they are: write stage alone
"""


@pytest.mark.parametrize(("written", "said"), lines(HELP))
def test_the_help_says_what_can_be_asked(written: str, said: str) -> None:
    error, *_ = errors(SELECT + written)
    assert said in error.help
    assert error.fix is None


def fixed(text: str, *, unsafe: bool, dialect: str | None = None) -> str:
    return fix_text(text, lambda query: errors(query, dialect), unsafe=unsafe).text


def errors(text: str, dialect: str | None = None) -> list[Diagnostic]:
    return [found for found in diagnose(text, FIELDS, dialect) if found.is_error]
