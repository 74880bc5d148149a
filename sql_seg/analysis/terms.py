"""What is known of any term before a condition is read: all its values, and which columns are never NULL."""

from __future__ import annotations

from sql_seg.analysis.functions import known_of
from sql_seg.analysis.ordered import EVERYTHING, OrderedSet
from sql_seg.analysis.values import Values
from sql_seg.core.terms import THE_CONTACT, ColumnValue, Term
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import EVENT_TABLE, Schema

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


class Rows:
    """Which rows of a query are contacts, the others being events, and what SendGrid never leaves NULL."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._contacts = {THE_CONTACT}

    def add_contact(self, row: int | None) -> None:
        """Note that a row, if any, is a contact."""
        if row is not None:
            self._contacts.add(row)

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
