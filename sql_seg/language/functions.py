"""The functions: one row each."""

from __future__ import annotations

from enum import Enum

from sql_seg.diagnostics import Provenance
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType, Dialect


class Parameter(Enum):
    """What an argument may be; the value is how messages call it."""

    TEXT = "a text"
    TIMESTAMP = "a timestamp"
    COMPARABLE = "a text, number or timestamp"
    UNIT = "a unit of time (second, minute, hour, day, week, month or year)"
    INTEGER = "an integer literal"
    ARRAY = "an array"
    ARRAY_OR_MAP = "an array or map"
    TEXT_OR_LIST = "a text, or a list of texts in square brackets"


@frozen
class Function:
    """A function: its parameters in order, its result, and where it is known from in each dialect.

    ``result`` None is the argument's own type. With ``variadic`` the last parameter may repeat.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: DataType | None
    provenance: dict[Dialect, Provenance]
    variadic: frozenset[Dialect] = frozenset()
    usage: str = ""

    def takes(self, count: int, dialect: Dialect) -> bool:
        """Return whether the function takes so many arguments."""
        least = len(self.parameters)
        return count == least or (dialect in self.variadic and count > least)

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that an argument stands for."""
        return self.parameters[min(index, len(self.parameters) - 1)]


_V1, _V2 = Dialect.V1, Dialect.V2
_DOC, _SEEN, _OURS = Provenance.DOCUMENTED, Provenance.SEEN, Provenance.OURS

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "CONTAINS",
            (Parameter.ARRAY_OR_MAP, Parameter.TEXT),
            DataType.BOOLEAN,
            {_V1: _DOC},
            usage="CONTAINS(array, value)",
        ),
        Function(
            "ARRAY_CONTAINS",
            (Parameter.ARRAY, Parameter.TEXT_OR_LIST),
            DataType.BOOLEAN,
            {_V2: _SEEN},
            usage="ARRAY_CONTAINS(array, value) or ARRAY_CONTAINS(array, [value, …])",
        ),
        Function(
            "CONCAT",
            (Parameter.TEXT, Parameter.TEXT),
            DataType.VARCHAR,
            {_V1: _DOC, _V2: _OURS},
            variadic=frozenset({_V2}),
            usage="CONCAT(text, text)",
        ),
        Function("LENGTH", (Parameter.TEXT,), DataType.NUMBER, {_V1: _DOC, _V2: _OURS}, usage="LENGTH(text)"),
        Function("LOWER", (Parameter.TEXT,), DataType.VARCHAR, {_V1: _DOC, _V2: _OURS}, usage="LOWER(text)"),
        Function("UPPER", (Parameter.TEXT,), DataType.VARCHAR, {_V2: _OURS}, usage="UPPER(text)"),
        Function("NOW", (), DataType.TIMESTAMP, {_V1: _DOC, _V2: _OURS}, usage="NOW()"),
        Function("CURRENT_TIMESTAMP", (), DataType.TIMESTAMP, {_V2: _DOC}, usage="CURRENT_TIMESTAMP"),
        Function(
            "TIMESTAMPADD",
            (Parameter.UNIT, Parameter.INTEGER, Parameter.TIMESTAMP),
            DataType.TIMESTAMP,
            {_V2: _SEEN},
            usage="TIMESTAMPADD(unit, number, timestamp)",
        ),
        Function("MAX", (Parameter.COMPARABLE,), None, {_V2: _DOC}, usage="MAX(expression)"),
    )
}

AGGREGATES = frozenset(
    "COUNT MIN SUM AVG MEDIAN STDDEV VARIANCE ANY_VALUE LISTAGG ARRAY_AGG STRING_AGG GROUP_CONCAT".split()
)
"""Aggregates that people know from other SQL; MAX is the one that there is."""
