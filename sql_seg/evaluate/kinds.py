"""What kind of term the compiler has before it: of a record, of now alone, or the same for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.evaluate.account import NO_ACCOUNT
from sql_seg.evaluate.interpreter import Interpreter
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.schema import EVENT_TABLE, SENDGRID

STORED = (core.ColumnValue, core.JsonValue, core.MapValue)
"""Values that a record holds."""

OF_JSON = (core.JsonValue, core.MapValue, core.HasKey)
"""Terms that read an event's data."""

ROWED = (core.ColumnValue, *OF_JSON)
"""Terms that read a record directly."""

_DEPENDENT = frozenset({*ROWED, core.InSubquery, core.SomeEvent, core.LastEvent, core.Maximum})
_VARIABLE = frozenset({*_DEPENDENT, core.Now, core.All, core.AnyOf})

_RESERVED = SENDGRID.contact_data.columns.keys() | EVENT_TABLE.columns.keys()
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def is_rowed(term: core.Term) -> bool:
    """Return whether a term reads a record directly."""
    return isinstance(term, ROWED)


def depends(term: core.Term) -> bool:
    """Return whether a term depends on a record, or on other contacts."""
    return type(term) in _DEPENDENT or any(map(depends, term.children()))


def is_constant(term: core.Term) -> bool:
    """Return whether a term is the same for every contact and every now."""
    if isinstance(term, core.Constant):
        return True
    return type(term) not in _VARIABLE and not any(map(_varies, term.children()))


def _varies(term: core.Term) -> bool:
    is_chain = isinstance(term, (core.All, core.AnyOf))
    return (type(term) in _VARIABLE and not is_chain) or any(map(_varies, term.children()))


def is_moment(term: core.Term) -> bool:
    """Return whether a term is a timestamp that depends on NOW alone."""
    return term.type is DataType.TIMESTAMP and not depends(term)


def is_null(term: core.Term) -> bool:
    """Return whether a term is the literal NULL."""
    return isinstance(term, core.Constant) and term.value is None


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
