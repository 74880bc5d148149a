"""When a contact's verdict turns by time alone: as windows open and close around what does not change.

A condition can only turn where a moment made of "now" (NOW(), or so many days before it) reaches, or passes,
a moment of the contact, of its events, or of the query. All of these instants are tried, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.planning import for_one_contact, planned, rows_of
from sql_seg.core.terms import Meaning
from sql_seg.core.traits import is_clock
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Row
from sql_seg.language.timestamps import write_timestamp

_TICK = timedelta(microseconds=1)
_HORIZON = timedelta(days=366 * 100)


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """An instant from which on a contact is a member, or no more, if nothing else changes."""

    at: datetime
    is_member: bool

    def to_json(self) -> dict[str, Any]:
        """Return the turning point as JSON has it."""
        return {"at": write_timestamp(self.at), "is_member": self.is_member}


def turning_points(
    checked: Meaning, contact: Row, events: Sequence[Row], now: datetime, most: int
) -> tuple[TurningPoint, ...]:
    """Return the next instants after ``now`` at which a verdict turns, ``most`` at most, of a hundred years.

    Raises NeedsDatasetError where the answer depends on other contacts.
    """
    own = for_one_contact(checked.condition)
    condition = planned(own)
    found: list[TurningPoint] = []
    verdict = _verdict(condition, contact, events, now)
    for instant in _instants(own, contact, events, now):
        if len(found) == most:
            break
        turned = _verdict(condition, contact, events, instant)
        if turned is not verdict:
            verdict = turned
            found.append(TurningPoint(instant, turned))
    return tuple(found)


def _verdict(condition: core.Term, contact: Row, events: Sequence[Row], now: datetime) -> bool:
    return Interpreter(now, NO_ACCOUNT).verdict(condition, contact, events) is True


def _instants(condition: core.Term, contact: Row, events: Sequence[Row], now: datetime) -> list[datetime]:
    """Return the instants at which any comparison may turn, in order."""
    terms = [term for term in core.walk(condition) if term.type is DataType.TIMESTAMP]
    clocks = dict.fromkeys(term for term in terms if is_clock(term))
    fixed = dict.fromkeys(term for term in terms if not core.has(term, core.Now))
    moments = {moment for term in fixed for moment in _moments(term, contact, events, now)}
    found: set[datetime] = set()
    for clock in clocks:
        for moment in moments:
            found |= {instant for edge in _edges(moment) if (instant := _first(clock, edge, now)) is not None}
    return sorted(instant for instant in found if instant > now)


def _edges(moment: datetime) -> Iterator[datetime]:
    """Yield a moment, and the next one: a clock reaches the one, and has passed it at the other."""
    yield moment
    try:
        yield moment + _TICK
    except OverflowError:
        return


def _moments(term: core.Term, contact: Row, events: Sequence[Row], now: datetime) -> Iterator[datetime]:
    """Yield what a moment that does not depend on "now" is, of the contact and any of its events."""
    if isinstance(term, core.Maximum) or core.has(term, core.Maximum):
        return  # it is the moment of one of the events
    interpreter = Interpreter(now, NO_ACCOUNT)
    rows = interpreter.turn_to(contact, events)
    read = sorted(rows_of(term) - {core.THE_CONTACT})
    for chosen in product(events, repeat=len(read)):
        value = interpreter.value(term, {**rows, **dict(zip(read, chosen, strict=True))})
        if isinstance(value, datetime):
            yield value


def _first(clock: core.Term, moment: datetime, now: datetime) -> datetime | None:
    """Return the first instant after "now" at which a clock is at a moment, or past it."""

    def is_reached(instant: datetime) -> bool:
        shown = Interpreter(instant, NO_ACCOUNT).value(clock, {})
        return shown is not None and bool(shown >= moment)

    try:
        last = now + _HORIZON
    except OverflowError:
        return None
    if is_reached(now) or not is_reached(last):
        return None
    low, high = 0, _HORIZON // _TICK
    while high - low > 1:
        middle = (low + high) // 2
        if is_reached(now + middle * _TICK):
            high = middle
        else:
            low = middle
    return now + high * _TICK
