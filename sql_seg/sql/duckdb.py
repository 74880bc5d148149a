"""DuckDB's SQL. Timestamps are TIMESTAMP in UTC, numbers DOUBLE, arrays VARCHAR[], ``data`` JSON."""

from __future__ import annotations

import re

from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD
from sql_seg.sql.engine import Engine
from sql_seg.sql.fragments import Level, template
from sql_seg.sql.literals import literals, quoted

_ONCE = "list_filter([{0}], lambda x: %s)[1]"
_IN_YEARS = "%s BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
_DAY = r"\d{{4}}-\d\d-\d\d"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_PLAIN_TIME = f"{_DAY}(?:[T ]{_CLOCK}Z?)?"
_OFFSET_TIME = rf"{_DAY}[T ]{_CLOCK}[+-](?:[01]\d|2[0-3]):?[0-5]\d"
_TEXT = "json_extract_string({0}, {1})"
_KIND = "json_type({0}, {1})"
_IN_UTC = f"TRY_CAST({_TEXT} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
_ONLY_IN_YEARS = f"list_filter([%s], lambda x: {_IN_YEARS % 'x'})[1]"
_NUMBERS = "('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')"

_ROWS = {
    **STANDARD,
    "as double": template("{0:atom}::DOUBLE"),
    # a quotient by zero is no finite double, a remainder an error in some versions
    "finite": template("CASE WHEN isfinite({0}) THEN {0} END"),
    "finite once": template(_ONCE % "isfinite(x)"),
    "divisor": template("CASE WHEN {0:concat} <> 0 AND isfinite({0}) THEN {0} END"),
    "divisor once": template(_ONCE % "x <> 0 AND isfinite(x)"),
    "like escaped": template(r"{0:concat} LIKE {1:sum} ESCAPE '\'", Level.PREDICATE),
    "not like escaped": template(r"{0:concat} NOT LIKE {1:sum} ESCAPE '\'", Level.PREDICATE),
    # the simple case mapping, but for the one letter whose capital DuckDB takes to be another
    "upper": template("array_to_string(list_transform(string_split({0}, 'ß'), lambda x: upper(x)), 'ß')"),
    # arrays: list_contains of an empty list and NULL is FALSE
    "array has": template("list_contains({0}, {1})"),
    "array has any": template("list_has_any({0}, [{1}])"),
    "array has value": template("CASE WHEN {1:concat} IS NOT NULL THEN list_contains({0}, {1}) END"),
    # times
    **{
        f"add {unit}s": template(f"{{0:sum}} + to_{unit}s({{1}})", Level.SUM)
        for unit in ("second", "minute", "hour", "day", "week", "month", "year")
    },
    "in years": template(f"CASE WHEN {_IN_YEARS % '{0:concat}'} THEN {{0}} END"),
    "in years once": template(_ONCE % (_IN_YEARS % "x")),
    # JSON
    "json any": template("nullif(json_extract({0}, {1})::VARCHAR, 'null')"),
    "json plain": template(_TEXT),
    "json text": template(f"CASE WHEN {_KIND} = 'VARCHAR' THEN {_TEXT} END"),
    "json number": template(f"CASE WHEN {_KIND} IN {_NUMBERS} THEN TRY_CAST({_TEXT} AS DOUBLE) END"),
    "json boolean": template(f"CASE WHEN {_KIND} = 'BOOLEAN' THEN {_TEXT} = 'true' END"),
    "json timestamp": template(
        f"CASE WHEN {_KIND} <> 'VARCHAR' THEN NULL"
        f" WHEN regexp_full_match({_TEXT}, '{_PLAIN_TIME}')"
        f" THEN {_ONLY_IN_YEARS % f'TRY_CAST({_TEXT} AS TIMESTAMP)'}"
        f" WHEN regexp_full_match({_TEXT}, '{_OFFSET_TIME}')"
        f" THEN {_ONLY_IN_YEARS % _IN_UTC} END"
    ),
    "map text": template(f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN', {_NUMBERS[1:]} THEN {_TEXT} END"),
    "has key": template(
        "CASE WHEN {0} IS NOT NULL AND {1:concat} IS NOT NULL THEN"
        " list_contains(json_keys({0}, '$.payload'), {1})"
        " OR list_contains(json_keys({0}, '$.payload.unique_args'), {1}) END"
    ),
}

_INDEX = re.compile(r"[0-9-]+")


def _path(keys: tuple[str, ...]) -> str:
    """Return a path: ``$."a"."b"``; as a JSON pointer where a key has quotes or is empty.

    A pointer walks into lists by numbers, which paths of the language do not.
    """
    if all(key and '"' not in key and "\\" not in key for key in keys):
        return str(_text("$" + "".join(f'."{key}"' for key in keys)))
    if any(map(_INDEX.fullmatch, keys)):
        raise UnsupportedSqlError("DuckDB", f"a path with the keys {', '.join(map(repr, keys))}")
    return str(_text("".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)))


_text = literals(quoted, "chr({0})")

DUCKDB = Engine(
    name="duckdb",
    title="DuckDB",
    rows=_ROWS,
    types={
        DataType.VARCHAR: "VARCHAR",
        DataType.NUMBER: "DOUBLE",
        DataType.TIMESTAMP: "TIMESTAMP",
        DataType.BOOLEAN: "BOOLEAN",
        DataType.ARRAY: "VARCHAR[]",
        DataType.VARIANT: "VARCHAR",
    },
    text=_text,
    delimited=lambda name: '"' + name.replace('"', '""') + '"',
    path=_path,
)
