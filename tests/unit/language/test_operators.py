"""The table of operators."""

from __future__ import annotations

import pytest

from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import (
    AND,
    ARITHMETIC,
    ATOM,
    NEGATIVE,
    NOT,
    OR,
    PREDICATE,
    Arithmetic,
    Comparator,
)

_SUBTRACT, _ADD, _DIVIDE, _MULTIPLY, _MODULO = (ARITHMETIC[Arithmetic(symbol)] for symbol in "-+/*%")

LOW_TO_HIGH = {
    Dialect.V1: [
        *(
            [row]
            for row in (OR, AND, NOT, PREDICATE, _SUBTRACT, _ADD, _DIVIDE, _MULTIPLY, _MODULO, NEGATIVE, ATOM)
        ),
    ],
    Dialect.V2: [
        *([row] for row in (OR, AND, NOT, PREDICATE)),
        [_SUBTRACT, _ADD],
        [_DIVIDE, _MULTIPLY, _MODULO],
        [NEGATIVE],
        [ATOM],
    ],
}


@pytest.mark.parametrize("dialect", Dialect)
def test_precedences_from_low_to_high(dialect: Dialect) -> None:
    levels = [{row.precedence_in(dialect) for row in level} for level in LOW_TO_HIGH[dialect]]
    assert [len(level) for level in levels] == [1] * len(levels)
    flat = [precedence for level in levels for precedence in level]
    assert flat == sorted(set(flat))


def test_every_arithmetic_operator_has_a_row() -> None:
    assert set(ARITHMETIC) == set(Arithmetic)


@pytest.mark.parametrize("comparator", Comparator)
def test_negating_a_comparison(comparator: Comparator) -> None:
    assert comparator.negated is not comparator
    assert comparator.negated.negated is comparator
    assert comparator.is_ordering is comparator.negated.is_ordering is (comparator not in ("=", "!="))


@pytest.mark.parametrize(
    ("operator", "mirrored"), [pair.split() for pair in ("= =", "!= !=", "< >", "<= >=", "> <", ">= <=")]
)
def test_the_operator_with_its_operands_exchanged(operator: str, mirrored: str) -> None:
    assert Comparator(operator).mirrored is Comparator(mirrored)
