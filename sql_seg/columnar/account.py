"""An account as columns: its contacts and events, and which event is whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sql_seg.columnar.answers import Answers
from sql_seg.columns import Mask, Table, TimeVector, Vector, encoded, masks
from sql_seg.evaluate import Account

Record = dict[str, Any]

_ID = "contact_id"


class _Belongings(NamedTuple):
    """Contact ids by number, in the order of contacts; the number after the last is nobody's."""

    length: int
    numbers: Sequence[int]
    """For each contact, the number of its id."""
    owners: Sequence[int]
    """For each event, the number of the contact id that it belongs to."""


class ColumnarAccount:
    """Contacts and event_data rows as tables. An event belongs to the contacts of its ``contact_id``."""

    def __init__(self, contacts: Table, events: Table) -> None:
        self.contacts = contacts
        self.events = events
        self.contact_answers = Answers()
        self.event_answers = Answers()

    @classmethod
    def of(
        cls, contacts: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]
    ) -> ColumnarAccount:
        """Return the account of records, which may then be changed: it has none of them."""
        return cls(Table.of(contacts), Table.of(events))

    def ids(self, contacts: Mask) -> Iterator[str | None]:
        """Yield the ids of some contacts, None where a contact has none."""
        length = len(self.contacts)
        vector = self.contacts.vectors.get(_ID)
        return masks.chosen([None] * length if vector is None else vector.values(), contacts)

    def contacts_with(self, events: Mask) -> Mask:
        """Return the contacts to whom some of the events belong."""
        if not events:
            return masks.NONE
        found = bytearray(self._belongings.length + 1)
        for owner in masks.chosen(self._belongings.owners, events):
            found[owner] = 1
        return masks.of_flags(bytes(self._of_contacts(found, 0)))

    def largest(self, events: Mask, vector: Vector) -> Vector:
        """Return for each contact the largest of the values that its events have, of ``events`` alone.

        NULL is skipped, and is the largest of none.
        """
        values = vector.numbers if isinstance(vector, TimeVector) else vector.values()
        some = events & ~vector.null
        largest: list[Any] = [None] * (self._belongings.length + 1)
        owners = masks.chosen(self._belongings.owners, some)
        for owner, value in zip(owners, masks.chosen(values, some), strict=True):
            known = largest[owner]
            if known is None or value > known:
                largest[owner] = value
        of_contacts = self._of_contacts(largest, None)
        return TimeVector.of(of_contacts) if isinstance(vector, TimeVector) else encoded(of_contacts)

    @cached_property
    def contacts_with_id(self) -> Mask:
        """The contacts whose id is not NULL."""
        vector = self.contacts.vectors.get(_ID)
        return masks.NONE if vector is None else masks.every(len(self.contacts)) & ~vector.null

    @cached_property
    def contacts_with_events(self) -> Mask:
        """The contacts that have events."""
        return self.contacts_with(masks.every(len(self.events)))

    def _of_contacts(self, of_ids: Sequence[Any], of_nobody: Any) -> Sequence[Any]:
        """Return for each contact what there is for the number of its id."""
        belongings = self._belongings
        if belongings.length == len(self.contacts):  # each has an id of its own
            return of_ids[:-1]
        return [of_nobody if number == belongings.length else of_ids[number] for number in belongings.numbers]

    @cached_property
    def _belongings(self) -> _Belongings:
        vector = self.contacts.vectors.get(_ID)
        ids = {} if vector is None else dict.fromkeys(vector.values())
        ids.pop(None, None)
        number_of = {contact_id: number for number, contact_id in enumerate(ids)}
        count = len(number_of)

        def numbered(table: Table) -> Sequence[int]:
            vector = table.vectors.get(_ID)
            if vector is None:
                return [count] * len(table)
            return list(vector.mapped(lambda contact_id: number_of.get(contact_id, count)))

        return _Belongings(count, numbered(self.contacts), numbered(self.events))

    def rows(self, keys: Iterable[str]) -> Account:
        """Return the account as rows that have these keys and the contact id, None for NULL."""
        kept = {_ID: None, **dict.fromkeys(keys)}
        return Account(list(_rows(self.contacts, kept)), list(_rows(self.events, kept)))


def _rows(table: Table, keys: Iterable[str]) -> Iterator[Record]:
    known = [key for key in keys if key in table.vectors]
    if not known:
        return ({} for _ in range(len(table)))
    columns = [table.vectors[key].values() for key in known]
    return (dict(zip(known, values, strict=True)) for values in zip(*columns, strict=True))
