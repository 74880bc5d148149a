"""Contacts given in memory, checked against a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sql_seg.columns.copies import copied
from sql_seg.errors import RecordError, SchemaError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Column, Schema, custom_column
from sql_seg.language.values import expected, fits
from sql_seg.records.contacts import Contact
from sql_seg.records.events import utc
from sql_seg.records.report import shown


def check_contacts(
    contacts: Iterable[Mapping[str, Any]], schema: Schema | None = None
) -> tuple[list[Contact], Schema]:
    """Return copies of contacts whose values fit their columns, and the schema they fit.

    Values are str, int or finite float, aware datetime, list or tuple of str; None and absent are
    NULL. Without a schema, the types of custom fields follow from their values; with one, keys that
    it does not know are kept as they are.

    Raises RecordError, with ``key``, ``value``, ``expected`` and ``row`` (from 1), for any other value,
    for a key that is no lower-case text, and for a contact id that comes again with other values.
    """
    columns = dict((schema or SENDGRID).contact_data.columns)
    checker = _Checker(columns, infers=schema is None)
    checked = [checker.check(contact, row) for row, contact in enumerate(contacts, 1)]
    if schema is not None:
        return checked, schema
    return checked, SENDGRID.with_columns(checker.custom_fields)


class _Checker:
    """Checks contacts one after the other, and learns their custom fields if it ``infers`` them."""

    def __init__(self, columns: dict[str, Column], *, infers: bool) -> None:
        self.custom_fields: list[Column] = []
        self._columns = columns
        self._infers = infers
        self._by_id: dict[str, Contact] = {}

    def check(self, contact: Mapping[str, Any], row: int) -> Contact:
        if not isinstance(contact, Mapping):
            raise _error(row, None, contact, "a mapping")
        checked = {key: self._value(row, key, value) for key, value in contact.items()}
        contact_id = checked.get("contact_id")
        if contact_id is not None and self._by_id.setdefault(contact_id, checked) != checked:
            raise RecordError(
                f"record {row}: the contact id {shown(contact_id)} was there before, with other values",
                key="contact_id",
                value=contact_id,
                expected="one contact for each id",
                row=row,
            )
        return checked

    def _value(self, row: int, key: Any, value: Any) -> Any:
        if not isinstance(key, str) or key != key.lower():
            raise _error(row, str(key), key, "a lower-case column name")
        if value is None:
            return None
        column = self._columns.get(key) or (self._learn(key, value) if self._infers else None)
        if column is None:
            return copied(value)
        if not fits(value, column.type):
            raise _error(row, key, value, expected(column.type))
        if isinstance(value, datetime):
            try:
                return utc(value, key)
            except RecordError as error:
                raise _error(row, key, value, error.expected or "") from None
        return copied(value)

    def _learn(self, key: str, value: Any) -> Column | None:
        """Return the custom field that a value makes of its key, if it makes one."""
        data_type = next((data_type for data_type in _INFERRED if fits(value, data_type)), None)
        if data_type is None:
            return None
        column = custom_column(key, data_type)
        try:
            SENDGRID.with_columns([column])
        except SchemaError:
            return None
        self.custom_fields.append(column)
        self._columns[key] = column
        return column


_INFERRED = (DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN)


def _error(row: int, key: str | None, value: Any, wanted: str) -> RecordError:
    place = f"record {row}" if key is None else f"record {row}, key {key}"
    message = f"{place}: {shown(value)} is not {wanted}"
    return RecordError(message, key=key, value=value, expected=wanted, row=row)
