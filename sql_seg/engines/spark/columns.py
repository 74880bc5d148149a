"""Columns of Spark as the types of queries: how a value is read, and which cannot be.

A value is read as in files (``records.raw_values``). No lambda stands in what nearly all columns need: Spark
compiles no scan in which there is one.
"""

from __future__ import annotations

from collections.abc import Mapping

from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.records.raw_values import (
    CUSTOM_KINDS,
    DAYS_WITHOUT_DASHES,
    FIRST_MILLISECOND,
    RESERVED_KINDS,
    SPREADSHEET_DAYS,
    RawKind,
)
from sql_seg.sql.fragments import MOMENT, TOO_FINE, ZONE
from sql_seg.sql.spark import SPARK

_NO_LIST = "CAST(array() AS ARRAY<STRING>)"
_WHOLE = frozenset({"byte", "short", "integer", "long", "decimal"})
_DOUBLES = frozenset({"float", "double"})
_TEXTS = frozenset({"string", "char", "varchar"})
_TIMES = frozenset({"timestamp", "timestamp_ntz", "date"})
_PLAIN = _TEXTS | _WHOLE | _DOUBLES | _TIMES | {"boolean", "binary"}
_EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'"
_SINCE_1970 = f"{_EPOCH} + make_dt_interval(0, 0, 0, CAST(unix_micros({{0}}) / 1000000 AS DECIMAL(18, 6)))"
_YEARS = "TIMESTAMP_NTZ '0001-01-01 00:00:00' AND TIMESTAMP_NTZ '9999-12-31 23:59:59.999999'"
_NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\\\\z"
_IN_UTC = "^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)( [+]0000)? UTC\\\\z"
_MONTH_DAY_YEAR = "^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\\\\z"
_UNIX = (
    f"CASE WHEN {{0}} BETWEEN {SPREADSHEET_DAYS[0]} AND {SPREADSHEET_DAYS[1]}"
    f" OR {{0}} BETWEEN {DAYS_WITHOUT_DASHES[0]} AND {DAYS_WITHOUT_DASHES[1]} THEN NULL"
    f" WHEN abs({{0}}) >= {FIRST_MILLISECOND}D AND {{0}} BETWEEN -62135596800000D AND 253402300799999D"
    f" THEN {_EPOCH} + make_dt_interval(0, 0, 0, CAST({{0}} / 1000 AS DECIMAL(18, 6)))"
    f" WHEN abs({{0}}) < {FIRST_MILLISECOND}D AND {{0}} BETWEEN -62135596800D AND 253402300799D"
    f" THEN {_EPOCH} + make_dt_interval(0, 0, 0, CAST({{0}} AS DECIMAL(18, 6))) END"
)
"""The same numbers as in files: thousandths where seconds would lie far ahead; no days of spreadsheets."""


@frozen
class SparkColumn:
    """A column: the SQL of its ``value``, NULL where it cannot be read; ``bad`` is TRUE of what cannot.

    ``bad`` is nothing where all can be read; ``raw`` is the text of a value as it stands there. Of columns
    that are not there, it is all nothing but the value.
    """

    value: str
    bad: str = ""
    raw: str = ""
    expected: str = ""


def spark_column(
    name: str, kind: str, wanted: DataType, *, is_reserved: bool, keeps_empty: bool = False
) -> SparkColumn:
    """Return a column, quoted, of some kind of Spark's, as a type; with ``keeps_empty`` '' is a text."""
    if wanted is DataType.VARIANT:
        return SparkColumn(_data(name, kind))
    if keeps_empty and wanted is DataType.VARCHAR and kind in _TEXTS:
        return SparkColumn(name)
    if kind == "void":
        return SparkColumn(nothing(wanted))
    kinds: Mapping[DataType, RawKind] = RESERVED_KINDS if is_reserved else CUSTOM_KINDS
    expected = kinds[wanted].expected
    value, bad = _READERS[wanted](name, kind, is_reserved)
    raw = f"CAST({name} AS STRING)" if kind in _PLAIN else f"to_json({name})"
    return SparkColumn(value, bad, raw, expected)


_Read = tuple[str, str]


def _there(name: str, kind: str) -> str:
    """Return whether there is a value: an empty text is none, and NaN is no number."""
    if kind in _TEXTS:
        return f"{name} <> ''"
    return f"NOT isnan({name})" if kind in _DOUBLES else f"{name} IS NOT NULL"


def nothing(wanted: DataType) -> str:
    """Return what stands where there is no value of a type: NULL, or an array without elements."""
    return _NO_LIST if wanted is DataType.ARRAY else str(SPARK.null(wanted))


def _unreadable(name: str, kind: str, wanted: DataType) -> _Read:
    """Return a column of which no value can be read."""
    return nothing(wanted), _there(name, kind)


def _read(value: str, name: str, kind: str) -> _Read:
    return value, f"{_there(name, kind)} AND {value} IS NULL"


def _text(name: str, kind: str, _: bool) -> _Read:
    if kind in _TEXTS:
        return f"nullif({name}, '')", ""
    if kind in _WHOLE or kind == "date":
        return f"CAST({name} AS STRING)", ""
    if kind in _DOUBLES:  # which stand where another is missing
        finite = f"abs({name}) < double('Infinity')"
        value = (
            f"CASE WHEN {name} = floor({name}) AND abs({name}) <= {LARGEST_EXACT_INTEGER}"
            f" THEN CAST(CAST({name} AS BIGINT) AS STRING) WHEN {finite} THEN CAST({name} AS STRING) END"
        )
        return _read(value, name, kind)
    if kind in _TIMES:
        return f"CAST({_moment_of_kind(name, kind)} AS STRING)", ""
    return _unreadable(name, kind, DataType.VARCHAR)


def _number(name: str, kind: str, _: bool) -> _Read:
    if kind in _WHOLE:
        return f"CAST({name} AS DOUBLE)", ""
    if kind in _DOUBLES:
        number = name if kind == "double" else f"CAST({name} AS DOUBLE)"
        return f"CASE WHEN abs({name}) < double('Infinity') THEN {number} END", _infinite(name)
    if kind in _TEXTS:
        return _read(_number_of_text(name), name, kind)
    return _unreadable(name, kind, DataType.NUMBER)


def _infinite(name: str) -> str:
    return f"abs({name}) = double('Infinity')"


def _number_of_text(name: str) -> str:
    number = f"try_cast({name} AS DOUBLE)"
    return f"CASE WHEN {name} RLIKE '{_NUMBER}' AND abs({number}) < double('Infinity') THEN {number} END"


def _moment(name: str, kind: str, is_reserved: bool) -> _Read:
    if kind in _TIMES:
        moment = _moment_of_kind(name, kind)
        return _read(f"CASE WHEN {moment} BETWEEN {_YEARS} THEN {moment} END", name, kind)
    if kind in _WHOLE | _DOUBLES and is_reserved:
        return _read(_UNIX.format(f"CAST({name} AS DOUBLE)"), name, kind)
    if kind in _TEXTS:
        other = _UNIX.format(_number_of_text(name)) if is_reserved else _month_day_year(name)
        return _read(f"coalesce({_moment_of_text(name)}, {other})", name, kind)
    return _unreadable(name, kind, DataType.TIMESTAMP)


def _moment_of_kind(name: str, kind: str) -> str:
    """Return a time as a moment in UTC, whatever the zone of the session is."""
    if kind == "timestamp":
        return _SINCE_1970.format(name)
    return name if kind == "timestamp_ntz" else f"CAST({name} AS TIMESTAMP_NTZ)"


def _moment_of_text(name: str) -> str:
    plain = f"regexp_replace({name}, '{_IN_UTC}', '$1')"
    clock = f"regexp_replace(regexp_replace({plain}, '{ZONE}', ''), '{TOO_FINE}', '$1')"
    offset = f"regexp_extract({plain}, '([+-][0-9]{{2}}:?[0-9]{{2}})$', 1)"
    moment = (
        f"try_cast({clock} AS TIMESTAMP_NTZ) - CASE WHEN {offset} = '' THEN INTERVAL '0' DAY ELSE"
        f" make_dt_interval(0, CAST(left({offset}, 3) AS INT),"
        f" CAST(left({offset}, 1) || right({offset}, 2) AS INT)) END"
    )
    return f"CASE WHEN {plain} RLIKE '^{MOMENT}\\\\z' THEN CASE WHEN {moment} BETWEEN {_YEARS} THEN {moment} END END"


def _month_day_year(name: str) -> str:
    day = f"regexp_replace({name}, '{_MONTH_DAY_YEAR}', '$3-$1-$2')"
    in_years = f"try_cast({day} AS TIMESTAMP_NTZ) BETWEEN {_YEARS}"
    return (
        f"CASE WHEN {name} RLIKE '{_MONTH_DAY_YEAR}' AND {in_years} THEN try_cast({day} AS TIMESTAMP_NTZ) END"
    )


def _list(name: str, kind: str, _: bool) -> _Read:
    if kind == "array<string>":
        bad = _has_null(f"array_remove({name}, '')")
        return f"CASE WHEN {name} IS NULL OR {bad} THEN {_NO_LIST} ELSE array_remove({name}, '') END", bad
    if kind in _TEXTS:
        variant = f"try_parse_json({name})"
        json = f"try_variant_get({variant}, '$', 'array<string>')"
        is_json = f"{name} RLIKE '^\\\\s*[\\\\[{{]'"
        bad = (
            f"{is_json} AND (coalesce(schema_of_variant({variant}), '') NOT IN ('ARRAY<STRING>', 'ARRAY<VOID>')"
            f" OR {_has_null(json)})"
        )
        pieces = f"transform(split({name}, '[,;\\\\s]+'), x -> trim(BOTH '\"' FROM x))"
        value = (
            f"CASE WHEN {name} IS NULL OR {bad} THEN {_NO_LIST} WHEN {is_json} THEN {json} ELSE {pieces} END"
        )
        return f"array_remove({value}, '')", bad
    if kind.startswith("array<"):
        return _NO_LIST, f"size({name}) > 0"
    return _unreadable(name, kind, DataType.ARRAY)


def _has_null(array: str) -> str:
    """Return whether an array, without empty texts, has a NULL: asked for one, it does not know the others."""
    return f"({array} IS NOT NULL AND arrays_overlap({array}, array('')) IS NULL)"


_READERS = {
    DataType.VARCHAR: _text,
    DataType.NUMBER: _number,
    DataType.TIMESTAMP: _moment,
    DataType.ARRAY: _list,
}


def _data(name: str, kind: str) -> str:
    """Return an event's data as JSON, which may be a text, bytes, or a value."""
    if kind in _TEXTS:
        return f"nullif({name}, '')"
    return f"nullif(decode({name}, 'UTF-8'), '')" if kind == "binary" else f"to_json({name})"


def domains(email: str | None, alternates: str | None) -> str:
    """Return the domains of a contact's addresses, of which those columns say that are there."""
    parts = ([f"array({email})"] if email else []) + ([alternates] if alternates else [])
    if not parts:
        return _NO_LIST
    domain = "CASE WHEN a LIKE '%@%' THEN lower(element_at(split(a, '@'), -1)) END"
    return f"array_distinct(filter(transform(concat({', '.join(parts)}), a -> {domain}), d -> d <> ''))"
