"""Parquet files: their columns, and their rows as JSON, for what is read as files of JSON are.

Contacts and rows of event_data that are all in Parquet are asked where they are (``given``). Beside files of
another form, with exports of lists, or as objects of the webhook, rows of Parquet become JSON texts on their way
through DuckDB, so that all that holds for JSON holds for them: repeats, addresses, bad values by row.
"""

from __future__ import annotations

import json

from sql_seg.engines.duckdb.connection import Connection, duckdb_module, name, text
from sql_seg.engines.duckdb.readers import is_whole
from sql_seg.engines.duckdb.sources import DataFile
from sql_seg.errors import RecordError
from sql_seg.frozen import replace

_JSON_IN_TEXTS = frozenset({"data", "unique_args", "custom_fields", "category"})
"""Columns whose texts are JSON, where they look like it."""

WHOLE_NUMBERS = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT".split()
)
"""The types of DuckDB's whole numbers."""


def parquet_columns(source: DataFile, connection: Connection) -> dict[str, str]:
    """Return the types of a Parquet file's columns by name. Raises RecordError where it is not whole."""
    duckdb = duckdb_module()

    try:
        columns = connection.described(f"read_parquet({text(str(source.path))})")
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0].partition("Error: ")[2].replace(f" '{source.path}'", "")
        raise RecordError(
            f"{source.name}: is not a whole Parquet file: {reason or 'cannot be read'}", file=source.name
        ) from error
    _refuse_twice(source, connection)
    return dict(columns)


def _refuse_twice(source: DataFile, connection: Connection) -> None:
    """Raise RecordError where two columns have one name: DuckDB would call one of them otherwise."""
    inside, seen = 0, set()
    schema = f"SELECT name, num_children FROM parquet_schema({text(str(source.path))}) OFFSET 1"
    for given, children in connection.rows(schema):
        if inside:
            inside += (children or 0) - 1
            continue
        if given.lower() in seen:
            raise RecordError(f"{source.name}: has the column {given} twice", file=source.name, key=given)
        seen.add(given.lower())
        inside = children or 0


def as_json_rows(source: DataFile, connection: Connection) -> DataFile:
    """Return a Parquet file as a source of JSON, an object a row; any other source as it is."""
    if source.form != "parquet":
        return source
    columns = parquet_columns(source, connection)
    are_events = {"event_type", "data"} <= {column.lower() for column in columns}

    def member(column: str, kind: str) -> str:
        key = column.lower()
        value = f"to_json({as_json(name(column), kind, key)})::VARCHAR"
        if (
            are_events and key == "data" and kind == "VARCHAR"
        ):  # a text that is no JSON makes its row malformed
            value = f"CASE WHEN {name(column)} <> '' AND NOT json_valid({name(column)}) THEN {name(column)} ELSE {value} END"
        return f"{text(json.dumps(column) + ':')} || {value}"

    members = ", ".join(member(column, kind) for column, kind in columns.items())
    # what is NULL in a table is not there: a JSON null would be a value, which IS NULL does not find
    relation = (
        f"(SELECT file_row_number + 1 AS _row, '{{' || concat_ws(',', {members}) || '}}' AS j "
        f"FROM read_parquet({text(str(source.path))}))"
    )
    return replace(source, form="rows", relation=relation)


def as_json(column: str, kind: str, key: str) -> str:
    """Return the SQL of a value as it stands in JSON: what JSON has no value for is a text, or null.

    A whole number has no point: frames put one there where another value is missing. NaN is null. A field of a
    struct that is NULL is not there: all rows have all fields, and most of them lack some.
    """
    if kind.startswith("STRUCT("):
        return f"json_merge_patch('{{}}', to_json({column}))"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR)"
    if kind.startswith("TIMESTAMP"):
        return f"CAST({column} AS VARCHAR)"
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN isinf({column}) THEN to_json(CAST({column} AS VARCHAR)) "
            f"WHEN {is_whole(column)} THEN to_json(CAST({column} AS BIGINT)) ELSE to_json({column}) END"
        )
    if key == "contact_id" and kind in WHOLE_NUMBERS:
        return f"CAST({column} AS VARCHAR)"
    if kind == "VARCHAR" and key in _JSON_IN_TEXTS:
        return (
            f"CASE WHEN {column}[1] IN ('{{', '[') AND json_valid({column}) THEN CAST({column} AS JSON) "
            f"ELSE to_json({column}) END"
        )
    return column
