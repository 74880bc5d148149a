"""What a scan will ask of single columns to answer a condition: to know what many conditions share."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from sql_seg.columnar.probes import leaves
from sql_seg.core import terms as core
from sql_seg.core.substitution import with_rows
from sql_seg.evaluate.functions import EVENT, is_flat


def question(term: core.Term, wanted: bool) -> Hashable:
    """Return what names the question whether a condition of one column is ``wanted``."""
    return term, wanted


def questions(term: core.Term, wanted: bool = True) -> Iterator[Hashable]:
    """Yield what is asked of single columns, of contacts and of events, where a condition is asked for."""
    read = leaves(term)
    if read is not None and len(read) == 1:
        yield question(term, wanted)
        return
    match term:
        case core.All() | core.AnyOf():
            for operand in grouped(term):
                yield from questions(operand, wanted)
        case core.Inverse(operand):
            yield from questions(operand, not wanted)
        case core.TruthTest(operand, value):
            yield from questions(operand, value)
        case core.SomeEvent() if is_flat(term):
            yield from questions(with_rows(term.condition, {term.rows[0]: EVENT}))
        case core.InSubquery(_, subquery):
            if subquery.contact is not None:
                yield from questions(with_rows(subquery.condition, {subquery.contact: core.THE_CONTACT}))
            elif len(subquery.events) == 1:
                yield from questions(with_rows(subquery.condition, {subquery.events[0]: EVENT}))


def grouped(term: core.All | core.AnyOf) -> list[core.Term]:
    """Return the operands of a chain, those on one and the same column made one."""
    groups: dict[Hashable, list[core.Term]] = {}
    for number, operand in enumerate(term.operands):
        read = leaves(operand)
        groups.setdefault(read[0] if read and len(read) == 1 else number, []).append(operand)
    return [group[0] if len(group) == 1 else type(term)(tuple(group)) for group in groups.values()]
