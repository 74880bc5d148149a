"""Conditions that leave nobody out."""

from __future__ import annotations

import pytest

from tests.unit.linting.linting import JOINED, PLAIN, findings, finds, is_silent
from tests.unit.marked import unmarked

CODE = "always-matches"
WHO = "TRUE for every contact whose"


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        (
            "«email IS NULL» OR «email IS NOT NULL»",
            "email IS NULL or email IS NOT NULL is TRUE for every contact",
        ),
        ("«age >= 5» OR «age < 10»", "age >= 5 or age < 10 is TRUE for every contact whose age is not NULL"),
        (
            "«age >= 5» OR «age < 10» OR «age IS NULL»",
            "age >= 5, age < 10 or age IS NULL is TRUE for every contact",
        ),
        (
            "city = 'x' OR «plan != 'a'» OR «plan != 'b'»",
            "plan != 'a' or plan != 'b' is TRUE for every contact whose plan is not NULL",
        ),
        (
            "«created_at > NOW()» OR «created_at <= NOW()»",
            "created_at > NOW() or created_at <= NOW() is TRUE for every contact",
        ),
        (
            "«event_type IS NULL» OR «event_type IS NOT NULL»",
            "event_type IS NULL or event_type IS NOT NULL is TRUE for every event",
        ),
        (
            f"{JOINED}«e.data:x = 1» OR «e.data:x != 1»",
            "e.data:x = 1 or e.data:x != 1 is TRUE for every event whose e.data:x reads as a number",
        ),
        (
            "«age < LENGTH(city)» OR «age >= LENGTH(city)»",
            f"age < LENGTH(city) or age >= LENGTH(city) is {WHO} age is not NULL and city is not NULL",
        ),
        (
            f"{PLAIN}«(plan = 'a') IS NOT TRUE» OR «plan = 'a'»",
            "(plan = 'a') IS NOT TRUE or plan = 'a' is TRUE for every contact",
        ),
    ],
)
def test_one_of_several_is_always_true(marked: str, message: str) -> None:
    text, spans = unmarked(marked)
    (found,) = findings(text, CODE)
    assert [*(label.span for label in found.labels), found.span] == spans
    assert found.message == message
    assert "join them with AND" in found.help


@pytest.mark.parametrize(
    ("marked", "message", "hint"),
    [
        ("«1 = 1»", "1 = 1 is TRUE for every contact", "leave it out"),
        (f"{PLAIN}«TRUE»", "TRUE is TRUE for every contact", "leave it out"),
        (
            "«plan LIKE '%'»",
            "plan LIKE '%' is TRUE for every contact whose plan is not NULL",
            "write plan IS NOT NULL",
        ),
        (
            "«LENGTH(plan) > -1» AND age = 1",
            "LENGTH(plan) > -1 is TRUE for every contact whose plan is not NULL",
            "write plan IS NOT NULL",
        ),
        ("«age = age»", "age = age is TRUE for every contact whose age is not NULL", "write age IS NOT NULL"),
        (
            "«age NOT BETWEEN 5 AND 1»",
            "age NOT BETWEEN 5 AND 1 is TRUE for every contact whose age is not NULL",
            "write age NOT BETWEEN 1 AND 5",
        ),
        ("«created_at = created_at»", "created_at = created_at is TRUE for every contact", "leave it out"),
    ],
)
def test_a_condition_that_is_always_true_alone(marked: str, message: str, hint: str) -> None:
    finds(marked, CODE, message, help=hint)


@pytest.mark.parametrize(
    "text",
    [
        "age >= 5 AND age < 10",
        "age >= 10 OR age < 5",
        "age > 5 OR age < 5",
        "plan != 'a' OR plan IS NULL",
        "plan = 'a' OR plan IS NULL",
        "plan NOT LIKE 'a%' OR plan = 'b'",
        "plan != 'a' OR city != 'a'",
        "plan IS NOT NULL OR plan = 'a'",
        "1 / age > 0 OR 1 / age <= 0",
        "plan NOT IN ('a', NULL) OR plan IN ('a')",
        "created_at >= TIMESTAMP '1970-01-01'",
        f"{JOINED}e.data:x = 1 OR e.data:x != 'a'",
        f"{PLAIN}contact_id IN (SELECT contact_id FROM contact_data)",
    ],
)
def test_conditions_that_leave_somebody_out(text: str) -> None:
    is_silent(text, CODE)


def test_a_subquery_has_columns_of_its_own() -> None:
    opened = "contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open')"
    text = f"{PLAIN}(plan IS NOT NULL OR age IS NULL) OR ({opened} OR 0 = LENGTH(plan))"
    (found,) = findings(text, CODE)
    assert found.message.endswith(f"is {WHO} plan is not NULL and age is not NULL")
