"""How far a value is from another one, and the way between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sql_seg.language.datatypes import COMPARABLE, DataType
from sql_seg.language.values import HOLDS

Distance = tuple[int, int, float]
"""How far a change leads: how many values change, how odd the new ones look, and how far they are."""


def total(distances: Iterable[Distance]) -> Distance:
    """Return how far several changes lead together."""
    every = list(distances)
    return sum(one for one, _, _ in every), sum(odd for _, odd, _ in every), sum(far for _, _, far in every)


class Steps(NamedTuple):
    """The way from one number or moment to another one, in whole steps."""

    start: Any
    step: Any
    number: int

    def at(self, index: int) -> Any:
        """Return what is reached after so many steps."""
        return self.start + self.step * index


def steps(before: Any, after: Any) -> Steps | None:
    """Return the way from one value to another one by ones or by seconds, where both stand on it."""
    if type(before) is int and type(after) is int:
        return Steps(before, 1 if after > before else -1, abs(after - before))
    if isinstance(before, datetime) and isinstance(after, datetime):
        seconds = (after - before).total_seconds()
        if seconds.is_integer():
            return Steps(before, timedelta(seconds=1 if seconds > 0 else -1), int(abs(seconds)))
    return None


def distance(before: Any, after: Any) -> Distance:
    """Return how far a value is from another one: one change, how odd the new one is, and how far it is."""
    if after is None or before is None:
        return 1, int(after is None) + _is_odd(before, after), 0.0
    if isinstance(before, str) and isinstance(after, str):
        return 1, _is_odd(before, after), 1.0 - SequenceMatcher(None, before, after).ratio()
    if isinstance(before, datetime) and isinstance(after, datetime):
        return 1, _is_odd(before, after), abs(after - before) / timedelta(days=1)
    if is_of(before, DataType.NUMBER) and is_of(after, DataType.NUMBER):
        return 1, _is_odd(before, after), float(abs(after - before))
    if isinstance(before, list) and isinstance(after, list):
        return 1, 0, float(len(set(before) ^ set(after)))
    return 1, 1, 1.0


def _is_odd(before: Any, after: Any) -> int:
    """Return whether a value has parts that nobody would write: microseconds, or digits behind the point."""
    if isinstance(after, datetime):
        return int(after.microsecond != 0 and getattr(before, "microsecond", 0) == 0)
    if isinstance(after, float):
        return int(not after.is_integer() and not isinstance(before, float))
    return int(isinstance(after, str) and not after.isprintable())


def is_of(value: Any, data_type: DataType) -> bool:
    """Return whether a value is one of a type whose values can be compared."""
    return data_type in COMPARABLE and HOLDS[data_type](value)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are one: 1 is not TRUE."""
    return type(one) is type(other) and bool(one == other)
