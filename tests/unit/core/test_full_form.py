"""The full form says the same with fewer kinds of terms; substitution changes rows, and nothing else."""

from __future__ import annotations

import pytest

from sql_seg.core.full_form import in_full
from sql_seg.core.substitution import with_rows
from sql_seg.core.terms import (
    ALWAYS,
    All,
    AnyOf,
    Between,
    ColumnValue,
    Compared,
    Constant,
    EqualsAny,
    Inverse,
    NullTest,
    OneOf,
    Subquery,
    Term,
)
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator

AGE, SCORE = (ColumnValue(0, name, type=DataType.NUMBER) for name in ("age", "score"))
ONE, FIVE = (Constant(number, type=DataType.NUMBER) for number in (1, 5))
BOUNDS = All((Compared(Comparator.GE, AGE, ONE), Compared(Comparator.LE, AGE, FIVE)))


@pytest.mark.parametrize(
    ("written", "full"),
    [
        (Between(AGE, ONE, FIVE), BOUNDS),
        (Between(AGE, ONE, FIVE, negated=True), Inverse(BOUNDS)),
        (Inverse(Between(AGE, ONE, FIVE)), Inverse(BOUNDS)),
        (EqualsAny(AGE, (SCORE,)), Compared(Comparator.EQ, AGE, SCORE)),
        (
            EqualsAny(AGE, (SCORE, ONE), negated=True),
            Inverse(AnyOf((Compared(Comparator.EQ, AGE, SCORE), Compared(Comparator.EQ, AGE, ONE)))),
        ),
        (OneOf(AGE, (1, 5), negated=True), Inverse(OneOf(AGE, (1, 5)))),
        (NullTest(Between(AGE, ONE, FIVE), negated=True), Inverse(NullTest(BOUNDS))),
        (ALWAYS, ALWAYS),
    ],
)
def test_the_full_form(written: Term, full: Term) -> None:
    assert in_full(written) == full
    assert in_full(full) == full


def test_what_is_full_stays_the_same_object() -> None:
    assert in_full(BOUNDS) is BOUNDS


def test_rows_are_renumbered_with_those_of_subqueries() -> None:
    value = ColumnValue(2, "city", type=DataType.VARCHAR)
    query = Subquery(2, (3,), value, All((Compared(Comparator.EQ, value, value),)), type=value.type)
    changed = with_rows(query, {2: 7, 3: 8})
    assert (changed.contact, changed.events) == (7, (8,))
    assert {part.row for part in (changed.value,) if isinstance(part, ColumnValue)} == {7}
    assert with_rows(changed, {7: 2, 8: 3}) == query
    assert with_rows(query, {9: 1}) == query
