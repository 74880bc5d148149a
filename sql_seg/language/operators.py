"""The operators: one row each, with its precedence in each dialect.

v1 gives every arithmetic operator a precedence of its own (from low to high: binary ``-``, ``+``, ``/``,
``*``, ``%``, unary ``-``), as SendGrid's v1 reference has it; v2 has SQL's.
"""

from __future__ import annotations

from enum import StrEnum

from sql_seg.diagnostics import Provenance
from sql_seg.frozen import frozen
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
        return _NEGATED[self]

    @property
    def mirrored(self) -> Comparator:
        """The operator that says the same with its operands exchanged."""
        return _MIRRORED.get(self, self)

    @property
    def is_ordering(self) -> bool:
        """Whether the operands must have an order."""
        return self not in (Comparator.EQ, Comparator.NE)


_NEGATED = {
    Comparator.EQ: Comparator.NE,
    Comparator.NE: Comparator.EQ,
    Comparator.LT: Comparator.GE,
    Comparator.GE: Comparator.LT,
    Comparator.GT: Comparator.LE,
    Comparator.LE: Comparator.GT,
}
_MIRRORED = {
    Comparator.LT: Comparator.GT,
    Comparator.LE: Comparator.GE,
    Comparator.GT: Comparator.LT,
    Comparator.GE: Comparator.LE,
}


class Arithmetic(StrEnum):
    """The binary arithmetic operators."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "%"


@frozen
class Operator:
    """An operator's precedence in v1 and in v2 (higher binds tighter) and where it is known from."""

    precedence: tuple[int, int]
    provenance: Provenance = Provenance.DOCUMENTED

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
    Arithmetic.SUBTRACT: Operator((5, 5)),
    Arithmetic.ADD: Operator((6, 5)),
    Arithmetic.DIVIDE: Operator((7, 6)),
    Arithmetic.MULTIPLY: Operator((8, 6)),
    Arithmetic.MODULO: Operator((9, 6)),
}
