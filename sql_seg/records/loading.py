"""All files of an account, from contacts to events, in one loading."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, get_args

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.records.address_book import AddressBook
from sql_seg.records.contacts import Contact, ContactLoader
from sql_seg.records.definitions import read_definitions
from sql_seg.records.events import EventLoader, EventRow
from sql_seg.records.fields import Fields
from sql_seg.records.files import FilePath, expand
from sql_seg.records.lists import add_list
from sql_seg.records.report import Empty, OnError, Report


@dataclass(frozen=True, slots=True)
class Loaded:
    """What files hold: typed records, the schema they fit, and how the loading went.

    ``has_list_ids`` is False where nothing said which lists the contacts are on.
    """

    contacts: list[Contact]
    events: list[EventRow]
    schema: Schema
    has_list_ids: bool
    report: Report


def load(
    contacts: FilePath | Iterable[FilePath],
    *,
    events: FilePath | Iterable[FilePath] = (),
    fields: Any = None,
    lists: Mapping[str, FilePath] | Iterable[tuple[str, FilePath]] = (),
    hints: Mapping[str, DataType] | None = None,
    on_error: OnError = "fail",
    empty: Empty = "null",
) -> Loaded:
    """Read an account's files; the parameters are those of ``Dataset.load``."""
    for choice, choices in ((on_error, get_args(OnError)), (empty, get_args(Empty))):
        if choice not in choices:
            raise ValueError(f"{choice!r} is none of {', '.join(choices)}")
    with _garbage_collector_paused():
        return _load(contacts, events, fields, lists, hints or {}, Report(on_error), empty)


@contextmanager
def _garbage_collector_paused() -> Iterator[None]:
    """Keep the collector from walking millions of new records, none of them garbage, over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(
    contacts: FilePath | Iterable[FilePath],
    events: FilePath | Iterable[FilePath],
    fields: Any,
    lists: Mapping[str, FilePath] | Iterable[tuple[str, FilePath]],
    hints: Mapping[str, DataType],
    report: Report,
    empty: Empty,
) -> Loaded:
    columns = Fields(read_definitions(fields), hints, report)
    loader = ContactLoader(columns, report, empty)
    for path in expand(contacts):
        loader.load(path)
    schema = columns.settle(loader.contacts)
    book = AddressBook(loader.contacts)
    memberships = list(lists.items() if isinstance(lists, Mapping) else lists)
    for list_id, paths in memberships:
        for path in expand(paths):
            add_list(list_id, path, book, report)
    event_loader = EventLoader(book, report)
    for path in expand(events):
        event_loader.load(path)
    has_list_ids = loader.has_list_ids or bool(memberships)
    return Loaded(loader.contacts, event_loader.events, schema, has_list_ids, report)
