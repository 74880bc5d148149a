"""Strategies for contacts, events and accounts, whose values lie near what a query asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Column, Schema
from sql_seg.syntax.nodes import Query
from sql_seg.testing.constants import in_some_zone, instants
from sql_seg.testing.near import Near
from sql_seg.testing.near import near as near_query
from sql_seg.testing.people import People, consistent, event_types, moments, payloads

_SOURCES = st.just("mail")
_TYPES = st.sampled_from(["open", "click", "processed", "delivered", "bounce"])
_STRANGER = "stranger"


class DrawnAccount(NamedTuple):
    """Contacts, and events of theirs and of a stranger, in any order."""

    contacts: list[dict[str, Any]]
    events: list[dict[str, Any]]

    def events_of(self, contact: dict[str, Any]) -> list[dict[str, Any]]:
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
    realistic: bool = True,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return contacts: mappings by lower-case column name, custom fields flat.

    Texts are str, numbers int or finite float, timestamps aware datetimes, arrays lists of str; NULL is
    None or an absent key. With a query in ``near``, the columns that it names are mostly there, with its
    literals or values just beside them; ``now`` adds the edges of its time windows.

    They are ``realistic``: people with names, addresses that are addresses, and moments of this century up to
    ``now``; they were created before they were updated, and their ``email_domains`` are those of their
    addresses. With ``realistic`` False values are anything that is allowed: any text, any number, any moment.

    Contacts are such as SendGrid stores: ``contact_id``, ``created_at``, ``updated_at`` and arrays are never
    NULL, no text is longer than its column, emails are in lower case. With ``stored`` False they are such
    as people give by hand: any column may be NULL, any text be of any length.
    """
    if realistic:
        return _people(schema, near_query(near, now), now, stored=stored)
    return _contacts(schema, near_query(near, now), stored=stored)


@st.composite
def _contacts(
    draw: st.DrawFn, schema: Schema, values: Near, *, stored: bool, contact_id: str | None = None
) -> dict[str, Any]:
    contact: dict[str, Any] = {} if contact_id is None else {"contact_id": contact_id}
    for column, presence in _presences(draw, schema, values, stored=stored):
        if column.key in contact:
            continue
        if presence == _THERE:
            contact[column.key] = draw(_any_value(column, values, stored=stored))
        elif presence == _NONE:
            contact[column.key] = None
    return contact


def _any_value(column: Column, values: Near, *, stored: bool) -> st.SearchStrategy[Any]:
    strategy = values.by_type[column.type]
    return strategy.map(_as_stored(column)) if stored else strategy


@st.composite
def _people(
    draw: st.DrawFn,
    schema: Schema,
    values: Near,
    now: datetime | None,
    *,
    stored: bool,
    contact_id: str | None = None,
) -> dict[str, Any]:
    """Return a contact as accounts have them: its columns belong to each other."""
    contact: dict[str, Any] = {} if contact_id is None else {"contact_id": contact_id}
    people = People(draw, values, now)
    for column, presence in _presences(draw, schema, values, stored=stored):
        if column.key in contact:
            continue
        is_named = values.columns is not None and column.key in values.columns
        if presence == _THERE or (stored and column.key == "email" and not is_named):
            contact[column.key] = people.value(column)
        elif presence == _NONE:
            contact[column.key] = None
    return consistent(contact)


@st.composite
def _alike(
    draw: st.DrawFn,
    base: dict[str, Any],
    schema: Schema,
    values: Near,
    now: datetime | None,
    *,
    stored: bool,
    realistic: bool,
    contact_id: str,
) -> dict[str, Any]:
    """Return a contact like another one, with an address and up to two columns of its own."""
    contact = base | {"contact_id": contact_id}
    columns = [
        column
        for key, column in schema.contact_data.columns.items()
        if key != "contact_id" and contact.get(key) is not None
    ]
    others = draw(st.lists(st.sampled_from(columns), max_size=2, unique_by=lambda column: column.key))
    people = People(draw, values, now)
    for column in [*[column for column in columns if column.key == "email"], *others]:
        contact[column.key] = (
            people.value(column) if realistic else draw(_any_value(column, values, stored=stored))
        )
    return consistent(contact) if realistic else contact


def _presences(
    draw: st.DrawFn, schema: Schema, values: Near, *, stored: bool
) -> Iterator[tuple[Column, int]]:
    """Yield each column, and whether it is there: mostly where the query names it, and some others."""
    columns = schema.contact_data.columns
    asked = [key for key in columns if values.columns is None or key in values.columns]
    others = [key for key in columns if key not in asked]
    by_the_way = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    for key, column in columns.items():
        if stored and not column.nullable:
            yield column, _THERE
        elif key in asked:
            yield column, draw(_PRESENCES)
        else:
            yield column, _THERE if key in by_the_way else _ABSENT


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
    contact_id: str = "1",
    *,
    near: Query | None = None,
    now: datetime | None = None,
    realistic: bool = True,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return events of a contact, as rows of event_data.

    Each has ``contact_id``, ``event_type`` and ``timestamp``, most have ``event_source`` and ``data``: a JSON
    value, mostly ``{"payload": {…, "unique_args": {…}}}``. ``near`` and ``now`` are as in ``contacts``.

    They are ``realistic``: of the webhook's types, of this century, up to ``now``, with payloads as the
    webhook sends them. With ``realistic`` False they are anything that is allowed.
    """
    if realistic:
        return _mail(contact_id, near_query(near, now), now)
    return _events(contact_id, near_query(near, now))


@st.composite
def _mail(draw: st.DrawFn, contact_id: str, values: Near, now: datetime | None) -> dict[str, Any]:
    """Return an event as the webhook sends it."""
    event_type = draw(event_types(values))
    moment = draw(moments(values, now))
    row: dict[str, Any] = {"contact_id": contact_id, "event_type": event_type, "timestamp": moment}
    if draw(st.integers(0, 3)):
        row["event_source"] = "mail"
    if draw(st.integers(0, 4)):
        row["data"] = draw(payloads(event_type, values))
    return row


@st.composite
def _events(draw: st.DrawFn, contact_id: str, values: Near) -> dict[str, Any]:
    row: dict[str, Any] = {
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
    realistic: bool = True,
) -> st.SearchStrategy[Dataset]:
    """Return datasets of up to ``max_contacts`` contacts, each with up to ``max_events`` events.

    Past eight contacts and sixteen events, others are like these with some other values: to draw so much
    is slow. A hundred contacts with five events each take 0.2 s an example; for thousands, write a file.

    ``near``, ``now`` and ``realistic`` are as in ``contacts``; a query that names no event's field draws no
    events.
    """
    drawn = accounts(
        schema, near=near, now=now, max_contacts=max_contacts, max_events=max_events, realistic=realistic
    )
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
    realistic: bool = False,
) -> DrawnAccount:
    """Return contacts and events as they are before they make a dataset.

    Contacts are called ``c0``, ``c1``, …; some events repeat, and some are of no contact here.
    """
    values = near_query(near, now)
    ids = [f"c{number}" for number in range(draw(st.integers(1, max_contacts)))]
    person = partial(_people, now=now) if realistic else _contacts
    people: list[dict[str, Any]] = []
    for contact_id in ids:
        if len(people) < _NEW_CONTACTS:
            one = person(schema, values, stored=stored, contact_id=contact_id)
        else:
            base = people[draw(st.integers(0, _NEW_CONTACTS - 1))]
            one = _alike(base, schema, values, now, stored=stored, realistic=realistic, contact_id=contact_id)
        people.append(draw(one))
    if not values.events:
        return DrawnAccount(people, [])
    rows: list[dict[str, Any]] = []
    mail = partial(_mail, now=now) if realistic else _events
    for contact_id in (*ids, _STRANGER):
        least = draw(st.sampled_from([0, 1, 2]))
        if len(rows) < _NEW_EVENTS:
            own = mail(contact_id, values)
        else:
            own = st.sampled_from(rows).map(partial(_of_contact, contact_id=contact_id))
        rows += draw(st.lists(own, min_size=min(least, max_events), max_size=max_events))
    repeats = draw(st.booleans())
    if rows and repeats:
        rows.append(dict(draw(st.sampled_from(rows))))
    return DrawnAccount(people, list(draw(st.permutations(rows))) if len(rows) <= _MOST_SHUFFLED else rows)


def _of_contact(event: dict[str, Any], *, contact_id: str) -> dict[str, Any]:
    return event | {"contact_id": contact_id}


_NEW_CONTACTS = 8
_NEW_EVENTS = 16
"""How many contacts and events are drawn freely; more are like these."""
_MOST_SHUFFLED = 64
