"""DuckDB: files, frames and tables, read and asked without a Python object for each value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sql_seg.language.schema import Schema
from sql_seg.records.account_sources import AccountSources
from sql_seg.records.loading_report import OnError

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.home import DuckDBHome

__all__ = ["load", "of"]


def load(sources: AccountSources) -> DuckDBHome:
    """Return the home of an account's files, all of them checked. Raises RecordError."""
    from sql_seg.engines.duckdb.files import AccountFiles

    sources.refuse_names_without_file()
    return AccountFiles(sources).read()


def of(
    contacts: Any,
    events: Any = None,
    *,
    connection: Any = None,
    schema: Schema | None = None,
    on_error: OnError = "fail",
) -> DuckDBHome:
    """Return the home of what holds contacts and events already; the parameters are ``Dataset.of``'s."""
    from sql_seg.engines.duckdb.taking import home_of

    return home_of(contacts, events, connection=connection, schema=schema, on_error=on_error)
