"""Strategies for contacts, events and accounts, whose values lie near what a query asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sql_seg.dataset import Dataset
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Column, Schema
from sql_seg.syntax.nodes import Query
from sql_seg.testing.constants import in_some_zone, instants
from sql_seg.testing.near import Near
from sql_seg.testing.near import near as near_query

Record = dict[str, Any]

_SOURCES = st.just("mail")
_TYPES = st.sampled_from(["open", "click", "processed", "delivered", "bounce"])
_STRANGER = "stranger"


class Account(NamedTuple):
    """Contacts, and events of theirs and of a stranger, in any order."""

    contacts: list[Record]
    events: list[Record]

    def events_of(self, contact: Record) -> list[Record]:
        """Return the events of a contact."""
        return [event for event in self.events if event["contact_id"] == contact.get("contact_id")]


def nows() -> st.SearchStrategy[datetime]:
    """Return aware moments to ask a query at: month ends, leap days, and any other, in several time zones."""
    return instants().flatmap(in_some_zone)


def contacts(
    schema: Schema = SENDGRID,
    *,
    near: Query | None = None,
    now: datetime | None = None,
    stored: bool = True,
) -> st.SearchStrategy[Record]:
    """Return contacts: mappings by lower-case column name, custom fields flat.

    Texts are str, numbers int or finite float, timestamps aware datetimes, arrays lists of str; NULL is
    None or an absent key. With a query in ``near``, the columns that it names are mostly there, with its
    literals or values just beside them; ``now`` adds the edges of its time windows.

    Contacts are such as SendGrid stores: ``contact_id``, ``created_at``, ``updated_at`` and arrays are never
    NULL, no text is longer than its column, emails are in lower case. With ``stored`` False they are such
    as people give by hand: any column may be NULL, any text be of any length.
    """
    return _contacts(schema, near_query(near, now), stored=stored)


@st.composite
def _contacts(
    draw: st.DrawFn, schema: Schema, values: Near, *, stored: bool, contact_id: str | None = None
) -> Record:
    columns = schema.contact_data.columns
    contact: Record = {} if contact_id is None else {"contact_id": contact_id}
    asked = [key for key in columns if values.columns is None or key in values.columns]
    others = [key for key in columns if key not in asked]
    by_the_way = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    for key, column in columns.items():
        if key in contact:
            continue
        presence = _ABSENT
        if stored and not column.nullable:
            presence = _THERE
        elif key in asked:
            presence = draw(_PRESENCES)
        elif key in by_the_way:
            presence = _THERE
        if presence == _THERE:
            strategy = values.by_type[column.type]
            contact[key] = draw(strategy.map(_as_stored(column)) if stored else strategy)
        elif presence == _NONE:
            contact[key] = None
    return contact


_ABSENT, _THERE, _NONE = 0, 1, 2
_PRESENCES = st.sampled_from([_ABSENT] + [_THERE] * 6 + [_NONE])
"""What a query names is mostly there, and else NULL in either way."""


def _as_stored(column: Column) -> Any:
    """Return the function that makes a value of a column what SendGrid stores of it."""

    def stored(value: Any) -> Any:
        if column.key in _EMAILS:
            return (
                [text.lower() for text in value]
                if isinstance(value, list)
                else value.lower()[: column.length]
            )
        return value[: column.length] if column.type is DataType.VARCHAR else value

    return stored


_EMAILS = {"email", "alternate_emails", "email_domains"}


def events(
    contact_id: str = "1", *, near: Query | None = None, now: datetime | None = None
) -> st.SearchStrategy[Record]:
    """Return events of a contact, as rows of event_data.

    Each has ``contact_id``, ``event_type`` and ``timestamp``, most have ``event_source`` and ``data``: a JSON
    value, mostly ``{"payload": {…, "unique_args": {…}}}``. ``near`` and ``now`` are as in ``contacts``.
    """
    return _events(contact_id, near_query(near, now))


@st.composite
def _events(draw: st.DrawFn, contact_id: str, values: Near) -> Record:
    row: Record = {
        "contact_id": contact_id,
        "event_type": draw(values.texts if draw(st.booleans()) else _TYPES) or "open",
        "timestamp": draw(values.instants),
    }
    if draw(st.integers(0, 3)):
        row["event_source"] = draw(values.texts if draw(st.booleans()) else _SOURCES) or "mail"
    if draw(st.integers(0, 4)):
        row["data"] = draw(values.data)
    return row


def datasets(
    schema: Schema = SENDGRID,
    *,
    near: Query | None = None,
    now: datetime | None = None,
    max_contacts: int = 4,
    max_events: int = 4,
) -> st.SearchStrategy[Dataset]:
    """Return datasets of up to ``max_contacts`` contacts, each with up to ``max_events`` events.

    ``near`` and ``now`` are as in ``contacts``; a query that names no event's field draws no events.
    """
    drawn = accounts(schema, near=near, now=now, max_contacts=max_contacts, max_events=max_events)
    return drawn.map(lambda account: Dataset(account.contacts, account.events, schema))


@st.composite
def accounts(
    draw: st.DrawFn,
    schema: Schema = SENDGRID,
    *,
    near: Query | None = None,
    now: datetime | None = None,
    stored: bool = True,
    max_contacts: int = 4,
    max_events: int = 4,
) -> Account:
    """Return contacts and events as they are before they make a dataset.

    Contacts are called ``c0``, ``c1``, …; some events repeat, and some are of no contact here.
    """
    values = near_query(near, now)
    ids = [f"c{number}" for number in range(draw(st.integers(1, max_contacts)))]
    people = [draw(_contacts(schema, values, stored=stored, contact_id=contact_id)) for contact_id in ids]
    if not values.events:
        return Account(people, [])
    rows: list[Record] = []
    for contact_id in (*ids, _STRANGER):
        least = draw(st.sampled_from([0, 1, 2]))
        own = st.lists(_events(contact_id, values), min_size=min(least, max_events), max_size=max_events)
        rows += draw(own)
    repeats = draw(st.booleans())
    if rows and repeats:
        rows.append(dict(draw(st.sampled_from(rows))))
    return Account(people, list(draw(st.permutations(rows))))
