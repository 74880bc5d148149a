"""The records that queries are evaluated over: contacts, and the events of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

Record = Mapping[str, Any]


class Account:
    """Contacts and event_data rows. An event belongs to the contact of its ``contact_id``."""

    def __init__(self, contacts: Sequence[Record] = (), events: Sequence[Record] = ()) -> None:
        self.contacts = contacts
        self.events = events

    @cached_property
    def _by_contact(self) -> dict[str, list[Record]]:
        groups: dict[str, list[Record]] = {}
        for event in self.events:
            groups.setdefault(event["contact_id"], []).append(event)
        return groups

    @property
    def ids_with_events(self) -> Collection[str]:
        """The ids of the contacts that have events."""
        return self._by_contact.keys()

    def events_of(self, contact: Record) -> Sequence[Record]:
        """Return the events of a contact."""
        return self._by_contact.get(contact.get("contact_id"), ())  # type: ignore[arg-type]

    def event_groups(self) -> Collection[Sequence[Record]]:
        """Return the events of each contact that has some."""
        return self._by_contact.values()


NO_ACCOUNT = Account()
"""An account of nobody: for conditions that only ask of one contact."""
