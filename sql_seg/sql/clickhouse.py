"""ClickHouse's SQL. Timestamps are Nullable(DateTime64(6, 'UTC')), numbers Nullable(Float64).

``data`` is a Nullable(String) of JSON. Arrays are Array(String), which cannot be NULL: a missing one is empty
there. IN passes over NULL, so that what it does not find is FALSE where it should be NULL; dates stop at the
year 9999 in silence.
"""

from __future__ import annotations

import re

from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine, Operation, Unsupported
from sql_seg.sql.fragments import MOMENT, TOO_FINE, ZONE, Level, Sql, in_template, template
from sql_seg.sql.functions import functions_of

_ONCE = "arrayFirstOrNull(x -> %s, [{0}])"
_KIND = "JSONType({0}{1})"
_TEXT = "JSONExtractString({0}{1})"
_IS_NUMBER = f"{_KIND} IN ('Int64', 'UInt64', 'Double')"
_DOUBLE = f"arrayFirstOrNull(x -> isFinite(x), [toFloat64OrNull({_TEXT})])"
_NUMERAL = "^[+-]?[0-9]+([.][0-9]+)?$"
_CLOCK = (
    f"replaceRegexpOne(replaceRegexpOne({_TEXT}, '{in_template(ZONE)}', ''),"
    f" '{in_template(TOO_FINE)}', '\\\\1')"
)
_OFFSET = f"extract({_TEXT}, '[+-][0-9]{{{{2}}}}:?[0-9]{{{{2}}}}$')"
_MINUTES = (
    f"if({_OFFSET} = '', 0, toInt32(concat(substring({_OFFSET}, 1, 1), '1'))"
    f" * (toInt32(substring({_OFFSET}, 2, 2)) * 60 + toInt32(right({_OFFSET}, 2))))"
)
_READ = f"parseDateTime64BestEffortOrNull({_CLOCK}, 6, 'UTC') - toIntervalMinute({_MINUTES})"
_FIRST = "toDateTime64('0001-01-01 00:00:00', 6, 'UTC')"
_LAST = "toDateTime64('9999-12-31 23:59:59.999999', 6, 'UTC')"
_BOUNDS = f"BETWEEN {_FIRST} + toIntervalMinute({_MINUTES}) AND {_LAST} + toIntervalMinute({_MINUTES})"
_MANTISSA = "replaceAll(replaceAll(splitByChar('e', x)[1], '.', ''), '-', '')"
_EXPONENT = "toInt32(splitByChar('e', x)[2])"
_SIGN = "if(startsWith(x, '-'), '-', '')"
_WITHOUT_EXPONENT = (
    f"multiIf(x IN ('0', '-0'), '0', position(x, 'e') = 0, x, {_EXPONENT} > 0,"
    f" concat({_SIGN}, rightPad({_MANTISSA}, {_EXPONENT} + 1, '0')),"
    f" concat({_SIGN}, '0.', repeat('0', -{_EXPONENT} - 1), {_MANTISSA}))"
)
_DECIMAL = f"arrayMap(x -> {_WITHOUT_EXPONENT}, [toString(assumeNotNull({_DOUBLE}))])[1]"
_IN_QUERY = (
    "CASE WHEN (SELECT count() FROM (\n{1}\n)) = 0 THEN FALSE WHEN {0:concat} IN (\n{1}\n) THEN TRUE"
    " WHEN {0:concat} IS NULL OR (SELECT countIf(v IS NULL) FROM (\n{1}\n)) > 0 THEN NULL ELSE FALSE END"
)

_ROWS: dict[str, Operation] = {
    **STANDARD,
    "number in": template("{0:sum} + 0 IN ({1})", Level.PREDICATE),
    "not number in": template("{0:sum} + 0 NOT IN ({1})", Level.PREDICATE),
    "in or null": template("CASE WHEN {0:concat} IN ({1}) THEN TRUE END"),
    "not in or null": template("CASE WHEN {0:concat} IN ({1}) THEN FALSE END"),
    "in query value": template(_IN_QUERY),
    "not in query value": template(f"NOT {_IN_QUERY}", Level.NOT),
    "never null": template("ifNull({0}, FALSE)"),
    "like escaped": STANDARD["like"],
    "not like escaped": STANDARD["not like"],
    "as double": template("toFloat64({0})"),
    "modulo": Unsupported(
        "its % of large numbers is not exact: the divisor must be a whole number in the query"
    ),
    "modulo whole": template("(toFloat64(toInt256(trunc({0})) % toInt256({1})) + ({0:sum} - trunc({0})))"),
    "modulo whole once": template(
        "arrayMap(x -> toFloat64(toInt256(trunc(x)) % toInt256({1})) + (x - trunc(x)), [{0}])[1]"
    ),
    "finite": template("CASE WHEN isFinite({0}) THEN {0} END"),
    "finite once": template(_ONCE % "isFinite(x)"),
    "divisor": template("CASE WHEN {0:concat} <> 0 AND isFinite({0}) THEN {0} END"),
    "divisor once": template(_ONCE % "x <> 0 AND isFinite(x)"),
    # arrays
    "array has": template("has({0}, {1})"),
    "array has any": template("hasAny({0}, [{1}])"),
    "array has value": template("CASE WHEN {1:concat} IS NOT NULL THEN has({0}, {1}) END"),
    # times
    "moment": template("toDateTime64('{0}', 6, 'UTC')"),
    **{f"add {unit}s": template(f"{{0:sum}} + toInterval{unit.title()}({{1}})", Level.SUM) for unit in UNITS},
    "in years": template("{0}"),
    "shift within": template("CASE WHEN {0:concat} BETWEEN {1} AND {2} THEN {3} END"),
    "max": template("maxOrNull({0})"),
    "max text": template("maxOrNull({0})"),
    # JSON
    "json any": template("CASE WHEN JSONHas({0}{1}) THEN 1 END"),
    "json plain": template(_TEXT),
    "json text": template(
        f"CASE WHEN {_KIND} IN ('String', 'Bool', 'Int64', 'UInt64') THEN {_TEXT}"
        f" WHEN {_KIND} = 'Double' AND {_DOUBLE} IS NOT NULL THEN {_DECIMAL} END"
    ),
    "json number": template(
        f"CASE WHEN {_KIND} = 'Bool' THEN if({_TEXT} = 'true', 1., 0.)"
        f" WHEN {_IS_NUMBER} OR {_KIND} = 'String' AND match({_TEXT}, '{_NUMERAL}') THEN {_DOUBLE} END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_IS_NUMBER} AND {_DOUBLE} BETWEEN -62135596800 AND 253402300799.9999"
        f" THEN {_FIRST} + toIntervalMicrosecond(toInt64(round(({_DOUBLE}) * 1e6)) + 62135596800000000)"
        f" WHEN {_KIND} = 'String' AND match({_TEXT}, '^{in_template(MOMENT)}$')"
        f" AND parseDateTime64BestEffortOrNull({_CLOCK}, 6, 'UTC') {_BOUNDS} THEN {_READ} END"
    ),
    "json array": Unsupported("ARRAY_CONTAINS of a path: its arrays cannot be NULL"),
    "map text": template(
        f"CASE WHEN {_KIND} IN ('String', 'Bool', 'Int64', 'UInt64') THEN {_TEXT}"
        f" WHEN {_KIND} = 'Double' THEN toString({_DOUBLE}) END"
    ),
    "json boolean": template(
        f"CASE {_KIND} WHEN 'Bool' THEN JSONExtractBool({{0}}{{1}}) WHEN 'String' THEN"
        f" CASE lower({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "has key": Unsupported("CONTAINS(event_data, key) needs a key that is written out"),
}

_CONTROL = re.compile("[\x00-\x1f\x7f]")


def _text(text: str) -> Sql:
    """Return a text in quotes, where backslashes are undone: control characters by their bytes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return Sql("'" + _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", escaped) + "'")


CLICKHOUSE = Engine(
    name="clickhouse",
    title="ClickHouse",
    rows=_ROWS,
    functions=functions_of("clickhouse"),
    types={
        DataType.VARCHAR: "Nullable(String)",
        DataType.NUMBER: "Nullable(Float64)",
        DataType.TIMESTAMP: "Nullable(DateTime64(6, 'UTC'))",
        DataType.BOOLEAN: "Nullable(Bool)",
        DataType.VARIANT: "Nullable(String)",
    },
    text=_text,
    delimited=lambda name: "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`",
    path=lambda keys: "".join(f", {_text(key)}" for key in keys),
    exists=False,
    finds_nulls=False,
)
