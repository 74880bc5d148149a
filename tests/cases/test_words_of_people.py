"""What people write in plain words, with other people's characters, or with a slip of the pen.

Each line is a condition, and what the fix of its diagnostic makes of it, which is valid.
"""

from __future__ import annotations

import pytest

from tests.cases.test_functions_from_elsewhere import SELECT, errors, fixed, lines

WORDS = """
stage does not equal 'y' | stage != 'y'
stage doesn't equal 'y' | stage != 'y'
stage doesn’t equal 'y' | stage != 'y'
stage not equal to 'a' | stage != 'a'
stage is different from 'x' | stage != 'x'
stage is filled in | stage IS NOT NULL
stage is not set | stage IS NULL
stage has any value | stage IS NOT NULL
stage has no value | stage IS NULL
stage does not exist | stage IS NULL
stage is missing OR city is unset | stage IS NULL OR city IS NULL
stage starts with 'a' | stage LIKE 'a%'
stage does not start with "a" | stage NOT LIKE 'a%'
stage begins with 'it''s' | stage LIKE 'it''s%'
stage ends with 'a' AND age > 3 | stage LIKE '%a' AND age > 3
stage doesn't contain 'a' | stage NOT LIKE '%a%'
stage contains gold | stage LIKE '%gold%'
list_ids does not contain 'a' | NOT ARRAY_CONTAINS(list_ids, 'a')
list_ids contains any of ('a', 'b') | (ARRAY_CONTAINS(list_ids, 'a') OR ARRAY_CONTAINS(list_ids, 'b'))
stage contains any of ('a', 'b') | (stage LIKE '%a%' OR stage LIKE '%b%')
stage includes all of 'a', 'b' | (stage LIKE '%a%' AND stage LIKE '%b%')
stage is one of ('a', 'b') | stage IN ('a', 'b')
stage is not any of ('a', 'b') | stage NOT IN ('a', 'b')
stage is none of 'a', 'b' | stage NOT IN ('a', 'b')
d before 2026-01-01 | d < '2026-01-01'
d is after '2026-01-01' | d > '2026-01-01'
d is not before '2026-01-01' | d >= '2026-01-01'
d on or after 2026-01-01 | d >= '2026-01-01'
d until '2026-01-01 10:00' | d <= '2026-01-01 10:00'
d since created_at | d >= created_at
d in the last 30 days | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d is within the past quarter | d > TIMESTAMPADD(month, -3, CURRENT_TIMESTAMP)
d not in the last 2 weeks | d <= TIMESTAMPADD(week, -2, CURRENT_TIMESTAMP)
d in the next 7 days | (d > CURRENT_TIMESTAMP AND d < TIMESTAMPADD(day, 7, CURRENT_TIMESTAMP))
d older than 30 days | d < TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d more than 30 days ago | d < TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d less than 30 days ago | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > 30 days ago | d > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
d > created_at + 2 weeks | d > TIMESTAMPADD(week, 2, created_at)
age is at least 3 | age >= 3
age is not at least 3 | age < 3
age no more than 3 | age <= 3
age is under 3 OR age exceeds 9 | age < 3 OR age > 9
age more than age | age > age
age from 3 to 5 | age BETWEEN 3 AND 5
"""

SLIPS = """
stage = ‘x’ | stage = 'x'
stage = “it's” AND city = ’y’ | stage = 'it''s' AND city = 'y'
stage = „x“ | stage = 'x'
stage = «x» | stage = 'x'
stage = 'x’ AND age > 3 | stage = 'x' AND age > 3
（age ＞＝ ３５） | (age >= 35)
stage IN ('a'， 'b') | stage IN ('a', 'b')
stage\u200b = 'x' | stage = 'x'
stage IN ('a', 'b',) | stage IN ('a', 'b')
stage IN ('a',, 'b') | stage IN ('a', 'b')
AND age > 3 | age > 3
age > 3 AND AND stage = 'x' | age > 3 AND stage = 'x'
age > 3 OR OR (OR stage = 'x') | age > 3 OR (stage = 'x')
stage = 'a', 'b' | stage IN ('a', 'b')
stage != ('a', 'b') | stage NOT IN ('a', 'b')
stage = ['a', 'b'] AND age > 3 | stage IN ('a', 'b') AND age > 3
stage IN ('a' or 'b' or 'c') | stage IN ('a', 'b', 'c')
first name = 'x' | first_name = 'x'
stage: 'a' | stage = 'a'
age = 1e-3 | age = 0.001
age > .5 AND age < 5. | age > 0.5 AND age < 5
age = +5 | age = 5
age > 1,000,000.5 | age > 1000000.5
age > 1 000 | age > 1000
age = 0x1F | age = 31
age > $10.50 | age > 10.50
"""


@pytest.mark.parametrize(("written", "instead"), [*lines(WORDS), *lines(SLIPS)])
def test_a_fix_writes_it(written: str, instead: str) -> None:
    assert fixed(SELECT + written, unsafe=True) == SELECT + instead
    assert not errors(SELECT + instead)


V1 = """
d before '2026-01-01' | d < TIMESTAMP '2026-01-01'
d since 2026-01-01 | d >= TIMESTAMP '2026-01-01'
d in the last 2 weeks | d > NOW() - INTERVAL 14 DAY
d > 30 days ago | d > NOW() - INTERVAL 30 DAY
d > NOW() - 30 days | d > NOW() - INTERVAL 30 DAY
list_ids contains any of ('a', 'b') | (CONTAINS(list_ids, 'a') OR CONTAINS(list_ids, 'b'))
stage contains '50%' | stage LIKE '%50%%%'
stage = ‘it's’ | stage = 'it\\'s'
WHERE age > 3 | age > 3
if age > 3 | age > 3
"""


@pytest.mark.parametrize(("written", "instead"), lines(V1))
def test_a_fix_writes_it_in_v1(written: str, instead: str) -> None:
    assert fixed(written, unsafe=True, dialect="v1") == instead
    assert not errors(instead, "v1")


PLAIN = "SELECT contact_id, updated_at FROM contact_data"
QUERIES = f"""
SELECT DISTINCT contact_id, updated_at FROM contact_data | {PLAIN}
{PLAIN} WHERE age > 3 ORDER BY d DESC, age | {PLAIN} WHERE age > 3
{PLAIN} WHERE age > 3 ORDER BY d LIMIT 10 OFFSET 3; | {PLAIN} WHERE age > 3;
{PLAIN} LIMIT 5, 10 | {PLAIN}
SELECT contact_id, updated_at, FROM contact_data | {PLAIN}
SELECT contact_id, updated_at | {PLAIN}
SELECT contact_id, updated_at WHERE age > 3 | {PLAIN} WHERE age > 3
{PLAIN} AND age > 3 | {PLAIN} WHERE age > 3
{PLAIN} WHERE WHERE age > 3 | {PLAIN} WHERE age > 3
{PLAIN} WHERE AND age > 3 | {PLAIN} WHERE age > 3
({PLAIN}) | {PLAIN}
EXPLAIN ANALYZE {PLAIN} | {PLAIN}
SELECT TOP (10) contact_id, updated_at FROM contact_data | {PLAIN}
SELECT ALL contact_id, updated_at FROM contact_data | {PLAIN}
SELECT SQL_NO_CACHE contact_id, updated_at FROM contact_data | {PLAIN}
{PLAIN} # everybody | {PLAIN} -- everybody
{PLAIN} // everybody | {PLAIN} -- everybody
query: {PLAIN} | {PLAIN}
"""


@pytest.mark.parametrize(("written", "instead"), lines(QUERIES))
def test_a_fix_writes_the_query(written: str, instead: str) -> None:
    assert fixed(written, unsafe=True, dialect="v2") == instead
    assert not errors(instead)


def test_a_join_gets_its_condition() -> None:
    text = (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
        "JOIN event_data e WHERE e.event_type = 'open'"
    )
    on = " ON c.contact_id = e.contact_id"
    assert fixed(text, unsafe=True) == text.replace("event_data e", f"event_data e{on}")


HELP = """
stage contains '50%' | LIKE has no escape character
stage = 'x' AND OR age > 3 | write one of them
"""


@pytest.mark.parametrize(("written", "said"), lines(HELP))
def test_the_help_says_what_is_wrong(written: str, said: str) -> None:
    (error,) = errors(SELECT + written)
    assert said in error.help
    assert error.fix is None


def test_a_text_over_several_lines_may_lack_its_quote() -> None:
    (error,) = errors("stage = 'gold\nAND city = 'Oslo'", "v1")
    assert error.help == "the text before it goes over a line break: 'gold may lack its closing quote"


@pytest.mark.parametrize("sign", ["#", "//"])
def test_a_comment_of_elsewhere_is_one_of_v2_and_none_of_v1(sign: str) -> None:
    text = f"{sign} all adults\n{PLAIN} WHERE age > 3 {sign} or older\nAND stage = 'x'"
    assert fixed(text, unsafe=True, dialect="v2") == text.replace(sign, "--")
    assert fixed(f"age > 3 {sign} adults\nAND stage = 'x'", unsafe=True, dialect="v1") == (
        "age > 3 \nAND stage = 'x'"
    )


def test_a_comment_inside_of_a_comment_is_named() -> None:
    (error,) = errors(f"{PLAIN} /* a /* b */ c */ WHERE age > 3")
    assert "the inner one" in error.help


@pytest.mark.parametrize(
    ("join", "said"),
    [
        ("LEFT SEMI JOIN event_data e ON c.contact_id = e.contact_id", "write JOIN event_data"),
        ("ANTI JOIN event_data e ON c.contact_id = e.contact_id", "contact_id NOT IN (SELECT"),
        ("CROSS APPLY event_data e", "write JOIN event_data"),
    ],
)
def test_other_joins_are_named(join: str, said: str) -> None:
    error, *_ = errors(f"SELECT c.contact_id, c.updated_at FROM contact_data AS c {join}")
    assert (error.code, said in error.help) == ("unsupported-join", True)
