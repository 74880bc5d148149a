"""Conditions on the events of a contact: that there is one of some kind, and when the last of them was."""

from __future__ import annotations

from typing import Final

from sql_seg.build.conditions import Condition, Duration, Moment, NoTruth, Operand, now
from sql_seg.build.quoting import BuildError, must_be
from sql_seg.diagnostics.source import NOWHERE
from sql_seg.frozen import frozen, new
from sql_seg.language.datatypes import DataType
from sql_seg.language.event_data import path_of_key
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import EVENT_DATA, EVENT_TYPES
from sql_seg.syntax import membership, nodes
from sql_seg.wording import did_you_mean

_ID = membership.ID
_EVENTS = nodes.Table(EVENT_DATA)
_ONLY_ID = (nodes.SelectItem(_ID),)


@frozen
class Event(Condition):
    """The condition that a contact has an event of some kind; methods say more of that same event."""

    where_: tuple[nodes.Expression, ...]

    def where(self, condition: Condition) -> Event:
        """Return the same with one more condition on the event: see ``data`` and ``event_time``."""
        must_be(Condition, condition, 'what an event must meet is a condition, such as data("url") == "…"')
        return _event((*self.where_, condition.node))

    def within(self, span: Duration) -> Event:
        """Return that such an event is no older than some time."""
        return self.where(event_time() >= now() - span)

    def before(self, moment: object) -> Event:
        """Return that such an event is older than a moment."""
        return self.where(event_time() < moment)

    def since(self, moment: object) -> Event:
        """Return that such an event is of a moment, or later."""
        return self.where(event_time() >= moment)


def _event(where: tuple[nodes.Expression, ...]) -> Event:
    condition = nodes.And(where) if len(where) > 1 else where[0]
    # What a subquery may hold is looked at once, with the whole query: that takes a third off a query of 15.
    select = new[nodes.Select](_ONLY_ID, _EVENTS, (), condition, (), None, NOWHERE)
    return Event(nodes.InSubquery(_ID, select), where)


def event(type: str) -> Event:
    """Return the condition that a contact has an event of a type: open, click, delivered, and so on.

    Raises BuildError for a type that there is not.
    """
    must_be(str, type, "a type of events is a text")
    if type not in EVENT_TYPES:
        hint = did_you_mean(type, EVENT_TYPES) or f"there are {', '.join(EVENT_TYPES)}"
        raise BuildError(f"there are no events of type {type!r}; {hint}")
    return _event((nodes.Comparison(Comparator.EQ, nodes.Column("event_type"), nodes.String(type)),))


def event_time() -> Moment:
    """Return the time of an event, inside ``Event.where``."""
    return Moment(nodes.Column("timestamp"))


def data(key: str) -> Operand:
    """Return what an event holds under a key, inside ``Event.where``: a webhook's, or a unique argument."""
    must_be(str, key, "a key of an event's data is a text")
    return Operand(nodes.Path(nodes.Column("data"), path_of_key(key)), DataType.VARIANT)


class Last(NoTruth):
    """The time of the last event of a kind; contacts without one are in no comparison with it."""

    def __init__(self, of: Event) -> None:
        self._of: Final = of

    def _asked(self, operator: Comparator, moment: object) -> Event:
        return self._of.where(event_time()._compared(operator, moment))

    def __lt__(self, moment: object) -> Condition:
        return self._of & ~self._asked(Comparator.GE, moment)

    def __le__(self, moment: object) -> Condition:
        return self._of & ~self._asked(Comparator.GT, moment)

    def __gt__(self, moment: object) -> Condition:
        return Condition(self._asked(Comparator.GT, moment).node)

    def __ge__(self, moment: object) -> Condition:
        return Condition(self._asked(Comparator.GE, moment).node)


def last(of: Event) -> Last:
    """Return the time of a contact's last event of a kind, to be compared with a moment."""
    must_be(Event, of, 'last() takes events, such as event("open")')
    return Last(of)
