"""PostgreSQL's SQL. Timestamps are ``timestamp`` in UTC, numbers ``double precision``, arrays ``text[]``.

``data`` is ``jsonb``. Sums and products that are no finite double, and casts of what is no timestamp, would
end the query: each is looked at before it is worked out.
"""

from __future__ import annotations

from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Engine, Operation, Unsupported
from sql_seg.sql.fragments import (
    MOMENT,
    TOO_FINE,
    ZONE,
    Level,
    Sql,
    in_template,
    literals,
    quoted,
    template,
    why_no_nul,
)
from sql_seg.sql.functions import functions_of

_ONCE = "(SELECT %s FROM (SELECT {0} AS x, {1} AS y OFFSET 0) AS once)"
_LEAST = f"{5e-324!r}::float8"
_MOST = f"{2.0**1023!r}::float8"
_DOWN, _UP = f"{2.0**-512!r}::float8", f"{2.0**512!r}::float8"
_FAR_DOWN, _FAR_UP = f"{2.0**-537!r}::float8", f"{2.0**538!r}::float8"
_BITS = "greatest(0, floor(ln(greatest(abs({0}), 1)) / 0.6931) - 60)"
"""How many powers of two a number is divided by, so that what is left is whole, exact and fits a bigint."""
_LEFT = f"ln(greatest(abs({{0}}), {_LEAST}))"
_RIGHT = f"ln(greatest(abs({{1}}), {_LEAST}))"
_GUARDED = {
    "add": f"CASE WHEN abs(trunc({{0}}) * 0.5 + trunc({{1}}) * 0.5) < {_MOST}"
    " THEN {0:sum} + {1:product} END",
    "subtract": f"CASE WHEN abs(trunc({{0}}) * 0.5 - trunc({{1}}) * 0.5) < {_MOST}"
    " THEN {0:sum} - {1:product} END",
    # far from both ends by its logarithm; near one, the same over numbers that are nearer to 1.
    # greatest and least pass over NULL
    "multiply": "CASE WHEN {0:concat} IS NULL OR {1:concat} IS NULL THEN NULL"
    f" WHEN {{0:concat}} = 0 OR {{1:concat}} = 0 OR {_LEFT} + {_RIGHT} BETWEEN -744 AND 709"
    f" THEN {{0:product}} * {{1:unary}} WHEN {_LEFT} + {_RIGHT} < 0 THEN"
    f" CASE WHEN least(abs({{0}}), 1) * {_FAR_UP} * (least(abs({{1}}), 1) * {_FAR_UP}) > 2"
    " THEN {0:product} * {1:unary} ELSE 0 END"
    f" WHEN greatest(abs({{0}}), 1) * {_DOWN} * (greatest(abs({{1}}), 1) * {_DOWN}) < 1"
    " THEN {0:product} * {1:unary} END",
    "divide": "CASE WHEN {0:concat} IS NULL OR {1:concat} IS NULL OR {1:concat} = 0 THEN NULL"
    f" WHEN {{0:concat}} = 0 OR {_LEFT} - {_RIGHT} BETWEEN -744 AND 709 THEN {{0:product}} / {{1:unary}}"
    f" WHEN {_LEFT} - {_RIGHT} < 0 THEN"
    f" CASE WHEN least(abs({{0}}), 1) * {_FAR_UP} / (greatest(abs({{1}}), 1) * {_FAR_DOWN}) > 1"
    " THEN {0:product} / {1:unary} ELSE 0 END"
    f" WHEN greatest(abs({{0}}), 1e-20) * {_DOWN} / (least(abs({{1}}), 1) * {_UP}) < 1"
    " THEN {0:product} / {1:unary} END",
    "modulo whole": f"(mod(trunc({{0:product}} / 2::float8 ^ {_BITS})::bigint"
    f" * 2::numeric ^ {_BITS}::numeric,"
    " {1:atom}::numeric)::float8 + ({0:sum} - trunc({0})))",
}
_IN_YEARS = "%s BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
_ONLY_IN_YEARS = f"(SELECT x FROM (SELECT %s AS x OFFSET 0) AS once WHERE {_IN_YEARS % 'x'})"
_KIND = "jsonb_typeof({0}{1})"
_TEXT = "({0}{1} #>> '{{}}')"
_MOMENT = in_template(MOMENT)
_ZONE, _TOO_FINE = in_template(ZONE), in_template(TOO_FINE)
_CLOCK = f"regexp_replace(regexp_replace({_TEXT}, '{_ZONE}', ''), '{_TOO_FINE}', '\\1')"
_OFFSET = f"substring({_TEXT} from '{_ZONE}')"
_READ = (
    f"CAST({_CLOCK} AS timestamp) - CASE WHEN length({_OFFSET}) > 1"
    f" THEN CAST(left({_OFFSET}, 3) || ':' || right({_OFFSET}, 2) AS interval) ELSE INTERVAL '0' END"
)
_FINITE = f"abs({_TEXT}::numeric) < 1.7976931348623158e308"
_SECONDS = f"TIMESTAMP '1970-01-01 00:00:00' + round({_TEXT}::float8 * 1e6) * INTERVAL '1 microsecond'"
_NUMERAL = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"

_ROWS: dict[str, Operation] = {
    **STANDARD,
    **{
        f"text {word}": template(f'{{0:unary}} COLLATE "C" {word} {{1:concat}}', Level.PREDICATE)
        for word in ("<", "<=", ">", ">=")
    },
    "text between": template('{0:unary} COLLATE "C" BETWEEN {1:concat} AND {2:concat}', Level.PREDICATE),
    "not text between": template(
        '{0:unary} COLLATE "C" NOT BETWEEN {1:concat} AND {2:concat}', Level.PREDICATE
    ),
    "max text": template('max({0:unary} COLLATE "C")'),
    "like escaped": STANDARD["like"],
    "not like escaped": STANDARD["not like"],
    # numbers: what is no finite double is NULL where it is worked out
    **{name: template(text) for name, text in _GUARDED.items()},
    **{f"{name} once": template(_ONCE % text.format(Sql("x"), Sql("y"))) for name, text in _GUARDED.items()},
    "add small": template("{0:sum} + {1:product}", Level.SUM),
    "subtract small": template("{0:sum} - {1:product}", Level.SUM),
    "divisor": template("{0}"),
    "divisor once": template("{0}"),
    "modulo": Unsupported("it has no % of fractions: the divisor must be a whole number in the query"),
    "as double": template("{0:atom}::float8"),
    "finite": template("{0}"),
    "finite once": template("{0}"),
    # arrays
    "array has": template("{1:concat} = ANY({0})", Level.PREDICATE),
    "array has any": template("{0:concat} && ARRAY[{1}]", Level.CONCAT),
    "array has value": template("CASE WHEN {1:concat} IS NOT NULL THEN {1:concat} = ANY({0}) END"),
    # times
    **{f"add {unit}s": template(f"{{0:sum}} + INTERVAL '{{1}} {unit}s'", Level.SUM) for unit in UNITS},
    "in years": template(f"CASE WHEN {_IN_YEARS % '{0:concat}'} THEN {{0}} END"),
    "in years once": template(_ONLY_IN_YEARS % "{0}"),
    # JSON
    "json any": template(_KIND),
    "json plain": template("{0}{1} #>> '{{}}'", Level.CONCAT),
    "json text": template(
        f"CASE {_KIND} WHEN 'string' THEN {_TEXT} WHEN 'boolean' THEN {_TEXT} WHEN 'number' THEN"
        f" CASE WHEN NOT {_FINITE} THEN NULL WHEN {_TEXT} ~ '^-?[0-9]+$' THEN {_TEXT}::numeric::text"
        f" ELSE {_TEXT}::float8::text::numeric::text END END"
    ),
    "json number": template(
        f"CASE WHEN {_KIND} = 'boolean' THEN CASE {_TEXT} WHEN 'true' THEN 1 ELSE 0 END::float8"
        f" WHEN {_KIND} = 'number' OR {_KIND} = 'string' AND {_TEXT} ~ '{_NUMERAL}'"
        f" THEN CASE WHEN {_FINITE} THEN {_TEXT}::float8 END END"
    ),
    "json boolean": template(
        f"CASE WHEN {_KIND} IN ('string', 'boolean') THEN"
        f" CASE lower({_TEXT}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"
    ),
    "json timestamp": template(
        f"CASE WHEN {_KIND} = 'number' AND abs({_TEXT}::numeric) <= 300000000000"
        f" THEN {_ONLY_IN_YEARS % _SECONDS}"
        f" WHEN {_KIND} = 'string' AND {_TEXT} ~ '^{_MOMENT}$' THEN {_ONLY_IN_YEARS % _READ} END"
    ),
    "json array": template(
        f"CASE {_KIND} WHEN 'string' THEN ARRAY[{_TEXT}] WHEN 'array' THEN"
        " ARRAY(SELECT x #>> '{{}}' FROM jsonb_array_elements({0}{1}) AS x WHERE jsonb_typeof(x) = 'string')"
        " END"
    ),
    "map text": template(
        f"CASE WHEN {_KIND} IN ('string', 'boolean') OR {_KIND} = 'number' AND {_TEXT} ~ '^-?[0-9]+$'"
        f" THEN {_TEXT} WHEN {_KIND} = 'number' AND {_FINITE} THEN {_TEXT}::float8::text END"
    ),
    "has key": Unsupported("CONTAINS(event_data, key) needs a key that is written out"),
}


def _quoted(text: str) -> str:
    """Return a text in quotes that reads the same whatever standard_conforming_strings is."""
    return "E" + quoted(text.replace("\\", "\\\\")) if "\\" in text else quoted(text)


def _path(keys: tuple[str, ...]) -> str:
    """Return ``-> 'a' -> 'b'``: an operator that finds keys of objects alone, never places in lists."""
    return "".join(f" -> {_text(key):sum}" for key in keys)


_text = literals(_quoted, "chr({0})")

POSTGRES = Engine(
    name="postgres",
    title="PostgreSQL",
    rows=_ROWS,
    functions=functions_of("postgres"),
    types={
        DataType.VARCHAR: "text",
        DataType.NUMBER: "double precision",
        DataType.TIMESTAMP: "timestamp",
        DataType.BOOLEAN: "boolean",
        DataType.ARRAY: "text[]",
        DataType.VARIANT: "text",
    },
    text=_text,
    delimited=lambda name: '"' + name.replace('"', '""') + '"',
    path=_path,
    unlike=why_no_nul,
)
