"""Snowflake's SQL. Timestamps are TIMESTAMP_NTZ in UTC, numbers FLOAT, lists ARRAY, ``data`` VARIANT.

It was never run here. What SendGrid's own conversions of JSON are, Snowflake's casts are.
"""

from __future__ import annotations

import re

from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine, Operation, Unsupported
from sql_seg.sql.fragments import MOMENT, Level, in_template, literals, quoted, template
from sql_seg.sql.functions import functions_of

_IN_YEARS = "%s BETWEEN TIMESTAMP_NTZ '0001-01-01 00:00:00' AND TIMESTAMP_NTZ '9999-12-31 23:59:59.999999'"
_VALUE = "{0}{1}"
_KIND = f"TYPEOF({_VALUE})"
_TEXT = f"{_VALUE}::VARCHAR"
_IS_NUMBER = f"{_KIND} IN ('INTEGER', 'DECIMAL', 'DOUBLE')"
_BACKSLASH = r"ESCAPE '\\'"

_ROWS: dict[str, Operation] = {
    **STANDARD,
    "like escaped": template(f"{{0:concat}} LIKE {{1:sum}} {_BACKSLASH}", Level.PREDICATE),
    "not like escaped": template(f"{{0:concat}} NOT LIKE {{1:sum}} {_BACKSLASH}", Level.PREDICATE),
    "as double": template("{0:atom}::FLOAT"),
    "double": template("{0}::FLOAT"),
    "divide": template("{0:product} / NULLIF({1}, 0)"),
    "finite": template("CASE WHEN ABS({0}) < 'inf'::FLOAT THEN {0} END"),
    "finite once": Unsupported("long arithmetic"),
    "divisor": template("NULLIF({0}, 0)"),
    # arrays
    "array has": template("ARRAY_CONTAINS({1}::VARIANT, {0})"),
    "array has any": template("ARRAYS_OVERLAP({0}, ARRAY_CONSTRUCT({1}))"),
    "array has value": template(
        "CASE WHEN {1:concat} IS NOT NULL THEN ARRAY_CONTAINS(({1})::VARIANT, {0}) END"
    ),
    # times
    "moment": template("TIMESTAMP_NTZ '{0}'"),
    **{f"add {unit}s": template(f"TIMESTAMPADD({unit}, {{1}}, {{0}})") for unit in UNITS},
    "in years": template(f"CASE WHEN {_IN_YEARS % '{0:concat}'} THEN {{0}} END"),
    "in years once": Unsupported("times that are moved twice"),
    # JSON
    "json any": template(_VALUE),
    "json plain": template(_TEXT),
    "json text": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN', 'INTEGER', 'DECIMAL', 'DOUBLE') THEN {_TEXT} END"
    ),
    "json number": template(
        f"CASE WHEN {_KIND} = 'BOOLEAN' THEN IFF({_TEXT} = 'true', 1, 0)"
        f" WHEN {_IS_NUMBER} OR {_KIND} = 'VARCHAR' AND REGEXP_LIKE({_TEXT}, '[+-]?[0-9]+([.][0-9]+)?')"
        f" THEN TRY_TO_DOUBLE({_TEXT}) END"
    ),
    "json boolean": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN') THEN"
        f" CASE LOWER({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_IS_NUMBER} THEN"
        f" TIMESTAMPADD(microsecond, ROUND({_VALUE}::FLOAT * 1000000), TIMESTAMP_NTZ '1970-01-01 00:00:00')"
        f" WHEN {_KIND} = 'VARCHAR' AND REGEXP_LIKE({_TEXT}, '{in_template(MOMENT)}')"
        f" THEN CONVERT_TIMEZONE('UTC', TRY_TO_TIMESTAMP_TZ({_TEXT}))::TIMESTAMP_NTZ END"
    ),
    "json array": Unsupported("ARRAY_CONTAINS of a path"),
    "map text": template(
        f"CASE WHEN {_KIND} IN ('VARCHAR', 'BOOLEAN', 'INTEGER', 'DECIMAL', 'DOUBLE') THEN {_TEXT} END"
    ),
    "has key": Unsupported("CONTAINS(event_data, key) needs a key that is written out"),
}


def _quoted(text: str) -> str:
    """Return a text in quotes, where backslashes are undone."""
    return quoted(text.replace("\\", "\\\\"))


def _delimited(name: str) -> str:
    """Return a name in delimiters; a reserved word in capitals, as Snowflake keeps what has none."""
    if re.fullmatch("[a-z_][a-z0-9_]*", name):
        name = name.upper()
    return '"' + name.replace('"', '""') + '"'


_text = literals(_quoted, "CHR({0})")

SNOWFLAKE = Engine(
    name="snowflake",
    title="Snowflake",
    rows=_ROWS,
    functions=functions_of("snowflake"),
    types={
        DataType.VARCHAR: "VARCHAR",
        DataType.NUMBER: "FLOAT",
        DataType.TIMESTAMP: "TIMESTAMP_NTZ",
        DataType.BOOLEAN: "BOOLEAN",
        DataType.ARRAY: "ARRAY",
        DataType.VARIANT: "VARIANT",
    },
    text=_text,
    delimited=_delimited,
    path=lambda keys: "".join(f"[{_text(key)}]" for key in keys),
    is_run=False,
)
