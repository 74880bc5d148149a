"""The operators: one row each, with its precedence in each dialect.

v1 gives every arithmetic operator a precedence of its own (from low to high: binary ``-``, ``+``, ``/``,
``*``, ``%``, unary ``-``), as SendGrid's v1 reference has it; v2 has SQL's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from sql_seg.frozen import frozen
from sql_seg.language import arithmetic
from sql_seg.language.datatypes import Dialect


class Comparator(StrEnum):
    """The comparison operators; ``<>`` is read as ``!=``."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    @property
    def negated(self) -> Comparator:
        """The operator that is TRUE where this one is FALSE."""
        return COMPARATORS[self].negated

    @property
    def mirrored(self) -> Comparator:
        """The operator that says the same with its operands exchanged."""
        return COMPARATORS[self].mirrored

    @property
    def is_ordering(self) -> bool:
        """Whether the operands must have an order."""
        return COMPARATORS[self].is_ordering

    @property
    def evaluate(self) -> Callable[[Any, Any], bool]:
        """What it says of two values that are not NULL."""
        return COMPARATORS[self].evaluate


class ComparatorRow(NamedTuple):
    """What there is to know of a comparison operator: see the properties of ``Comparator``."""

    evaluate: Callable[[Any, Any], bool]
    negated: Comparator
    mirrored: Comparator
    is_ordering: bool = True


COMPARATORS: dict[Comparator, ComparatorRow] = {
    Comparator.EQ: ComparatorRow(operator.eq, Comparator.NE, Comparator.EQ, is_ordering=False),
    Comparator.NE: ComparatorRow(operator.ne, Comparator.EQ, Comparator.NE, is_ordering=False),
    Comparator.LT: ComparatorRow(operator.lt, Comparator.GE, Comparator.GT),
    Comparator.LE: ComparatorRow(operator.le, Comparator.GT, Comparator.GE),
    Comparator.GT: ComparatorRow(operator.gt, Comparator.LE, Comparator.LT),
    Comparator.GE: ComparatorRow(operator.ge, Comparator.LT, Comparator.LE),
}


class Arithmetic(StrEnum):
    """The binary arithmetic operators."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "%"

    @property
    def evaluate(self) -> Callable[[Any, Any], Any]:
        """What it makes of two numbers; None where the result does not exist."""
        evaluate = ARITHMETIC[self].evaluate
        assert evaluate is not None, "each arithmetic operator says what it does"
        return evaluate


@frozen
class Operator:
    """An operator's precedence in v1 and in v2 (higher binds tighter).

    An arithmetic one has ``evaluate``: its result of two numbers, None where that does not exist.
    """

    precedence: tuple[int, int]
    evaluate: Callable[[Any, Any], Any] | None = None

    def precedence_in(self, dialect: Dialect) -> int:
        """Return the precedence in a dialect."""
        return self.precedence[0] if dialect is Dialect.V1 else self.precedence[1]

    def tighter(self) -> Operator:
        """Return an operator that binds just tighter: what a right operand must at least be."""
        v1, v2 = self.precedence
        return Operator((v1 + 1, v2 + 1))


OR = Operator((1, 1))
AND = Operator((2, 2))
NOT = Operator((3, 3))
PREDICATE = Operator((4, 4))
"""Comparisons, LIKE, IN, BETWEEN and IS: they do not chain."""
NEGATIVE = Operator((10, 10))
ATOM = Operator((11, 11))
"""What needs no parentheses anywhere."""

ARITHMETIC: dict[Arithmetic, Operator] = {
    Arithmetic.SUBTRACT: Operator((5, 5), arithmetic.subtract),
    Arithmetic.ADD: Operator((6, 5), arithmetic.add),
    Arithmetic.DIVIDE: Operator((7, 6), arithmetic.divide),
    Arithmetic.MULTIPLY: Operator((8, 6), arithmetic.multiply),
    Arithmetic.MODULO: Operator((9, 6), arithmetic.modulo),
}
