"""A segment asked of one contact: why it is a member or not, and what turns that: time, or a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from sql_seg.checking.checker import CheckedQuery
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import NeedsDatasetError
from sql_seg.evaluate.blame import must_be_mapping
from sql_seg.explain import Changes, Decider, Decision, Explainer, Explanation, ValueChange
from sql_seg.explain.turning_points import TurningPoint, turning_points
from sql_seg.language.schema import Row
from sql_seg.records.looking import check_alike, check_keys
from sql_seg.segments.population import alone, identified, own_events, refuse_events, require_events

if TYPE_CHECKING:
    from sql_seg.segments.segment import Segment
    from sql_seg.solver import Change


def decision_on(
    segment: Segment,
    contact: Row | str,
    events: Iterable[Row] | None,
    dataset: Dataset | None,
    now: datetime,
) -> Decision:
    """Return whether a contact is a member, and what decided it: ``Segment.decided_by``."""
    checked = segment.checked
    if dataset is not None:
        known = _known(contact, events, dataset)
        account = dataset._account
        return Decider(checked, now, account).decide(known, account.events_of(known))
    return Decider(checked, now).decide(*_as_rows(segment, _mapping(contact), events))


def explanation_of(
    segment: Segment,
    contact: Row | str,
    events: Iterable[Row] | None,
    dataset: Dataset | None,
    now: datetime,
    most: int,
) -> Explanation:
    """Return why a contact is a member, or is not: ``Segment.explain``."""
    checked = segment.checked
    if dataset is not None:
        known = _known(contact, events, dataset)
        rows: Sequence[Row] = list(dataset.events_of(known))
        explainer = _explainer(checked, now, dataset, has_id=known.get("contact_id") is not None)
    else:
        known, rows = _as_rows(segment, _mapping(contact), events)
        explainer = Explainer(checked, now)
    explained = explainer.explain(known, rows)
    return explained.with_changes(lambda: _changes(checked, known, rows, now, most))


def turning_points_of(
    segment: Segment,
    contact: Row,
    events: Iterable[Row] | None,
    now: datetime,
    most: int,
) -> tuple[TurningPoint, ...]:
    """Return the next instants at which the verdict turns by time alone: ``Segment.changes``."""
    return turning_points(segment.checked, *_as_rows(segment, contact, events), now, most)


def _known(contact: Row | str, events: Iterable[Row] | None, dataset: Dataset) -> Row:
    """Return a contact of a dataset, which has its events there."""
    refuse_events(events)
    return dataset.contact(contact) if isinstance(contact, str) else identified(contact)


def _mapping(contact: Row | str) -> Row:
    if isinstance(contact, str):
        raise TypeError("a contact is a mapping; an id or an address needs the dataset= it is of")
    return contact


def _as_rows(segment: Segment, contact: Row, events: Iterable[Row] | None) -> tuple[Row, Sequence[Row]]:
    """Return a contact and its events as a query reads them, after a look at the contact's keys."""
    reads = segment._reads
    must_be_mapping(contact)
    check_keys(contact, reads.columns.keys())
    for pair in reads.alike:
        check_alike(contact, *pair)
    rows = own_events(contact, require_events(reads, events))
    return alone(contact), rows


def _explainer(checked: CheckedQuery, now: datetime, dataset: Dataset, *, has_id: bool) -> Explainer:
    """Return who explains contacts of a dataset; all of it is read only where the answer rests on it."""
    if has_id:
        with suppress(NeedsDatasetError):
            return Explainer(checked, now)
    return Explainer(checked, now, dataset._account)


def _changes(checked: CheckedQuery, contact: Row, events: Sequence[Row], now: datetime, most: int) -> Changes:
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


def _shown(change: Change, events: Sequence[Row]) -> ValueChange:
    event = None
    if change.event is not None and change.event < len(events):
        event = events[change.event]
    return ValueChange(change.name, change.before, change.after, event)
