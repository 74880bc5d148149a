"""The operations that most engines write in the same way, and take over as a whole."""

from __future__ import annotations

from sql_seg.language.datatypes import TimeUnit
from sql_seg.sql.engine import Operation
from sql_seg.sql.fragments import Level, template

_COMPARED = "{0:concat} %s {1:concat}"
_ORDERS = ("<", "<=", ">", ">=")
_BETWEEN = "{0:concat} %sBETWEEN {1:concat} AND {2:concat}"
_IN = "{0:concat} %sIN ({1})"
_IN_QUERY = "{0:concat} %sIN (\n{1}\n)"

UNITS = tuple(unit.value for unit in TimeUnit)

STANDARD: dict[str, Operation] = {
    # conditions
    "not": template("NOT {0:predicate}", Level.NOT),
    **{word: template(_COMPARED % word, Level.PREDICATE) for word in ("=", *_ORDERS)},
    "!=": template(_COMPARED % "<>", Level.PREDICATE),
    **{f"text {word}": template(_COMPARED % word, Level.PREDICATE) for word in _ORDERS},
    "between": template(_BETWEEN % "", Level.PREDICATE),
    "not between": template(_BETWEEN % "NOT ", Level.PREDICATE),
    "text between": template(_BETWEEN % "", Level.PREDICATE),
    "not text between": template(_BETWEEN % "NOT ", Level.PREDICATE),
    "in": template(_IN % "", Level.PREDICATE),
    "not in": template(_IN % "NOT ", Level.PREDICATE),
    "in or null": template("{0:concat} IN ({1}, NULL)", Level.PREDICATE),
    "not in or null": template("{0:concat} NOT IN ({1}, NULL)", Level.PREDICATE),
    "in query": template(_IN_QUERY % "", Level.PREDICATE),
    "not in query": template(_IN_QUERY % "NOT ", Level.PREDICATE),
    "exists": template("EXISTS (\n{0}\n)"),
    "never null": template("coalesce({0}, FALSE)"),
    "is null": template("{0:concat} IS NULL", Level.PREDICATE),
    "is not null": template("{0:concat} IS NOT NULL", Level.PREDICATE),
    "is true": template("{0:concat} IS TRUE", Level.PREDICATE),
    "is false": template("{0:concat} IS FALSE", Level.PREDICATE),
    "is not true": template("{0:concat} IS NOT TRUE", Level.PREDICATE),
    "is not false": template("{0:concat} IS NOT FALSE", Level.PREDICATE),
    "where not null": template("CASE WHEN {0:concat} IS NOT NULL THEN {1} END"),
    "like": template("{0:concat} LIKE {1:sum}", Level.PREDICATE),
    "not like": template("{0:concat} NOT LIKE {1:sum}", Level.PREDICATE),
    # numbers
    "add": template("{0:sum} + {1:product}", Level.SUM),
    "subtract": template("{0:sum} - {1:product}", Level.SUM),
    "multiply": template("{0:product} * {1:unary}", Level.PRODUCT),
    "divide": template("{0:product} / {1:unary}", Level.PRODUCT),
    "modulo": template("{0:product} % {1:unary}", Level.PRODUCT),
    "negate": template("-{0:atom}", Level.UNARY),
    "double": template("{0}"),
    # times
    "moment": template("TIMESTAMP '{0}'"),
    # maxima
    "max": template("max({0})"),
    "max text": template("max({0})"),
}
"""The operations as most engines have them."""
