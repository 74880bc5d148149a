"""Conditions that stand twice, and those that add nothing to others."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety
from sql_seg.diagnostics.fixes import apply_fixes
from tests.unit.linting.linting import JOINED, PLAIN, findings, is_silent
from tests.unit.marked import unmarked

DUPLICATE, SUBSUMED = "duplicate-condition", "subsumed-condition"

TWO_EVENTS = JOINED.replace("WHERE", "JOIN event_data f ON c.contact_id = f.contact_id WHERE")
OPENED = "SELECT contact_id FROM event_data WHERE event_type = 'open'"


def finds(marked: str, code: str, message: str, fixed: str | None, *, first: bool = False) -> None:
    """Assert that a rule finds the last of two marked places, or the first, and what its safe fix makes."""
    text, spans = unmarked(marked)
    (found,) = findings(text, code)
    places = [found.span, found.labels[0].span]
    assert (places if first else places[::-1]) == spans
    assert found.message == message
    if fixed is None:
        assert found.fix is None
    else:
        assert found.fix is not None
        assert found.fix.safety is Safety.SAFE
        assert apply_fixes(text, [found.fix]) == fixed
        is_silent(fixed, code)


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("«age > 1» AND «age > 1»", "age > 1"),
        ("«age > 1» OR plan = 'a'\n  OR «AGE >  1» OR city = 'x'", "age > 1 OR plan = 'a' OR city = 'x'"),
        ("NOT («age > 1» AND «age > 1»)", "NOT (age > 1)"),
        ("(«plan='a'»OR «plan='a'»)AND age=1", "(plan='a')AND age=1"),
        ("«age = 1»\nAND «age = 1»OR plan = 'a'".replace("1»OR", "1» OR"), "age = 1 OR plan = 'a'"),
        ("«(age = 1 OR plan = 'a')» AND «(age = 1 OR plan = 'a')»", "(age = 1 OR plan = 'a')"),
        (f"{JOINED}«age > 1» AND «c.age > 1»", f"{JOINED}age > 1"),
        (
            f"{PLAIN}«contact_id IN ({OPENED})» AND «contact_id IN ({OPENED})»",
            f"{PLAIN}contact_id IN ({OPENED})",
        ),
        (f"{PLAIN}«age > 1» AND /* again */ «age > 1»", None),
    ],
)
def test_a_condition_that_stands_twice(marked: str, fixed: str | None) -> None:
    text, spans = unmarked(marked)
    (found,) = findings(text, DUPLICATE)
    assert [*(label.span for label in found.labels), found.span] == spans
    assert found.message.endswith(" stands here twice")
    if fixed is None:
        assert found.fix is None
        return
    assert found.fix is not None
    assert apply_fixes(text, [found.fix]).replace("\n ", "") == fixed


@pytest.mark.parametrize(
    "text",
    [
        "age > 1 AND plan = 'a' OR age > 1 AND city = 'b'",
        "age > 1 AND age > 2",
        f"{TWO_EVENTS}e.event_type = 'open' AND f.event_type = 'open'",
        f"{PLAIN}contact_id IN ({OPENED}) AND contact_id IN ({OPENED.replace('open', 'click')})",
    ],
)
def test_conditions_that_are_not_the_same(text: str) -> None:
    is_silent(text, DUPLICATE)


@pytest.mark.parametrize(
    ("marked", "fixed", "first"),
    [
        ("«age > 18» AND «age > 21»", "age > 21", True),
        ("«age > 21» AND «age > 18»", "age > 21", False),
        ("«age > 18» OR «age > 21»", "age > 18", False),
        ("«country = 'US'» OR «country IN ('US', 'CA')»", "country IN ('US', 'CA')", True),
        ("«email LIKE '%@a.com'» AND «email LIKE '%a.com'»", "email LIKE '%@a.com'", False),
        ("«age > 5» AND city = 'x' AND «(plan = 'a' OR age > 1)»", "age > 5 AND city = 'x'", False),
        ("«plan = 'a'» OR «(plan = 'a' AND age = 1)»", "plan = 'a'", False),
        ("«plan LIKE 'a%'» AND «plan != 'b'»", "plan LIKE 'a%'", False),
        (
            "«created_at > NOW() - INTERVAL 30 DAY» AND «created_at > NOW() - INTERVAL 90 DAY»",
            "created_at > NOW() - INTERVAL 30 DAY",
            False,
        ),
        ("NOT («age > 18» AND «age > 21»)", "NOT (age > 21)", True),
        ("«plan IS NOT NULL» OR «plan = 'a'»", "plan IS NOT NULL", False),
    ],
)
def test_a_condition_that_adds_nothing(marked: str, fixed: str, first: bool) -> None:
    text, spans = unmarked(marked)
    own, other = (spans[0], spans[1]) if first else (spans[1], spans[0])
    message = f"{text[own.start : own.end]} adds nothing to {text[other.start : other.end]}"
    finds(marked, SUBSUMED, message, fixed, first=first)


@pytest.mark.parametrize(
    "text",
    [
        "age > 18 AND age < 21",
        "age IS NOT NULL AND age > 5",
        "plan != 'a' OR plan IS NULL",
        "plan != 'a' AND plan != 'b'",
        "plan LIKE 'a%' AND plan LIKE '%a'",
        "plan LIKE '%a%' AND plan LIKE '%b%'",
        "age > 18 OR plan = 'a'",
        "created_at > NOW() - INTERVAL 1 MONTH AND created_at > NOW() - INTERVAL 30 DAY",
        "created_at > NOW() - INTERVAL 30 DAY AND created_at > TIMESTAMP '2026-01-01'",
        f"{PLAIN}(age > 1 AND age IS NOT NULL) IS NULL",
        "(age > 30 AND age < 20) AND age > 10",
    ],
)
def test_conditions_that_each_add_something(text: str) -> None:
    is_silent(text, SUBSUMED)


def test_where_null_counts_what_makes_it_is_not_removed() -> None:
    text = f"{PLAIN}(plan IS NOT NULL OR plan = 'a')"
    assert len(findings(text, SUBSUMED)) == 1
    is_silent(f"{text} IS NULL", SUBSUMED)
