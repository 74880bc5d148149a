"""Contacts with events as JSON objects, as files with segment tests have them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sql_seg.explain import Decision
from sql_seg.language.timestamps import write_timestamp
from sql_seg.segments.segment import Segment
from sql_seg.solver import Record

_ID = "contact_id"
_MADE_UP = "contact-"


def form_of(record: Record) -> dict[str, Any]:
    """Return a record's contact, flat, with its events; ids that no query asks for are left out."""
    form = _without_id(record.contact)
    if record.events:
        form["events"] = [_without_id(event) for event in record.events]
    return form


def _without_id(row: dict[str, Any]) -> dict[str, Any]:
    is_made_up = str(row.get(_ID, "")).startswith(_MADE_UP)
    return {
        name: write_timestamp(value) if isinstance(value, datetime) else value
        for name, value in row.items()
        if not (name == _ID and (is_made_up or "event_type" in row))
    }


def together(records: Iterable[Record]) -> list[Record]:
    """Return all contacts of some records, each with an id of its own; of equal ones, the first."""
    found: dict[str, Record] = {}
    for one in (one for record in records for one in record.everyone):
        if form_of(one) in map(form_of, found.values()):
            continue
        contact_id = one.contact.get(_ID, _MADE_UP)
        if contact_id.startswith(_MADE_UP):
            contact_id = f"{_MADE_UP}{len(found) + 1}"
        events = tuple([{**event, _ID: contact_id} for event in one.events])
        found.setdefault(contact_id, Record({**one.contact, _ID: contact_id}, events))
    return list(found.values())


def decision_on(record: Record, segment: Segment, now: datetime) -> Decision:
    """Return whether a record's contact is in a segment, and why."""
    dataset = record.dataset(segment.checked.schema)
    return segment.decided_by(dataset.contacts[0], dataset=dataset, now=now)


def reasons(decision: Decision) -> str:
    """Return what decided, in one line."""
    return "; ".join(map(str, decision.reasons)) or "the query says nothing of the contact"
