"""Records that stay in memory, asked by compiled Python in one pass."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from typing import Any

from sql_seg.core.interpreter import Account
from sql_seg.core.reads import LIST_IDS, Reads
from sql_seg.engines.home import Home, Question, Questions
from sql_seg.language.addresses import EMAIL_DOMAINS, domains_of
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.records.address_book import AddressBook
from sql_seg.records.checks import copied
from sql_seg.records.contact_objects import Contact
from sql_seg.records.events import EventRow
from sql_seg.records.gaps import FIRST_CONTACTS, Holdings, odd_texts, without_lists
from sql_seg.records.loading_report import Report
from sql_seg.records.looking import check_alike, check_contact
from sql_seg.records.path_values import paths_found


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

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._copy, self._contacts)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield copies of the events, what is inside them included."""
        return map(copied, self._events)

    def number_of_events(self) -> int:
        """Return how many events there are."""
        return len(self._events)

    def keys(self) -> Sequence[str]:
        """Return the contacts' keys in the order in which they were met."""
        return list(self._keys)

    def contact(self, id_or_address: str) -> dict[str, Any] | None:
        """Return a copy of the contact of an id, else of an address."""
        found = self._book.by_id(id_or_address) or self._book.by_address(id_or_address)
        return None if found is None else self._copy(found)

    def events_of(self, contact_id: str) -> list[dict[str, Any]]:
        """Return copies of a contact's events."""
        return [copied(event) for event in self._account.events_of({"contact_id": contact_id})]

    def count(self, question: Question, now: datetime) -> int:
        """Count the members in one pass."""
        self._check(question)
        return question._compiler.count(self._contacts, self._account, now, checked=True)

    def ids(self, question: Question, now: datetime) -> Iterator[str | None]:
        """Find the ids lazily, in one pass."""
        self._check(question)
        return question._compiler.ids(self._contacts, self._account, now, checked=True)

    def members(self, question: Question, now: datetime) -> Iterator[dict[str, Any]]:
        """Find the members lazily, in one pass."""
        self._check(question)
        return map(self._copy, question._compiler.members(self._contacts, self._account, now, checked=True))

    def preview(self, question: Question, now: datetime, sample: int) -> tuple[int, list[dict[str, Any]]]:
        """Find the members in one pass; those of the sample are copied."""
        self._check(question)
        found = question._compiler.members(self._contacts, self._account, now, checked=True)
        members: list[Any] = list(found)
        return self._summary(members, sample)

    def counts(self, asked: Questions, now: datetime) -> list[int]:
        """Count the members of all segments in one pass."""
        return [len(found) for found in self._found(asked, now)]

    def tallies(self, asked: Questions, now: datetime) -> dict[int, int]:
        """Ask all segments in one pass, which counts the contacts that are in the same ones."""
        for question in asked._questions:
            self._check(question)
        return asked._together.tallies(self._contacts, self._account, now)

    def most_frequent(self, column: str, most: int) -> list[tuple[Any, int]]:
        """Count the values of all contacts."""
        values = [value for contact in self._contacts if (value := contact.get(column)) is not None]
        return Counter(values).most_common(most)

    def ids_of_each(self, asked: Questions, now: datetime) -> list[list[str | None]]:
        """Find the ids of all segments in one pass."""
        return [[contact.get("contact_id") for contact in found] for found in self._found(asked, now)]

    def members_of_each(self, asked: Questions, now: datetime) -> list[list[dict[str, Any]]]:
        """Find the members of all segments in one pass."""
        return [list(map(self._copy, found)) for found in self._found(asked, now)]

    def previews(
        self, asked: Questions, now: datetime, sample: int
    ) -> list[tuple[int, list[dict[str, Any]]]]:
        """Find the members of all segments in one pass; those of the samples are copied."""
        return [self._summary(found, sample) for found in self._found(asked, now)]

    def holdings(self, reads: Reads) -> Holdings:
        """Find out what there is of what a query reads; what is found of lists and events is remembered."""
        asks = reads.asks_for_events
        return Holdings(
            len(self),
            self._keys,
            self.has_list_ids,
            self._lists if reads.lists else (),
            len(self._events) if asks else 0,
            self._event_types if asks else {},
            paths_found(self._events, reads) if asks else {},
            odd_texts=odd_texts(self._contacts[:FIRST_CONTACTS], reads),
            without_lists=self._without_lists,
        )

    def account(self) -> Account:
        """Return the records themselves, to be read and never changed."""
        return self._account

    def to_arrow(self) -> Any:
        """Return the contacts as a ``pyarrow.Table``: columns by their types, other keys as texts or JSON."""
        import pyarrow

        kinds = {
            DataType.NUMBER: pyarrow.float64(),
            DataType.TIMESTAMP: pyarrow.timestamp("us", "UTC"),
            DataType.BOOLEAN: pyarrow.bool_(),
            DataType.ARRAY: pyarrow.list_(pyarrow.string()),
        }
        contacts = list(self)
        columns = {}
        for key in dict.fromkeys(chain.from_iterable(map(tuple, contacts))):
            values = [contact.get(key) for contact in contacts]
            column = self.schema.contact_data.column(key)
            if column is None and not all(isinstance(value, str | None) for value in values):
                values = [None if value is None else json.dumps(value, default=str) for value in values]
            kind = pyarrow.string() if column is None else kinds.get(column.type, pyarrow.string())
            columns[key] = pyarrow.array(values, kind)
        return pyarrow.table(columns)

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
        return dict.fromkeys(chain.from_iterable(shapes))

    @cached_property
    def _lists(self) -> frozenset[str]:
        lists = [contact.get(LIST_IDS) for contact in self._contacts]
        return frozenset(chain.from_iterable([ids for ids in lists if ids is not None]))

    @cached_property
    def _without_lists(self) -> int:
        return without_lists(self._contacts)

    @cached_property
    def _event_types(self) -> Counter[str]:
        return Counter([event["event_type"] for event in self._events])

    # asking

    def _check(self, question: Question) -> None:
        """Raise RecordError where a query takes a column to be of another type than the account has it."""
        columns = self.schema.contact_data.columns
        reads = question._compiler.reads
        for name, data_type in reads.columns.items():
            known = columns.get(name)
            if name in reads.untyped or (known is not None and known.type is data_type):
                continue
            for number, contact in enumerate(self._contacts, 1):
                if contact.get(name) is not None:
                    check_contact(contact, {name: data_type}, number)

        for one, two in reads.alike:
            for number, contact in enumerate(self._contacts, 1):
                check_alike(contact, one, two, number)

    def _found(self, asked: Questions, now: datetime) -> Sequence[list[Contact]]:
        for question in asked._questions:
            self._check(question)
        return asked._together.members(self._contacts, self._account, now)

    def _summary(self, found: list[Contact], sample: int) -> tuple[int, list[dict[str, Any]]]:
        return len(found), list(map(self._copy, islice(found, min(sample, len(found)))))

    def _copy(self, contact: Any) -> dict[str, Any]:
        """Return a contact as a dict that may be changed, with its domains."""
        copy: dict[str, Any] = dict(contact)
        for key in self._nested:
            value = copy.get(key)
            if value is not None:
                copy[key] = copied(value)
        if copy.get(EMAIL_DOMAINS) is None:
            domains = domains_of(contact)
            if domains is not None:
                copy[EMAIL_DOMAINS] = domains
        return copy
