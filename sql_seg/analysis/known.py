"""What is known of any term before a condition is read: its values, its function's, and what is never NULL.

Of a function it says what is certain beyond that it is NULL where an argument is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sql_seg.analysis.ordered import EVERYTHING, OrderedSet
from sql_seg.analysis.possible_values import Values
from sql_seg.core.terms import Applied, Calculation, ColumnValue, Constant, Meaning, Term
from sql_seg.core.traits import constant
from sql_seg.language import functions
from sql_seg.language.case_mapping import lower, upper
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import EVENT_TABLE


class Known(NamedTuple):
    """What is certain of a function's values.

    They are among ``values``, whole numbers if ``whole``, and texts that ``settles`` leaves as they are.
    """

    values: OrderedSet | None = None
    whole: bool = False
    settles: Callable[[str], str] | None = None


_NOTHING_MORE = Known()

FUNCTIONS: dict[str, Known] = {
    "LOWER": Known(settles=lower),
    "UPPER": Known(settles=upper),
    "LENGTH": Known(OrderedSet(False, ((0, 0),)), whole=True),
    "CONCAT": _NOTHING_MORE,
}
"""The functions that the analysis was taught: of a condition with another one nothing is claimed."""


def known_of(term: Term) -> Known:
    """Return what is certain of a term by its function, if it is one."""
    return FUNCTIONS.get(term.function, _NOTHING_MORE) if isinstance(term, Applied) else _NOTHING_MORE


_TEXTS = OrderedSet(False, (("", 0),))
_TRUTHS = OrderedSet(False, ((False, 0), (False, 1), (True, 0), (True, 1)))


def domain(term: Term) -> OrderedSet:
    """Return all values that a term can have, NULL apart."""
    if term.type is DataType.VARCHAR:
        return _TEXTS
    if term.type is DataType.BOOLEAN:
        return _TRUTHS
    return known_of(term).values or EVERYTHING


def not_null(term: Term) -> Values:
    """Return all that a term is where it is not NULL."""
    return Values(False, domain(term))


class RowKinds:
    """Which rows of a query are contacts, the others being events, and what SendGrid never leaves NULL."""

    def __init__(self, checked: Meaning) -> None:
        self._schema, self._contacts = checked.schema, checked.contact_rows

    def is_contact(self, row: int) -> bool:
        """Return whether a row is a contact."""
        return row in self._contacts

    def never_null(self, term: Term) -> bool:
        """Return whether a term is a column that SendGrid never leaves NULL."""
        if not isinstance(term, ColumnValue):
            return False
        table = self._schema.contact_data if self.is_contact(term.row) else EVENT_TABLE
        column = table.columns.get(term.name)
        return column is not None and not column.nullable


def settled(term: Term) -> Constant | None:
    """Return the constant that a term is, worked out where it is a function or a calculation of constants.

    Of a function that the analysis was not taught, nothing is worked out.
    """
    if isinstance(term, Applied) and term.function in FUNCTIONS:
        return _applied(term, functions.FUNCTIONS[term.function].evaluate, term.operands)
    if isinstance(term, Calculation):
        return _applied(term, term.operator.evaluate, (term.left, term.right))
    return constant(term)


def _applied(term: Term, evaluate: Any, operands: Iterable[Term]) -> Constant | None:
    values = []
    for operand in operands:
        value = settled(operand)
        if value is None:
            return None
        values.append(value.value)
    result = None if evaluate is None or None in values else evaluate(*values)
    return Constant(result, type=term.type, span=term.span)
