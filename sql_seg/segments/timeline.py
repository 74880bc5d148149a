"""A segment's members over time, of the same contacts and events: how many, who comes and who goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sql_seg import markup
from sql_seg.core.scalars import shift
from sql_seg.language.datatypes import TimeUnit
from sql_seg.language.timestamps import the_moment, write_timestamp

if TYPE_CHECKING:
    from sql_seg.engines.dataset import Dataset
    from sql_seg.engines.home import Question

STEPS = {
    "hour": (TimeUnit.HOUR, 1),
    "day": (TimeUnit.DAY, 1),
    "week": (TimeUnit.DAY, 7),
    "month": (TimeUnit.MONTH, 1),
}
"""How far the instants of a timeline may be apart."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A segment at a moment: how many members it has, and who came and went since the one before.

    At the first instant nobody came or went.
    """

    now: datetime
    count: int
    entered: tuple[str | None, ...] = ()
    left: tuple[str | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the instant as JSON has it."""
        return {
            "now": write_timestamp(self.now),
            "count": self.count,
            "entered": list(self.entered),
            "left": list(self.left),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """A segment's members at several moments, of ``total`` contacts."""

    total: int
    instants: tuple[Instant, ...]

    def __repr__(self) -> str:
        return f"<Timeline: {self}>"

    def __str__(self) -> str:
        if not self.instants:
            return f"{self.total:,} contacts, at no moment"
        first, last = self.instants[0], self.instants[-1]
        return (
            f"{first.count:,} of {self.total:,} contacts at {write_timestamp(first.now)}, "
            f"{last.count:,} at {write_timestamp(last.now)}"
        )

    def _repr_html_(self) -> str:
        rows = [
            (write_timestamp(one.now), one.count, len(one.entered), len(one.left)) for one in self.instants
        ]
        table = markup.table(("now", "members", "entered", "left"), rows)
        return markup.block(markup.paragraph(self, strong=True), table)

    def to_json(self) -> dict[str, Any]:
        """Return the timeline as JSON has it."""
        return {"total": self.total, "instants": [instant.to_json() for instant in self.instants]}


def timeline_of(question: Question, dataset: Dataset, instants: Iterable[datetime]) -> Timeline:
    """Return the members at each instant. Raises ValueError for a naive one."""
    found: list[Instant] = []
    before: Sequence[str | None] | None = None
    for instant in instants:
        moment = the_moment(instant)
        ids = list(dataset._home.ids(question, moment))
        entered = () if before is None else _beside(ids, before)
        left = () if before is None else _beside(before, ids)
        found.append(Instant(moment, len(ids), entered, left))
        before = ids
    return Timeline(len(dataset), tuple(found))


def _beside(some: Sequence[str | None], others: Sequence[str | None]) -> tuple[str | None, ...]:
    known = set(others)
    return tuple([contact for contact in some if contact not in known])


def instants_between(first: datetime, last: datetime, step: str) -> Iterator[datetime]:
    """Yield the first instant, and those of each step behind it, up to the last one included.

    Months are counted from the first instant: from 31 January they lead to the last day of February.
    """
    unit, amount = STEPS[step]
    number = 0
    moment: datetime | None = first
    while moment is not None and moment <= last:
        yield moment
        number += 1
        moment = shift(first, unit, amount * number)
