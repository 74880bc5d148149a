"""DuckDB: files, frames and tables, read and asked without a Python object for each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.records.report import Empty, OnError

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.home import DuckDBHome

__all__ = ["load", "of"]


def load(
    contacts: Any,
    *,
    events: Any = (),
    definitions: Any = None,
    lists: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
    hints: Mapping[str, DataType] | None = None,
    on_error: OnError = "fail",
    empty: Empty = "null",
    delimiter: str | None = None,
    encoding: str | None = None,
    memory_limit: str | None = None,
) -> DuckDBHome:
    """Return the home of an account's files, all of them checked; the parameters are ``Dataset.load``'s."""
    from sql_seg.engines.duckdb.files import AccountFiles
    from sql_seg.engines.duckdb.sources import Reading

    return AccountFiles(
        contacts,
        events=events,
        definitions=definitions,
        lists=lists,
        hints=hints,
        on_error=on_error,
        empty=empty,
        reading=Reading(delimiter, encoding),
        memory_limit=memory_limit,
    ).read()


def of(
    contacts: Any, events: Any = None, *, connection: Any = None, schema: Schema | None = None
) -> DuckDBHome:
    """Return the home of what holds contacts and events already; the parameters are ``Dataset.of``'s."""
    from sql_seg.engines.duckdb.taking import home_of

    return home_of(contacts, events, connection=connection, schema=schema)
