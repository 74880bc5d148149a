"""What would turn a verdict, as an explanation has it: the solver looks for it when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sql_seg.checking.checker import CheckedQuery
from sql_seg.errors import NeedsDatasetError
from sql_seg.explain import Changes, ValueChange

if TYPE_CHECKING:
    from sql_seg.solver import Change

Record = Mapping[str, Any]


def changes_of(
    checked: CheckedQuery, contact: Record, events: Sequence[Record], now: datetime, most: int
) -> Changes:
    """Return the smallest changes of a contact or its events that turn whether it is a member."""
    from sql_seg.solver import NotFound, smallest_changes

    try:
        found = smallest_changes(checked, contact, events, now=now, most=most)
    except NeedsDatasetError:
        return Changes(
            note="the answer depends on other contacts too: changes of this one were not looked for"
        )
    if isinstance(found, NotFound):
        return Changes(note=f"none were found: {found.reason}")
    return Changes(tuple([tuple([_shown(change, events) for change in one.changes]) for one in found]))


def _shown(change: Change, events: Sequence[Record]) -> ValueChange:
    event = None
    if change.event is not None and change.event < len(events):
        event = events[change.event]
    return ValueChange(change.name, change.before, change.after, event)
