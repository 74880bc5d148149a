"""An account's contacts and events in memory, typed, checked and kept as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from sql_seg.columnar import ColumnarAccount
from sql_seg.columns.copies import copied
from sql_seg.evaluate import Account
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.records.address_book import AddressBook
from sql_seg.records.checks import check_contacts
from sql_seg.records.events import EventLoader
from sql_seg.records.files import FilePath
from sql_seg.records.loading import Loaded, load
from sql_seg.records.report import Empty, OnError, Report

Record = dict[str, Any]


class Dataset:
    """Contacts with their events, each value of its column's type.

    ``contacts`` are mappings keyed by lower-case column name, custom fields flat: str, int or float
    (finite, no bool), aware datetime, list of str; None or absent is NULL. ``events`` are event_data
    rows or Event Webhook objects; those of other contacts are left out, repeats dropped (see
    ``report``). Without a ``schema`` it is SENDGRID with the custom fields that the contacts have.

    Raises RecordError, with ``key``, ``value``, ``expected`` and ``row`` (from 1), for a value that its
    column cannot hold. The records are copied: what happens to them later happens elsewhere.

    They are kept as columns, in a fraction of the memory that records take, and segments are asked of whole
    columns; what was asked lately is remembered. Records come back as they were, but for timestamps, which
    are in UTC, and for the order of their keys.
    """

    __slots__ = ("columns", "has_list_ids", "report", "schema")

    columns: ColumnarAccount
    """The contacts and events as they are kept: a column's values together."""
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

        ``fields`` are field definitions, a path or parsed JSON. The types of custom fields that they lack
        are ``hints`` (by lower-case name); without definitions, those of all others follow from the
        values. ``lists`` gives for list ids the exports of their members. ``on_error`` says what becomes
        of a bad value: ``fail`` raises, ``skip`` leaves its row out, ``null`` makes it NULL. ``empty`` says
        whether an empty text is NULL or a text.

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
        self.columns = ColumnarAccount.of(loaded.contacts, loaded.events)
        self.schema = loaded.schema
        self.report = loaded.report
        self.has_list_ids = loaded.has_list_ids

    @property
    def contacts(self) -> Sequence[Record]:
        """The contacts in order; each access gives a copy."""
        return self.columns.contacts

    @property
    def events(self) -> Sequence[Record]:
        """The rows of event_data in the order they came; each access gives a copy."""
        return self.columns.events

    @property
    def account(self) -> Account:
        """All contacts and events as rows, made anew: for what is asked of one contact after the other."""
        return Account(list(self.contacts), list(self.events))

    def __len__(self) -> int:
        return len(self.contacts)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.contacts)

    def __repr__(self) -> str:
        return f"<Dataset: {len(self.contacts):,} contacts, {len(self.events):,} events>"
