"""The columns of files: which there are, the reserved and the defined ones, and the types of all others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sql_seg.engines.duckdb.connection import Connection, name, text
from sql_seg.engines.duckdb.sources import IS_OBJECT, DataFile, listed
from sql_seg.errors import SchemaError
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS, SENDGRID, Column, Schema, custom_column
from sql_seg.records.contact_objects import NOT_FIELDS
from sql_seg.records.loading_report import FieldChoice, Report
from sql_seg.records.raw_values import AS_IS, BOOLEAN, CUSTOM_KINDS, RESERVED_KINDS, TEXT, RawKind
from sql_seg.sql.duckdb import pointer

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


def with_columns(file: DataFile, fields: Fields, connection: Connection) -> DataFile:
    """Return a file whose columns are known; ``fields`` gets all of them."""
    if file.is_json:
        file = _with_json_columns(file, fields, connection)
    for key, given in file.names.items():
        fields.meet(key, given)
    return file


def _with_json_columns(file: DataFile, fields: Fields, connection: Connection) -> DataFile:
    """Return a JSON file with its columns: custom fields nested or flat, by name or by id; ``id`` is contact_id."""
    objects = f"(SELECT j FROM {file.lines()} WHERE {IS_OBJECT})"
    found = _keys(connection, "json_keys(j)", objects)
    names: dict[str, str] = {}
    paths: dict[str, list[str]] = {}
    customs = []

    def put(key: str, given: str, place: str) -> None:
        names.setdefault(key, given)
        paths.setdefault(key, []).append(place)

    for given in found:
        key = given.lower()
        if key == "custom_fields":
            customs.append(pointer(given))
            nested = _keys(
                connection,
                f"CASE WHEN json_type(j, {text(pointer(given))}) = 'OBJECT' THEN json_keys(j, {text(pointer(given))}) END",
                objects,
            )
            for inner in nested:
                put(fields.by_id.get(inner.lower(), inner.lower()), inner, pointer(given, inner))
        else:
            put("contact_id" if key == "id" else key, given, pointer(given))
    return replace(file, names=names, paths=paths, customs=tuple(customs))


def _keys(connection: Connection, keys: str, objects: str) -> list[str]:
    """Return all keys of objects, in the order in which they are met."""
    rows = connection.rows(f"SELECT k FROM (SELECT unnest({keys}) AS k FROM {objects}) GROUP BY k")
    return sorted(key for (key,) in rows)


def evidence_asked(files: Sequence[DataFile], keys: Sequence[str]) -> str:
    """Return the statement that finds for each column what ``evidence_found`` reads."""
    parts = []
    for file in files:
        columns = [
            f"{_said_by(key, json=file.is_json) if key in file.names else 'NULL::VARCHAR'} AS {name(key)}"
            for key in keys
        ]
        relation = file.cells(keeps_empty=False, numbered=False, keys=keys)
        parts.append(f"SELECT {', '.join(columns)} FROM {relation}")
    asked = ", ".join(
        f"count({cell}), {_of_all(_is_plain_number(cell), cell)}, {_of_all(_is_time(cell), cell)}"
        for cell in map(name, keys)
    )
    return f"SELECT {asked} FROM ({listed(parts)})"


def evidence_found(found: Sequence[object], keys: Sequence[str]) -> dict[str, Evidence]:
    """Return the evidence on each column."""
    return {
        key: Evidence(*found[3 * index : 3 * index + 3])  # type: ignore[arg-type]
        for index, key in enumerate(keys)
    }


_NUMBER_IN_JSON = "\x1f"


def _said_by(key: str, *, json: bool) -> str:
    """Return the SQL of what a cell says of its column's type: a text, with a mark before a JSON number."""
    cell = name(key)
    if not json:
        return cell
    return (
        f"CASE WHEN {cell}[1] = '\"' THEN jstr({cell}) "
        f"WHEN jnum({cell}) IS NOT NULL THEN '{_NUMBER_IN_JSON}' || {cell} END"
    )


def _of_all(test: str, cell: str) -> str:
    return f"coalesce(bool_and({test}) FILTER (WHERE {cell} IS NOT NULL), FALSE)"


def _is_plain_number(cell: str) -> str:
    return (
        f"starts_with({cell}, '{_NUMBER_IN_JSON}') OR "
        f"regexp_full_match({cell}, '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?') AND read_num({cell}) IS NOT NULL"
    )


def _is_time(cell: str) -> str:
    return f"read_ts({cell}) IS NOT NULL"
