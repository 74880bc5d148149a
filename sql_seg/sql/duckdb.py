"""DuckDB's SQL. Timestamps are TIMESTAMP in UTC, numbers DOUBLE, arrays VARCHAR[], ``data`` JSON."""

from __future__ import annotations

import re

from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine
from sql_seg.sql.fragments import Level, literals, quoted, template
from sql_seg.sql.functions import functions_of

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
_INTEGERS = "'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT'"
_DIGITS = "-?[0-9]+"
_IS_NUMBER = rf"{_KIND} = 'VARCHAR' AND regexp_full_match({_TEXT}, '[+-]?[0-9]+(?:\.[0-9]+)?')"
_DOUBLE = f"list_filter([TRY_CAST({_TEXT} AS DOUBLE)], lambda x: isfinite(x))[1]"
_SINCE_1970 = (
    f"CASE WHEN abs(TRY_CAST({_TEXT} AS DOUBLE)) <= 3e11"
    f" THEN make_timestamp(CAST(round_even(TRY_CAST({_TEXT} AS DOUBLE) * 1e6, 0) AS BIGINT)) END"
)
_MANTISSA = "replace(replace(split_part(x, 'e', 1), '.', ''), '-', '')"
_EXPONENT = "CAST(split_part(x, 'e', 2) AS INTEGER)"
_SIGN = "CASE WHEN x[1] = '-' THEN '-' ELSE '' END"
_WITHOUT_EXPONENT = (
    rf"CASE WHEN x IN ('0.0', '-0.0') THEN '0' WHEN NOT contains(x, 'e') THEN regexp_replace(x, '\.0$', '')"
    f" WHEN {_EXPONENT} > 0 THEN {_SIGN} || rpad({_MANTISSA}, {_EXPONENT} + 1, '0')"
    f" ELSE {_SIGN} || '0.' || repeat('0', -{_EXPONENT} - 1) || {_MANTISSA} END"
)
_DECIMAL = (
    f"CASE WHEN {_DOUBLE} IS NULL THEN NULL WHEN regexp_full_match({_TEXT}, '{_DIGITS}') THEN {_TEXT}"
    f" ELSE list_transform([CAST({_DOUBLE} AS VARCHAR)], lambda x: {_WITHOUT_EXPONENT})[1] END"
)
"""A number's text without an exponent: its digits, or the shortest text of its double, written out."""

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
    # arrays: list_contains of an empty list and NULL is FALSE
    "array has": template("list_contains({0}, {1})"),
    "array has any": template("list_has_any({0}, [{1}])"),
    "array has value": template("CASE WHEN {1:concat} IS NOT NULL THEN list_contains({0}, {1}) END"),
    # times
    **{f"add {unit}s": template(f"{{0:sum}} + to_{unit}s({{1}})", Level.SUM) for unit in UNITS},
    "in years": template(f"CASE WHEN {_IN_YEARS % '{0:concat}'} THEN {{0}} END"),
    "in years once": template(_ONCE % (_IN_YEARS % "x")),
    # JSON
    "json any": template(_KIND),
    "json plain": template(_TEXT),
    "json text": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN', {_INTEGERS}) THEN {_TEXT}"
        f" WHEN {_KIND} = 'DOUBLE' THEN {_DECIMAL} END"
    ),
    "json number": template(
        f"CASE WHEN {_KIND} = 'BOOLEAN' THEN CAST({_TEXT} = 'true' AS DOUBLE)"
        f" WHEN {_KIND} IN ('DOUBLE', {_INTEGERS}) OR ({_IS_NUMBER}) THEN {_DOUBLE} END"
    ),
    "json boolean": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN') THEN"
        f" CASE lower({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_KIND} IN ('DOUBLE', {_INTEGERS}) THEN {_ONLY_IN_YEARS % _SINCE_1970}"
        f" WHEN {_KIND} <> 'VARCHAR' THEN NULL"
        f" WHEN regexp_full_match({_TEXT}, '{_PLAIN_TIME}')"
        f" THEN {_ONLY_IN_YEARS % f'TRY_CAST({_TEXT} AS TIMESTAMP)'}"
        f" WHEN regexp_full_match({_TEXT}, '{_OFFSET_TIME}')"
        f" THEN {_ONLY_IN_YEARS % _IN_UTC} END"
    ),
    "json array": template(
        f"CASE {_KIND} WHEN 'VARCHAR' THEN [{_TEXT}] WHEN 'ARRAY' THEN list_transform(list_filter("
        "CAST(json_extract({0}, {1}) AS JSON[]), lambda x: json_type(x) = 'VARCHAR'),"
        " lambda x: json_extract_string(x, '$')) END"
    ),
    "map text": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN', {_INTEGERS}) THEN {_TEXT}"
        f" WHEN {_KIND} = 'DOUBLE' AND {_DOUBLE} IS NOT NULL THEN"
        f" CASE WHEN regexp_full_match({_TEXT}, '{_DIGITS}') THEN {_TEXT}"
        f" ELSE CAST({_DOUBLE} AS VARCHAR) END END"
    ),
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
    return str(_text(pointer(*keys)))


def pointer(*keys: str) -> str:
    """Return the JSON pointer to a value inside objects."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


_text = literals(quoted, "chr({0})")

DUCKDB = Engine(
    name="duckdb",
    title="DuckDB",
    rows=_ROWS,
    functions=functions_of("duckdb"),
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
