"""An account's contacts and events in memory, typed and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, overload

from sql_seg.datatypes import DataType
from sql_seg.predicate import Account
from sql_seg.records.address_book import AddressBook
from sql_seg.records.checks import check_contacts
from sql_seg.records.copies import copied
from sql_seg.records.events import EventLoader
from sql_seg.records.files import FilePath
from sql_seg.records.loading import Loaded, load
from sql_seg.records.report import Empty, OnError, Report
from sql_seg.schema import Schema

Record = dict[str, Any]


class Dataset:
    """Contacts with their events, each value of its column's type.

    ``contacts`` are mappings keyed by lower-case column name, custom fields flat: str, int or float
    (finite, no bool), aware datetime, list of str; None or absent is NULL. ``events`` are event_data
    rows or Event Webhook objects; those of other contacts are left out, repeats dropped (see
    ``report``). Without a ``schema`` it is SENDGRID with the custom fields that the contacts have.

    Raises RecordError, with ``key``, ``value``, ``expected`` and ``row`` (from 1), for a value that its
    column cannot hold. The records are copied: what happens to them later happens elsewhere.
    """

    __slots__ = ("_account", "_contacts", "_events", "has_list_ids", "report", "schema")

    schema: Schema
    """The columns that the contacts may have."""
    report: Report
    """What was met while loading."""
    has_list_ids: bool
    """Whether anything says which lists the contacts are on; if not, all ``list_ids`` are empty."""

    def __init__(
        self,
        contacts: Iterable[Mapping[str, Any]],
        events: Iterable[Mapping[str, Any]] = (),
        schema: Schema | None = None,
    ) -> None:
        checked, schema = check_contacts(contacts, schema)
        report = Report()
        report.contacts.kept = len(checked)
        loader = EventLoader(AddressBook(checked), report)
        for number, event in enumerate(events, 1):
            loader.add(copied(event), None, number)
        has_list_ids = any(contact.get("list_ids") is not None for contact in checked)
        self._fill(Loaded(checked, loader.events, schema, has_list_ids, report))

    @classmethod
    def load(
        cls,
        contacts: FilePath | Iterable[FilePath],
        *,
        events: FilePath | Iterable[FilePath] = (),
        fields: Any = None,
        lists: Mapping[str, FilePath] | Iterable[tuple[str, FilePath]] = (),
        hints: Mapping[str, DataType] | None = None,
        on_error: OnError = "fail",
        empty: Empty = "null",
    ) -> Self:
        """Read a dataset from files: CSV, JSON or NDJSON, gzipped or not; globs are expanded.

        ``fields`` are field definitions, a path or parsed JSON; without them the types of custom
        fields are ``hints`` (by lower-case name), else follow from the values. ``lists`` gives for list
        ids the exports of their members. ``on_error`` says what becomes of a bad value: ``fail`` raises,
        ``skip`` leaves its row out, ``null`` makes it NULL. ``empty`` says whether an empty text is NULL
        or a text.

        Raises RecordError for a file that cannot be read and, with ``fail``, for the first bad value;
        SchemaError for field definitions that cannot be.
        """
        dataset = cls.__new__(cls)
        dataset._fill(
            load(
                contacts,
                events=events,
                fields=fields,
                lists=lists,
                hints=hints,
                on_error=on_error,
                empty=empty,
            )
        )
        return dataset

    def _fill(self, loaded: Loaded) -> None:
        self._contacts = loaded.contacts
        self._events = loaded.events
        self._account: Account | None = None
        self.schema = loaded.schema
        self.report = loaded.report
        self.has_list_ids = loaded.has_list_ids

    @property
    def contacts(self) -> Sequence[Record]:
        """The contacts in order; each access gives a copy."""
        return _Copies(self._contacts)

    @property
    def events(self) -> Sequence[Record]:
        """The rows of event_data in the order they came; each access gives a copy."""
        return _Copies(self._events)

    @property
    def account(self) -> Account:
        """The stored records, for passes over many: to read, never to change."""
        if self._account is None:
            self._account = Account(self._contacts, self._events)
        return self._account

    def copy_of(self, contact: Mapping[str, Any]) -> Record:
        """Return a stored contact as one that may be changed."""
        copy: Record = copied(contact)
        return copy

    def __len__(self) -> int:
        return len(self._contacts)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.contacts)

    def __repr__(self) -> str:
        return f"<Dataset: {len(self._contacts):,} contacts, {len(self._events):,} events>"


class _Copies(Sequence[Record]):
    """A sequence of records that gives copies."""

    __slots__ = ("_records",)

    def __init__(self, records: list[Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        found: Record | list[Record] = copied(self._records[index])
        return found

    def __iter__(self) -> Iterator[Record]:
        return map(copied, self._records)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Copies):
            return self._records == other._records
        return self._records == other if isinstance(other, list) else NotImplemented

    __hash__: Callable[[], int] = None  # type: ignore[assignment]
