"""Contacts and events, as people give them, as the account that a query is evaluated over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sql_seg.errors import RecordError
from sql_seg.evaluate import Account, Blame, must_be_mapping
from sql_seg.records import event_row, rows_of_events

Record = Mapping[str, Any]


def account_of(contacts: Iterable[Record], events: Iterable[Record]) -> Account:
    """Return the account of contacts with their events.

    Events are event_data rows or Event Webhook objects, found to their contacts by id, else by address;
    repeats and those of nobody here are left out. Raises RecordError for a bad event, or for a contact's
    bad id or address.
    """
    known = contacts if isinstance(contacts, Sequence) else list(contacts)
    try:
        rows = rows_of_events(known, events)
    except (TypeError, AttributeError) as error:
        for contact in known:
            Blame()(contact, error)
        raise
    return Account(known, rows)


def refuse_events(events: Iterable[Record]) -> None:
    """Raise ValueError for events that are given beside a Dataset."""
    if next(iter(events), None) is not None:
        raise ValueError("a Dataset has its own events: give them to Dataset(contacts, events)")


def own_events(contact: Record, events: Iterable[Record]) -> list[Record]:
    """Return all events of one contact as event_data rows.

    Raises RecordError for a bad event, and for one that says it is another contact's.
    """
    must_be_mapping(contact)
    contact_id = contact.get("contact_id")
    rows: list[Record] = []
    for number, event in enumerate(events, 1):
        row = event_row(event)
        other = row.get("contact_id")
        if contact_id is not None and other not in (None, contact_id):
            raise RecordError(
                f"event {number} is of the contact {other!r}, not of {contact_id!r}",
                key="contact_id",
                value=other,
                expected="the contact's own id",
                row=number,
            )
        rows.append({**row, "contact_id": contact_id})
    return rows
