"""Spark's SQL, of version 4. Timestamps are TIMESTAMP_NTZ in UTC, numbers DOUBLE, arrays ARRAY<STRING>.

``data`` is a STRING of JSON. Division by zero would end the query, as ``%`` by zero would; text in quotes
undoes backslashes, and what looks like ``${variable}`` is replaced even there.
"""

from __future__ import annotations

import re

from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine, Operation, Unsupported
from sql_seg.sql.fragments import MOMENT, TOO_FINE, ZONE, Level, Sql, escaped, in_template, template
from sql_seg.sql.functions import functions_of

_ONCE = "get(filter(array({0}), x -> %s), 0)"
_FINITE = "abs(%s) < double('Infinity')"
_IN_YEARS = "%s BETWEEN TIMESTAMP_NTZ '0001-01-01 00:00:00' AND TIMESTAMP_NTZ '9999-12-31 23:59:59.999999'"
_ONLY_IN_YEARS = f"get(filter(array(%s), x -> {_IN_YEARS % 'x'}), 0)"
_JSON = "try_parse_json({0})"
_KIND = f"schema_of_variant(variant_get({_JSON}, {{1}}))"
_TEXT = f"try_variant_get({_JSON}, {{1}}, 'string')"
_DOUBLE = f"get(filter(array(try_cast({_TEXT} AS DOUBLE)), x -> {_FINITE % 'x'}), 0)"
_IS_NUMBER = f"({_KIND} IN ('BIGINT', 'DOUBLE') OR {_KIND} LIKE 'DECIMAL%')"
_MANTISSA = "replace(replace(split_part(x, 'E', 1), '.', ''), '-', '')"
_DIGITS = f"regexp_replace({_MANTISSA}, '0+$', '')"
_EXPONENT = "CAST(split_part(x, 'E', 2) AS INT)"
_SIGN = "CASE WHEN x LIKE '-%' THEN '-' ELSE '' END"
_WITHOUT_EXPONENT = (
    f"CASE WHEN NOT contains(x, 'E') THEN regexp_replace(x, '[.]0$', '')"
    f" WHEN {_EXPONENT} > 0 THEN {_SIGN} || CASE WHEN length({_DIGITS}) <= {_EXPONENT} + 1"
    f" THEN rpad({_DIGITS}, {_EXPONENT} + 1, '0')"
    f" ELSE left({_DIGITS}, {_EXPONENT} + 1) || '.' || substr({_DIGITS}, {_EXPONENT} + 2) END"
    f" ELSE {_SIGN} || '0.' || repeat('0', -{_EXPONENT} - 1) || {_DIGITS} END"
)
_DECIMAL = (
    f"CASE WHEN {_DOUBLE} IS NULL THEN NULL WHEN {_DOUBLE} = 0 THEN '0'"
    f" WHEN {_KIND} LIKE 'DECIMAL%,0)' OR {_KIND} = 'BIGINT' THEN {_TEXT}"
    f" ELSE get(transform(array(CAST({_DOUBLE} AS STRING)), x -> {_WITHOUT_EXPONENT}), 0) END"
)
_CLOCK = (
    f"regexp_replace(regexp_replace({_TEXT}, '{in_template(ZONE)}', ''), '{in_template(TOO_FINE)}', '$1')"
)
_OFFSET = f"regexp_extract({_TEXT}, '([+-][0-9]{{{{2}}}}:?[0-9]{{{{2}}}})$', 1)"
_READ = (
    f"try_cast({_CLOCK} AS TIMESTAMP_NTZ) - CASE WHEN {_OFFSET} = '' THEN INTERVAL '0' DAY ELSE"
    f" make_dt_interval(0, CAST(left({_OFFSET}, 3) AS INT),"
    f" CAST(left({_OFFSET}, 1) || right({_OFFSET}, 2) AS INT)) END"
)
_SINCE_1970 = (
    "TIMESTAMP_NTZ '1970-01-01 00:00:00' + make_dt_interval(0, 0, 0,"
    f" CAST(CAST(rint({_DOUBLE} * 1e6) AS DECIMAL(20, 0)) / 1000000 AS DECIMAL(18, 6)))"
)

_ROWS: dict[str, Operation] = {
    **STANDARD,
    "like escaped": STANDARD["like"],
    "not like escaped": STANDARD["not like"],
    "as double": template("CAST({0} AS DOUBLE)"),
    "divide": template("try_divide({0}, {1})"),
    "finite": template(f"CASE WHEN {_FINITE % '{0}'} THEN {{0}} END"),
    "finite once": template(_ONCE % (_FINITE % "x")),
    "divisor": template(f"CASE WHEN {{0:concat}} <> 0 AND {_FINITE % '{0}'} THEN {{0}} END"),
    "divisor once": template(_ONCE % f"x <> 0 AND {_FINITE % 'x'}"),
    # arrays
    "array has": template("array_contains({0}, {1})"),
    "array has any": template("arrays_overlap({0}, array({1}))"),
    "array has value": template("CASE WHEN {1:concat} IS NOT NULL THEN array_contains({0}, {1}) END"),
    # times
    "moment": template("TIMESTAMP_NTZ '{0}'"),
    **{f"add {unit}s": template(f"{{0:sum}} + INTERVAL '{{1}}' {unit.upper()}", Level.SUM) for unit in UNITS},
    "add weeks": template("{0:sum} + {1} * INTERVAL '7' DAY", Level.SUM),
    "in years": template(f"CASE WHEN {_IN_YEARS % '{0:concat}'} THEN {{0}} END"),
    "in years once": template(_ONLY_IN_YEARS % "{0}"),
    # JSON
    "json any": template(_KIND),
    "json plain": template("get_json_object({0}, {1})"),
    "json text": template(
        f"CASE WHEN {_KIND} IN ('STRING', 'BOOLEAN') THEN {_TEXT} WHEN {_IS_NUMBER} THEN {_DECIMAL} END"
    ),
    "json number": template(
        f"CASE WHEN {_KIND} = 'BOOLEAN' THEN CASE {_TEXT} WHEN 'true' THEN 1D ELSE 0D END"
        f" WHEN {_IS_NUMBER} OR {_KIND} = 'STRING' AND {_TEXT} RLIKE '^[+-]?[0-9]+([.][0-9]+)?\\\\z'"
        f" THEN {_DOUBLE} END"
    ),
    "json boolean": template(
        f"CASE WHEN {_KIND} IN ('STRING', 'BOOLEAN') THEN"
        f" CASE lower({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_IS_NUMBER} AND abs({_DOUBLE}) <= 3e11 THEN {_ONLY_IN_YEARS % _SINCE_1970}"
        f" WHEN {_KIND} = 'STRING' AND {_TEXT} RLIKE '^{in_template(MOMENT)}\\\\z'"
        f" THEN {_ONLY_IN_YEARS % _READ} END"
    ),
    "json array": template(
        f"CASE WHEN {_KIND} = 'STRING' THEN array({_TEXT}) WHEN {_KIND} LIKE 'ARRAY%' THEN transform(filter("
        f"try_variant_get({_JSON}, {{1}}, 'array<variant>'), x -> schema_of_variant(x) = 'STRING'),"
        " x -> variant_get(x, '$', 'string')) END"
    ),
    "map text": template(
        f"CASE WHEN {_KIND} IN ('STRING', 'BOOLEAN', 'BIGINT') OR {_KIND} LIKE 'DECIMAL%,0)' THEN {_TEXT}"
        f" WHEN {_IS_NUMBER} THEN CAST({_DOUBLE} AS STRING) END"
    ),
    "has key": Unsupported("CONTAINS(event_data, key) needs a key that is written out"),
}


def _text(text: str) -> Sql:
    """Return a text in quotes, with no ``${`` that would be replaced."""
    parts = [f"'{part}'" for part in re.split(r"(?<=\$)(?=\{)", escaped(text))]
    return Sql(" || ".join(parts), Level.ATOM if len(parts) == 1 else Level.CONCAT)


_BAD_KEY = re.compile(r"['*\\]|^$")


def _path(keys: tuple[str, ...]) -> str:
    """Return ``$['a']['b']``; of plain keys, ``$.a.b``."""
    if any(map(_BAD_KEY.search, keys)):
        raise UnsupportedSqlError(
            "Spark", f"its paths into JSON cannot name the keys {', '.join(map(repr, keys))}"
        )
    steps = [f".{key}" if re.fullmatch("[A-Za-z_][A-Za-z_0-9]*", key) else f"['{key}']" for key in keys]
    return str(_text("$" + "".join(steps)))


SPARK = Engine(
    name="spark",
    title="Spark",
    rows=_ROWS,
    functions=functions_of("spark"),
    types={
        DataType.VARCHAR: "STRING",
        DataType.NUMBER: "DOUBLE",
        DataType.TIMESTAMP: "TIMESTAMP_NTZ",
        DataType.BOOLEAN: "BOOLEAN",
        DataType.ARRAY: "ARRAY<STRING>",
        DataType.VARIANT: "STRING",
    },
    text=_text,
    delimited=lambda name: "`" + name.replace("`", "``") + "`",
    path=_path,
)
