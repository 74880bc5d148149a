"""An account as columns: its contacts and events, and which event is whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, repeat
from typing import Any

from sql_seg.columnar.answers import Answers
from sql_seg.columns import CodedVector, Mask, Table, masks
from sql_seg.columns.encoding import packed
from sql_seg.predicate import Account

Record = dict[str, Any]

_ID = "contact_id"


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

    @cached_property
    def every_contact(self) -> Mask:
        """All contacts."""
        return masks.every(len(self.contacts))

    def ids(self, contacts: Mask) -> Iterator[str | None]:
        """Yield the ids of some contacts, None where a contact has none."""
        length = len(self.contacts)
        vector = self.contacts.vectors.get(_ID)
        return compress(vector.values() if vector else repeat(None), masks.flags_of(contacts, length))

    def contacts_with(self, events: Mask) -> Mask:
        """Return the contacts to whom some of the events belong."""
        length = len(self.events)
        if not events:
            return masks.NONE
        nobody = len(self._number_of)
        found = bytearray(nobody + 1)
        for owner in compress(self._owners, masks.flags_of(events, length)):
            found[owner] = 1
        found[nobody] = 0
        if nobody == len(self.contacts):
            return masks.of_flags(found)
        return masks.of_flags(bytes([found[number] for number in self._numbers]))

    @cached_property
    def contacts_with_id(self) -> Mask:
        """The contacts whose id is not NULL."""
        nobody = len(self._number_of)
        return masks.of_flags(bytes([number != nobody for number in self._numbers]))

    @cached_property
    def contacts_with_events(self) -> Mask:
        """The contacts that have events."""
        return self.contacts_with(masks.every(len(self.events)))

    @cached_property
    def _number_of(self) -> dict[str | None, int]:
        vector = self.contacts.vectors.get(_ID)
        ids = {} if vector is None else dict.fromkeys(vector.values())
        ids.pop(None, None)
        return {contact_id: number for number, contact_id in enumerate(ids)}

    @cached_property
    def _owners(self) -> Sequence[int]:
        """For each event, the number of the contact id that it belongs to."""
        return self._numbered(self.events)

    @cached_property
    def _numbers(self) -> Sequence[int]:
        """For each contact, the number of its id; those without an id have the number after the last."""
        return self._numbered(self.contacts)

    def _numbered(self, table: Table) -> Sequence[int]:
        nobody = len(self._number_of)
        vector = table.vectors.get(_ID)
        if vector is None:
            return [nobody] * len(table)
        if isinstance(vector, CodedVector):
            numbers = [self._number_of.get(contact_id, nobody) for contact_id in vector.dictionary]
            return packed([numbers[code] for code in vector.codes], nobody + 1)
        return packed([self._number_of.get(contact_id, nobody) for contact_id in vector.values()], nobody + 1)

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
