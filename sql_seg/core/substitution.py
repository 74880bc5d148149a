"""Terms with other terms in the places of some: rows of other records, and maxima by their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sql_seg.core.terms import Maximum, Subquery, Term, walk, with_children
from sql_seg.core.traits import ROWED
from sql_seg.frozen import replace

_T = TypeVar("_T", bound=Term)


def substituted(term: Term, substitute: Callable[[Term], Term | None]) -> Term:
    """Return a term with each part that there is a substitute for replaced, from the outside in.

    ``substitute`` returns None for a part that is to be looked through.
    """
    found = substitute(term)
    if found is not None:
        return found
    return with_children(term, lambda child: substituted(child, substitute))


def with_rows(term: _T, rows: Mapping[int, int]) -> _T:
    """Return a term with some rows renumbered: those that it reads, and those of its subqueries."""
    changed: Any = with_children(term, lambda child: with_rows(child, rows))
    if isinstance(changed, ROWED) and changed.row in rows:
        changed = replace(changed, row=rows[changed.row])
    elif isinstance(changed, Subquery):
        contact = None if changed.contact is None else rows.get(changed.contact, changed.contact)
        events = tuple([rows.get(row, row) for row in changed.events])
        changed = replace(changed, contact=contact, events=events)
    kept: _T = changed
    return kept


def with_maxima(term: Term, values: Sequence[Term]) -> Term:
    """Return HAVING with the values that its maxima are."""
    return substituted(term, lambda part: values[part.index] if isinstance(part, Maximum) else None)


def canonical(term: Term) -> Term:
    """Return a term that equals that of any condition that says the same in the same words.

    Terms are equal without regard to places and spellings, but each subquery has rows of its own: here
    they are numbered within the condition.
    """
    subqueries = [part for part in walk(term) if isinstance(part, Subquery)]
    if not subqueries:
        return term
    rows = [row for subquery in subqueries for row in (subquery.contact, *subquery.events) if row is not None]
    return with_rows(term, {row: -1 - index for index, row in enumerate(rows)})
