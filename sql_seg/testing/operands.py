"""Draws texts, numbers, timestamps and paths: expressions of a wanted type over the columns in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TypeVar

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.functions import FUNCTIONS, Function, Kind, Parameter
from sql_seg.language.operators import Arithmetic
from sql_seg.syntax.nodes import (
    Binary,
    Call,
    Column,
    Expression,
    Interval,
    Negative,
    Null,
    Number,
    Path,
    String,
    Timestamp,
)
from sql_seg.testing.constants import among, magnitudes, texts, timestamp_texts, up_to
from sql_seg.testing.scopes import ColumnsInSight

TEXT, NUMBER, TIMESTAMP, VARIANT = DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.VARIANT
ORDERED_TYPES = (TEXT, NUMBER, TIMESTAMP)
"""The types that have an order, the most usual first."""

KEYS = ("payload", "singlesend_id", "url", "unique_args", "a-b", "select")
"""Keys of events' data, one that needs delimiters and a reserved word among them."""

_KEY, _WAY = (st.lists(st.sampled_from(KEYS), min_size=1, max_size=most) for most in (1, 3))
_V1_UNITS = [unit for unit in TimeUnit if unit is not TimeUnit.WEEK]
_V2_UNITS = [*map(str, TimeUnit), "DAYS", "Hour"]
_AMOUNTS = st.integers(-400, 400) | st.sampled_from([10**9, -(10**9), 2**53 - 1])

_Value = TypeVar("_Value")
Draws = Callable[[], Expression]


@cache
def functions(dialect: Dialect, result: DataType) -> list[Function]:
    """Return the functions of values of a dialect that have a result of a type."""
    return [
        function
        for function in FUNCTIONS.values()
        if function.kind is Kind.VALUE and function.result is result and dialect in function.provenance
    ]


@dataclass(frozen=True)
class Operands:
    """Draws expressions that have a value other than a truth.

    A ``depth`` is how many levels of functions and operators an expression may still have.
    """

    draw: st.DrawFn
    scope: ColumnsInSight

    @property
    def is_v1(self) -> bool:
        """Whether the dialect is v1."""
        return self.scope.dialect is Dialect.V1

    def one_of(self, *options: Draws) -> Expression:
        """Return what one of the options draws; the simplest stands first."""
        return self.among(options)()

    def among(self, values: Sequence[_Value]) -> _Value:
        """Return one of some values; the simplest stands first."""
        return among(self.draw, values)

    def rarely(self) -> bool:
        """Return True now and then."""
        return self.draw(up_to(11)) == 11

    def some(self, least: int, most: int, draws: Draws) -> tuple[Expression, ...]:
        """Return so many of what ``draws`` draws."""
        return tuple(draws() for _ in range(self.draw(st.integers(least, most))))

    def flag(self) -> bool:
        """Return False or True."""
        return self.draw(st.booleans())

    def column(self, kind: DataType) -> Expression:
        """Return a column of a type that there is one of: each table as often as another."""
        return self.among(self.among(self.scope.columns[kind]))

    def literal(self, kind: DataType) -> Expression:
        """Return a literal, or the present moment."""
        if kind is TEXT:
            return String(self.draw(texts()))
        if kind is NUMBER:
            return Number(self.draw(magnitudes()))
        return self.one_of(lambda: Timestamp(self.draw(timestamp_texts())), self.now)

    def leaf(self, kind: DataType) -> Expression:
        """Return a column or a literal, in v2 NULL too; a text's length where no column is a number."""
        if not self.is_v1 and self.rarely():
            return Null()
        if self.draw(up_to(3)) == 3:
            return self.literal(kind)
        if kind is NUMBER and kind not in self.scope.columns:
            return Call("LENGTH", (self.column(TEXT),))
        return self.column(kind)

    def of(self, kind: DataType, depth: int) -> Expression:
        """Return an expression of a type that has an order."""
        return {TEXT: self.text, NUMBER: self.number, TIMESTAMP: self.timestamp}[kind](depth)

    def text(self, depth: int) -> Expression:
        """Return a text."""
        return self.draw(_text(self.scope, depth))

    def _text(self, depth: int) -> Expression:
        def inner() -> Expression:
            return self.text(depth - 1)

        if depth <= 0:
            return self.leaf(TEXT)
        options: list[Draws] = [
            lambda: self.leaf(TEXT),
            lambda: self.leaf(TEXT),
            *self.calls(TEXT, depth),
        ]
        if self.is_v1:
            options.append(lambda: Binary(Arithmetic.ADD, inner(), inner()))
        return self.one_of(*options)

    def calls(self, result: DataType, depth: int) -> list[Draws]:
        """Return how to draw a call of each function of values that has a result of a type."""
        return [partial(self._call, function, depth) for function in functions(self.scope.dialect, result)]

    def _call(self, function: Function, depth: int) -> Expression:
        def argument(parameter: Parameter) -> Expression:
            return self.of(parameter.type, depth - 1)

        arguments = tuple(map(argument, function.parameters))
        if self.scope.dialect in function.variadic:
            arguments += self.some(0, 1, lambda: argument(function.parameters[-1]))
        return Call(function.name, arguments)

    def number(self, depth: int) -> Expression:
        """Return a number."""
        return self.draw(_number(self.scope, depth))

    def _number(self, depth: int) -> Expression:
        def inner() -> Expression:
            return self.number(depth - 1)

        if depth <= 0:
            return self.leaf(NUMBER)

        def calculated() -> Expression:
            return Binary(self.among(tuple(Arithmetic)), inner(), inner())

        return self.one_of(
            lambda: self.leaf(NUMBER),
            calculated,
            *self.calls(NUMBER, depth),
            calculated,
            lambda: Negative(inner()),
        )

    def timestamp(self, depth: int) -> Expression:
        """Return a moment."""
        if depth <= 0:
            return self.leaf(TIMESTAMP)
        return self.one_of(
            lambda: self.leaf(TIMESTAMP), lambda: self._shifted(depth), *self.calls(TIMESTAMP, depth)
        )

    def now(self) -> Expression:
        """Return the present moment, as one of the functions that give it."""
        return Call("NOW" if self.is_v1 or self.flag() else "CURRENT_TIMESTAMP")

    def _shifted(self, depth: int) -> Expression:
        """Return a moment with an amount of time added to it or taken from it."""
        amount = self.draw(_AMOUNTS)
        moment = self.one_of(self.now, lambda: self.timestamp(depth - 1))
        if self.is_v1:
            operator = self.among((Arithmetic.SUBTRACT, Arithmetic.ADD))
            return Binary(operator, moment, Interval(amount, self.among(_V1_UNITS)))
        unit = Column(self.among(_V2_UNITS))
        number = Negative(Number(-amount)) if amount < 0 else Number(amount)
        return Call("TIMESTAMPADD", (unit, number, moment))

    def path(self) -> Expression:
        """Return a path into the data of an event: of one key in v1, of some in v2."""
        column = self.column(VARIANT)
        assert isinstance(column, Column)
        return Path(column, tuple(self.draw(_KEY if self.is_v1 else _WAY)))


# An expression inside another is drawn as a strategy of its own, so that Hypothesis can put it in the other's
# place when it looks for the simplest one. It is made once: to make it at each draw took a tenth of the time.


@lru_cache(maxsize=1024)
@st.composite
def _text(draw: st.DrawFn, scope: ColumnsInSight, depth: int) -> Expression:
    return Operands(draw, scope)._text(depth)


@lru_cache(maxsize=1024)
@st.composite
def _number(draw: st.DrawFn, scope: ColumnsInSight, depth: int) -> Expression:
    return Operands(draw, scope)._number(depth)
