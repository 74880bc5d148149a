"""Two records that hardly differ, of which one is in a segment and the other is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sql_seg.core.goals import Goal
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.solver.binding import ID
from sql_seg.solver.choices import Choices, Simplest
from sql_seg.solver.minimising import Test, minimal, stepped
from sql_seg.solver.outcome import Found, Impossible, NotFound, Record
from sql_seg.solver.preparing import QueryLike, checked_query, kept_columns
from sql_seg.solver.solver import Solver


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two records: one in the segment, one that is just out.

    To take any one of their differences back would bring the second one in.
    """

    inside: Record
    outside: Record


def near_miss(
    query: QueryLike,
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
    choices: Choices | None = None,
) -> NearMiss | Impossible | NotFound:
    """Return a record that is in a segment at ``now``, and one that is just out; see ``witness``.

    ``choices`` say which of many; without them they are the simplest. Impossible where nobody can be in the
    segment, or everybody is.
    """
    checked = checked_query(query, schema, dialect)
    moment = the_moment(now)
    chosen = Simplest() if choices is None else choices
    to_be_in = Solver([(checked.condition, Goal.TRUE)], checked.schema, moment, effort=effort)
    to_be_out = Solver([(checked.condition, Goal.NOT_TRUE)], checked.schema, moment, effort=effort)
    found = to_be_in.solve(chosen)
    if not isinstance(found, Found):
        return found
    inside = minimal(found.record, to_be_in.is_met, kept_columns(checked))
    missed = to_be_out.solve(chosen, near=inside)
    if not isinstance(missed, Found):
        return missed
    outside = nearest(missed.record, inside, to_be_out.is_met)
    return NearMiss(inside, outside)


def nearest(record: Record, other: Record, test: Test) -> Record:
    """Return a record that passes a test, and would not with one more part of it as in another record."""

    def nearer(record: Record) -> Iterator[Record]:
        candidates = map(_with_its_own_events, _nearer(record, other))
        return (candidate for candidate in candidates if candidate != record)

    return stepped(record, nearer, test)


def _with_its_own_events(record: Record) -> Record:
    """Return a record whose events are its contact's, though they may be as those of another one."""
    if ID not in record.contact:
        return record
    own = {ID: record.contact[ID]}
    return replace(record, events=tuple([{**event, **own} for event in record.events]))


def _nearer(record: Record, other: Record) -> Iterator[Record]:
    """Yield records with one part as in another record, whole contacts and events first."""
    yield replace(record, others=other.others)
    yield replace(record, events=other.events)
    for index in range(len(record.events)):
        rest = record.events[:index] + record.events[index + 1 :]
        if index >= len(other.events):
            yield replace(record, events=rest)
        else:
            for event in _mixed(record.events[index], other.events[index]):
                yield replace(record, events=(*record.events[:index], event, *record.events[index + 1 :]))
    for contact in _mixed(record.contact, other.contact):
        if ID in contact or not (record.events or record.others):
            yield replace(record, contact=contact)


def _mixed(values: dict[str, Any], others: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield values with one of them as in others."""
    yield others
    for name in {**values, **others}:
        if name not in others:
            yield {key: value for key, value in values.items() if key != name}
        elif name not in values or values[name] != others[name]:
            yield {**values, name: others[name]}
