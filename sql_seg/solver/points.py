"""Values of an ordered set, near its boundaries: the places where conditions are got wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import inf, isfinite, nextafter
from typing import Any

from sql_seg.analysis.ordered import Cut, OrderedSet
from sql_seg.language.datatypes import DataType

_MOST_STRETCHES = 8
_LARGE = 1e16
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
_MICROSECOND, _SECOND, _DAY = timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1)

Stretch = tuple[Cut | None, Cut | None]
"""Where values without a gap between them start and end; None is no end."""


def stretches(values: OrderedSet) -> Iterator[Stretch]:
    """Yield the stretches that a set consists of; of many, the first and the last."""
    cuts: list[Cut | None] = [*values.cuts, None]
    if values.from_start:
        cuts.insert(0, None)
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    half = _MOST_STRETCHES // 2
    yield from pairs if len(pairs) <= _MOST_STRETCHES else [*pairs[:half], *pairs[-half:]]


def near(values: OrderedSet, data_type: DataType, usual: Any) -> list[Any]:
    """Return numbers, timestamps or truths of a set: at its boundaries, next to them, and further in.

    ``usual`` is what a value is called where nothing is asked of it. Simple values stand first.
    """
    steps = _STEPS[data_type]
    candidates = [usual] if values.holds(usual) else []
    for stretch in stretches(values):
        candidates += steps(*stretch, usual)
    return [value for value in dict.fromkeys(candidates) if values.holds(value)]


def _numbers(start: Cut | None, end: Cut | None, usual: Any) -> list[Any]:  # noqa: ARG001 -- one of _STEPS
    low: Any = start and start[0]
    high: Any = end and end[0]
    found: list[Any] = []
    for bound, way in ((low, 1), (high, -1)):
        if bound is not None:
            found += [bound, bound + way, bound + way * 10, int(bound // 1) + (way > 0)]
    if low is not None and high is not None:
        middle = (low + high) / 2
        found += [round(middle), middle, nextafter(low, inf), nextafter(high, -inf)]
    elif low is None and high is None:
        found += [0, 1, -1, 0.5, _LARGE]
    else:
        found.append(nextafter(low, inf) if high is None else nextafter(high, -inf))
    return [value for value in found if isfinite(value)]


def _moments(start: Cut | None, end: Cut | None, usual: Any) -> list[Any]:
    low, high = start and start[0], end and end[0]
    found: list[Any] = []
    for bound, way in ((low, 1), (high, -1)):
        if bound is not None:
            found += [bound, *(_moved(bound, way * step) for step in (_SECOND, _DAY, _MICROSECOND))]
    if low is not None and high is not None:
        found.append(low + (high - low) / 2)
    elif low is None and high is None:
        found += [usual, _moved(usual, -_DAY), _moved(usual, 400 * _DAY), _LONG_AGO]
    return found


def _moved(moment: datetime, step: timedelta) -> datetime:
    try:
        return moment + step
    except OverflowError:
        return _LAST if step > timedelta(0) else _FIRST


def _truths(*_: Any) -> list[Any]:
    return [True, False]


_STEPS: dict[DataType, Callable[[Cut | None, Cut | None, Any], list[Any]]] = {
    DataType.NUMBER: _numbers,
    DataType.TIMESTAMP: _moments,
    DataType.BOOLEAN: _truths,
}
