"""Which value of a contact is to blame for an error inside a predicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sql_seg.core import terms as core
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.language.values import expected, fits

NO_CONTACT: Any = object()
"""Stands for the contact while there is none yet: an error then is nobody's."""

_ADDRESSES = {
    "contact_id": DataType.VARCHAR,
    "email": DataType.VARCHAR,
    "alternate_emails": DataType.ARRAY,
}
"""The columns by which events are found to their contacts."""


class Blame:
    """Knows columns of contacts that are read, with their types: those by which events are found too.

    Which they are is only asked when there is something to blame a contact for.
    """

    def __init__(self, columns: Callable[[], Mapping[str, DataType]] = dict) -> None:
        self._columns = columns

    @classmethod
    def of(cls, condition: core.Term) -> Blame:
        """Return the blame for a condition: of the contact that is judged, or of those in subqueries."""
        return cls(lambda: _columns_of_contacts(condition))

    def __call__(self, contact: Any, error: Exception) -> None:
        """Raise RecordError if a contact holds a value that its column cannot hold; else return."""
        if contact is NO_CONTACT:
            return
        must_be_mapping(contact)
        for name, data_type in {**self._columns(), **_ADDRESSES}.items():
            value = contact.get(name)
            if not fits(value, data_type):
                raise RecordError(
                    f"the column {name} holds {expected(data_type)}, not {value!r:.80}",
                    key=name,
                    value=value,
                    expected=expected(data_type),
                ) from error


def _columns_of_contacts(condition: core.Term) -> dict[str, DataType]:
    terms = list(core.walk(condition))
    rows = {core.THE_CONTACT, *(term.contact for term in terms if isinstance(term, core.Subquery))}
    columns = [term for term in terms if isinstance(term, core.ColumnValue) and term.row in rows]
    return {column.name: column.type for column in columns}


def must_be_mapping(contact: Any) -> None:
    """Raise RecordError for a contact that is no mapping."""
    if not isinstance(contact, Mapping):
        raise RecordError(
            f"a contact must be a mapping, not {type(contact).__name__}",
            value=contact,
            expected="a mapping",
        )
