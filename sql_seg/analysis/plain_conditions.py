"""Plain conditions: of each by itself nothing is certain, which is seen at a glance.

Almost all conditions are plain: a column beside a constant that it may equal or not. What speaks of different
things is independent, so that plain conditions that share nothing need no reasoning at all. Without this
glance, all diagnostics of a text take 1.0 to 1.9 times as long, 1.3 times in the middle of the queries of
``benchmarks/checking.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sql_seg.analysis.known import RowKinds, known_of, settled
from sql_seg.core.terms import (
    Between,
    ColumnValue,
    Compared,
    Constant,
    ContainsAny,
    HasKey,
    InSubquery,
    JsonValue,
    MapValue,
    Matched,
    Maximum,
    NullTest,
    OneOf,
    Term,
    walk,
    without_not,
)
from sql_seg.core.traits import STORED, constant, strict_reads
from sql_seg.language import patterns
from sql_seg.language.datatypes import DataType

TermsRead = tuple[Term, ...]
Things = frozenset[tuple[object, ...]]

SOME_SUBQUERY: Things = frozenset({("subquery",)})
"""What any test of a subquery speaks of: two of them may be one and the same."""


def plain_reads(term: Term, rows: RowKinds) -> TermsRead | None:
    """Return what a plain condition reads, in its order; None where it is not surely plain."""
    term = without_not(term)
    reader = _READERS.get(type(term))
    return None if reader is None else reader(term, rows) or None


def things(reads: Iterable[Any]) -> Things:
    """Return what stands for each value read, in whatever type."""
    return frozenset([(read.row, _name(read)) for read in reads])


def things_of(term: Term) -> Things | None:
    """Return what any condition speaks of, if that can be said: of now alone, say, all of them speak."""
    reads: list[Term] = []
    for inner in walk(term):
        if isinstance(inner, STORED):
            reads.append(inner)
        elif isinstance(inner, (Maximum, HasKey, InSubquery)):
            return None
    return things(reads) if reads else None


def _name(read: ColumnValue | JsonValue | MapValue) -> object:
    if isinstance(read, ColumnValue):
        return read.name
    return read.keys if isinstance(read, JsonValue) else (read.key,)


def all_things(parts: Sequence[Things | None]) -> Things | None:
    """Return all that some conditions speak of, if it is known of each."""
    known = [part for part in parts if part is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def entangled(parts: Sequence[Things | None]) -> Sequence[int]:
    """Return which conditions speak of what another of them speaks of too; all, where one is not known."""
    seen: set[tuple[object, ...]] = set()
    shared: set[tuple[object, ...]] = set()
    for part in parts:
        if part is None:
            return range(len(parts))
        shared |= seen & part
        seen |= part
    if not shared:
        return ()
    return [index for index, part in enumerate(parts) if part is not None and not shared.isdisjoint(part)]


def _reads(operand: Term) -> TermsRead | None:
    """Return what an operand reads, nothing where it reads nothing; None where it is not of any value."""
    if isinstance(operand, STORED):
        return (operand,)
    if operand.type is DataType.BOOLEAN or known_of(operand).whole or known_of(operand).settles is not None:
        return None
    reads = tuple(strict_reads(operand))
    if not reads and settled(operand) is not None:
        return None
    return reads if all(isinstance(read, STORED) for read in reads) else None


def _reads_beside(operand: Term, values: Iterable[Any]) -> TermsRead | None:
    """Return what an operand reads that can equal each of some values."""
    change = known_of(operand).settles
    if change is None:
        return _reads(operand)
    reads = tuple(strict_reads(operand))
    is_plain = bool(reads) and all(isinstance(read, STORED) for read in reads)
    return reads if is_plain and all(change(value) == value for value in values) else None


def _compared(term: Compared, _: RowKinds) -> TermsRead | None:
    left, right = constant(term.left), constant(term.right)
    if left is None and right is None:
        reads, others = _reads(term.left), _reads(term.right)
        if reads is None or others is None or term.left == term.right:
            return None
        return (*reads, *others)
    operand, value = (term.left, right) if left is None else (term.right, left)
    if value is None or value.value is None or isinstance(value.value, bool):
        return None
    is_everything = value.value == "" and term.operator.is_ordering
    return None if is_everything else _reads_beside(operand, (value.value,))


def _one_of(term: OneOf, _: RowKinds) -> TermsRead | None:
    if term.or_null or not term.values or term.operand.type is DataType.BOOLEAN:
        return None
    return _reads_beside(term.operand, term.values)


def _matched(term: Matched, _: RowKinds) -> TermsRead | None:
    is_everything = patterns.is_prefix(term.pattern) and not patterns.prefix(term.pattern)
    return None if is_everything or not isinstance(term.operand, STORED) else (term.operand,)


def _contains_any(term: ContainsAny, _: RowKinds) -> TermsRead | None:
    is_plain = isinstance(term.array, ColumnValue) and all(isinstance(v, Constant) for v in term.values)
    return (term.array,) if is_plain else None


def _null_test(term: NullTest, rows: RowKinds) -> TermsRead | None:
    is_plain = isinstance(term.operand, STORED) and not rows.never_null(term.operand)
    return (term.operand,) if is_plain else None


def _between(term: Between, _: RowKinds) -> TermsRead | None:
    low, high = term.low, term.high
    if not (isinstance(low, Constant) and isinstance(high, Constant) and isinstance(term.operand, STORED)):
        return None
    bounds: tuple[Any, Any] = (low.value, high.value)
    if None in bounds or "" in bounds:
        return None
    return (term.operand,) if bounds[0] <= bounds[1] else None


_READERS: dict[type, Callable[[Any, RowKinds], TermsRead | None]] = {
    Between: _between,
    Compared: _compared,
    OneOf: _one_of,
    Matched: _matched,
    ContainsAny: _contains_any,
    NullTest: _null_test,
}
