"""Which value of a contact is to blame for an error inside a predicate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.reads import Reads, read_by
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.language.values import expected, fits, is_missing, read_plain

NO_CONTACT: Any = object()
"""Stands for the contact while there is none yet: an error then is nobody's."""

ERRORS = (TypeError, AttributeError, ValueError, ArithmeticError)
"""What Python raises where a value is of another type than its column, or a number past all doubles."""

_ADDRESSES = {
    "contact_id": DataType.VARCHAR,
    "email": DataType.VARCHAR,
    "alternate_emails": DataType.ARRAY,
}
"""The columns by which events are found to their contacts."""


LookAtKeys = Callable[[Any, Collection[str]], None]
"""Looks at the keys of a contact that lacks some of the columns that are read, and raises what is wrong."""


class Blame:
    """Knows columns of contacts that are read, with their types: those by which events are found too.

    ``untyped`` are those of which the query does not say what they hold. Which they are is only asked when
    there is something to blame a contact for.
    """

    def __init__(self, reads: Callable[[], Reads] | None = None, look: LookAtKeys | None = None) -> None:
        self._reads = reads
        self._look = look

    @classmethod
    def of(cls, condition: core.Term) -> Blame:
        """Return the blame for a condition: of the contact that is judged, or of those in subqueries."""
        return cls(lambda: read_by(condition))

    def absent(self, contact: Any) -> bool:
        """Return False: a value is not there. Whoever looks at the keys raises where it is under another."""
        if self._look is not None and self._reads is not None:
            columns = self._reads().columns.keys()
            if not columns <= contact.keys():
                self._look(contact, columns)
        return False

    def __call__(self, contact: Any, error: Exception) -> None:
        """Raise RecordError if a contact holds a value that its column cannot hold; else return."""
        if contact is NO_CONTACT:
            return
        must_be_mapping(contact)
        self.check(contact, error)
        if self._reads is not None and self._reads().untyped and self.cleaned(contact) is contact:
            names = sorted(self._reads().untyped)
            raise RecordError(
                f"the values of {' and '.join(names)} cannot be compared as the query compares them: "
                f"{', '.join(f'{contact.get(name)!r:.80}' for name in names)}",
                key=names[0],
                value=contact.get(names[0]),
                expected="values of one type",
            ) from error

    def check(self, contact: Mapping[str, Any], error: Exception | None = None) -> None:
        """Raise RecordError if a contact holds a value that its column cannot hold."""
        for name, data_type in self._columns.items():
            value = contact.get(name)
            if not fits(value, data_type):
                raise RecordError(
                    f"the column {name} holds {expected(data_type)}, not {value!r:.80}",
                    key=name,
                    value=value,
                    expected=expected(data_type),
                ) from error

    def cleaned(self, contact: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a contact, all of whose values fit, with plain values: itself, where they are."""
        changes: dict[str, Any] = {}
        untyped = self._reads().untyped if self._reads is not None else frozenset()
        for name, data_type in self._columns.items():
            value = contact.get(name)
            plain = read_plain(value, data_type)
            if type(plain) is not type(value) or plain != value:
                changes[name] = plain
        for name in untyped:
            if is_missing(contact.get(name)):
                changes[name] = None
        return {**contact, **changes} if changes else contact

    @property
    def _columns(self) -> Mapping[str, DataType]:
        if self._reads is None:
            return _ADDRESSES
        reads = self._reads()
        return {**{k: v for k, v in reads.columns.items() if k not in reads.untyped}, **_ADDRESSES}


class Again:
    """Asks once more, after an error, of a contact with plain values: NaN and the like stopped the code."""

    def __init__(self, blame: Blame, judge: Callable[[], Callable[..., bool]]) -> None:
        self._blame = blame
        self._judge = judge

    def __call__(self, contact: Any, *events_and_error: Any) -> bool:
        """Return whether a contact is a member.

        Raises RecordError for a value that its column cannot hold; the error itself, if it is not the
        contact's: of an iterator, or of who is given the members.
        """
        *events, error = events_and_error
        self._blame(contact, error)
        if contact is NO_CONTACT:
            raise error
        cleaned = self._blame.cleaned(contact)
        if cleaned is contact or not self._fails(contact, events, error):
            raise error
        return bool(self._judge()(cleaned, *events))

    def _fails(self, contact: Any, events: list[Any], error: Exception) -> bool:
        """Return whether asking of a contact as it is makes such an error."""
        if events:  # asked of this one contact
            return True
        try:
            bool(self._judge()(contact))
        except type(error):
            return True
        return False


def must_be_mapping(contact: Any) -> None:
    """Raise RecordError for a contact that is no mapping."""
    if not isinstance(contact, Mapping):
        raise RecordError(
            f"a contact must be a mapping, not {type(contact).__name__}",
            value=contact,
            expected="a mapping",
        )
