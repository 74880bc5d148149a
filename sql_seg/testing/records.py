"""Strategies for contacts, events and accounts, whose values lie near what a query asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Column, Schema
from sql_seg.syntax.nodes import Query
from sql_seg.testing.constants import among, in_some_zone, instants, up_to
from sql_seg.testing.near import Near
from sql_seg.testing.near import near as near_query
from sql_seg.testing.people import People, people

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
    return _contacts(schema, _habits(near, now, stored=stored, realistic=realistic), stored=stored)


class _Anything:
    """What contacts and events hold that need not be realistic: anything, near what a query asks for."""

    always: frozenset[str] = frozenset()

    def __init__(self, near: Near, *, stored: bool) -> None:
        self.near = near
        self._strategy = cache(lambda column: _stored(column, near) if stored else near.by_type[column.type])

    def someone(self, draw: st.DrawFn) -> Callable[[Column], Any]:
        """Return what draws the columns of one contact."""
        return lambda column: draw(self._strategy(column))

    def agreeing(self, contact: dict[str, Any]) -> dict[str, Any]:
        """Return the contact as it is."""
        return contact

    @cached_property
    def events(self) -> st.SearchStrategy[dict[str, Any]]:
        """Events without the id of their contact."""
        return _events(self.near)


def _habits(
    query: Query | None, now: datetime | None, *, stored: bool, realistic: bool
) -> People | _Anything:
    """Return what contacts and events hold."""
    return people(query, now) if realistic else _anything(near_query(query, now), stored=stored)


_anything = lru_cache(maxsize=64)(_Anything)


@st.composite
def _contacts(
    draw: st.DrawFn,
    schema: Schema,
    habits: People | _Anything,
    *,
    stored: bool,
    contact_id: str | None = None,
) -> dict[str, Any]:
    contact: dict[str, Any] = {} if contact_id is None else {"contact_id": contact_id}
    value = habits.someone(draw)
    for column, presence in _presences(draw, schema, habits, stored=stored):
        if column.key in contact:
            continue
        if presence == _THERE:
            contact[column.key] = value(column)
        elif presence == _NONE:
            contact[column.key] = None
    return habits.agreeing(contact)


@st.composite
def _alike(
    draw: st.DrawFn, base: dict[str, Any], schema: Schema, habits: People | _Anything, *, contact_id: str
) -> dict[str, Any]:
    """Return a contact like another one, with an address and up to two columns of its own."""
    contact = base | {"contact_id": contact_id}
    columns = schema.contact_data.columns
    there = tuple(key for key in columns if key != "contact_id" and contact.get(key) is not None)
    value = habits.someone(draw)
    for key in [*[key for key in there if key == "email"], *draw(_up_to_two(there))]:
        contact[key] = value(columns[key])
    return habits.agreeing(contact)


def _presences(
    draw: st.DrawFn, schema: Schema, habits: People | _Anything, *, stored: bool
) -> Iterator[tuple[Column, int]]:
    """Yield each column, and whether it is there: mostly where the query names it, and some others."""
    columns, named = schema.contact_data.columns, habits.near.columns
    asked = [key for key in columns if named is None or key in named]
    by_the_way = draw(_up_to_two(tuple(key for key in columns if key not in asked)))
    for key, column in columns.items():
        if stored and (not column.nullable or (key in habits.always and not (named and key in named))):
            yield column, _THERE
        elif key in asked:
            yield column, draw(_PRESENCES)
        else:
            yield column, _THERE if key in by_the_way else _ABSENT


@lru_cache(maxsize=64)
def _up_to_two(keys: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(keys), max_size=2, unique=True) if keys else st.just([])


_ABSENT, _THERE, _NONE = 0, 1, 2
_PRESENCES = st.sampled_from([_ABSENT] + [_THERE] * 6 + [_NONE])
"""What a query names is mostly there, and else NULL in either way."""


def _stored(column: Column, near: Near) -> st.SearchStrategy[Any]:
    """Return values of a column as SendGrid stores them."""
    values = near.by_type[column.type]
    if column.key in ("alternate_emails", "email_domains"):
        return values.map(lambda texts: [text.lower() for text in texts])
    if column.key == "email":
        return values.map(lambda text: text.lower()[: column.length])
    return values.map(lambda text: text[: column.length]) if column.type is DataType.VARCHAR else values


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
    habits = _habits(near, now, stored=True, realistic=realistic)
    return habits.events.map(lambda event: {"contact_id": contact_id, **event})


@st.composite
def _events(draw: st.DrawFn, values: Near) -> dict[str, Any]:
    row: dict[str, Any] = {
        "event_type": draw(values.texts if draw(st.booleans()) else _TYPES) or "open",
        "timestamp": draw(values.instants),
    }
    if draw(up_to(3)):
        row["event_source"] = draw(values.texts if draw(st.booleans()) else _SOURCES) or "mail"
    if draw(up_to(4)):
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
    habits = _habits(near, now, stored=stored, realistic=realistic)
    ids = [f"c{number}" for number in range(draw(st.integers(1, max_contacts)))]
    drawn: list[dict[str, Any]] = []
    for contact_id in ids:
        if len(drawn) < _NEW_CONTACTS:
            one = _contacts(schema, habits, stored=stored, contact_id=contact_id)
        else:
            one = _alike(among(draw, drawn[:_NEW_CONTACTS]), schema, habits, contact_id=contact_id)
        drawn.append(draw(one))
    if not habits.near.events:
        return DrawnAccount(drawn, [])
    rows: list[dict[str, Any]] = []
    for contact_id in (*ids, _STRANGER):
        least = min(draw(up_to(2)), max_events)
        events = habits.events if len(rows) < _NEW_EVENTS else st.sampled_from(rows)
        own = draw(st.lists(events, min_size=least, max_size=max_events))
        rows += [{**event, "contact_id": contact_id} for event in own]
    repeats = draw(st.booleans())
    if rows and repeats:
        rows.append(dict(among(draw, rows)))
    return DrawnAccount(drawn, list(draw(st.permutations(rows))) if len(rows) <= _MOST_SHUFFLED else rows)


_NEW_CONTACTS = 8
_NEW_EVENTS = 16
"""How many contacts and events are drawn freely; more are like these."""
_MOST_SHUFFLED = 64
