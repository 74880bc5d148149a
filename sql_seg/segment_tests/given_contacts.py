"""The contacts of a test file, with their events, as typed records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sql_seg.errors import RecordError
from sql_seg.language.addresses import email_domains
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS, Schema
from sql_seg.records.contact_objects import NOT_FIELDS
from sql_seg.records.events import event_row
from sql_seg.records.loading_report import shown
from sql_seg.records.raw_values import CUSTOM_KINDS, RESERVED_KINDS, RawKind
from sql_seg.sources.value_tree import (
    Elements,
    Entry,
    Object,
    TreeProblem,
    Value,
    kind_of,
    plain,
    refuse_repeated,
)
from sql_seg.wording import did_you_mean

CASE, EVENTS = "case", "events"
"""The keys of a contact that are no columns: what it is called, and its events."""

_CUSTOM_FIELDS = "custom_fields"
_DERIVED = "email_domains"
_EVENT_TYPES = ("event", "event_type")
_ROW_KEYS = (
    "contact_id",
    "email",
    "event_source",
    "event_type",
    "timestamp",
    "event_timestamp",
    "data",
)


class ContactReader:
    """Reads contacts of a schema, and gathers the ``problems`` that it meets.

    ``keeps_empty`` says that an empty text is a text; else it is NULL.
    """

    def __init__(self, schema: Schema, *, keeps_empty: bool, has_definitions: bool) -> None:
        self.problems: list[TreeProblem] = []
        self._kinds = dict(_kinds(schema))
        self._keeps_empty = keeps_empty
        self._has_definitions = has_definitions
        self._ids: set[str] = set()
        self._event_ids: set[str] = set()

    def read(self, item: Object, default_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Return a contact, keyed by lower-case column name, and its events as rows of event_data."""
        contact: dict[str, Any] = {}
        self._gather(refuse_repeated, item)
        for entry in self._column_entries(item):
            self._read_column(entry, contact)
        contact_id = contact.setdefault("contact_id", default_id)
        if contact_id in self._ids:
            self._complain(item, f"the contact id {shown(contact_id)} is here twice")
        self._ids.add(contact_id)
        contact.setdefault("list_ids", [])
        alternates = contact.setdefault("alternate_emails", [])
        contact[_DERIVED] = email_domains([contact.get("email", ""), *alternates])
        return contact, list(self._events(item.get(EVENTS), contact))

    def _column_entries(self, item: Object) -> Iterator[Entry]:
        """Yield what a contact says of its columns, custom fields flat."""
        for entry in item.entries:
            key = entry.key.lower()
            if key in (CASE, EVENTS):
                if key in self._kinds:
                    message = f"{key} is not a column here: put the custom field {key} into {_CUSTOM_FIELDS}"
                    self._complain(entry.value, message)
            elif key != _CUSTOM_FIELDS:
                yield entry
            elif isinstance(entry.value, Object):
                self._gather(refuse_repeated, entry.value)
                yield from entry.value.entries
            elif kind_of(entry.value) != "null":
                self._complain(entry.value, f"{_CUSTOM_FIELDS} is {kind_of(entry.value)}, not an object")

    def _read_column(self, entry: Entry, contact: dict[str, Any]) -> None:
        name = entry.key.lower()
        key = "contact_id" if name == "id" else name
        kind = self._kinds.get(key)
        if key in NOT_FIELDS:
            return
        if kind is None:
            self.problems.append(TreeProblem(entry.key_span.start, self._no_column(entry.key)))
        elif key == _DERIVED:
            message = f"{_DERIVED} follows from the contact's addresses; leave it out"
            self.problems.append(TreeProblem(entry.key_span.start, message))
        elif key in contact:
            start = entry.key_span.start
            if start not in [problem.offset for problem in self.problems]:
                self.problems.append(TreeProblem(start, f"{key} is here twice"))
        else:
            value = self._gather(lambda value: self._typed(key, value, kind), entry.value)
            if value is not None:
                contact[key] = value

    def _typed(self, key: str, value: Value, kind: RawKind) -> Any:
        """Return a value of a column; None is NULL. Raises TreeProblem for a value that it cannot hold."""
        raw = plain(value)
        if raw is None:
            return None
        if raw == "":
            return "" if self._keeps_empty and kind.textual else None
        read = kind.read(raw)
        if read is None:
            what = shown(raw) if isinstance(raw, str | list) else kind_of(value)
            raise TreeProblem(value.span.start, f"{key} is {what}, not {kind.expected}")
        return read

    def _no_column(self, name: str) -> str:
        hint = did_you_mean(name, (*self._kinds, CASE, EVENTS, _CUSTOM_FIELDS))
        if hint:
            return f"there is no column {name}; {hint}"
        if self._has_definitions:
            return f"there is no column {name}, nor a custom field"
        return (
            f"there is no column {name}, and the query reads no custom field of that name; give its `fields`"
        )

    def _events(self, value: Value | None, contact: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if value is None:
            return
        if not isinstance(value, Elements):
            self._complain(value, f"{EVENTS} is {kind_of(value)}, not a list of events")
            return
        for item in value.items:
            if not isinstance(item, Object):
                self._complain(item, f"an event is an object; this is {kind_of(item)}")
                continue
            row = self._gather(lambda item: self._event(item, contact), item)
            if row is not None:
                yield row

    def _event(self, item: Object, contact: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row of event_data. Raises TreeProblem for what is no event of the contact."""
        record: dict[str, Any] = plain(item)
        _refuse_unknown_keys(item)
        contact_id = contact["contact_id"]
        if record.get("contact_id") not in (None, contact_id):
            raise TreeProblem(item.span.start, "the event has the contact_id of another contact")
        if not record.get("email"):
            email = contact.get("email")
            record |= {"email": email} if email else {"contact_id": contact_id}
        try:
            row = {**event_row(record), "contact_id": contact_id}
        except RecordError as error:
            raise _placed(error, item) from None
        self._refuse_repeat(record, item)
        return row

    def _refuse_repeat(self, record: Mapping[str, Any], item: Object) -> None:
        event_id = record.get("sg_event_id")
        if isinstance(event_id, str) and event_id:
            if event_id in self._event_ids:
                message = f"the sg_event_id {shown(event_id)} is here twice: SendGrid's repeats are one event"
                raise TreeProblem(item.span.start, message)
            self._event_ids.add(event_id)

    def _gather(self, read: Callable[[Any], Any], value: Value) -> Any:
        """Return what a function reads of a value; None where there is a problem, which is kept."""
        try:
            return read(value)
        except TreeProblem as problem:
            self.problems.append(problem)
            return None

    def _complain(self, value: Value, message: str) -> None:
        self.problems.append(TreeProblem(value.span.start, message))


def _kinds(schema: Schema) -> Iterator[tuple[str, RawKind]]:
    """Yield how the values of each column are read."""
    reserved = {column.key for column in CONTACT_COLUMNS}
    for column in schema.contact_data.columns.values():
        yield column.key, (RESERVED_KINDS if column.key in reserved else CUSTOM_KINDS)[column.type]


def _refuse_unknown_keys(item: Object) -> None:
    """Raise TreeProblem for keys that no event has; a webhook object may have any, as unique arguments."""
    keys = {entry.key.lower() for entry in item.entries}
    if "event" in keys:
        return
    if "event_type" not in keys:
        hints = (did_you_mean(entry.key, _EVENT_TYPES) for entry in item.entries)
        hint = next(filter(None, hints), "give the type of the event, such as open")
        raise TreeProblem(item.span.start, f"the event has neither event nor event_type; {hint}")
    for entry in item.entries:
        if entry.key.lower() not in _ROW_KEYS:
            hint = did_you_mean(entry.key, _ROW_KEYS) or f"it has {', '.join(_ROW_KEYS)}"
            raise TreeProblem(entry.key_span.start, f"a row of event_data has no {entry.key}; {hint}")


def _placed(error: RecordError, item: Object) -> TreeProblem:
    """Return an error of an event at its key, where the event has it."""
    value = item.get(error.key) if error.key else None
    message = str(error)
    said = f"the event {message}" if message.startswith("has ") else f"{error.key}: {message}"
    return TreeProblem((value or item).span.start, said)


def custom_type(data_type: DataType) -> DataType:
    """Return the type of a custom field that a query uses as a type: text where it could be anything."""
    return data_type if data_type in CUSTOM_KINDS else DataType.VARCHAR
