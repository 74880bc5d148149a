"""What people have, frames, tables, Parquet or records, taken as relations that DuckDB reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sql_seg.engines.duckdb.connection import Connection, duckdb_module, engine_errors, name, text
from sql_seg.engines.duckdb.frames import put_frame
from sql_seg.engines.duckdb.given import GivenTables
from sql_seg.engines.duckdb.given_checks import GivenRelation, at_in_files
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.errors import RecordError
from sql_seg.language.addresses import EMAIL_DOMAINS, domains_of
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.records.account_sources import checked_on_error
from sql_seg.records.checks import records_in_memory
from sql_seg.records.gaps import without_lists
from sql_seg.records.loading_report import OnError, Report
from sql_seg.sql.duckdb import DUCKDB


@engine_errors()
def home_of(
    contacts: Any, events: Any, connection: Any, schema: Schema | None, on_error: OnError
) -> DuckDBHome:
    """Return the home of contacts and events that are somewhere already: the parameters are ``Dataset.of``'s."""
    duckdb = duckdb_module()

    report = Report(checked_on_error(on_error))
    if isinstance(contacts, duckdb.DuckDBPyConnection):
        if connection is not None or events is not None:
            raise TypeError(
                "of a connection, contacts and events are named: Dataset.of(name, name, connection=connection)"
            )
        return _of_tables(contacts, CONTACT_DATA, None, schema, report)
    if connection is not None:
        return _of_tables(connection, contacts, events, schema, report)
    if _is_records(contacts):
        if on_error != "fail":
            raise ValueError(
                f"on_error={on_error!r} is for frames and tables: records are made right before they are given"
            )
        return _of_records(contacts, () if events is None else events, schema)
    own = Connection()
    try:
        tables = GivenTables(
            own,
            frame(own, contacts, "given_contacts"),
            None if events is None else frame(own, events, "given_events"),
            schema,
            report=report,
        )
        return tables.home()
    except BaseException:
        own.close()
        raise


def _of_tables(
    connection: Any, contacts: str, events: str | None, schema: Schema | None, report: Report
) -> DuckDBHome:
    own = Connection.of(connection)
    try:
        known = {
            row[0].lower()
            for row in own.rows(
                "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views()"
            )
        }
        if events is None and EVENT_DATA in known:
            events = EVENT_DATA
        given = None if events is None else table(own, events)
        return GivenTables(own, table(own, contacts), given, schema, report=report).home()
    except BaseException:
        own.close()
        raise


def _is_records(contacts: Any) -> bool:
    if (
        isinstance(contacts, str | bytes)
        or hasattr(contacts, "__dataframe__")
        or hasattr(contacts, "__arrow_c_stream__")
    ):
        return False
    return isinstance(contacts, Iterable) and not hasattr(contacts, "columns")


def _of_records(contacts: Any, events: Any, schema: Schema | None) -> DuckDBHome:
    """Put records into tables, through a file that DuckDB reads: what they lack is NULL there, too."""
    records = records_in_memory(contacts, events, schema)
    own = Connection()
    try:
        columns = {
            column.key: DUCKDB.types[column.type] for column in records.schema.contact_data.columns.values()
        }
        rows = ({**contact, EMAIL_DOMAINS: domains_of(contact)} for contact in records.contacts)
        _put(own, "given_contacts", columns, rows)
        kinds = {
            "contact_id": "VARCHAR",
            "event_source": "VARCHAR",
            "event_type": "VARCHAR",
            "timestamp": "TIMESTAMP",
            "data": "JSON",
        }
        _put(own, "given_events", kinds, records.events)
        home = GivenTables(
            own,
            table(own, "given_contacts"),
            table(own, "given_events"),
            records.schema,
            as_they_are=True,
        ).home()
        home.report = records.report
        home.has_list_ids = records.has_list_ids
        home.without_lists = without_lists(records.contacts)
        home.present = frozenset(chain([EMAIL_DOMAINS], *set(map(tuple, records.contacts))))
        return home
    except BaseException:
        own.close()
        raise


def _put(
    connection: Connection, called: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
) -> None:
    path = connection.folder / called
    with path.open("w", encoding="utf-8") as out:
        for number, row in enumerate(rows, 1):
            kept = {key: row[key] for key in columns if row.get(key) is not None}
            try:
                out.write(json.dumps(kept, default=_plain, ensure_ascii=False) + "\n")
            except UnicodeEncodeError as error:
                message = f"record {number}: holds half of a surrogate pair, which is no character"
                raise RecordError(message, row=number) from error
    typed = ", ".join(f"{text(key)}: {text(kind)}" for key, kind in columns.items())
    connection.run(
        f"CREATE TABLE {called} AS SELECT * FROM read_json({text(str(path))}, format='newline_delimited', "
        f"records='true', columns={{{typed}}}, maximum_object_size={1 << 28})"
    )
    path.unlink()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    raise TypeError(f"no JSON for {value!r}")


def frame(connection: Connection, source: Any, called: str) -> GivenRelation:
    """Return a frame or an Arrow table as a relation, read in place.

    Raises what ``put_frame`` does.
    """
    return GivenRelation(called, "row_number() OVER ()", put_frame(connection, source, called), first=1)


def parquet(paths: Sequence[str], names: Sequence[str]) -> GivenRelation:
    """Return Parquet files, which people call ``names``, as a relation, their columns together by name."""
    listed = ", ".join(map(text, paths))
    relation = f"read_parquet([{listed}], union_by_name=true)"
    return GivenRelation(relation, at_in_files(), names[0], files=tuple(names))


def table(connection: Connection, called: str) -> GivenRelation:
    """Return a table, or a view, of a DuckDB as a relation. Raises RecordError where there is none."""
    duckdb = duckdb_module()

    relation = ".".join(map(name, called.split(".")))
    try:
        connection.described(relation)
    except duckdb.Error as error:
        hint = "; a query is given as a relation: connection.sql(…)" if " " in called.strip() else ""
        raise RecordError(f"the database has no table {called}{hint}") from error
    try:
        connection.rows(f"SELECT rowid FROM {relation} LIMIT 0")
    except duckdb.Error:
        return GivenRelation(relation, "row_number() OVER ()", f"the table {called}", first=1)
    return GivenRelation(relation, "rowid", f"the table {called}")
