"""Columns of tables that are there already, as the types of queries: how a value is read, and which cannot be.

A value is read as a file's would be: a text as a cell of CSV, anything of another type as it stands in JSON.
"""

from __future__ import annotations

from sql_seg.engines.duckdb.connection import name
from sql_seg.engines.duckdb.parquet_rows import WHOLE_NUMBERS, as_json
from sql_seg.engines.duckdb.readers import is_whole, reading
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType
from sql_seg.records.raw_values import (
    BOOLEAN,
    CUSTOM_KINDS,
    INSTANT,
    NUMBER,
    RESERVED_KINDS,
    TEXT,
    TEXTS,
    RawKind,
)
from sql_seg.sql.duckdb import DUCKDB

_DOUBLES = frozenset({"FLOAT", "DOUBLE"})


def kind_of(duckdb_type: str) -> DataType | None:
    """Return the type that a column of DuckDB's is; None for one that queries have no type for."""
    if duckdb_type in WHOLE_NUMBERS or duckdb_type in _DOUBLES or duckdb_type.startswith("DECIMAL"):
        return DataType.NUMBER
    if duckdb_type.startswith("TIMESTAMP") or duckdb_type == "DATE":
        return DataType.TIMESTAMP
    if duckdb_type in ("VARCHAR", "UUID") or duckdb_type.startswith("ENUM"):
        return DataType.VARCHAR
    if duckdb_type.endswith("[]"):
        return DataType.ARRAY
    return DataType.BOOLEAN if duckdb_type == "BOOLEAN" else None


@frozen
class GivenColumn:
    """A column, called ``name`` where it is: ``plain`` is the SQL of its values where nothing is odd.

    ``careful`` is that of any: NULL for what cannot be read, of which ``bad`` is TRUE, and for empty texts,
    of which ``empty`` is. Both are nothing where there cannot be any.
    """

    name: str
    plain: str
    careful: str = ""
    bad: str = ""
    empty: str = ""
    expected: str = ""
    misfit: str = ""
    """What to say of the column as a whole, where its type is none that people would read so."""


def given_column(
    key: str, given: str, duckdb_type: str, wanted: DataType, *, is_reserved: bool, keeps_empty: bool
) -> GivenColumn:
    """Return a column as a type; with ``keeps_empty`` an empty text is a text."""
    quoted, kind = name(given), kind_of(duckdb_type)
    if duckdb_type.strip('"') == "NULL":
        return GivenColumn(
            given, "[]::VARCHAR[]" if wanted is DataType.ARRAY else f"NULL::{DUCKDB.types[wanted]}"
        )
    if wanted is DataType.BOOLEAN:
        return _boolean(given, quoted, kind)
    raw = (RESERVED_KINDS if is_reserved else CUSTOM_KINDS)[wanted]
    if kind is wanted:
        native = _native(given, quoted, duckdb_type, wanted, keeps_empty=keeps_empty)
        if native is not None:
            return native
    if wanted is DataType.TIMESTAMP and kind is DataType.NUMBER and is_reserved:
        value = f"of_unix({quoted}::DOUBLE)"
        return GivenColumn(
            given, value, value, f"{_is_there(quoted, duckdb_type)} AND {value} IS NULL", "", raw.expected
        )
    if wanted is DataType.VARCHAR and kind is DataType.NUMBER:
        return _number_as_text(given, quoted, duckdb_type)
    if kind is DataType.VARCHAR:
        cell = f"nullif({quoted}::VARCHAR, '')"
        return _read(given, cell, raw, wanted, json=False)
    cell = f"nullif(CAST(to_json({as_json(quoted, duckdb_type, key)}) AS VARCHAR), 'null')"
    return _read(given, cell, raw, wanted, json=True, misfit=f"is {duckdb_type}; {key} is a {wanted.name}")


def _is_there(quoted: str, duckdb_type: str) -> str:
    """Return the SQL of whether there is a number: NaN is none."""
    return f"NOT isnan({quoted})" if duckdb_type in _DOUBLES else f"{quoted} IS NOT NULL"


def _native(
    given: str, quoted: str, duckdb_type: str, wanted: DataType, *, keeps_empty: bool
) -> GivenColumn | None:
    """Return a column whose values are of a type already; None for a list of other things."""
    if wanted is DataType.NUMBER:
        value = f"{quoted}::DOUBLE"
        if duckdb_type not in _DOUBLES:
            return GivenColumn(given, value)
        value = f"CASE WHEN isfinite({value}) THEN {value} END"
        return GivenColumn(given, value, value, f"isinf({quoted})", "", NUMBER.expected)
    if wanted is DataType.TIMESTAMP:
        value = quoted if duckdb_type == "TIMESTAMP" else f"{quoted}::TIMESTAMP"
        if duckdb_type == "TIMESTAMP WITH TIME ZONE":
            value = f"({quoted} AT TIME ZONE 'UTC')"
        inside = f"in_years({value})"
        return GivenColumn(
            given, value, inside, f"{quoted} IS NOT NULL AND {inside} IS NULL", "", INSTANT.expected
        )
    if wanted is DataType.VARCHAR:
        value = quoted if duckdb_type == "VARCHAR" else f"{quoted}::VARCHAR"
        if keeps_empty or duckdb_type == "UUID":
            return GivenColumn(given, value)
        return GivenColumn(given, value, f"nullif({value}, '')", "", f"{value} = ''")
    if duckdb_type != "VARCHAR[]":
        return None
    texts = f"CASE WHEN list_contains({quoted}, '') THEN list_filter({quoted}, lambda x: x <> '') ELSE {quoted} END"
    bad = f"len({quoted}) <> list_count({quoted})"
    return GivenColumn(
        given,
        f"coalesce({quoted}, [])",
        f"CASE WHEN {quoted} IS NULL OR {bad} THEN [] ELSE {texts} END",
        bad,
        f"list_contains({quoted}, '')",
        TEXTS.expected,
    )


def _number_as_text(given: str, quoted: str, duckdb_type: str) -> GivenColumn:
    """Return numbers as texts: a whole one without a point, which frames put there where another is missing."""
    if duckdb_type not in _DOUBLES:
        return GivenColumn(given, f"{quoted}::VARCHAR")
    text = f"CASE WHEN {is_whole(quoted)} THEN {quoted}::BIGINT::VARCHAR WHEN isfinite({quoted}) THEN {quoted}::VARCHAR END"
    return GivenColumn(given, text, text, f"isinf({quoted})", "", TEXT.expected)


def _boolean(given: str, quoted: str, kind: DataType | None) -> GivenColumn:
    if kind is DataType.BOOLEAN:
        return GivenColumn(given, quoted)
    return GivenColumn(given, "NULL::BOOLEAN", "NULL::BOOLEAN", f"{quoted} IS NOT NULL", "", BOOLEAN.expected)


def _read(
    given: str, cell: str, raw: RawKind, wanted: DataType, *, json: bool, misfit: str = ""
) -> GivenColumn:
    read = reading(raw, cell, json=json)
    value = f"coalesce({read}, [])" if wanted is DataType.ARRAY else read
    return GivenColumn(
        given, value, value, f"{cell} IS NOT NULL AND {read} IS NULL", "", raw.expected, misfit
    )
