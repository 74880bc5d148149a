"""When two conditions are one and the same."""

from __future__ import annotations

from collections.abc import Mapping

from sql_seg.core.terms import (
    ColumnValue,
    HasKey,
    JsonValue,
    MapValue,
    Subquery,
    Term,
    walk,
    with_children,
)
from sql_seg.frozen import replace


def canonical(term: Term) -> Term:
    """Return a term that equals that of any condition that says the same in the same words.

    Terms are equal without regard to places and spellings, but each subquery has rows of its own: here
    they are numbered within the condition.
    """
    subqueries = [part for part in walk(term) if isinstance(part, Subquery)]
    if not subqueries:
        return term
    rows = [row for subquery in subqueries for row in (subquery.contact, *subquery.events) if row is not None]
    return _renumbered(term, {row: -1 - index for index, row in enumerate(rows)})


def _renumbered(term: Term, rows: Mapping[int, int]) -> Term:
    changed: Term = with_children(term, lambda child: _renumbered(child, rows))
    if isinstance(changed, Subquery):
        contact = None if changed.contact is None else rows[changed.contact]
        return replace(changed, contact=contact, events=tuple([rows[row] for row in changed.events]))
    if isinstance(changed, (ColumnValue, JsonValue, MapValue, HasKey)) and changed.row in rows:
        return replace(changed, row=rows[changed.row])
    return changed
