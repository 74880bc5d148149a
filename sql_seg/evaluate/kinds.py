"""What the compiler knows of a value: whether Python compares it as it is, and what a constant is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.traits import is_moment
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.schema import EVENT_TABLE, SENDGRID

_RESERVED = SENDGRID.contact_data.columns.keys() | EVENT_TABLE.columns.keys()
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def is_small(value: Any) -> bool:
    """Return whether Python compares a value with any integer as doubles are compared."""
    return not isinstance(value, (int, float)) or abs(value) < LARGEST_EXACT_INTEGER


def is_exact(term: core.Term) -> bool:
    """Return whether a term is never NULL, or a moment, and Python compares it with any value as it is."""
    if isinstance(term, core.Constant):
        return term.value is not None and is_small(term.value)
    return is_moment(term)


def is_zoned(term: core.Term) -> bool:
    """Return whether a term is a timestamp as a record has it: in any time zone."""
    return isinstance(term, core.ColumnValue) and term.type is DataType.TIMESTAMP


def is_untold(term: core.Term) -> bool:
    """Return whether a term is a column that may hold numbers though its type is that of texts.

    Where a lenient schema's column is only held against another such column, nothing says what it holds.
    """
    return isinstance(term, core.ColumnValue) and term.type is DataType.VARCHAR and term.name not in _RESERVED


def constant_value(term: core.Term) -> Any:
    """Return the value of a constant term."""
    if isinstance(term, core.Constant):
        return term.value
    return Interpreter(_ANY_TIME, NO_ACCOUNT).value(term, {})
