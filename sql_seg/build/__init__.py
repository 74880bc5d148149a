"""Queries built in Python: typed, immutable, and with values that are never anything but values.

>>> from sql_seg.build import column, days, event
>>> audience = (column("country") == "US") & event("open").within(days(30))
>>> query = audience.query()

What cannot be raises at the Python line that says it: a ``BuildError`` for a value or a column, TypeError for
operands that do not go together. ``&``, ``|`` and ``~`` combine conditions; ``query()`` is the v2 query, and
``query(dialect="v1")`` the v1 predicate, where v1 can say it.
"""

from __future__ import annotations

from sql_seg.build.conditions import (
    Condition,
    Duration,
    Moment,
    Operand,
    and_,
    column,
    condition_of,
    days,
    hours,
    in_list,
    minutes,
    months,
    not_,
    now,
    or_,
    seconds,
    weeks,
    years,
)
from sql_seg.build.contact_events import Event, Last, data, event, event_time, last
from sql_seg.build.printing import to_python
from sql_seg.build.quoting import BuildError, literal, quote, render

__all__ = [
    "BuildError",
    "Condition",
    "Duration",
    "Event",
    "Last",
    "Moment",
    "Operand",
    "and_",
    "column",
    "condition_of",
    "data",
    "days",
    "event",
    "event_time",
    "hours",
    "in_list",
    "last",
    "literal",
    "minutes",
    "months",
    "not_",
    "now",
    "or_",
    "quote",
    "render",
    "seconds",
    "to_python",
    "weeks",
    "years",
]
