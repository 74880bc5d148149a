"""Records that stay in memory, asked by compiled Python in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from sql_seg.evaluate import Account
from sql_seg.home import Home, Question, Questions, Record
from sql_seg.language.addresses import EMAIL_DOMAINS, domains_of
from sql_seg.language.schema import Schema
from sql_seg.records import AddressBook, Contact, EventRow, Report, copied


class InMemory(Home):
    """Contacts and event_data rows as dicts that are its own: typed, checked, in UTC.

    ``nested`` are the keys under which contacts may have lists or mappings, which are copied on their way
    out.
    """

    def __init__(
        self,
        contacts: list[Contact],
        events: list[EventRow],
        schema: Schema,
        *,
        has_list_ids: bool,
        report: Report,
        nested: Iterable[str],
    ) -> None:
        self.schema = schema
        self.report = report
        self.has_list_ids = has_list_ids
        self._contacts = contacts
        self._events = events
        self._nested = tuple(nested)

    def __len__(self) -> int:
        return len(self._contacts)

    def __iter__(self) -> Iterator[Record]:
        return map(self._copy, self._contacts)

    def events(self) -> Iterator[Record]:
        """Yield copies of the events, what is inside them included."""
        return map(copied, self._events)

    def number_of_events(self) -> int:
        """Return how many events there are."""
        return len(self._events)

    def keys(self) -> Sequence[str]:
        """Return the contacts' keys in the order in which they were met."""
        return list(self._keys)

    def contact(self, id_or_address: str) -> Record | None:
        """Return a copy of the contact of an id, else of an address."""
        found = self._book.by_id(id_or_address) or self._book.by_address(id_or_address)
        return None if found is None else self._copy(found)

    def events_of(self, contact_id: str) -> list[Record]:
        """Return copies of a contact's events."""
        return [copied(event) for event in self._account.events_of({"contact_id": contact_id})]

    def count(self, question: Question, now: datetime) -> int:
        """Count the members in one pass."""
        return question.compiler.count(self._contacts, self._account, now)

    def ids(self, question: Question, now: datetime) -> Iterator[str | None]:
        """Find the ids lazily, in one pass."""
        return question.compiler.ids(self._contacts, self._account, now)

    def members(self, question: Question, now: datetime) -> Iterator[Record]:
        """Find the members lazily, in one pass."""
        return map(self._copy, question.compiler.members(self._contacts, self._account, now))

    def preview(self, question: Question, now: datetime, sample: int) -> tuple[int, list[Record]]:
        """Find the members in one pass; those of the sample are copied."""
        found = question.compiler.members(self._contacts, self._account, now)
        members: list[Any] = list(found)
        return self._summary(members, sample)

    def counts(self, asked: Questions, now: datetime) -> list[int]:
        """Count the members of all segments in one pass."""
        return [len(found) for found in self._found(asked, now)]

    def ids_of_each(self, asked: Questions, now: datetime) -> list[list[str | None]]:
        """Find the ids of all segments in one pass."""
        return [[contact.get("contact_id") for contact in found] for found in self._found(asked, now)]

    def members_of_each(self, asked: Questions, now: datetime) -> list[list[Record]]:
        """Find the members of all segments in one pass."""
        return [list(map(self._copy, found)) for found in self._found(asked, now)]

    def previews(self, asked: Questions, now: datetime, sample: int) -> list[tuple[int, list[Record]]]:
        """Find the members of all segments in one pass; those of the samples are copied."""
        return [self._summary(found, sample) for found in self._found(asked, now)]

    def account(self) -> Account:
        """Return the records themselves, to be read and never changed."""
        return self._account

    def __getstate__(self) -> dict[str, Any]:
        derived = {name for name, value in vars(type(self)).items() if isinstance(value, cached_property)}
        return {name: value for name, value in vars(self).items() if name not in derived}

    # what is found out once

    @cached_property
    def _account(self) -> Account:
        return Account(self._contacts, self._events)

    @cached_property
    def _book(self) -> AddressBook:
        return AddressBook(self._contacts)

    @cached_property
    def _keys(self) -> dict[str, None]:
        shapes = dict.fromkeys(map(tuple, self._contacts))
        return dict.fromkeys([key for shape in shapes for key in shape])

    # asking

    def _found(self, asked: Questions, now: datetime) -> Sequence[list[Contact]]:
        return asked.together.members(self._contacts, self._account, now)

    def _summary(self, found: list[Contact], sample: int) -> tuple[int, list[Record]]:
        return len(found), list(map(self._copy, islice(found, min(sample, len(found)))))

    def _copy(self, contact: Any) -> Record:
        """Return a contact as a dict that may be changed, with its domains."""
        copy: Record = dict(contact)
        for key in self._nested:
            value = copy.get(key)
            if value is not None:
                copy[key] = copied(value)
        if copy.get(EMAIL_DOMAINS) is None:
            domains = domains_of(contact)
            if domains is not None:
                copy[EMAIL_DOMAINS] = domains
        return copy
