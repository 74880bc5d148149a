"""The columns of a loading: the reserved ones, the defined ones, and the types of all others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sql_seg.errors import SchemaError
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import is_number, read_timestamp
from sql_seg.language.schema import CONTACT_COLUMNS, SENDGRID, Column, Schema, custom_column
from sql_seg.records.report import FieldChoice, Report
from sql_seg.records.values import (
    AS_IS,
    CUSTOM_KINDS,
    RESERVED_KINDS,
    TEXT,
    Kind,
    read_date,
    read_number,
    read_text,
)

NOT_FIELDS = frozenset({"segment_ids", "_metadata"})
"""Keys of SendGrid's JSON contacts that are neither columns nor custom fields."""

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)

_SAID_BY_VALUES = {
    DataType.NUMBER: "all its values are numbers",
    DataType.TIMESTAMP: "all its values are timestamps",
    DataType.VARCHAR: "its values are not all numbers, nor all timestamps",
}


class Evidence:
    """What the values of an undeclared field say about its type; they are kept as they are until then."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = Kind(self._read, "a text or a number", textual=True)
        self._any = False
        self._numbers = True
        self._timestamps = True

    def _read(self, value: Any) -> Any:
        text = isinstance(value, str)
        if not text and not is_number(value):
            return None
        self._any = True
        if self._numbers:
            self._numbers = _is_plain_number(value) if text else read_number(value) is not None
        if self._timestamps:
            self._timestamps = text and read_timestamp(value) is not None
        return value

    @property
    def type(self) -> DataType:
        """The type that fits all values met so far; VARCHAR where there are none."""
        if self._any and self._numbers:
            return DataType.NUMBER
        return DataType.TIMESTAMP if self._any and self._timestamps else DataType.VARCHAR

    @property
    def reason(self) -> str:
        """Why it is this type."""
        return _SAID_BY_VALUES[self.type] if self._any else "it has no values"

    def settle(self, contacts: list[dict[str, Any]], key: str) -> None:
        """Convert the values of a column, in place, to the type they say."""
        read = {DataType.NUMBER: read_number, DataType.TIMESTAMP: read_date}.get(self.type, read_text)
        for contact in contacts:
            value = contact.get(key)
            if value == "":
                if self.type is not DataType.VARCHAR:
                    del contact[key]
            elif value is not None:
                contact[key] = read(value)


def _is_plain_number(text: str) -> bool:
    """Return whether a text is a number without leading zeros: ``007`` is a code, not a number."""
    return bool(_PLAIN_NUMBER.fullmatch(text)) and read_number(text) is not None


class Fields:
    """How each column of a loading is read, settled at the first sight of its name.

    The types of columns that no ``definitions`` (the parsed answer of ``GET
    /v3/marketing/field_definitions``) give are ``hints`` (from a query's use, by lower-case name). What has
    neither stays text outside the schema where there are definitions; without them its values decide.
    Raises SchemaError for definitions that cannot be.
    """

    def __init__(self, definitions: Any, hints: Mapping[str, DataType], report: Report) -> None:
        self._schema = SENDGRID if definitions is None else SENDGRID.with_fields(definitions)
        self._is_defined = definitions is not None
        self._hints = {
            name.lower(): data_type for name, data_type in hints.items() if data_type in CUSTOM_KINDS
        }
        self._report = report
        self._evidence: dict[str, Evidence] = {}
        self._found: dict[str, Column | None] = {}
        self.kinds: dict[str, Kind] = {column.key: RESERVED_KINDS[column.type] for column in CONTACT_COLUMNS}
        self.kinds.update({column.key: CUSTOM_KINDS[column.type] for column in self._schema.custom_fields})
        self.kinds.update(dict.fromkeys(NOT_FIELDS, AS_IS))

    def meet(self, key: str, name: str) -> Kind:
        """Return how a column is read that is not among ``kinds`` yet, and remember it."""
        kind = self.kinds[key] = self._first_kind(key, name)
        return kind

    def _first_kind(self, key: str, name: str) -> Kind:
        hint = self._hints.get(key)
        if self._is_defined and hint is None:
            self._report.notes.append(f"column {name} is not among the field definitions: kept as text")
            return TEXT
        try:
            SENDGRID.with_columns([custom_column(name, DataType.VARCHAR)])
        except SchemaError as error:
            self._report.notes.append(f"column {name} is kept, but no query can name it: {error}")
            return TEXT
        if hint is not None:
            self._choose(key, FieldChoice(name, hint, "queries use it so"))
            return CUSTOM_KINDS[hint]
        self._found[key] = None
        evidence = self._evidence[key] = Evidence(name)
        return evidence.kind

    def settle(self, contacts: list[dict[str, Any]]) -> Schema:
        """Give the undeclared columns their types, in place, and return the schema with all fields."""
        for key, evidence in self._evidence.items():
            evidence.settle(contacts, key)
            self._choose(key, FieldChoice(evidence.name, evidence.type, evidence.reason))
        found = [column for column in self._found.values() if column]
        return self._schema.with_columns([*self._schema.custom_fields, *found])

    def _choose(self, key: str, choice: FieldChoice) -> None:
        self._found[key] = custom_column(key, choice.type)
        self._report.field_types[key] = choice
        self._report.notes.append(str(choice))
