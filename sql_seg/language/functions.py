"""The functions: one row each, which says all that is known of a function itself.

Most are functions of *values*: they have an ``evaluate``, and everything that reads the core form knows them
by it. The others become terms of their own: see ``Kind``. What an engine, the analysis and the solver know of
a function beyond its row stands in a table of theirs; a row says which of them know nothing, and a test holds
the tables against the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from sql_seg.frozen import frozen
from sql_seg.language.case_mapping import lower, upper
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.provenance import Provenance


class Parameter(Enum):
    """What an argument may be; the value is how messages call it."""

    TEXT = "a text"
    NUMBER = "a number"
    TIMESTAMP = "a timestamp"
    COMPARABLE = "a text, number or timestamp"
    UNIT = "a unit of time (second, minute, hour, day, week, month or year)"
    INTEGER = "an integer literal"
    ARRAY = "an array"
    ARRAY_OR_MAP = "an array or map"
    TEXT_OR_LIST = "a text, or a list of texts in square brackets"

    @property
    def type(self) -> DataType:
        """The type of the argument, where it can be of one alone. Raises KeyError where not."""
        return _TYPES[self]


_TYPES = {
    Parameter.TEXT: DataType.VARCHAR,
    Parameter.NUMBER: DataType.NUMBER,
    Parameter.TIMESTAMP: DataType.TIMESTAMP,
}


class Kind(Enum):
    """What a call becomes in the core form; rules and messages ask for it, not for names."""

    VALUE = "a function of values"
    CLOCK = "the one now"
    SHIFT = "a moved timestamp"
    CONTAINMENT = "a look into an array or map"
    AGGREGATE = "a maximum"


class Reading(Enum):
    """Who may know more of a function of values than its row says."""

    ANALYSIS = "what is certain of it: without, nothing is claimed of conditions with it"
    INVERSE = "from a wanted value back to an argument: without, the solver makes no guess"


@frozen
class Function:
    """A function: its parameters in order, its result, and where it is known from in each dialect.

    ``evaluate`` is what a function of values makes of arguments that are not NULL: never None, if it is
    ``total``. Of an argument that is NULL the function is NULL. ``result`` None is the argument's own type.
    With ``variadic`` the last parameter may repeat. ``unsupported`` are the readings that know nothing more
    of it.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: DataType | None
    provenance: dict[Dialect, Provenance]
    evaluate: Callable[..., Any] | None = None
    kind: Kind = Kind.VALUE
    total: bool = True
    variadic: frozenset[Dialect] = frozenset()
    usage: str = ""
    unsupported: frozenset[Reading] = frozenset()

    def takes(self, count: int, dialect: Dialect) -> bool:
        """Return whether the function takes so many arguments."""
        least = len(self.parameters)
        return count == least or (dialect in self.variadic and count > least)

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that an argument stands for."""
        return self.parameters[min(index, len(self.parameters) - 1)]


_V1, _V2 = Dialect.V1, Dialect.V2
_DOC, _SEEN, _OURS = Provenance.DOCUMENTED, Provenance.SEEN, Provenance.OURS
_TEXT, _TIME, _TRUTH = DataType.VARCHAR, DataType.TIMESTAMP, DataType.BOOLEAN


def _concat(*texts: str) -> str:
    return "".join(texts)


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("LOWER", (Parameter.TEXT,), _TEXT, {_V1: _DOC, _V2: _OURS}, lower, usage="LOWER(text)"),
        Function("UPPER", (Parameter.TEXT,), _TEXT, {_V2: _OURS}, upper, usage="UPPER(text)"),
        Function(
            "LENGTH", (Parameter.TEXT,), DataType.NUMBER, {_V1: _DOC, _V2: _OURS}, len, usage="LENGTH(text)"
        ),
        Function(
            "CONCAT",
            (Parameter.TEXT, Parameter.TEXT),
            _TEXT,
            {_V1: _DOC, _V2: _OURS},
            _concat,
            variadic=frozenset({_V2}),
            usage="CONCAT(text, text)",
        ),
        Function(
            "CONTAINS",
            (Parameter.ARRAY_OR_MAP, Parameter.TEXT),
            _TRUTH,
            {_V1: _DOC},
            kind=Kind.CONTAINMENT,
            usage="CONTAINS(array, value)",
        ),
        Function(
            "ARRAY_CONTAINS",
            (Parameter.ARRAY, Parameter.TEXT_OR_LIST),
            _TRUTH,
            {_V2: _SEEN},
            kind=Kind.CONTAINMENT,
            usage="ARRAY_CONTAINS(array, value) or ARRAY_CONTAINS(array, [value, …])",
        ),
        Function("NOW", (), _TIME, {_V1: _DOC, _V2: _OURS}, kind=Kind.CLOCK, usage="NOW()"),
        Function("CURRENT_TIMESTAMP", (), _TIME, {_V2: _DOC}, kind=Kind.CLOCK, usage="CURRENT_TIMESTAMP"),
        Function(
            "TIMESTAMPADD",
            (Parameter.UNIT, Parameter.INTEGER, Parameter.TIMESTAMP),
            _TIME,
            {_V2: _SEEN},
            kind=Kind.SHIFT,
            usage="TIMESTAMPADD(unit, number, timestamp)",
        ),
        Function(
            "MAX", (Parameter.COMPARABLE,), None, {_V2: _DOC}, kind=Kind.AGGREGATE, usage="MAX(expression)"
        ),
    )
}


def is_of(name: str, kind: Kind) -> bool:
    """Return whether a name is that of a function of a kind."""
    function = FUNCTIONS.get(name)
    return function is not None and function.kind is kind


AGGREGATES = frozenset(
    "COUNT MIN SUM AVG MEDIAN STDDEV VARIANCE ANY_VALUE LISTAGG ARRAY_AGG STRING_AGG GROUP_CONCAT".split()
)
"""Aggregates that people know from other SQL; MAX is the one that there is."""
