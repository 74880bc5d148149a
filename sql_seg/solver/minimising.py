"""Records with nothing in them that an answer does not need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sql_seg.solver.binding import ID
from sql_seg.solver.budget import OutOfStepsError
from sql_seg.solver.outcome import Record
from sql_seg.solver.record_cells import DATA

Test = Callable[[Record], bool]


def minimal(record: Record, test: Test, kept: Collection[str]) -> Record:
    """Return a record of which nothing can be left out that still passes a test.

    ``kept`` are the contact's columns that stay: those that SendGrid never leaves NULL.
    """
    return stepped(record, lambda record: _smaller(record, kept), test)


def stepped(record: Record, steps: Callable[[Record], Iterator[Record]], test: Test) -> Record:
    """Return a record after one step behind the other, each the first that passes a test, while one does.

    Where the test is out of steps, the record is what it had come to.
    """
    with suppress(OutOfStepsError):
        while (following := next(filter(test, steps(record)), None)) is not None:
            record = following
    return record


def _smaller(record: Record, kept: Collection[str]) -> Iterator[Record]:
    """Yield records with one thing left out: other contacts, events, parts of these, columns."""
    for index, other in enumerate(record.others):
        rest = record.others[:index], record.others[index + 1 :]
        yield replace(record, others=rest[0] + rest[1])
        for smaller in _smaller(other, {*kept, ID}):
            yield replace(record, others=(*rest[0], smaller, *rest[1]))
    for index, event in enumerate(record.events):
        rest_of_events = record.events[:index], record.events[index + 1 :]
        yield replace(record, events=rest_of_events[0] + rest_of_events[1])
        for data in _without_one(event.get(DATA, {})):
            changed = {**event, DATA: data} if data else {k: v for k, v in event.items() if k != DATA}
            yield replace(record, events=(*rest_of_events[0], changed, *rest_of_events[1]))
    needs_id = ID in kept or record.events or record.others
    for name, value in record.contact.items():
        if isinstance(value, list):
            for position in range(len(value)):
                yield _with(record, name, value[:position] + value[position + 1 :])
        if not (needs_id if name == ID else name in kept):
            yield replace(record, contact={key: v for key, v in record.contact.items() if key != name})


def _with(record: Record, name: str, value: Any) -> Record:
    return replace(record, contact={**record.contact, name: value})


def _without_one(data: Any) -> Iterator[Any]:
    """Yield JSON objects with one key left out, at any depth."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        rest = {other: inner for other, inner in data.items() if other != key}
        yield rest
        for smaller in _without_one(value):
            yield {**rest, key: smaller} if smaller else rest
