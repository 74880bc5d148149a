"""What this reasoning was taught: of a condition with anything else in it, nothing is claimed.

The core form grows: a new kind of term, a new function, operator or unit means something that no table here
knows of. To take it for one of those that are known would prove falsehoods, so that what is not named here is
unknown. A solver stands on the same tables.
"""

from __future__ import annotations

from sql_seg.analysis.known import FUNCTIONS
from sql_seg.analysis.ordered import COMPARED
from sql_seg.core.terms import (
    All,
    AnyOf,
    Applied,
    Between,
    Calculation,
    ColumnValue,
    Compared,
    Constant,
    ContainsAny,
    EqualsAny,
    HasKey,
    InSubquery,
    Inverse,
    JsonValue,
    LastEvent,
    MapValue,
    Matched,
    Maximum,
    Negated,
    Now,
    NullTest,
    OneOf,
    OnParentList,
    ShiftedTime,
    SomeEvent,
    Subquery,
    Term,
    TruthTest,
    walk,
)
from sql_seg.language.datatypes import DataType, TimeUnit
from sql_seg.language.operators import Arithmetic

KINDS: set[type[Term]] = {
    *(All, AnyOf, Inverse, TruthTest, NullTest, Compared, OneOf, Matched, ContainsAny, HasKey),
    *(Between, EqualsAny, OnParentList),
    *(Constant, ColumnValue, JsonValue, MapValue, Maximum, Now, Negated, Calculation, ShiftedTime, Applied),
    *(SomeEvent, LastEvent, InSubquery, Subquery),
}
"""Kinds of terms; a kind made of one of them is not one of them."""

UNSUPPORTED: set[type[Term]] = set()
"""Kinds of terms that nothing is known of, said out loud: a test holds that each kind is in one of both."""

CALCULATIONS = {
    Arithmetic.ADD,
    Arithmetic.SUBTRACT,
    Arithmetic.MULTIPLY,
    Arithmetic.DIVIDE,
    Arithmetic.MODULO,
}
"""Arithmetic operators: nothing is known of them but that they are NULL where an operand is."""

UNITS = {
    TimeUnit.SECOND,
    TimeUnit.MINUTE,
    TimeUnit.HOUR,
    TimeUnit.DAY,
    TimeUnit.WEEK,
    TimeUnit.MONTH,
    TimeUnit.YEAR,
}
TYPES = {
    DataType.VARCHAR,
    DataType.NUMBER,
    DataType.TIMESTAMP,
    DataType.BOOLEAN,
    DataType.ARRAY,
    DataType.VARIANT,
    DataType.NULL,
    DataType.UNKNOWN,
}


def unknown_part(term: Term) -> str | None:
    """Return what a term alone, whatever stands below it, has in it that nobody taught; None for nothing."""
    kind = type(term)
    if kind not in KINDS:
        return kind.__name__
    if kind is Applied:
        function: str = term.function  # type: ignore[attr-defined]
        return None if function in FUNCTIONS else function
    if kind is Compared:
        return _unless(term.operator in COMPARED, term.operator)  # type: ignore[attr-defined]
    if kind is Calculation:
        return _unless(term.operator in CALCULATIONS, term.operator)  # type: ignore[attr-defined]
    if kind is ShiftedTime:
        return _unless(term.unit in UNITS, term.unit)  # type: ignore[attr-defined]
    return _unless(term.type in TYPES, term.type)


def unknown_parts(term: Term) -> list[str]:
    """Return all that a term, and what stands below it, has in it that nobody taught, each once."""
    found = [part for inner in walk(term) if (part := unknown_part(inner)) is not None]
    return list(dict.fromkeys(found))


def has_unknown_kinds(term: Term) -> bool:
    """Return whether there is anywhere in a term a kind of term that nobody taught, or could look into."""
    return any(type(inner) not in KINDS for inner in walk(term))


def _unless(known: bool, part: object) -> str | None:
    return None if known else str(part)
