"""ClickHouse, in this process by chdb."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from tests.engines.duckdb import stored

TYPES = {
    DataType.VARCHAR: "Nullable(String)",
    DataType.NUMBER: "Nullable(Float64)",
    DataType.TIMESTAMP: "Nullable(DateTime64(6, 'UTC'))",
    DataType.ARRAY: "Array(String)",
    DataType.VARIANT: "Nullable(String)",
}
ARRAYS = frozenset({"list_ids", "alternate_emails", "email_domains"})
MOST = 1e76
"""Past this its whole numbers end."""


def why_not() -> str | None:
    """Return why it cannot be asked here."""
    return None if importlib.util.find_spec("chdb") else "chdb is not installed"


class ClickHouse:
    """A session that holds accounts."""

    dialect = "clickhouse"
    batch = 40

    def __init__(self) -> None:
        from chdb import session

        self._session = session.Session()
        self._session.query("CREATE DATABASE IF NOT EXISTS d ENGINE = Memory")
        self._session.query("USE d")

    def holds(self, record: Any, read: Collection[str]) -> bool:
        """Return whether the arrays that are read are there, and numbers within its whole numbers."""
        numbers = [value for value in record.values() if isinstance(value, int | float)]
        arrays = [record.get(name) for name in ARRAYS.intersection(read)]
        return None not in arrays and all(abs(number) < MOST for number in numbers)

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any], place: str = "") -> None:
        """Make the tables again."""
        self._fill(f"contact_data{place}", schema.contact_data.columns, contacts)
        self._fill(f"event_data{place}", schema.event_data.columns, events)

    def _fill(self, table: str, columns: Mapping[str, Any], records: Sequence[Any]) -> None:
        described = ", ".join(f"`{name}` {TYPES[column.type]}" for name, column in columns.items())
        self._session.query(f"DROP TABLE IF EXISTS d.{table}")
        self._session.query(f"CREATE TABLE d.{table} ({described}) ENGINE = Memory")
        lines = [
            json.dumps({name: self._stored(record.get(name), item.type) for name, item in columns.items()})
            for record in records
        ]
        if lines:
            rows = "\n".join(lines)
            self._session.query(f"INSERT INTO d.{table} FORMAT JSONEachRow {rows}")

    @staticmethod
    def _stored(value: Any, data_type: DataType) -> Any:
        if value is None and data_type is DataType.ARRAY:
            return []
        found = stored(value, data_type)
        return found.isoformat(sep=" ", timespec="microseconds") if hasattr(found, "isoformat") else found

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """Return the values of a statement's columns, row by row."""
        answer = str(self._session.query(sql, "JSONEachRow"))
        return [tuple(json.loads(line).values()) for line in answer.splitlines() if line]

    def close(self) -> None:
        self._session.close()


def make() -> ClickHouse:
    """Start it."""
    return ClickHouse()
