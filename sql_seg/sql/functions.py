"""How engines write the functions of the language: a row for each function, and in it each engine.

No engine has a function because others have it: a row that forgets one fails a test. So a new function cannot
become SQL that an engine nobody thought of does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from sql_seg.sql.engine import Operation
from sql_seg.sql.fragments import Level, template


def _in(engines: str, operation: Operation) -> dict[str, Operation]:
    """Return that some engines write a function in the same way."""
    return dict.fromkeys(engines.split(), operation)


# LOWER and UPPER change one letter into one. Engines that know more, such as SS for ß, are kept from it.
_SPARK_UPPER = (
    "array_join(transform(split({0}, ''), x -> CASE WHEN char_length(upper(x)) <= 1 THEN upper(x)"
    " WHEN char_length(initcap(x)) = 1 THEN initcap(x) ELSE x END), '')"
)
# what lower() does not make one for one: İ, and Σ at the end of a word; I is another letter in Turkish
_SPARK_LOWER = "lower(replace(replace(replace({0}, 'I', 'i'), 'İ', 'i'), 'Σ', 'σ'))"
_CLICKHOUSE_LETTERS = (
    "CASE WHEN {0:concat} IS NOT NULL THEN arrayStringConcat(arrayMap(x -> multiIf("
    "lengthUTF8(%(name)s(x)) = 1, %(name)s(x), %(else)s), extractAll(ifNull({0}, ''), '(?s).'))) END"
)
_CLICKHOUSE_TITLE = "if(lengthUTF8(initcapUTF8(x)) = 1, initcapUTF8(x), x)"
_CLICKHOUSE_FIRST = "substringUTF8(lowerUTF8(x), 1, 1)"
# the one letter whose capital DuckDB takes to be another
_DUCKDB_UPPER = "array_to_string(list_transform(string_split({0}, 'ß'), lambda x: upper(x)), 'ß')"

FUNCTIONS: Mapping[str, Mapping[str, Operation]] = {
    "CONCAT": _in(
        "bigquery clickhouse databricks duckdb postgres redshift snowflake spark",
        template("{0:concat} || {1:sum}", Level.CONCAT),
    ),
    "LENGTH": {
        **_in("duckdb postgres snowflake", template("length({0})")),
        **_in("databricks spark", template("char_length({0})")),
        "bigquery": template("CHAR_LENGTH({0})"),
        "clickhouse": template("lengthUTF8({0})"),
        "redshift": template("len({0})"),
    },
    "LOWER": {
        **_in("bigquery duckdb postgres redshift snowflake", template("lower({0})")),
        **_in("databricks spark", template(_SPARK_LOWER)),
        "clickhouse": template(_CLICKHOUSE_LETTERS % {"name": "lowerUTF8", "else": _CLICKHOUSE_FIRST}),
    },
    "UPPER": {
        **_in("bigquery postgres redshift snowflake", template("upper({0})")),
        **_in("databricks spark", template(_SPARK_UPPER)),
        "clickhouse": template(_CLICKHOUSE_LETTERS % {"name": "upperUTF8", "else": _CLICKHOUSE_TITLE}),
        "duckdb": template(_DUCKDB_UPPER),
    },
}
"""By the function's name, then by the engine's, as ``sql-seg sql --to`` names it."""


def functions_of(engine: str) -> dict[str, Operation]:
    """Return how an engine writes each function that it was taught."""
    return {name: row[engine] for name, row in FUNCTIONS.items() if engine in row}
