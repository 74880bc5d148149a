"""Redshift's SQL: an old PostgreSQL's, with JSON and arrays as SUPER. It was never run here.

Lists of texts and ``data`` are SUPER; timestamps are ``timestamp`` in UTC.
"""

from __future__ import annotations

from dataclasses import replace

from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.datatypes import DataType
from sql_seg.sql.common import STANDARD, UNITS
from sql_seg.sql.engine import Operation, Unsupported
from sql_seg.sql.fragments import Level, literals, quoted, template
from sql_seg.sql.functions import functions_of
from sql_seg.sql.postgres import POSTGRES

_JSON = Unsupported("JSON values that are no plain texts: name a column for the path with columns=")
_BACKSLASH = r"ESCAPE '\\'"

_ROWS: dict[str, Operation] = {
    **POSTGRES.rows,
    **{f"text {word}": STANDARD[f"text {word}"] for word in ("<", "<=", ">", ">=")},
    "text between": STANDARD["between"],
    "not text between": STANDARD["not between"],
    "max text": STANDARD["max"],
    "like escaped": template(f"{{0:concat}} LIKE {{1:sum}} {_BACKSLASH}", Level.PREDICATE),
    "not like escaped": template(f"{{0:concat}} NOT LIKE {{1:sum}} {_BACKSLASH}", Level.PREDICATE),
    **{f"{name} once": Unsupported("long arithmetic") for name in ("add", "subtract", "multiply", "divide")},
    "modulo whole": Unsupported("% of numbers that are not integers"),
    "modulo whole once": Unsupported("% of numbers that are not integers"),
    "in years once": Unsupported("times that are moved twice"),
    "array has": template("array_contains({0}, {1})"),
    "array has any": Unsupported("an array that holds any of several values: write an OR of single ones"),
    "array has value": Unsupported("an array that holds the value of a column"),
    **{f"add {unit}s": template(f"dateadd({unit}, {{1}}, {{0}})") for unit in UNITS},
    "json any": template("{0}{1}"),
    "json plain": template("CAST({0}{1} AS varchar)"),
    **dict.fromkeys(
        ("json text", "json number", "json boolean", "json timestamp", "json array", "map text"), _JSON
    ),
}


def _quoted(text: str) -> str:
    return quoted(text.replace("\\", "\\\\"))


def _path(keys: tuple[str, ...]) -> str:
    """Return ``."a"."b"``: the way into a SUPER."""
    if any('"' in key for key in keys):
        raise UnsupportedSqlError("Redshift", "a path with a key that has a quote")
    return "".join(f'."{key}"' for key in keys)


REDSHIFT = replace(
    POSTGRES,
    name="redshift",
    title="Redshift",
    rows=_ROWS,
    functions=functions_of("redshift"),
    types={
        DataType.VARCHAR: "varchar",
        DataType.NUMBER: "double precision",
        DataType.TIMESTAMP: "timestamp",
        DataType.BOOLEAN: "boolean",
    },
    text=literals(_quoted, "chr({0})"),
    path=_path,
    is_run=False,
)
