"""Contacts and events that are in tables already: frames, Arrow, Parquet, a DuckDB's own; read where they are.

They are taken as they are: ids must be there once, and values be of their columns' types, or texts that read
as these.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sql_seg.core.terms import Meaning
from sql_seg.engines.duckdb.asking import Places, asks_for_events
from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.each_once import each_once
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.engines.duckdb.readers import reading
from sql_seg.engines.home import Record
from sql_seg.errors import RecordError, SchemaError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import (
    CONTACT_COLUMNS,
    SENDGRID,
    Column,
    Schema,
    custom_column,
)
from sql_seg.records.loading_report import FieldChoice, Report
from sql_seg.records.raw_values import CUSTOM_KINDS, RESERVED_KINDS, RawKind, why_not

_NUMBERS = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE".split()
)
SQL_TYPES = {
    DataType.VARCHAR: "VARCHAR",
    DataType.NUMBER: "DOUBLE",
    DataType.TIMESTAMP: "TIMESTAMP",
    DataType.ARRAY: "VARCHAR[]",
    DataType.BOOLEAN: "BOOLEAN",
}
_RESERVED = {column.key: column.type for column in CONTACT_COLUMNS}
_DOMAINS = "email_domains"
_ALWAYS = frozenset({"contact_id", "email", "alternate_emails"})
MOST_LOOKED_AT = 1_000_000
"""Of how many contacts at most a preview looks whether each is there once: it takes longer than most questions."""


@dataclass(frozen=True, slots=True)
class Given:
    """A relation that people have: what to select it from, its rows in order by ``at``."""

    relation: str
    at: str
    said: str
    """What messages call it."""


def _kind_of(duckdb_type: str) -> DataType | None:
    """Return the type that a column of DuckDB's is; None for one that queries have no type for."""
    if duckdb_type in _NUMBERS or duckdb_type.startswith("DECIMAL"):
        return DataType.NUMBER
    if duckdb_type.startswith("TIMESTAMP") or duckdb_type == "DATE":
        return DataType.TIMESTAMP
    if duckdb_type in ("VARCHAR", "UUID") or duckdb_type.startswith("ENUM"):
        return DataType.VARCHAR
    if duckdb_type.endswith("[]"):
        return DataType.ARRAY
    return DataType.BOOLEAN if duckdb_type == "BOOLEAN" else None


class GivenTables:
    """Contacts, and events if there are any, that a connection can name.

    ``wanted`` are the columns that matter, by lower-case name, None all. ``as_they_are`` are those that were
    checked when they were written.
    """

    def __init__(
        self,
        connection: Connection,
        contacts: Given,
        events: Given | None,
        schema: Schema | None,
        *,
        report: Report | None = None,
        wanted: frozenset[str] | None = None,
        as_they_are: bool = False,
    ) -> None:
        self._as_they_are = as_they_are
        self._wanted = None if wanted is None else wanted | _ALWAYS
        self._typed_columns: tuple[dict[str, str], list[Column]] | None = None
        self._connection = connection
        self._contacts = contacts
        self._events = events
        self._given_schema = schema
        self.report = Report() if report is None else report

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        if self._given_schema is None:
            self._given_schema = SENDGRID.with_columns(self._columns[1])
        return self._given_schema

    def home(self) -> DuckDBHome:
        """Return the home of what is given.

        Raises RecordError where contacts have no id and no email, or a column holds what its type does not.
        """
        schema = self.schema
        columns, _ = self._columns
        relation = self._contact_relation(columns)
        events = '(SELECT NULL::VARCHAR AS contact_id, NULL::VARCHAR AS event_source, NULL::VARCHAR AS event_type, NULL::TIMESTAMP AS "timestamp", NULL::JSON AS data, 0 AS _at WHERE FALSE)'
        if self._events is not None:
            events = self._event_relation(self._events)
            self._count_events(self._events)
        has_list_ids = "list_ids" in self._described(self._contacts)
        return GivenHome(
            self._connection,
            Places(relation, events),
            list(columns),
            schema,
            self.report,
            has_list_ids=has_list_ids,
            present=self._described(self._contacts),
        )

    @property
    def _columns(self) -> tuple[dict[str, str], list[Column]]:
        if self._typed_columns is None:
            self._typed_columns = self._contact_columns()
        return self._typed_columns

    def _contact_relation(self, columns: Mapping[str, str]) -> str:
        """Return the contacts, each once; of many, a preview does not look whether they are."""
        listed = ", ".join(f"{sql} AS {name(key)}" for key, sql in columns.items())
        relation = f"(SELECT {self._contacts.at} AS _at, {listed} FROM {self._contacts.relation})"
        (n,) = self._connection.row(f"SELECT count(*) FROM {self._contacts.relation}")
        self.report.contacts.kept = n
        if self._as_they_are:
            return relation
        if self._wanted is not None and n > MOST_LOOKED_AT:
            self.report.notes.append(
                f"{self._contacts.said}: it was not checked that each of {n:,} contacts is there once; "
                '"sql-seg load" checks it'
            )
            return relation
        return each_once(self._connection, relation, columns, self._contacts.said, self.report)

    def _count_events(self, events: Given) -> None:
        """Count the events: those of nobody are left out, or no contact would be NOT IN a list of them."""
        key = name(self._described(events)["contact_id"][0])
        n, kept = self._connection.row(f"SELECT count(*), count({key}) FROM {events.relation}")
        self.report.events.kept, self.report.events.strangers = kept, n - kept

    def _described(self, given: Given) -> dict[str, tuple[str, str]]:
        """Return a relation's columns: the name as it is and the type, by lower-case name."""
        rows = self._connection.rows(f"DESCRIBE SELECT * FROM {given.relation}")
        found: dict[str, tuple[str, str]] = {}
        for given_name, duckdb_type, *_ in rows:
            key = given_name.lower()
            if key in found:
                raise RecordError(f"{given.said}: has the column {given_name} twice", key=given_name)
            found[key] = given_name, duckdb_type
        return found

    def _contact_columns(self) -> tuple[dict[str, str], list[Column]]:
        """Return the SQL of each column, typed, and the custom fields among them."""
        described = self._described(self._contacts)
        if described.keys().isdisjoint({"contact_id", "email"}):
            raise RecordError(
                f"{self._contacts.said}: has neither a column contact_id nor email; it has {', '.join(described)}"
            )
        known = dict(_RESERVED)
        if self._given_schema is not None:
            known |= {column.key: column.type for column in self._given_schema.custom_fields}
        columns: dict[str, str] = {}
        fields: list[Column] = []
        for key, (given, duckdb_type) in described.items():
            wanted = known.get(key)
            if wanted is None:
                wanted = _kind_of(duckdb_type)
                if wanted in (None, DataType.ARRAY) or not _is_field(given):
                    continue
                fields.append(custom_column(key, wanted))
                self.report.field_types[key] = FieldChoice(given, wanted, f"its column is {duckdb_type}")
            if self._wanted is not None and key not in self._wanted:
                continue
            columns[key] = self._typed(self._contacts, key, given, duckdb_type, wanted)
        email = columns.get("email", "NULL::VARCHAR")
        if not self._as_they_are:
            columns["contact_id"] = (
                f"coalesce({columns['contact_id']}, {email})" if "contact_id" in columns else email
            )
        alternates = columns.setdefault("alternate_emails", "[]::VARCHAR[]")
        if _DOMAINS not in columns:
            columns[_DOMAINS] = _domains(email, alternates)
        for column in CONTACT_COLUMNS:
            empty = "[]::VARCHAR[]" if column.type is DataType.ARRAY else f"NULL::{SQL_TYPES[column.type]}"
            columns.setdefault(column.key, empty)
        return columns, fields

    def _typed(self, given: Given, key: str, column: str, duckdb_type: str, wanted: DataType) -> str:
        """Return the SQL of a column as a type; texts are read as files' are."""
        quoted, kind = name(column), _kind_of(duckdb_type)
        if self._as_they_are:
            return quoted
        if wanted is DataType.NUMBER and kind is DataType.NUMBER:
            return f"CASE WHEN isfinite({quoted}::DOUBLE) THEN {quoted}::DOUBLE END"
        if wanted is DataType.TIMESTAMP and kind is DataType.TIMESTAMP:
            if duckdb_type == "TIMESTAMP WITH TIME ZONE":
                return f"({quoted} AT TIME ZONE 'UTC')"
            return quoted if duckdb_type == "TIMESTAMP" else f"{quoted}::TIMESTAMP"
        if wanted is DataType.TIMESTAMP and kind is DataType.NUMBER and key in _RESERVED:
            return f"of_unix({quoted}::DOUBLE)"
        if wanted is DataType.ARRAY and kind is DataType.ARRAY:
            return (
                f"coalesce({quoted}, [])"
                if duckdb_type == "VARCHAR[]"
                else f"coalesce({quoted}::VARCHAR[], [])"
            )
        if wanted is DataType.VARCHAR and kind in (DataType.VARCHAR, DataType.NUMBER):
            return quoted if duckdb_type == "VARCHAR" else f"{quoted}::VARCHAR"
        if wanted is DataType.BOOLEAN and kind is DataType.BOOLEAN:
            return quoted
        if kind is DataType.VARCHAR and wanted is not DataType.BOOLEAN:
            kinds: Mapping[DataType, RawKind] = RESERVED_KINDS if key in _RESERVED else CUSTOM_KINDS
            return self._read(given, column, kinds[wanted], is_list=wanted is DataType.ARRAY)
        if duckdb_type == '"NULL"' or duckdb_type == "NULL":
            return "[]::VARCHAR[]" if wanted is DataType.ARRAY else f"NULL::{SQL_TYPES[wanted]}"
        raise RecordError(
            f"{given.said}: the column {column} is {duckdb_type}; {key} is a {wanted.name}", key=column
        )

    def _read(self, given: Given, column: str, kind: RawKind, *, is_list: bool) -> str:
        """Return the SQL that reads a column of texts, which all of them must let."""
        cell = f"nullif({name(column)}::VARCHAR, '')"
        read = reading(kind, cell, json=False)
        odd = self._connection.rows(
            f"SELECT {cell} FROM {given.relation} WHERE {cell} IS NOT NULL AND {read} IS NULL LIMIT 1"
        )
        if odd:
            raise RecordError(
                f"{given.said}, column {column}: {why_not(odd[0][0], kind.expected)}",
                key=column,
                value=odd[0][0],
                expected=kind.expected,
            )
        return f"coalesce({read}, [])" if is_list else read

    def _event_relation(self, given: Given) -> str:
        described = self._described(given)
        time = "timestamp" if "timestamp" in described else "event_timestamp"
        lacking = [key for key in ("contact_id", "event_type", time) if key not in described]
        if lacking:
            raise RecordError(
                f"{given.said}: lacks the column {lacking[0]}: rows of event_data have contact_id, event_type, timestamp, "
                f"and mostly data; it has {', '.join(described)}"
            )
        types = {"contact_id": DataType.VARCHAR, "event_type": DataType.VARCHAR, time: DataType.TIMESTAMP}
        columns = {
            key: self._typed(given, key if key != time else "created_at", *described[key], wanted)
            for key, wanted in types.items()
        }
        source = "'mail'"
        if "event_source" in described:
            source = self._typed(given, "event_source", *described["event_source"], DataType.VARCHAR)
        data = "NULL::JSON"
        if "data" in described:
            column, duckdb_type = described["data"]
            data = name(column) if duckdb_type in ("VARCHAR", "JSON") else f"to_json({name(column)})"
        return (
            f"(SELECT {columns['contact_id']} AS contact_id, {columns['event_type']} AS event_type, {source} AS event_source, "
            f'{columns[time]} AS "timestamp", {data} AS data, {given.at} AS _at FROM {given.relation} '
            f"WHERE {name(described['contact_id'][0])} IS NOT NULL)"
        )


def _is_field(given: str) -> bool:
    try:
        SENDGRID.with_columns([custom_column(given, DataType.VARCHAR)])
    except SchemaError:
        return False
    return True


def _domains(email: str, alternates: str) -> str:
    parts = (
        f"list_filter(list_transform(list_concat([{email}], {alternates}), lambda a: CASE WHEN contains(a, '@') "
        "THEN lower(split_part(a, '@', -1)) END), lambda d: d <> '')"
    )
    return f"list_filter({parts}, lambda d, i: list_position({parts}, d) = i)"


class GivenHome(DuckDBHome):
    """An account in tables that somebody else made."""

    def preview(self, question: Any, now: Any, sample: int) -> tuple[int, list[Record]]:
        """Count the members and find the first of them: of a scan, the first rows are those."""
        if asks_for_events(question.checked.condition) or not sample:
            return super().preview(question, now, sample)
        condition = self._condition(question, now)
        count = self._count(condition)
        statement = f"SELECT {self._listed()} FROM {self.places.contacts} c WHERE {condition} LIMIT {sample}"
        return count, list(self._records(statement)) if count else []

    def _events(self, where: str) -> Iterator[Record]:
        rows = self._walked(
            f'SELECT c.contact_id, event_source, event_type, "timestamp", CAST(data AS VARCHAR) FROM {self.places.events} c '
            f"WHERE {where} ORDER BY c._at"
        )
        for contact_id, source, event_type, moment, data in rows:
            row = {
                "contact_id": contact_id,
                "event_source": source,
                "event_type": event_type,
                "timestamp": _in_utc(moment),
                "data": None if data is None else json.loads(data),
            }
            yield {key: value for key, value in row.items() if value is not None}

    def places_for(self, checked: Sequence[Meaning]) -> Places:  # noqa: ARG002 -- as others have it
        """Return where the tables are."""
        return self.places


def _in_utc(moment: Any) -> Any:
    return None if moment is None else moment.replace(tzinfo=UTC)
