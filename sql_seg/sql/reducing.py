"""Conditions before they are written: what is known is worked out, and NOT goes to what it negates.

The same rules for every engine, so that its table need not know them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.planning import planned
from sql_seg.core.traits import depends, is_null
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DURATIONS, MONTHS, DataType, TimeUnit
from sql_seg.language.operators import Arithmetic, Comparator

_SHORTEST_SECONDS = {unit: int(length.total_seconds()) for unit, length in DURATIONS.items()} | {
    unit: (months // 12 * 365 + months % 12 * 28) * 86400 for unit, months in MONTHS.items()
}
"""How long a unit is at least."""

_MOST_SECONDS = 10_000 * 366 * 86400
"""All years that a timestamp may be of."""

_NULL_OF_NULL = (
    core.Negated,
    core.Applied,
    core.Compared,
    core.Matched,
)
"""Terms that are NULL where an operand is, conditions too, of those that have no fold of their own."""


def constant(value: Any, data_type: DataType) -> core.Constant:
    """Return a constant."""
    return core.Constant(value, type=data_type)


FALSE = constant(False, DataType.BOOLEAN)
TRUE = constant(True, DataType.BOOLEAN)


def reduced(condition: core.Term, now: datetime) -> core.Term:
    """Return a condition that is TRUE of the same contacts, planned, with its constants worked out."""
    if isinstance(condition, core.OnParentList):
        return folded(condition.condition, now)
    if isinstance(condition, core.All):
        return folded(core.All(tuple(reduced(operand, now) for operand in condition.operands)), now)
    return folded(planned(condition), now)


def folded(term: core.Term, now: datetime) -> core.Term:
    """Return a term of the same value in which whatever depends on no record is a constant."""
    if isinstance(term, core.Constant):
        return term
    term = core.with_children(term, lambda inner: folded(inner, now))
    if not depends(term):
        value = Interpreter(now, NO_ACCOUNT).value(term, {})
        return constant(value, term.type)
    fold = _FOLDS.get(type(term))
    if fold is not None:
        return fold(term)
    if isinstance(term, _NULL_OF_NULL) and any(map(is_null, term.children())):
        return constant(None, term.type)
    return term


def _calculated(term: core.Calculation) -> core.Term:
    """A quotient or remainder by zero is NULL."""
    divides = term.operator in (Arithmetic.DIVIDE, Arithmetic.MODULO)
    by_zero = divides and isinstance(term.right, core.Constant) and not term.right.value
    return constant(None, DataType.NUMBER) if by_zero or any(map(is_null, term.children())) else term


def _shifted(term: core.ShiftedTime) -> core.Term:
    if is_null(term.operand) or abs(term.amount) * _SHORTEST_SECONDS[term.unit] > _MOST_SECONDS:
        return constant(None, DataType.TIMESTAMP)
    return term


def shiftable(unit: TimeUnit, amount: int) -> tuple[datetime, datetime]:
    """Return the first and last timestamps that, moved by an amount, are of the years 1 to 9999.

    Where there is none, the first is behind the last.
    """
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if not amount:
        return first, last
    try:
        if unit in DURATIONS:
            step = DURATIONS[unit] * amount
            return (first, last - step) if amount > 0 else (first - step, last)
        months = MONTHS[unit] * amount
        if amount > 0:
            end = 9999 * 12 + 12 - months
            return first, datetime(end // 12, end % 12 + 1, 1, tzinfo=UTC) - timedelta(microseconds=1)
        start = 12 - months
        return datetime(start // 12, start % 12 + 1, 1, tzinfo=UTC), last
    except (OverflowError, ValueError):
        return last, first


def _all(term: core.All) -> core.Term:
    operands = [operand for operand in term.operands if operand != TRUE]
    if FALSE in operands:
        return FALSE
    return _chain(core.All, operands, TRUE)


def _any_of(term: core.AnyOf) -> core.Term:
    operands = [operand for operand in term.operands if operand != FALSE]
    if TRUE in operands:
        return TRUE
    return _chain(core.AnyOf, operands, FALSE)


def _chain(kind: Callable[..., core.Term], operands: list[core.Term], neutral: core.Term) -> core.Term:
    if len(operands) > 1:
        return kind(tuple(operands))
    return operands[0] if operands else neutral


def _one_of(term: core.OneOf) -> core.Term:
    if term.values or term.or_null:
        if is_null(term.operand) or not term.values:
            return constant(None, DataType.BOOLEAN)
        return term
    return constant(term.negated, DataType.BOOLEAN)


def _equals_any(term: core.EqualsAny) -> core.Term:
    return constant(None, DataType.BOOLEAN) if is_null(term.operand) else term


def _between(term: core.Between) -> core.Term:
    """Where a bound is NULL, the other still shows what is FALSE."""
    if is_null(term.operand) or (is_null(term.low) and is_null(term.high)):
        return constant(None, DataType.BOOLEAN)
    if not (is_null(term.low) or is_null(term.high)):
        return term
    bounds = ((Comparator.GE, term.low), (Comparator.LE, term.high))
    nothing = constant(None, DataType.BOOLEAN)
    parts = [nothing if is_null(bound) else core.Compared(op, term.operand, bound) for op, bound in bounds]
    return core.Inverse(core.All(tuple(parts))) if term.negated else core.All(tuple(parts))


def _on_parent_list(term: core.OnParentList) -> core.Term:
    return term.condition


def _inverse(term: core.Inverse) -> core.Term:
    """Put NOT where it is said in one word."""
    operand = term.operand
    if is_null(operand):
        return operand
    if isinstance(operand, core.Negatable):
        return replace(operand, negated=not operand.negated)
    if isinstance(operand, core.Compared):
        return replace(operand, operator=operand.operator.negated)
    return operand.operand if isinstance(operand, core.Inverse) else term


def _contains_any(term: core.ContainsAny) -> core.Term:
    if is_null(term.array) or all(map(is_null, term.values)):
        return constant(None, DataType.BOOLEAN)
    return term


_FOLDS: dict[type, Callable[[Any], core.Term]] = {
    core.Calculation: _calculated,
    core.ShiftedTime: _shifted,
    core.All: _all,
    core.AnyOf: _any_of,
    core.OneOf: _one_of,
    core.EqualsAny: _equals_any,
    core.Between: _between,
    core.OnParentList: _on_parent_list,
    core.Inverse: _inverse,
    core.ContainsAny: _contains_any,
}


def without_event(term: core.Term, rows: Collection[int]) -> core.Term:
    """Return a term as it is where some rows have no event: all their columns are NULL."""
    if isinstance(term, (core.ColumnValue, core.JsonValue, core.MapValue)) and term.row in rows:
        return constant(None, term.type)
    if isinstance(term, core.HasKey) and term.row in rows:
        return constant(None, DataType.BOOLEAN)
    return core.with_children(term, lambda inner: without_event(inner, rows))
