"""Conditions on a timestamp as conditions on its microseconds since 1970, which machine integers hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sql_seg.columns import microseconds
from sql_seg.core import terms as core
from sql_seg.core.traits import is_moment
from sql_seg.evaluate import NO_ACCOUNT, Interpreter
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType

_AS_IT_IS = DataType.VARIANT
"""The type of microseconds in the rewritten condition: integers of any size, compared as they are."""


def in_microseconds(term: core.Term, now: datetime) -> core.Term | None:
    """Return the condition on microseconds that says what a condition on one timestamp says at ``now``.

    None where the condition does more than compare the timestamp with moments.
    """
    interpreter = Interpreter(now, NO_ACCOUNT)

    def number(operand: core.Term) -> core.Term | None:
        if isinstance(operand, core.ColumnValue):
            return replace(operand, data_type=_AS_IT_IS)
        if not is_moment(operand):
            return None
        moment = interpreter.value(operand, {})
        return core.Constant(None if moment is None else microseconds(moment), data_type=_AS_IT_IS)

    def rewritten(condition: core.Term) -> core.Term | None:
        match condition:
            case core.Compared(operator, left, right):
                first, second = number(left), number(right)
                return core.Compared(operator, first, second) if first and second else None
            case core.OneOf(core.ColumnValue() as operand, values, or_null):
                numbers = tuple(microseconds(value) for value in values if isinstance(value, datetime))
                return core.OneOf(replace(operand, data_type=_AS_IT_IS), numbers, or_null)
            case core.NullTest(core.ColumnValue() as operand):
                return core.NullTest(replace(operand, data_type=_AS_IT_IS))
            case core.All(operands) | core.AnyOf(operands):
                kind: Any = type(condition)
                parts = [rewritten(operand) for operand in operands]
                return None if None in parts else kind(tuple(parts))
            case core.Inverse(operand):
                inner = rewritten(operand)
                return inner and core.Inverse(inner)
            case core.TruthTest(operand, value):
                inner = rewritten(operand)
                return inner and core.TruthTest(inner, value)
        return None

    return rewritten(term)


def named(of_numbers: core.Term) -> Iterator[int]:
    """Yield the microseconds that a condition on microseconds names."""
    for term in core.walk(of_numbers):
        found: tuple[Any, ...] = ()
        if isinstance(term, core.OneOf):
            found = term.values
        elif isinstance(term, core.Constant) and term.value is not None:
            found = (term.value,)
        yield from found
