"""NULL as a value: in comparisons, in lists, and out of subqueries."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety, Severity
from tests.unit.linting.linting import PLAIN, finds, is_silent


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("«plan = NULL»", "plan IS NULL"),
        ("«plan != NULL»", "plan IS NOT NULL"),
        ("«plan <> null»", "plan IS NOT NULL"),
        ("«NULL = plan»", "plan IS NULL"),
        ("«plan=(NULL)»AND age = 3", "plan IS NULL AND age = 3"),
        ("NOT «( plan = (NULL) )»", "NOT ( plan IS NULL )"),
        ("«LOWER(plan) = NULL» OR age = 3", "LOWER(plan) IS NULL OR age = 3"),
    ],
)
def test_equality_with_null_becomes_a_test(marked: str, fixed: str) -> None:
    finds(marked, "null-comparison", "a comparison with NULL is never TRUE", fixed=fixed)


def test_null_has_no_order() -> None:
    message = "a comparison with NULL is never TRUE"
    finds("«age < NULL»", "null-comparison", message, help="NULL has no order")
    message = "BETWEEN with a bound that is NULL is never TRUE"
    finds("age BETWEEN «NULL» AND 3", "null-comparison", message, help="with >= or <=")


@pytest.mark.parametrize("text", ["plan IS NULL", "plan = 'NULL'", "plan IN ('a', NULL)"])
def test_other_nulls_are_no_comparison(text: str) -> None:
    is_silent(text, "null-comparison")


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("plan NOT IN ('a', «NULL»)", "plan NOT IN ('a')"),
        ("plan NOT IN («NULL», NULL, 'a', NULL, 'b' , NULL)", "plan NOT IN ('a', 'b')"),
        ("NOT plan IN ('a', «NULL»)", "NOT plan IN ('a')"),
        ("NOT (age = 3 OR plan IN («null», 'a'))", "NOT (age = 3 OR plan IN ('a'))"),
        ("plan NOT IN («NULL»)", None),
    ],
)
def test_not_in_a_list_with_null_is_never_true(marked: str, fixed: str | None) -> None:
    finds(marked, "null-in-list", "NOT IN a list that holds NULL is never TRUE", fixed=fixed)


def test_in_a_list_with_null_is_harmless() -> None:
    finds(
        "plan IN ('a', «NULL»)",
        "null-in-list",
        "IN never finds NULL: it does nothing in this list",
        help="write OR plan IS NULL",
        severity=Severity.INFO,
        fixed="plan IN ('a')",
        safety=Safety.SAFE,
    )


def test_as_a_value_it_makes_a_difference() -> None:
    finds(
        "(plan IN ('a', «NULL»)) = FALSE",
        "null-in-list",
        "IN never finds NULL: it does nothing in this list",
        severity=Severity.INFO,
        fixed="(plan IN ('a')) = FALSE",
    )


def test_in_a_list_of_nulls_alone_is_never_true() -> None:
    finds("plan IN («NULL», NULL)", "null-in-list", "IN (NULL) is never TRUE", help="write plan IS NULL")


SUBQUERY = f"{PLAIN}external_id NOT IN (SELECT %s FROM contact_data%s)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", " WHERE email IS NOT NULL"),
        (" WHERE age = 3", " WHERE age = 3 AND email IS NOT NULL"),
        (" WHERE age = 3 AND plan = 'a'", " WHERE age = 3 AND plan = 'a' AND email IS NOT NULL"),
        (" WHERE age = 3 OR age = 4", " WHERE (age = 3 OR age = 4) AND email IS NOT NULL"),
        (" WHERE (age = 3 OR age = 4)", " WHERE (age = 3 OR age = 4) AND email IS NOT NULL"),
    ],
)
def test_a_subquery_that_may_give_null(before: str, after: str) -> None:
    finds(
        SUBQUERY % ("«email»", before),
        "null-in-subquery",
        "NOT IN is TRUE of no contact if a single email here is NULL",
        help="add email IS NOT NULL to the subquery's WHERE",
        fixed=SUBQUERY % ("email", after),
    )


@pytest.mark.parametrize(
    "text",
    [
        SUBQUERY % ("contact_id", ""),
        SUBQUERY % ("email", " WHERE email IS NOT NULL"),
        SUBQUERY % ("email", " WHERE age = 3 AND email LIKE '%a%'"),
        SUBQUERY % ("email", " WHERE email > 'a'"),
        (SUBQUERY % ("email", "")).replace("NOT IN", "IN"),
    ],
)
def test_a_subquery_that_gives_none_or_need_not(text: str) -> None:
    is_silent(text, "null-in-subquery")
