"""Conditions that say "not this", and leave out who has nothing."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Severity
from tests.unit.linting.linting import PLAIN, finds, is_silent

CODE = "null-blind-inequality"
SUBQUERY = "SELECT c.contact_id FROM contact_data c"


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("«plan != 'free'»", "plan != 'free' OR plan IS NULL"),
        ("«plan <> 'free'»", "plan <> 'free' OR plan IS NULL"),
        ("«'free' != plan»", "'free' != plan OR plan IS NULL"),
        ("«plan NOT IN ('a', 'b')»", "plan NOT IN ('a', 'b') OR plan IS NULL"),
        ("«plan NOT LIKE 'a%'»", "plan NOT LIKE 'a%' OR plan IS NULL"),
        ("«plan NOT BETWEEN 'a' AND 'b'»", "plan NOT BETWEEN 'a' AND 'b' OR plan IS NULL"),
        ("«NOT plan = 'free'»", "NOT plan = 'free' OR plan IS NULL"),
        ("«NOT (plan = 'free')»", "NOT (plan = 'free') OR plan IS NULL"),
        ("«NOT NOT plan != 'free'»", "NOT NOT plan != 'free' OR plan IS NULL"),
        ("«LOWER(plan) != 'free'»", "LOWER(plan) != 'free' OR plan IS NULL"),
        ("«plan != 'a'»OR age = 3", "plan != 'a' OR plan IS NULL OR age = 3"),
        ("age = 3 AND «plan != 'a'»", "age = 3 AND (plan != 'a' OR plan IS NULL)"),
        ("age = 3 AND «( plan != 'a' )»", "age = 3 AND ( plan != 'a' OR plan IS NULL )"),
        ("age = 3 OR «plan != 'a'»", "age = 3 OR plan != 'a' OR plan IS NULL"),
        ("NOT («plan = 'a'» OR age IS NULL)", "NOT (plan = 'a' AND plan IS NOT NULL OR age IS NULL)"),
        ("NOT (age IS NULL OR «plan = 'a'»)", "NOT (age IS NULL OR plan = 'a' AND plan IS NOT NULL)"),
        (f"{PLAIN}«(plan = 'a')» IS FALSE", f"{PLAIN}(plan = 'a' AND plan IS NOT NULL) IS FALSE"),
        (f"{PLAIN}«plan != 'a'» -- why", f"{PLAIN}plan != 'a' OR plan IS NULL -- why"),
        (
            f"{PLAIN}contact_id IN ({SUBQUERY} WHERE «c.plan != 'a'»)",
            f"{PLAIN}contact_id IN ({SUBQUERY} WHERE c.plan != 'a' OR c.plan IS NULL)",
        ),
    ],
)
def test_a_negative_condition_leaves_out_nulls(marked: str, fixed: str) -> None:
    finds(marked, CODE, "contacts whose plan is NULL are left out", fixed=fixed)


def test_conditions_on_one_column_are_one_finding() -> None:
    finds(
        "«plan != 'a'» AND age = 3 AND «(plan NOT LIKE 'b%')»",
        CODE,
        "contacts whose plan is NULL are left out",
        fixed="(plan != 'a' OR plan IS NULL) AND age = 3 AND (plan NOT LIKE 'b%' OR plan IS NULL)",
    )
    finds(
        "«plan != 'a'» OR «plan != 'b'»",
        CODE,
        "contacts whose plan is NULL are left out",
        fixed="plan != 'a' OR plan IS NULL OR plan != 'b'",
    )


def test_all_columns_of_a_condition_are_named() -> None:
    finds(
        "«CONCAT(first_name, last_name) != 'AnnLee'»",
        CODE,
        "contacts whose first_name or last_name is NULL are left out",
        help="if leaving them out is meant, add AND first_name IS NOT NULL AND last_name IS NOT NULL",
        fixed="CONCAT(first_name, last_name) != 'AnnLee' OR first_name IS NULL OR last_name IS NULL",
    )


def test_the_help_says_both_ways_out() -> None:
    finds(
        "age = 3 AND «plan != 'free'»",
        CODE,
        "contacts whose plan is NULL are left out",
        help="to keep them, write (plan != 'free' OR plan IS NULL); "
        "if leaving them out is meant, add AND plan IS NOT NULL",
        fixed="age = 3 AND (plan != 'free' OR plan IS NULL)",
    )


def test_of_email_alone_it_is_an_info() -> None:
    finds(
        "«email NOT LIKE '%@example.com'»",
        CODE,
        "contacts whose email is NULL are left out",
        severity=Severity.INFO,
        fixed="email NOT LIKE '%@example.com' OR email IS NULL",
    )


@pytest.mark.parametrize(
    "text",
    [
        "first_name != 'Dave' OR first_name IS NULL",
        "first_name IS NULL OR (age = 3 AND first_name != 'Dave')",
        "plan != 'a' AND age = 3 AND plan IS NOT NULL",
        "plan LIKE 'p%' AND (plan != 'pro' OR age = 3)",
        "(plan = 'a' OR plan = 'b') AND plan != 'ab'",
        "plan != 'a' OR (plan IS NULL AND age = 3)",
        "NOT (plan = 'a' AND plan IS NOT NULL)",
        "plan != ''",
        "age != 0",
        "plan != '' AND plan != 'free'",
        "contact_id != 'a'",
        "created_at != updated_at",
        "NOT CONTAINS(list_ids, 'a')",
        "plan = 'a'",
        "NOT (plan != 'a')",
        "plan != NULL",
        "plan NOT IN ('a', NULL)",
        "event_type != 'open'",
        f"{PLAIN}(plan = 'a') IS NOT TRUE",
        f"{PLAIN}NOT ((plan = 'a') IS TRUE)",
        f"{PLAIN}contact_id NOT IN (SELECT contact_id FROM event_data)",
    ],
)
def test_what_speaks_of_nulls_or_has_none_is_left_alone(text: str) -> None:
    is_silent(text, CODE)
