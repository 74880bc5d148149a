"""What kind of term the compiler has before it: of a record, of now alone, or the same for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sql_seg import checked as core
from sql_seg.datatypes import DataType
from sql_seg.literals import LARGEST_EXACT_INTEGER
from sql_seg.predicate.account import NO_ACCOUNT
from sql_seg.predicate.interpreter import Interpreter

ROWED = core.ColumnValue | core.JsonValue | core.MapValue | core.HasKey
"""Terms that read a record directly."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def is_rowed(term: core.Term) -> bool:
    """Return whether a term reads a record directly."""
    return isinstance(term, ROWED)


def depends(term: core.Term) -> bool:
    """Return whether a term depends on a record, or on other contacts."""
    kinds = ROWED | core.InSubquery | core.SomeEvent | core.LastEvent | core.Maximum
    return any(isinstance(inner, kinds) for inner in core.walk(term))


def is_constant(term: core.Term) -> bool:
    """Return whether a term is the same for every contact and every now."""
    if isinstance(term, core.Constant):
        return True
    if isinstance(term, core.All | core.AnyOf) or is_rowed(term):
        return False
    return not depends(term) and not any(isinstance(inner, core.Now) for inner in core.walk(term))


def is_moment(term: core.Term) -> bool:
    """Return whether a term is a timestamp that depends on NOW alone."""
    return term.type is DataType.TIMESTAMP and not depends(term)


def is_null(term: core.Term) -> bool:
    """Return whether a term is the literal NULL."""
    return isinstance(term, core.Constant) and term.value is None


def is_small(value: Any) -> bool:
    """Return whether Python compares a value with any integer as doubles are compared."""
    return not isinstance(value, int | float) or abs(value) < LARGEST_EXACT_INTEGER


def is_exact(term: core.Term) -> bool:
    """Return whether a term is never NULL, or a moment, and Python compares it with any value as it is."""
    if isinstance(term, core.Constant):
        return term.value is not None and is_small(term.value)
    return is_moment(term)


def is_zoned(term: core.Term) -> bool:
    """Return whether a term is a timestamp as a record has it: in any time zone."""
    return isinstance(term, core.ColumnValue) and term.type is DataType.TIMESTAMP


def constant_value(term: core.Term) -> Any:
    """Return the value of a constant term."""
    return Interpreter(_ANY_TIME, NO_ACCOUNT).value(term, {})
