"""Which rows of a query are contacts and which events, and what is known of their columns."""

from __future__ import annotations

from typing import NamedTuple

from sql_seg.core.terms import (
    THE_CONTACT,
    ColumnValue,
    JsonValue,
    LastEvent,
    MapValue,
    SomeEvent,
    Subquery,
    Term,
    walk,
)
from sql_seg.language.schema import Column
from sql_seg.linting.rule import Context


class QueryRows(NamedTuple):
    """The rows that are contacts, and whether there are events."""

    contacts: frozenset[int]
    has_events: bool


def rows(context: Context) -> QueryRows:
    """Return the rows of a query."""
    checked = context.checked
    contacts = {THE_CONTACT}
    has_events = False
    roots = (checked.condition,) if checked.sound_parts is None else checked.sound_parts
    if not any(isinstance(root, (SomeEvent, LastEvent)) for root in roots) and not context.has_subqueries:
        return QueryRows(frozenset(contacts), has_events)
    for term in [inner for root in roots for inner in walk(root)]:
        if isinstance(term, (SomeEvent, LastEvent)):
            has_events |= bool(term.rows)
        elif isinstance(term, Subquery):
            has_events |= bool(term.events)
            if term.contact is not None:
                contacts.add(term.contact)
    return QueryRows(frozenset(contacts), has_events)


def contact_column(context: Context, term: Term | None) -> Column | None:
    """Return the column of a contact that a term is: the judged contact's, or one's in a subquery."""
    if not isinstance(term, ColumnValue) or term.row not in context.once(rows).contacts:
        return None
    known = context.checked.schema.contact_data.column(term.name)
    return known or Column(term.name, term.type)


def event_value(context: Context, term: Term | None) -> ColumnValue | JsonValue | MapValue | None:
    """Return a term if it is a value of an event: a column, or something in its data."""
    if isinstance(term, (JsonValue, MapValue)):
        return term
    if isinstance(term, ColumnValue) and term.row not in context.once(rows).contacts:
        return term
    return None
