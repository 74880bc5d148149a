"""DuckDB, in this process; in a time zone that must not matter."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema

TYPES = {
    DataType.VARCHAR: "VARCHAR",
    DataType.NUMBER: "DOUBLE",
    DataType.TIMESTAMP: "TIMESTAMP",
    DataType.ARRAY: "VARCHAR[]",
    DataType.VARIANT: "JSON",
}


class DuckDb:
    """A database that holds accounts."""

    dialect = "duckdb"
    batch = 40

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET TimeZone = 'America/New_York'")

    def holds(self, _: Any, __: Collection[str]) -> bool:
        """Return True: it holds all that records hold."""
        return True

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any], place: str = "") -> None:
        """Make the tables again."""
        self._fill(f"contact_data{place}", schema.contact_data.columns, contacts)
        self._fill(f"event_data{place}", schema.event_data.columns, events)

    def _fill(self, table: str, columns: Mapping[str, Any], records: Sequence[Any]) -> None:
        described = ", ".join(f'"{name}" {TYPES[column.type]}' for name, column in columns.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} ({described})")
        rows = [
            [stored(record.get(name), column.type) for name, column in columns.items()] for record in records
        ]
        if rows:
            places = f"({', '.join('?' * len(columns))})"
            values = [value for row in rows for value in row]
            self._connection.execute(f"INSERT INTO {table} VALUES {', '.join([places] * len(rows))}", values)

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """Return the values of a statement's columns, row by row."""
        return list(self._connection.execute(sql).fetchall())

    def close(self) -> None:
        self._connection.close()


def why_not() -> None:
    """Return None: it can always be asked."""


def make() -> DuckDb:
    """Start it."""
    return DuckDb()


def stored(value: Any, data_type: DataType) -> Any:
    """Return a record's value as a database takes it."""
    if value is None and data_type is not DataType.VARIANT:
        return None
    if data_type is DataType.TIMESTAMP:
        assert isinstance(value, datetime)
        return value.astimezone(UTC).replace(tzinfo=None)
    if data_type is DataType.NUMBER:
        return float(value)
    if data_type is DataType.VARIANT:
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
