"""When two conditions are one and the same."""

from __future__ import annotations

from sql_seg.core.substitution import with_rows
from sql_seg.core.terms import Subquery, Term, walk


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
