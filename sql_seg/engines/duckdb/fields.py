"""The columns of files: the reserved ones, the defined ones, and the types of all others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sql_seg.errors import SchemaError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS, SENDGRID, Column, Schema, custom_column
from sql_seg.records.contact_objects import NOT_FIELDS
from sql_seg.records.loading_report import FieldChoice, Report
from sql_seg.records.raw_values import AS_IS, BOOLEAN, CUSTOM_KINDS, RESERVED_KINDS, TEXT, RawKind

_SAID_BY_VALUES = {
    DataType.NUMBER: "all its values are numbers",
    DataType.TIMESTAMP: "all its values are timestamps",
    DataType.VARCHAR: "its values are not all numbers, nor all timestamps",
}


@frozen
class Evidence:
    """What the values of an undeclared field say: how many there are, and what all of them could be."""

    values: int
    numbers: bool
    timestamps: bool

    @property
    def type(self) -> DataType:
        """The type that fits all values; VARCHAR where there are none."""
        if self.values and self.numbers:
            return DataType.NUMBER
        return DataType.TIMESTAMP if self.values and self.timestamps else DataType.VARCHAR

    @property
    def reason(self) -> str:
        """Why it is this type."""
        return _SAID_BY_VALUES[self.type] if self.values else "it has no values"


class Fields:
    """How each column of some files is read, settled at the first sight of its name.

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
        self._found: dict[str, Column] = {}
        self.by_id = _names_by_id(definitions)
        """The keys of defined fields by their ids, both in lower case."""
        self.undecided: dict[str, str] = {}
        """The names of the columns whose type their values decide, by key."""
        self.by_values: set[str] = set()
        """The columns whose type their values have decided."""
        self.kinds: dict[str, RawKind] = {
            column.key: RESERVED_KINDS[column.type] for column in CONTACT_COLUMNS
        }
        self.kinds.update({column.key: CUSTOM_KINDS[column.type] for column in self._schema.custom_fields})
        self.kinds.update(dict.fromkeys(NOT_FIELDS, AS_IS))

    def meet(self, key: str, name: str) -> None:
        """Take note of a column of a file."""
        if key in self.kinds:
            return
        self.kinds[key] = TEXT
        hint = self._hints.get(key)
        if self._is_defined and hint is None:
            self._report.notes.append(not_defined(name))
            return
        try:
            SENDGRID.with_columns([custom_column(name, DataType.VARCHAR)])
        except SchemaError as error:
            self._report.notes.append(f"column {name} is kept, but no query can name it: {error}")
            return
        if hint is not None:
            self._choose(key, FieldChoice(name, hint, "queries use it so"))
        else:
            self._found[key] = custom_column(key, DataType.VARCHAR)
            self.undecided[key] = name

    def meet_typed(self, key: str, name: str, data_type: DataType, kind: str) -> None:
        """Take note of a column of a file whose columns have types: they decide, not the values.

        Of texts their use decides, as of any other file's.
        """
        is_used_otherwise = data_type is DataType.VARCHAR and key in self._hints
        if key in self.kinds or self._is_defined or is_used_otherwise or not can_be_named(name):
            return
        self._choose(key, FieldChoice(name, data_type, f"its column is {kind}"))

    def decide(self, key: str, evidence: Evidence) -> None:
        """Give a column that is undecided the type that its values say."""
        self.by_values.add(key)
        self._choose(key, FieldChoice(self.undecided.pop(key), evidence.type, evidence.reason))

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        return self._schema.with_columns([*self._schema.custom_fields, *self._found.values()])

    def _choose(self, key: str, choice: FieldChoice) -> None:
        self._found[key] = custom_column(key, choice.type)
        self.kinds[key] = BOOLEAN if choice.type is DataType.BOOLEAN else CUSTOM_KINDS[choice.type]
        self._report.field_types[key] = choice
        self._report.notes.append(str(choice))


def can_be_named(name: str) -> bool:
    """Return whether a query can name a column of this name."""
    try:
        SENDGRID.with_columns([custom_column(name, DataType.VARCHAR)])
    except SchemaError:
        return False
    return True


def not_defined(name: str) -> str:
    """Return what to say of a column that the field definitions lack."""
    return f"column {name} is not among the field definitions: kept as text{_other_header(name)}"


def _names_by_id(definitions: Any) -> dict[str, str]:
    """Return the lower-case names of defined custom fields by their lower-case ids."""
    fields = (
        definitions.get("custom_fields", [definitions]) if isinstance(definitions, Mapping) else definitions
    )
    if not isinstance(fields, list):
        return {}
    pairs = [(field.get("id"), field.get("name")) for field in fields if isinstance(field, Mapping)]
    return {
        given.lower(): name.lower()
        for given, name in pairs
        if isinstance(given, str) and isinstance(name, str)
    }


def _other_header(name: str) -> str:
    """Return what a header is called in SendGrid's exports, where it is nearly that; else nothing."""
    plain = "_".join(re.findall("[a-z0-9]+", name.lower()))
    plain = {"e_mail": "email", "email_address": "email", "zip": "postal_code"}.get(plain, plain)
    if plain not in {column.key for column in CONTACT_COLUMNS} or plain == name.lower():
        return ""
    return f"; for the column {plain}, call it {plain.upper()} in the file's header"
