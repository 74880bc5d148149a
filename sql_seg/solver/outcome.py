"""What a search for a record comes to: found, proven impossible, or not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sql_seg.engines.dataset import Dataset
from sql_seg.language.schema import Schema


@dataclass(frozen=True, slots=True)
class Record:
    """A contact with its events, as ``Segment.matches`` takes them.

    ``contact`` is keyed by lower-case column name, and lacks what does not matter. ``events`` are rows of
    event_data. ``others`` are other contacts that the answer depends on, with their events.
    """

    contact: dict[str, Any]
    events: tuple[dict[str, Any], ...] = ()
    others: tuple[Record, ...] = ()

    @property
    def everyone(self) -> Iterator[Record]:
        """The record itself, then the others."""
        yield self
        yield from self.others

    def dataset(self, schema: Schema | None = None) -> Dataset:
        """Return the account that consists of the contact, which is first, and the others."""
        events = [event for record in self.everyone for event in record.events]
        return Dataset([record.contact for record in self.everyone], events, schema)


@dataclass(frozen=True, slots=True)
class Found:
    """There is such a record."""

    record: Record


@dataclass(frozen=True, slots=True)
class Impossible:
    """There surely is no such record, of contacts and events as SendGrid has them."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such record was found in so many attempts, of cases and of values; there may be one.

    ``reason`` says why that is no proof.
    """

    tried: int
    reason: str = ""


Outcome = Found | Impossible | NotFound
