"""Measuring one way against another in the same run: pairs, so that a busy machine slows both."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any, NamedTuple

Work = Callable[[], Any]


class Measured(NamedTuple):
    """What the yardstick takes, in seconds (or bytes), and how many times that the other one takes.

    Both are medians of paired runs.
    """

    name: str
    yardstick: float
    ratio: float


class Results(NamedTuple):
    """A table: rows are things to do, columns are ways to do them, beside one yardstick.

    ``unit`` is that of the yardstick: ms, or MB. ``has_mean``: whether a mean of the rows tells anything.
    """

    title: str
    ways: dict[str, list[Measured]]
    yardstick: str = "by hand"
    unit: str = "ms"
    note: str = ""
    has_mean: bool = True


def nothing() -> None:
    """Prepare nothing."""


def measured(
    name: str,
    yardstick: Work,
    work: Work,
    rounds: int = 9,
    *,
    prepare: Work = nothing,
    clock: Callable[[], float] = process_time,
) -> Measured:
    """Measure one work against another; before each run something may be prepared, which takes no time."""
    prepare(), yardstick(), prepare(), work()
    with known_objects_left_alone():
        pairs = [
            _pair(yardstick, work, number, lambda work: seconds(work, prepare, clock))
            for number in range(rounds)
        ]
    return Measured(
        name,
        statistics.median(first for first, _ in pairs),
        statistics.median(second / first for first, second in pairs),
    )


def _pair(yardstick: Work, work: Work, number: int, taken: Callable[[Work], float]) -> tuple[float, float]:
    """Return the seconds of one run each; which is first takes turns."""
    if number % 2:
        second = taken(work)
        return taken(yardstick), second
    return taken(yardstick), taken(work)


def seconds(work: Work, prepare: Work = nothing, clock: Callable[[], float] = process_time) -> float:
    """Return the processor's seconds that one run takes, without the garbage collector.

    On a machine with other work to do, the time on the clock would mostly tell of that.
    """
    prepare()
    gc.collect()
    gc.disable()
    start = clock()
    work()
    taken = clock() - start
    gc.enable()
    return taken


def repeated(work: Work, times: int) -> Work:
    """Return the work done several times, so that a run is long enough to measure."""

    def run() -> None:
        for _ in range(times):
            work()

    return run


@contextmanager
def known_objects_left_alone() -> Iterator[None]:
    """Keep the garbage collector off what is there already: a large account takes seconds to walk."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def without_collection(make: Callable[[], Any]) -> Any:
    """Return what is made without the garbage collector, which walks a growing account again and again."""
    gc.disable()
    try:
        return make()
    finally:
        gc.enable()
