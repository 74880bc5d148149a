"""Conditions of certain records: the rows of a query replaced by the records that a solver makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sql_seg.core import terms as core
from sql_seg.evaluate import NO_ACCOUNT, Interpreter
from sql_seg.evaluate.kinds import OF_JSON, ROWED
from sql_seg.language.datatypes import DataType

_OF_MANY = (core.InSubquery, core.Subquery, core.SomeEvent, core.LastEvent, core.Maximum)
NULL_ROW = -1
"""The record of no event: all that is read of it is NULL."""

ID = "contact_id"


def settled(term: core.Term, now: datetime) -> core.Term:
    """Return a term with all that depends on no record computed, at a moment."""
    return _settled(term, Interpreter(now, NO_ACCOUNT))


def _settled(term: core.Term, interpreter: Interpreter) -> core.Term:
    if isinstance(term, core.Constant):
        return term
    changed = core.with_children(term, lambda child: _settled(child, interpreter))
    if isinstance(changed, ROWED + _OF_MANY):
        return changed
    if all(isinstance(child, core.Constant) for child in changed.children()):
        value = interpreter.value(changed, {})
        return core.Constant(value, data_type=term.type, span=term.span)
    return changed


def bound(term: core.Term, rows: Mapping[int, int], owners: Mapping[int, int]) -> core.Term:
    """Return a term with rows replaced.

    An event's contact id becomes its owner's, and v1's map the path of no keys that it is in v2.
    """
    if isinstance(term, core.ColumnValue):
        return _bound_column(term, rows.get(term.row, term.row), owners)
    if isinstance(term, OF_JSON) and term.row in rows:
        row = rows[term.row]
        if row == NULL_ROW:
            return null_like(term)
        if isinstance(term, core.JsonValue):
            return core.JsonValue(row, term.keys, data_type=term.type, span=term.span)
        if isinstance(term, core.MapValue):
            return core.MapValue(row, term.key, span=term.span)
        return core.HasKey(row, bound(term.key, rows, owners), span=term.span)
    return core.with_children(term, lambda child: bound(child, rows, owners))


def _bound_column(term: core.ColumnValue, row: int, owners: Mapping[int, int]) -> core.Term:
    if row == NULL_ROW:
        return null_like(term)
    if term.name == ID:
        row = owners.get(row, row)
    if term.type is DataType.VARIANT:
        return core.JsonValue(row, (), data_type=term.type, span=term.span)
    if row == term.row:
        return term
    return core.ColumnValue(row, term.name, data_type=term.type, span=term.span)


def null_like(term: core.Term) -> core.Term:
    """Return NULL of a term's type."""
    return core.Constant(None, data_type=term.type, span=term.span)


def with_maxima(term: core.Term, values: Sequence[core.Term]) -> core.Term:
    """Return HAVING with the values that its maxima are."""
    if isinstance(term, core.Maximum):
        return values[term.index]
    return core.with_children(term, lambda child: with_maxima(child, values))


def reads(term: core.Term) -> list[core.Term]:
    """Return what a term reads of records."""
    return [inner for inner in core.walk(term) if isinstance(inner, ROWED)]
