"""The largest and deepest queries there may be are compiled and run, under Python's own limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.core.terms import Term
from sql_seg.language.schema import SENDGRID
from sql_seg.segments.segment import Segment

NOW = datetime(2024, 1, 1, tzinfo=UTC)
SCHEMA = SENDGRID.with_fields([{"name": "a", "field_type": "Number"}, {"name": "b", "field_type": "Number"}])
CONTACT: dict[str, Any] = {"contact_id": "1", "a": 1, "b": None, "email": "ab" * 500, "created_at": NOW}
EVENTS = [
    {"contact_id": "1", "event_type": "open", "timestamp": NOW, "data": {"k1": "x"}},
    {"contact_id": "1", "event_type": "click", "timestamp": NOW},
]
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
DEEP = 200


def assert_membership(text: str, expected: bool) -> None:
    condition = assert_compiled_membership(text, expected)
    interpreter = Interpreter(NOW, Account([CONTACT], EVENTS))
    assert (interpreter.verdict(condition, CONTACT, EVENTS) is True) is expected


def assert_compiled_membership(text: str, expected: bool) -> Term:
    segment = Segment(text, SCHEMA)
    assert segment.matches(CONTACT, EVENTS, now=NOW) is expected
    assert list(segment.ids([CONTACT], EVENTS, now=NOW)) == ["1"] * expected
    return segment.checked.condition


def nested(before: str, middle: str, after: str, times: int = DEEP) -> str:
    return before * times + middle + after * times


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (nested("NOT ", "a = 1", ""), True),
        (nested("NOT ", "a = 1", "", DEEP - 1), False),
        (nested("NOT ", "b = 1", ""), False),
        (nested("(", "a = 1", ")"), True),
        (nested("(", "a = 1", ") = TRUE"), True),
        (nested("(", "b = 1", ") = TRUE"), False),
        (nested("TRUE = (", "a = 1", ")"), True),
        (nested("(", "a = 1", ") != (a = 2)"), True),
        (nested("(", "a = 1", ") IN (TRUE, NULL)"), True),
        (nested("(", "a = 1", ") IS NULL"), False),
        (nested("(", "b = 1", ") IS NOT TRUE"), False),
        (nested("(", "b = 1", ") IS NOT TRUE", DEEP - 1), True),
        (nested("(", "a = 1", " OR b = 2) AND a = 1", DEEP // 2), True),
        (nested("(NOT (", "a = 1", " OR b = 2) OR a = 1)", DEEP // 3), True),
        (nested("1 + (", "a", ")", DEEP - 1) + " = 200", True),
        (nested("", "a", " + 1", DEEP - 1) + " = 200", True),
        (nested("(", "a", " + b) * 2", DEEP // 2 - 1) + " IS NULL", True),
        (nested("- ", "a", "", DEEP - 1) + " = -1", True),
        (nested("LOWER(", "email", ")", DEEP - 1) + " LIKE 'ab%'", True),
        (nested("CONCAT('x', ", "email", ")", DEEP - 1) + " LIKE 'xx%'", True),
        (nested("LENGTH(CONCAT('x', UPPER(", "email", ")))", 1) + " = 1001", True),
        (nested("TIMESTAMPADD(day, 1, ", "created_at", ")", DEEP - 1) + " > '2024-07-01'", True),
        (nested("TIMESTAMPADD(day, 1, ", "NOW()", ")", DEEP - 2) + " > created_at", True),
    ],
)
def test_as_deep_as_may_be(condition: str, expected: bool) -> None:
    assert_membership(WHERE + condition, expected)


def test_subqueries_as_deep_as_may_be() -> None:
    ids = "contact_id IN (SELECT contact_id FROM event_data WHERE "
    assert_membership(WHERE + nested(ids, "event_type = 'open'", ")", 66), True)
    assert_membership(WHERE + nested("NOT " + ids, "event_type = 'open'", ")", 49), False)


def test_ten_thousand_conditions() -> None:
    some = range(10_000)
    assert_membership(WHERE + " OR ".join(f"a = {n}" for n in some), True)
    assert_membership(WHERE + " AND ".join(f"(a < {n} OR email LIKE '%{n}')" for n in some[::2]), False)
    assert_membership(WHERE + f"a IN ({', '.join(f'b + {n}' for n in some)}, 1)", True)


def test_ten_thousand_conditions_on_values_of_an_event() -> None:
    joined = "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON contact_id WHERE "
    assert_membership(joined + " OR ".join(f"e.data:k{n} = 'x'" for n in range(10_000)), True)


@pytest.mark.parametrize("negated", ["", "NOT "])
def test_a_hundred_thousand_values(negated: str) -> None:
    values = ", ".join(map(str, range(100_000)))
    assert_membership(WHERE + f"a {negated}IN ({values})", not negated)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("%" * 1000, True), ("%a" * 1000, False), ("%b" * 500, True), ("%_b" * 400, True)],
)
def test_patterns_of_a_thousand_wildcards(pattern: str, expected: bool) -> None:
    assert_membership(WHERE + f"email LIKE '{pattern}'", expected)


JOINS = " ".join(f"JOIN event_data AS e{n} ON c.contact_id = e{n}.contact_id" for n in range(99))


def test_as_many_joins_that_share_nothing_as_there_may_be() -> None:
    tables = f"FROM contact_data AS c {JOINS} "
    conditions = " AND ".join(f"e{n}.event_type = 'open'" for n in range(99))
    assert_compiled_membership(f"SELECT c.contact_id, c.updated_at {tables} WHERE {conditions}", True)
    last = "SELECT c.contact_id, c.updated_at, MAX(e7.timestamp) AS last_event "
    assert_compiled_membership(f"{last} {tables} WHERE {conditions} HAVING last_event >= NOW()", True)


def test_more_joins_that_share_something_than_python_nests_loops() -> None:
    joins = JOINS[: JOINS.index("JOIN event_data AS e25 ")]
    conditions = " AND ".join(f"e{n}.event_type < e{n + 1}.event_type" for n in range(24))
    tables = f"FROM contact_data AS c {joins} "
    assert_compiled_membership(f"SELECT c.contact_id, c.updated_at {tables} WHERE {conditions}", False)
