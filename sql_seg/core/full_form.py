"""The full form of a condition: what is short for other conditions written out, each NOT a term of its own.

The core form says what was written, so that messages can quote it: ``x NOT BETWEEN 1 AND 5`` is one term.
What computes with conditions, and does not speak of them, has fewer kinds to know in the full form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sql_seg.core.terms import (
    All,
    AnyOf,
    Between,
    Compared,
    EqualsAny,
    Inverse,
    Negatable,
    OnParentList,
    Term,
    with_children,
)
from sql_seg.frozen import replace
from sql_seg.language.operators import Comparator


def in_full(term: Term) -> Term:
    """Return a term in its full form, and all terms below it."""
    return written_out(with_children(term, in_full))


def is_full(term: Term) -> bool:
    """Return whether a term itself, those below it apart, is in its full form."""
    return type(term) not in _WRITTEN_OUT and not (isinstance(term, Negatable) and term.negated)


def written_out(term: Term) -> Term:
    """Return what a term says in the full form, those below it left as they are."""
    if isinstance(term, Negatable) and term.negated:
        return Inverse(written_out(replace(term, negated=False)), span=term.span)
    write = _WRITTEN_OUT.get(type(term))
    return term if write is None else write(term)


def _between(term: Between) -> Term:
    bounds = ((Comparator.GE, term.low), (Comparator.LE, term.high))
    parts = [Compared(operator, term.operand, bound, span=term.span) for operator, bound in bounds]
    return All(tuple(parts), span=term.span)


def _equals_any(term: EqualsAny) -> Term:
    parts = [Compared(Comparator.EQ, term.operand, value, span=term.span) for value in term.values]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts), span=term.span)


def _on_parent_list(term: OnParentList) -> Term:
    return term.condition


_WRITTEN_OUT: dict[type[Term], Callable[[Any], Term]] = {
    Between: _between,
    EqualsAny: _equals_any,
    OnParentList: _on_parent_list,
}
WRITTEN_OUT = frozenset(_WRITTEN_OUT)
"""The kinds of terms that the full form does not have."""
