"""Conditions that can never be TRUE, alone or together; and columns that are never NULL."""

from __future__ import annotations

import pytest

from tests.unit.linting.linting import JOINED, PLAIN, findings, finds, is_silent
from tests.unit.marked import unmarked

CODE = "never-matches"
CLICKED_TOO = JOINED.replace("WHERE", "JOIN event_data f ON c.contact_id = f.contact_id WHERE")


def finds_last(marked: str, code: str, message: str, *, help: str = "") -> None:
    """Assert that a rule finds the last marked place, with labels at the ones before."""
    text, spans = unmarked(marked)
    (found,) = findings(text, code)
    assert [*(label.span for label in found.labels), found.span] == spans
    assert found.message == message
    assert help in found.help
    assert found.fix is None


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("«age > 30» AND «age < 20»", "age > 30 and age < 20 are never TRUE together"),
        ("«plan = 'a'» AND age = 1 AND «plan = 'b'»", "plan = 'a' and plan = 'b' are never TRUE together"),
        ("«plan = 'a'» AND «NOT plan = 'a'»", "plan = 'a' and NOT plan = 'a' are never TRUE together"),
        ("«age IS NULL» AND «age = 1»", "age IS NULL and age = 1 are never TRUE together"),
        (
            "«plan IN ('a', 'b')» AND «plan > 'b'»",
            "plan IN ('a', 'b') and plan > 'b' are never TRUE together",
        ),
        (
            "«age >= 5» AND «age <= 5» AND «age != 5» AND age > 0",
            "age >= 5, age <= 5 and age != 5 are never TRUE together",
        ),
        (
            "«email LIKE '%@a.com'» AND «email LIKE '%@b.com'»",
            "email LIKE '%@a.com' and email LIKE '%@b.com' are never TRUE together",
        ),
        (
            "«email LIKE 'ann%'» AND «email = 'bob@a.com'»",
            "email LIKE 'ann%' and email = 'bob@a.com' are never TRUE together",
        ),
        (
            "«first_name = last_name» AND «last_name IS NULL»",
            "first_name = last_name and last_name IS NULL are never TRUE together",
        ),
        (
            "«CONTAINS(email_domains, 'b.c')» AND «NOT CONTAINS(email_domains, 'b.c')»",
            "CONTAINS(email_domains, 'b.c') and NOT CONTAINS(email_domains, 'b.c') are never TRUE together",
        ),
        (
            "«birthday > NOW()» AND «birthday < NOW() - INTERVAL 10 DAY»",
            "birthday > NOW() and birthday < NOW() - INTERVAL 10 DAY are never TRUE together",
        ),
        (
            "(«age > 30» AND «(age < 20 OR age < 10 AND plan = 'a')») OR city = 'x'",
            "age > 30 and (age < 20 OR age < 10 AND plan = 'a') are never TRUE together",
        ),
    ],
)
def test_conditions_that_exclude_each_other(marked: str, message: str) -> None:
    text, spans = unmarked(marked)
    (found,) = findings(text, CODE)
    assert [*(label.span for label in found.labels), found.span] == spans
    assert found.message == message


def test_what_to_do_about_them() -> None:
    finds_last(
        f"{PLAIN}«country = 'US'» AND «country = 'CA'»",
        CODE,
        "country = 'US' and country = 'CA' are never TRUE together",
        help="country has one value in a contact: if either will do, join them with OR",
    )
    finds_last(
        "«event_timestamp > TIMESTAMP '2026-01-02'» AND «event_timestamp < TIMESTAMP '2026-01-01'»",
        CODE,
        "event_timestamp > TIMESTAMP '2026-01-02' and event_timestamp < TIMESTAMP '2026-01-01' "
        "are never TRUE together",
        help="a v1 predicate speaks of one event at a time",
    )
    finds_last(
        f"{JOINED}«e.timestamp > '2026-01-02'» AND «e.timestamp < '2026-01-01'»",
        CODE,
        "e.timestamp > '2026-01-02' and e.timestamp < '2026-01-01' are never TRUE together",
        help="one alias is one event",
    )


@pytest.mark.parametrize(
    ("marked", "message", "hint"),
    [
        (
            "«age BETWEEN 5 AND 1»",
            "age BETWEEN 5 AND 1 is never TRUE: 5 is above 1",
            "write age BETWEEN 1 AND 5",
        ),
        (
            "plan = 'a' OR «LENGTH(plan) < 0»",
            "LENGTH(plan) < 0 is never TRUE: a length is a whole number, and not below 0",
            "= ''",
        ),
        (
            "«LENGTH(plan) BETWEEN -5 AND -1»",
            "LENGTH(plan) BETWEEN -5 AND -1 is never TRUE: a length is a whole number, and not below 0",
            "= ''",
        ),
        ("«plan < ''»", "plan < '' is never TRUE", "leave it out"),
        ("«plan NOT LIKE '%'»", "plan NOT LIKE '%' is never TRUE", "leave out NOT"),
        ("NOT («1 = 2»)", None, None),
        ("«age != age»", "age != age is never TRUE: both sides are the same", "something else"),
        ("«FALSE» OR age = 1", "FALSE is never TRUE", "leave it out"),
    ],
)
def test_a_condition_that_is_never_true_alone(marked: str, message: str | None, hint: str | None) -> None:
    if message is None or hint is None:
        text, _ = unmarked(marked)
        assert [found.message for found in findings(text, CODE)] == ["(1 = 2) is never TRUE"]
        return
    finds(marked, CODE, message, help=hint)


def test_it_is_said_once_at_the_smallest_place() -> None:
    finds_last(
        "city = 'x' AND («age > 30» AND «age < 20») AND city = 'x'",
        CODE,
        "age > 30 and age < 20 are never TRUE together",
    )
    finds_last("NOT («age > 30» AND «age < 20»)", CODE, "age > 30 and age < 20 are never TRUE together")
    assert findings("NOT (age > 30 AND age < 20)", "always-matches") == []
    assert findings("(age > 30 AND age < 20) AND age = 25", "subsumed-condition") == []


def test_two_conflicts_in_one_chain() -> None:
    text = "age > 30 AND plan = 'a' AND age < 20 AND plan = 'b'"
    assert [found.message for found in findings(text, CODE)] == [
        "age > 30 and age < 20 are never TRUE together",
        "plan = 'a' and plan = 'b' are never TRUE together",
    ]


def test_a_subquery_is_judged_by_itself() -> None:
    finds_last(
        f"{PLAIN}contact_id IN (SELECT contact_id FROM contact_data WHERE «age > 2» AND «age < 1»)",
        CODE,
        "age > 2 and age < 1 are never TRUE together",
    )
    is_silent(f"{PLAIN}contact_id IN (SELECT contact_id FROM contact_data WHERE age > 2) AND age < 1", CODE)


def test_one_json_value_reads_as_several_types() -> None:
    is_silent(f"{JOINED}e.data:x = '5' AND e.data:x = 5", CODE)
    is_silent(f"{JOINED}e.data:x = 'true' AND e.data:x AND e.data:x = 1", CODE)
    is_silent(f"{JOINED}e.data:x = 'a' AND e.data:x < TIMESTAMP '2026-01-01'", CODE)


@pytest.mark.parametrize(
    "text",
    [
        "age > 20 AND age < 30",
        "age > 20 AND age < 21",
        "age > 30 OR age < 20",
        "age >= 5 AND age <= 5",
        "plan = 'a' AND city = 'b'",
        "plan != 'a' AND plan != 'b'",
        "plan LIKE '%a' AND plan LIKE 'b%'",
        "plan LIKE '%a%' AND plan NOT LIKE '%ab%'",
        "plan LIKE 'a%' AND plan > 'aa'",
        "first_name = last_name AND first_name != 'a'",
        "created_at > TIMESTAMP '2099-01-01'",
        "created_at > TIMESTAMP '2026-01-01' AND created_at < NOW() - INTERVAL 900 DAY",
        "created_at > NOW() - INTERVAL 1 MONTH AND created_at < NOW() - INTERVAL 30 DAY",
        "(age < 1 OR age > 2) AND (age < 2 OR age > 3)",
        "CONTAINS(list_ids, 'a') AND NOT CONTAINS(list_ids, 'b')",
        "age = NULL AND age > 5",
        "plan IN (NULL) AND plan = 'a'",
        f"{CLICKED_TOO}e.event_type = 'open' AND f.event_type = 'click'",
        f"{CLICKED_TOO}e.timestamp > '2026-01-02' AND f.timestamp < '2026-01-01'",
        "SELECT contact_id, updated_at FROM contact_data",
    ],
)
def test_conditions_that_can_all_be_true(text: str) -> None:
    is_silent(text, CODE)


def test_what_another_rule_says_better_is_left_to_it() -> None:
    for text, code in [
        ("event_type = 'open' AND event_type = 'click'", "impossible-event"),
        ("LOWER(plan) = 'Max'", "case-never-matches"),
        ("age = NULL", "null-comparison"),
        ("created_at IS NULL", "never-null"),
    ]:
        is_silent(text, CODE)
        assert len(findings(text, code)) == 1


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("«contact_id IS NULL»", "contact_id is never NULL in SendGrid: this is never TRUE"),
        ("age = 1 OR «NOT created_at IS NULL»", None),
        (
            f"{PLAIN}age = 1 AND «updated_at IS NOT NULL»",
            "updated_at is never NULL in SendGrid: this is always TRUE",
        ),
        ("«list_ids IS NULL»", "list_ids is never NULL in SendGrid: this is never TRUE"),
        (f"{JOINED}«e.contact_id IS NULL»", "e.contact_id is never NULL in SendGrid: this is never TRUE"),
        (
            f"{PLAIN}contact_id IN (SELECT contact_id FROM contact_data WHERE «email_domains IS NULL»)",
            "email_domains is never NULL in SendGrid: this is never TRUE",
        ),
    ],
)
def test_columns_that_are_never_null(marked: str, message: str | None) -> None:
    if message is None:
        assert len(findings(unmarked(marked)[0], "never-null")) == 1
    else:
        finds(marked, "never-null", message, help="leave it out")


@pytest.mark.parametrize(
    "text", ["email IS NULL", "age IS NOT NULL", "event_type IS NULL", "event_data IS NULL"]
)
def test_columns_that_may_be_null(text: str) -> None:
    is_silent(text, "never-null")
