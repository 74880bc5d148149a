"""The names that generated code uses."""

from __future__ import annotations

import ast
from enum import Enum, auto
from typing import Any

from sql_seg.core import terms as core
from sql_seg.evaluate import python_nodes as syntax


class Trust(Enum):
    """How far the values of contacts are trusted to be of their columns' types."""

    ALL = auto()
    """They were checked."""
    MOST = auto()
    """Wrong ones were looked for: what would be a member by mistake is looked at again, NaN is NULL."""
    NOTHING = auto()
    """What would be a member, or none, by mistake is looked at again."""


class Names:
    """The names that a module of generated code uses beside its local variables.

    ``trust`` says how the code is to be written, ``untyped`` are columns of which the query does not say what
    they hold; ``rows_of_contacts`` are the rows that are contacts, others' too.

    ``values`` are objects given to it; ``moments`` are terms of NOW alone, whose values are given to it
    for each now; ``subqueries`` and ``flat_walks`` are collected for each account, ``existences`` asked of
    each contact.
    """

    def __init__(self, trust: Trust = Trust.NOTHING, untyped: frozenset[str] = frozenset()) -> None:
        self.trust = trust
        self.untyped = untyped
        self.rows_of_contacts = {core.THE_CONTACT}
        self.values: dict[str, Any] = {}
        self.moments: dict[core.Term, str] = {}
        self.subqueries: dict[core.Subquery, str] = {}
        self.existences: dict[core.SomeEvent | core.LastEvent, str] = {}
        self.flat_walks: dict[core.SomeEvent, str] = {}

    def of_value(self, value: Any) -> ast.expr:
        """Return the name under which an object is given to the code."""
        identifier = f"value{len(self.values)}"
        self.values[identifier] = value
        return syntax.name(identifier)

    def of_moment(self, term: core.Term) -> str:
        """Return the name under which the value of a term of NOW is given to the code."""
        return self.moments.setdefault(term, f"moment{len(self.moments)}")

    def of_subquery(self, subquery: core.Subquery) -> str:
        """Return the name of the function that collects a subquery's values."""
        return self.subqueries.setdefault(subquery, f"subquery{len(self.subqueries)}")

    def of_flat_walk(self, term: core.SomeEvent) -> str:
        """Return the name of the function that collects the ids of the contacts with such an event."""
        return self.flat_walks.setdefault(term, f"walk{len(self.flat_walks)}")

    def of_existence(self, term: core.SomeEvent | core.LastEvent) -> str:
        """Return the name of the function that asks whether a contact has such events."""
        return self.existences.setdefault(term, f"exists{len(self.existences)}")


def record_name(row: int) -> ast.expr:
    """Return the variable that holds the record of a row."""
    return syntax.name(record_variable(row))


def record_variable(row: int) -> str:
    """Return the name of the variable that holds the record of a row."""
    return "contact" if row == core.THE_CONTACT else f"record{row}"


def maximum_name(index: int) -> str:
    """Return the variable that holds a maximum."""
    return f"maximum{index}"
