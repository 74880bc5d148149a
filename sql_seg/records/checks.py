"""Records given in memory, checked against a schema: a column at a time, a row at a time only to name one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any

from sql_seg.errors import RecordError, SchemaError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Column, Schema, custom_column
from sql_seg.language.values import fits, is_missing, read_plain
from sql_seg.records.contact_objects import Contact
from sql_seg.records.events import EventRow, rows_of_events
from sql_seg.records.loading_report import Report, shown


def copied(value: Any) -> Any:
    """Return a value whose lists and mappings, at any depth, are copies; tuples stay tuples."""
    if isinstance(value, Mapping):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copied(inner) for inner in value]
    if isinstance(value, tuple):
        return tuple(copied(inner) for inner in value)
    return value


_INFERRED = (DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN)
_NULL = type(None)
_AT_ONCE = 1000
"""How many records are looked at together: so many stay in the processor's cache from one key to the next."""


@frozen
class CheckedRecords:
    """Records in memory, checked: copies of them, the schema they fit, and what was met.

    ``nested`` are the keys under which contacts may have lists or mappings.
    """

    contacts: list[Contact]
    events: list[EventRow]
    schema: Schema
    has_list_ids: bool
    report: Report
    nested: tuple[str, ...]


def records_in_memory(
    contacts: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]], schema: Schema | None
) -> CheckedRecords:
    """Return contacts with their events, checked; the parameters are those of ``Dataset``."""
    _check_arguments(contacts, events, schema)
    checked = _Contacts(contacts, schema)
    given = list(events)
    happened, report = rows_of_events(checked.rows if given else (), map(copied, given))
    report.contacts.kept, report.contacts.repeats = len(checked.rows), checked.repeats
    return CheckedRecords(
        checked.rows, happened, checked.schema, checked.has_list_ids, report, tuple(checked.nested)
    )


def _check_arguments(contacts: Any, events: Any, schema: Any) -> None:
    """Raise TypeError that says which argument wants what."""
    for name, value, what in (("contacts", contacts, "contacts"), ("events", events, "events")):
        if hasattr(value, "columns"):
            kind = type(value).__name__
            raise TypeError(f"{name} must be a list of {what}, not a {kind}: Dataset.of takes frames")
        if isinstance(value, Schema):
            raise TypeError(f"{name} are mappings, not a schema: write Dataset(contacts, schema=schema)")
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            more = ": Dataset.load reads files" if isinstance(value, str) else ""
            raise TypeError(f"{name} must be a list of {what}, not a {type(value).__name__}{more}")
    if schema is not None and not isinstance(schema, Schema):
        raise TypeError(
            f"schema must be a Schema, such as SENDGRID.with_fields(definitions), "
            f"not a {type(schema).__name__}"
        )


class _Contacts:
    """Copies of contacts, in ``rows``, whose values fit the columns of ``schema``.

    Values are as ``read_plain`` takes them. Without a given schema, the types of custom fields follow from
    their values; with one, keys that it does not know are kept as they are.
    """

    def __init__(self, contacts: Iterable[Mapping[str, Any]], schema: Schema | None) -> None:
        self.nested: list[str] = []
        self.repeats = 0
        self.has_list_ids = False
        self.rows: list[Contact] = []
        met: dict[Any, _Met] = {}
        ids: list[Any] = []
        given = iter(contacts)
        while some := list(islice(given, _AT_ONCE)):
            copies = self._copies(some)
            self.rows += copies
            ids += _meet(met, copies).get("contact_id") or [None] * len(some)
        columns = (schema or SENDGRID).contact_data.columns
        found: list[Column] = []
        for key, values in met.items():
            self._check_key(key)
            column = columns.get(key)
            if column is None and schema is None:
                column = self._learned(key)
                if column is not None:
                    found.append(column)
            if column is None:
                self._keep(key, values.kinds)
            else:
                self._check(key, values, column.type)
        self.schema = SENDGRID.with_columns(found) if schema is None else schema
        if "contact_id" in met and not met["contact_id"].fit(DataType.VARCHAR):
            ids = [row.get("contact_id") for row in self.rows]
        self._identify(ids)

    def _copies(self, some: list[Any]) -> list[Contact]:
        """Return copies of the next contacts. Raises RecordError for what is none."""
        if set(map(type, some)) <= {dict}:
            return [contact.copy() for contact in some]
        for number, contact in enumerate(some, len(self.rows) + 1):
            if not isinstance(contact, Mapping):
                raise _error(number, None, contact, "a mapping")
        return list(map(dict, some))

    def _check_key(self, key: Any) -> None:
        if not isinstance(key, str) or key != key.lower():
            row = next(number for number, row in enumerate(self.rows, 1) if key in row)
            raise _error(row, str(key), key, "a lower-case column name")

    def _keep(self, key: str, kinds: set[type]) -> None:
        """Copy what lists and mappings there are under a key that is no column."""
        if not kinds <= {str, int, float, bool}:
            self.nested.append(key)
            for row in self.rows:
                if row.get(key) is not None:
                    row[key] = copied(row[key])

    def _check(self, key: str, values: _Met, data_type: DataType) -> None:
        if data_type is DataType.ARRAY:
            self.nested.append(key)
            self.has_list_ids = self.has_list_ids or (key == "list_ids" and bool(values.kinds))
        if not values.fit(data_type):
            self._check_rows(key, data_type)

    def _check_rows(self, key: str, data_type: DataType) -> None:
        """Make each value of a column plain, or name the first that cannot stand there."""
        for number, row in enumerate(self.rows, 1):
            value = row.get(key)
            if value is None:
                continue
            try:
                plain = read_plain(value, data_type)
            except ValueError as error:
                raise _error(number, key, value, str(error)) from None
            row[key] = list(plain) if isinstance(plain, list) else plain

    def _learned(self, key: str) -> Column | None:
        """Return the custom field that the values under a key make, if they make one."""
        for row in self.rows:
            value = row.get(key)
            if value is None or is_missing(value):
                continue
            data_type = next((kind for kind in _INFERRED if fits(value, kind)), None)
            if data_type is None:
                return None
            column = custom_column(key, data_type)
            try:
                SENDGRID.with_columns([column])
            except SchemaError:
                return None
            return column
        return None

    def _identify(self, ids: list[Any]) -> None:
        """Let the email stand in for a contact id that is not there; keep each contact once."""
        if None in ids:
            for number, row in enumerate(self.rows):
                if ids[number] is None and row.get("email"):
                    row["contact_id"] = row["email"]
                    ids[number] = row["email"].lower()
        if len(set(ids)) != len(ids):
            self._drop_repeats(ids)

    def _drop_repeats(self, ids: list[Any]) -> None:
        """Keep the first of equal records of one contact. Raises RecordError where they are not equal."""
        first: dict[Any, dict[str, Any]] = {}
        kept: list[Contact] = []
        for number, (contact_id, row) in enumerate(zip(ids, self.rows, strict=True), 1):
            values = {key: value for key, value in row.items() if value is not None}
            if contact_id is None or contact_id not in first:
                first[contact_id] = values
                kept.append(row)
            elif first[contact_id] == values:
                self.repeats += 1
            else:
                raise RecordError(
                    f"record {number}: the contact id {shown(contact_id)} was there before, "
                    "with other values",
                    key="contact_id",
                    value=contact_id,
                    expected="one contact for each id",
                    row=number,
                )
        self.rows = kept


@dataclass(slots=True)
class _Met:
    """The types of what was met under a key, NULL aside, and whether a value may not stand there as it is."""

    kinds: set[type] = field(default_factory=set)
    is_odd: bool = False

    def fit(self, data_type: DataType) -> bool:
        """Return whether all values are just as they are kept in a column of a type."""
        return not self.is_odd and self.kinds <= _PLAIN[data_type]


def _meet(met: dict[Any, _Met], rows: list[Contact]) -> dict[Any, list[Any]]:
    """Look at the values of some rows, a key at a time, copy their lists, and return them by key.

    Keys are in the order in which they are met.
    """
    if not met.keys() >= set().union(*rows):
        for key in dict.fromkeys(chain.from_iterable(rows)):
            met.setdefault(key, _Met())
    columns = {}
    for key, known in met.items():
        columns[key] = values = list(map(dict.get, rows, repeat(key)))
        kinds = set(map(type, values))
        kinds.discard(_NULL)
        known.kinds |= kinds
        known.is_odd = known.is_odd or not _are_plain(kinds, values)
        if list in kinds:
            for row, value in zip(rows, values, strict=True):
                if value.__class__ is list:
                    row[key] = value[:]
    return columns


def _are_plain(kinds: set[type], values: list[Any]) -> bool:
    """Return whether values, of some types, are all of one type of columns and just as they are kept."""
    for data_type, plain in _PLAIN.items():
        if kinds <= plain:
            judge = _ARE_PLAIN.get(data_type)
            # what filter leaves out besides NULL is plain: zeros and empty lists
            return judge is None or judge(filter(None, values))
    return False


def _are_finite(values: Iterable[Any]) -> bool:
    try:
        return all(map(math.isfinite, values))
    except OverflowError:
        return False


def _are_in_utc(values: Iterable[Any]) -> bool:
    return set(map(_ZONE, values)) <= {UTC}


def _are_of_texts(values: Iterable[Any]) -> bool:
    return set(map(type, chain.from_iterable(values))) <= {str}


_ZONE = attrgetter("tzinfo")
_PLAIN: dict[DataType, set[type]] = {
    DataType.VARCHAR: {str},
    DataType.NUMBER: {int, float},
    DataType.TIMESTAMP: {datetime},
    DataType.BOOLEAN: {bool},
    DataType.ARRAY: {list, tuple},
}
"""The types of the values that may be kept as they are."""

_ARE_PLAIN: dict[DataType, Callable[[Iterable[Any]], bool]] = {
    DataType.NUMBER: _are_finite,
    DataType.TIMESTAMP: _are_in_utc,
    DataType.ARRAY: _are_of_texts,
}
"""Whether all values of such types are just as they are kept, judged by passes in C."""


def _error(row: int, key: str | None, value: Any, wanted: str) -> RecordError:
    place = f"record {row}" if key is None else f"record {row}, key {key}"
    message = f"{place}: {shown(value)} is not {wanted}"
    return RecordError(message, key=key, value=value, expected=wanted, row=row)
