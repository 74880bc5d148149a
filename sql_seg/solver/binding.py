"""Conditions of certain records: the rows of a query replaced by the records that a solver makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.full_form import in_full
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.substitution import substituted
from sql_seg.core.traits import EXISTENCES, ROWED
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType

_OF_MANY = (*EXISTENCES, core.Subquery, core.Maximum)
NULL_ROW = -1
"""The record of no event: all that is read of it is NULL."""

ID = "contact_id"


def settled(term: core.Term, now: datetime) -> core.Term:
    """Return a term in its full form, with all that depends on no record computed, at a moment."""
    return _settled(in_full(term), Interpreter(now, NO_ACCOUNT))


def _settled(term: core.Term, interpreter: Interpreter) -> core.Term:
    if isinstance(term, core.Constant):
        return term
    changed = core.with_children(term, lambda child: _settled(child, interpreter))
    is_settled = not isinstance(changed, (*ROWED, *_OF_MANY))
    if is_settled and all(isinstance(child, core.Constant) for child in changed.children()):
        value = interpreter.value(changed, {})
        return core.Constant(value, type=term.type, span=term.span)
    return changed


def bound(term: core.Term, rows: Mapping[int, int], owners: Mapping[int, int]) -> core.Term:
    """Return a term with rows replaced.

    An event's contact id becomes its owner's, and v1's map the path of no keys that it is in v2.
    """

    def substitute(part: Any) -> Any:
        if not isinstance(part, ROWED):
            return None
        row = rows.get(part.row, part.row)
        if row == NULL_ROW:
            return null_like(part)
        if isinstance(part, core.ColumnValue) and part.name == ID:
            row = owners.get(row, row)
        if isinstance(part, core.ColumnValue) and part.type is DataType.VARIANT:
            return core.JsonValue(row, (), type=part.type, span=part.span)
        if isinstance(part, core.HasKey):
            return core.HasKey(row, bound(part.key, rows, owners), span=part.span)
        return part if row == part.row else replace(part, row=row)

    return substituted(term, substitute)


def null_like(term: core.Term) -> core.Term:
    """Return NULL of a term's type."""
    return core.Constant(None, type=term.type, span=term.span)


def reads(term: core.Term) -> list[core.Term]:
    """Return what a term reads of records."""
    return [inner for inner in core.walk(term) if isinstance(inner, ROWED)]
