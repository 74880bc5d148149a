"""What is known of any term before a condition is read: constants, whether it may be NULL, what it may be."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis.ordered import EVERYTHING, OrderedSet
from sql_seg.analysis.values import Values
from sql_seg.core.terms import (
    THE_CONTACT,
    Applied,
    Calculation,
    ColumnValue,
    Constant,
    Inverse,
    JsonValue,
    MapValue,
    Maximum,
    Negated,
    Now,
    ShiftedTime,
    Term,
)
from sql_seg.language.datatypes import DataType, TimeUnit
from sql_seg.language.literals import is_number
from sql_seg.language.schema import EVENT_TABLE, Schema

_TEXTS = OrderedSet(False, (("", 0),))
_LENGTHS = OrderedSet(False, ((0, 0),))
_TRUTHS = OrderedSet(False, ((False, 0), (False, 1), (True, 0), (True, 1)))

_MICROSECONDS = {
    TimeUnit.SECOND: 1_000_000,
    TimeUnit.MINUTE: 60_000_000,
    TimeUnit.HOUR: 3_600_000_000,
    TimeUnit.DAY: 86_400_000_000,
    TimeUnit.WEEK: 604_800_000_000,
}
_MONTHS = {TimeUnit.MONTH: 1, TimeUnit.YEAR: 12}
_MOST_YEARS = 500
_FARTHEST = 365 * _MOST_YEARS * _MICROSECONDS[TimeUnit.DAY]
"""How far from now a moment surely exists: nobody asks before the year 1000 or after 9000."""

READ = (ColumnValue, JsonValue, MapValue, Maximum)
"""Terms that are read from a record, or from a group of them."""


def is_length(term: Term) -> bool:
    """Return whether a term is a LENGTH."""
    return isinstance(term, Applied) and term.function == "LENGTH"


def domain(term: Term) -> OrderedSet:
    """Return all values that a term can have, NULL apart."""
    if term.type is DataType.VARCHAR:
        return _TEXTS
    if term.type is DataType.BOOLEAN:
        return _TRUTHS
    return _LENGTHS if is_length(term) else EVERYTHING


def not_null(term: Term) -> Values:
    """Return all that a term is where it is not NULL."""
    return Values(False, domain(term))


def constant(term: Term) -> Constant | None:
    """Return the constant that a term is, its sign included."""
    if isinstance(term, Constant):
        return term
    if isinstance(term, Negated):
        inner = constant(term.operand)
        if inner is not None and is_number(inner.value):
            return Constant(-inner.value, data_type=inner.data_type)  # type: ignore[operator]
    return None


def now_offset(term: Term) -> tuple[str, int] | None:
    """Return how far a moment lies from now: in microseconds, or in months; None where neither says it."""
    if isinstance(term, Now):
        return "microseconds", 0
    if not isinstance(term, ShiftedTime):
        return None
    if term.unit in _MONTHS:
        months = _MONTHS[term.unit] * term.amount
        near = abs(months) <= 12 * _MOST_YEARS
        return ("months", months) if isinstance(term.operand, Now) and near else None
    inner = now_offset(term.operand)
    if inner is None or inner[0] != "microseconds":
        return None
    offset = inner[1] + _MICROSECONDS[term.unit] * term.amount
    return ("microseconds", offset) if abs(offset) <= _FARTHEST else None


def without_not(term: Term) -> Term:
    """Return what stands inside all NOTs around it."""
    while isinstance(term, Inverse):
        term = term.operand
    return term


def strict_reads(term: Term) -> Iterator[Term]:
    """Yield what is read by a term and makes it NULL where it is NULL."""
    if isinstance(term, READ):
        yield term
    elif isinstance(term, (Negated, Calculation, ShiftedTime, Applied)):
        for child in term.children():
            yield from strict_reads(child)


def is_total(term: Term) -> bool:
    """Return whether a term is NULL only where something that it reads is."""
    if isinstance(term, Constant):
        return term.value is not None
    if isinstance(term, Applied):
        return all(is_total(operand) for operand in term.operands)
    return isinstance(term, (*READ, Now)) or now_offset(term) is not None


def may_be_null(term: Term) -> bool:
    """Return whether a term may be NULL, in records that may lack anything."""
    if isinstance(term, READ):
        return True
    return not is_total(term) or any(True for _ in strict_reads(term))


class Rows:
    """Which rows of a query are contacts, the others being events, and what SendGrid never leaves NULL."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._contacts = {THE_CONTACT}

    def add_contact(self, row: int | None) -> None:
        """Note that a row, if any, is a contact."""
        if row is not None:
            self._contacts.add(row)

    def is_contact(self, row: int) -> bool:
        """Return whether a row is a contact."""
        return row in self._contacts

    def never_null(self, term: Term) -> bool:
        """Return whether a term is a column that SendGrid never leaves NULL."""
        if not isinstance(term, ColumnValue):
            return False
        table = self._schema.contact_data if self.is_contact(term.row) else EVENT_TABLE
        column = table.columns.get(term.name)
        return column is not None and not column.nullable
