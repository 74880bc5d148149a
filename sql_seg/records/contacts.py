"""Contacts from CSV exports, API answers and NDJSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sql_seg.language.addresses import email_domains
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS
from sql_seg.records.fields import Fields
from sql_seg.records.report import Empty, Problem, Report, shown
from sql_seg.records.rows import Row, read_rows
from sql_seg.records.values import Kind

Contact = dict[str, Any]
"""A contact: values by lower-case column name; a NULL is an absent key."""

_NEVER_NULL = frozenset(
    column.key for column in CONTACT_COLUMNS if not column.nullable and column.type is not DataType.ARRAY
)


def lacks_identity(columns: Collection[str]) -> str | None:
    """Say what a header of contacts lacks: one of the two columns that tell contacts apart."""
    if {"email", "contact_id"}.isdisjoint(columns):
        return "the header has neither EMAIL nor CONTACT_ID"
    return None


def contact_from_json(item: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a JSON contact's values by lower-case name, custom fields flat, and the names as they are.

    ``id`` is ``contact_id``. Raises ValueError where the shape is wrong or two keys are one name.
    """
    if not isinstance(item, Mapping):
        raise ValueError(f"a contact is a JSON object, not {shown(item)}")
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in item.items():
        key = name.lower()
        if key == "custom_fields":
            if value is None or value == "":
                continue
            if not isinstance(value, Mapping):
                raise ValueError(f"custom_fields must be an object, not {shown(value)}")
            for field, field_value in value.items():
                _put(values, names, field.lower(), field, field_value)
        else:
            _put(values, names, "contact_id" if key == "id" else key, name, value)
    return values, names


def _put(values: dict[str, Any], names: dict[str, str], key: str, name: str, value: Any) -> None:
    if key in values and values[key] != value:
        raise ValueError(f"the keys {names[key]} and {name} name one column, with two values")
    values[key] = value
    names[key] = name


class ContactLoader:
    """Reads files of contacts into ``contacts``, each contact once, in the order of the files.

    ``has_list_ids`` tells whether any of them says which lists it is on.
    """

    def __init__(self, fields: Fields, report: Report, empty: Empty) -> None:
        self.contacts: list[Contact] = []
        self.has_list_ids = False
        self._fields = fields
        self._report = report
        self._keeps_empty = empty == "string"
        self._by_identity: dict[str, Contact] = {}

    def load(self, path: Path) -> None:
        """Read one file. Raises RecordError where it, or with ``fail`` a row of it, cannot be read."""
        before = self._report.contacts.met
        for row in read_rows(path, bad_row=self._refuse, header=self._meet_header):
            contact = self._read(row)
            if contact is not None:
                self._add(contact, row)
        if self._report.contacts.met == before:
            self._report.notes.append(f"{path}: has no contacts")

    def _meet_header(self, names: Mapping[str, str]) -> str | None:
        for key, name in names.items():
            if key not in self._fields.kinds:
                self._fields.meet(key, name)
        self.has_list_ids = self.has_list_ids or "list_ids" in names
        return lacks_identity(names)

    def _refuse(self, problem: Problem) -> None:
        self._report.skip_row(self._report.contacts, problem)

    def _read(self, row: Row) -> Contact | None:
        """Return the typed contact of a row, or None where it has to go."""
        values, names = row.value, row.names
        if not names:
            try:
                values, names = contact_from_json(row.value)
            except ValueError as error:
                self._refuse(Problem(row.file, row.number, None, row.value, str(error)))
                return None
        kinds = self._fields.kinds
        contact: Contact = {}
        is_good = True
        for key, raw in values.items():
            kind = kinds.get(key) or self._fields.meet(key, names[key])
            if raw is None:
                continue
            if raw == "":
                if self._keeps_empty and kind.textual and key not in _NEVER_NULL:
                    contact[key] = ""
                continue
            value = kind.read(raw)
            if value is not None:
                contact[key] = value
            elif not self._null(row, key, names[key], raw, kind):
                is_good = False
        if not is_good:
            self._report.contacts.skipped += 1
            return None
        return contact

    def _null(self, row: Row, key: str, name: str, raw: Any, kind: Kind) -> bool:
        message = f"{shown(raw)} is not {kind.expected}"
        problem = Problem(row.file, row.number, name, raw, message)
        nullable = key not in _NEVER_NULL
        return self._report.null_value(self._report.contacts, problem, kind.expected, nullable=nullable)

    def _add(self, contact: Contact, row: Row) -> None:
        """Keep a contact, unless it was there before."""
        name = "contact id" if "contact_id" in contact else "email"
        identity = contact.setdefault("contact_id", contact.get("email"))
        if not identity:
            self._refuse(Problem(row.file, row.number, None, None, "has neither a contact id nor an email"))
            return
        self.has_list_ids = self.has_list_ids or "list_ids" in contact
        contact.setdefault("list_ids", [])
        alternates = contact.setdefault("alternate_emails", [])
        contact["email_domains"] = email_domains([contact.get("email", ""), *alternates])
        known = self._by_identity.setdefault(identity if name == "contact id" else identity.lower(), contact)
        if known is contact:
            self.contacts.append(contact)
            self._report.contacts.kept += 1
        elif known == contact:
            self._report.contacts.repeats += 1
        else:
            message = f"the {name} {shown(identity)} was there before, with other values"
            self._refuse(Problem(row.file, row.number, None, identity, message))
