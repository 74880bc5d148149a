"""BigQuery's SQL. Timestamps are DATETIME in UTC, numbers FLOAT64, lists ARRAY<STRING>, ``data`` JSON.

It was never run here.
"""

from __future__ import annotations

from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine, Operation, Unsupported
from sql_seg.sql.fragments import MOMENT, Level, Sql, escaped, in_template, template, why_no_nul
from sql_seg.sql.functions import functions_of

_KIND = "JSON_TYPE(JSON_QUERY({0}, {1}))"
_TEXT = "JSON_VALUE({0}, {1})"
_DOUBLE = f"SAFE_CAST({_TEXT} AS FLOAT64)"
_ONCE = "(SELECT x FROM UNNEST([{0}]) AS x WHERE %s)"
_FINITE = "ABS(%s) < CAST('inf' AS FLOAT64)"

_ROWS: dict[str, Operation] = {
    **STANDARD,
    "like escaped": STANDARD["like"],
    "not like escaped": STANDARD["not like"],
    "as double": template("CAST({0} AS FLOAT64)"),
    # sums and products that are no finite double would end the query
    "add": template("SAFE_ADD({0}, {1})"),
    "subtract": template("SAFE_SUBTRACT({0}, {1})"),
    "multiply": template("SAFE_MULTIPLY({0}, {1})"),
    "divide": template("SAFE_DIVIDE({0}, {1})"),
    "modulo": Unsupported("it has no % of fractions"),
    "divisor": template("{0}"),
    "finite": template(f"IF({_FINITE % '{0}'}, {{0}}, NULL)"),
    "finite once": template(_ONCE % (_FINITE % "x")),
    # arrays
    "array has": template("{1:concat} IN UNNEST({0})", Level.PREDICATE),
    "array has any": template("EXISTS (SELECT 1 FROM UNNEST({0}) AS x WHERE x IN ({1}))"),
    "array has value": template("IF({1:concat} IS NOT NULL, {1:concat} IN UNNEST({0}), NULL)"),
    # times
    "moment": template("DATETIME '{0}'"),
    **{f"add {unit}s": template(f"DATETIME_ADD({{0}}, INTERVAL {{1}} {unit.upper()})") for unit in UNITS},
    "in years": template("{0}"),
    "shift within": template("IF({0:concat} BETWEEN {1} AND {2}, {3}, NULL)"),
    # JSON
    "json any": template(_KIND),
    "json plain": template(_TEXT),
    "json text": template(f"IF({_KIND} IN ('string', 'number', 'boolean'), {_TEXT}, NULL)"),
    "json number": template(
        f"CASE WHEN {_KIND} = 'boolean' THEN IF({_TEXT} = 'true', 1e0, 0e0) WHEN {_KIND} = 'number'"
        f" OR {_KIND} = 'string' AND REGEXP_CONTAINS({_TEXT}, r'^[+-]?[0-9]+([.][0-9]+)?\\z')"
        f" THEN {_DOUBLE} END"
    ),
    "json boolean": template(
        f"CASE WHEN {_KIND} IN ('string', 'boolean') THEN"
        f" CASE LOWER({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_KIND} = 'number' THEN"
        f" DATETIME(TIMESTAMP_MICROS(SAFE_CAST(ROUND({_DOUBLE} * 1e6) AS INT64)), 'UTC')"
        f" WHEN {_KIND} = 'string' AND REGEXP_CONTAINS({_TEXT}, r'^{in_template(MOMENT)}\\z')"
        f" THEN DATETIME(SAFE_CAST({_TEXT} AS TIMESTAMP), 'UTC') END"
    ),
    "json array": Unsupported("ARRAY_CONTAINS of a path"),
    "map text": template(f"IF({_KIND} IN ('string', 'number', 'boolean'), {_TEXT}, NULL)"),
    "has key": Unsupported("CONTAINS(event_data, key) needs a key that is written out"),
}


def _text(text: str) -> Sql:
    return Sql(f"'{escaped(text)}'")


def _path(keys: tuple[str, ...]) -> str:
    """Return ``$."a"."b"``."""
    if any('"' in key or "\\" in key for key in keys):
        raise UnsupportedSqlError("BigQuery", "a path with a key that has a quote or a backslash")
    return str(_text("$" + "".join(f'."{key}"' for key in keys)))


BIGQUERY = Engine(
    name="bigquery",
    title="BigQuery",
    rows=_ROWS,
    functions=functions_of("bigquery"),
    types={
        DataType.VARCHAR: "STRING",
        DataType.NUMBER: "FLOAT64",
        DataType.TIMESTAMP: "DATETIME",
        DataType.BOOLEAN: "BOOL",
        DataType.ARRAY: "ARRAY<STRING>",
        DataType.VARIANT: "STRING",
    },
    text=_text,
    delimited=lambda name: "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`",
    path=_path,
    is_run=False,
    unlike=why_no_nul,
)
