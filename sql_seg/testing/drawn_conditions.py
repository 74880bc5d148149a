"""Draws conditions: comparisons, tests and what AND, OR and NOT make of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.syntax.nodes import (
    And,
    Array,
    Between,
    Boolean,
    Call,
    Comparison,
    Expression,
    In,
    InSubquery,
    IsBoolean,
    IsNull,
    Like,
    Not,
    Null,
    Or,
    Select,
    String,
)
from sql_seg.testing.constants import patterns, timestamp_texts
from sql_seg.testing.operands import KEYS, ORDERED_TYPES, TEXT, TIMESTAMP, VARIANT, Draws, Operands
from sql_seg.testing.scopes import ColumnsInSight

DrawSubquery = Callable[[st.DrawFn, DataType | None], Select]
"""Draws a subquery for values of a type, or (None) for ids of contacts."""


@dataclass(frozen=True)
class DrawnConditions(Operands):
    """Draws expressions that are TRUE, FALSE or NULL; ``subquery`` is None where no subquery may stand."""

    subquery: DrawSubquery | None = None

    def condition(self, depth: int) -> Expression:
        """Return a condition, with so many levels of AND, OR, NOT and comparisons of truths at most."""
        return self.draw(_condition(self.scope, self.subquery, depth))

    def _condition(self, depth: int) -> Expression:
        def inner() -> Expression:
            return self.condition(depth - 1)

        def test() -> Expression:
            return self.test(min(depth, 2))

        if depth <= 0:
            return self.test(0)
        return self.one_of(
            test,
            test,
            lambda: And(self.some(2, 3, inner)),
            lambda: Or(self.some(2, 3, inner)),
            lambda: Not(inner()),
            lambda: And(self.some(2, 3, inner)),
            lambda: Or(self.some(2, 3, inner)),
            lambda: self._asked_of_truths(inner),
        )

    def _asked_of_truths(self, inner: Draws) -> Expression:
        """Return a test of conditions; most of these say the same of everybody, so they are rare."""

        def equality() -> Expression:
            operator = self.among([Comparator.EQ, Comparator.NE])
            return Comparison(operator, inner(), Null() if self.rarely() else inner())

        options: list[Draws] = [
            equality,
            lambda: In(inner(), self.some(1, 2, inner), self.flag()),
            lambda: IsNull(inner(), self.flag()),
        ]
        if not self.is_v1:
            options.append(lambda: IsBoolean(inner(), self.flag(), self.flag()))
        return self.one_of(*options)

    def test(self, depth: int) -> Expression:
        """Return a condition without a condition in it (except truths in an event's data)."""
        if self.rarely():
            return Boolean(self.flag())

        def compared() -> Expression:
            return self._compared(self.among(ORDERED_TYPES), depth)

        options: list[Draws] = [
            compared,
            compared,
            lambda: Like(self.text(depth), String(self.draw(patterns(self.scope.dialect))), self.flag()),
            compared,
            lambda: IsNull(self.column(self.among(self.scope.types)), self.flag()),
        ]
        if depth > 0:
            options += self.calls(DataType.BOOLEAN, depth)
        if DataType.ARRAY in self.scope.columns:
            options.append(lambda: self._contains(depth))
        if VARIANT in self.scope.columns:
            options.append(lambda: self._asked_of_data(depth))
        if self.subquery is not None:
            options.append(self._in_subquery)
        return self.one_of(*options)

    def _compared(self, kind: DataType, depth: int) -> Expression:
        """Return a comparison within a type; beside it some NULLs, and v2's plain texts as timestamps."""
        besides: list[Draws] = [
            lambda: self.literal(kind),
            lambda: self.literal(kind),
            lambda: self.of(kind, 0),
            lambda: self.of(kind, depth),
            lambda: Null() if self.rarely() else self.literal(kind),
        ]
        if kind is TIMESTAMP and not self.is_v1:
            besides.append(lambda: String(self.draw(timestamp_texts())))
        return self._beside(self.of(kind, depth), lambda: self.one_of(*besides))

    def _beside(self, operand: Expression, other: Draws) -> Expression:
        return self.one_of(
            lambda: Comparison(self.among(tuple(Comparator)), operand, other()),
            lambda: In(operand, self.some(1, 3, other), self.flag()),
            lambda: Between(operand, other(), other(), self.flag()),
        )

    def _contains(self, depth: int) -> Expression:
        if self.is_v1:
            return Call("CONTAINS", (self.column(DataType.ARRAY), self.text(depth)))
        array = Null() if self.rarely() else self.column(DataType.ARRAY)
        value = self.text(depth)
        if not self.flag():
            return Call("ARRAY_CONTAINS", (array, value))
        others = self.some(0, 2, lambda: self.text(depth))
        nulls = (Null(),) if self.rarely() else ()
        return Call("ARRAY_CONTAINS", (array, Array((value, *others, *nulls))))

    def _asked_of_data(self, depth: int) -> Expression:
        """Return a test of what an event's data holds."""
        if self.is_v1:
            return self.one_of(
                lambda: self._beside(self.path(), lambda: self.text(depth)),
                lambda: IsNull(self.path(), self.flag()),
                lambda: Call("CONTAINS", (self.column(VARIANT), String(self.among(KEYS)))),
            )
        return self.one_of(
            lambda: self._path_compared(self.among(ORDERED_TYPES), depth),
            lambda: IsNull(self.path(), self.flag()),
            self._truth_in_data,
        )

    def _path_compared(self, kind: DataType, depth: int) -> Expression:
        return self._beside(self.path(), lambda: self.of(kind, depth))

    def _truth_in_data(self) -> Expression:
        """Return a test of a path that is read as a truth."""
        return self.one_of(
            lambda: Not(self.path()),
            lambda: IsBoolean(self.path(), self.flag(), self.flag()),
            lambda: And((self.path(), self.path())),
            lambda: Comparison(Comparator.EQ, self.path(), Not(self.test(0))),
        )

    def _in_subquery(self) -> Expression:
        assert self.subquery is not None
        kinds = [kind for kind in ORDERED_TYPES if kind in self.scope.columns]
        kind = self.among([None, None, *kinds, VARIANT])
        if kind is None:
            return InSubquery(self.scope.contact_id, self.subquery(self.draw, None), self.flag())
        if kind is VARIANT:
            value = self.among([TEXT, TIMESTAMP])
            operand = self.path() if VARIANT in self.scope.columns else self.of(value, 1)
            return InSubquery(operand, self.subquery(self.draw, value), self.flag())
        return InSubquery(self.of(kind, 1), self.subquery(self.draw, kind), self.flag())


@lru_cache(maxsize=1024)
@st.composite
def _condition(
    draw: st.DrawFn, scope: ColumnsInSight, subquery: DrawSubquery | None, depth: int
) -> Expression:
    return DrawnConditions(draw, scope, subquery)._condition(depth)
