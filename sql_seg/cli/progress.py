"""Something moving on a terminal while people wait."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from sql_seg.cli.output import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""After how many seconds people want to see that something happens."""


Told = Callable[[float], None]
"""Is called with how much is done, from 0 to 1."""


@contextmanager
def progress(what: str) -> Iterator[Told | None]:
    """Show on a terminal's standard error what takes long, while it does; then remove it.

    Yields what to call with how much is done, also once another bar has come in place of this one; None where
    nobody looks.
    """
    if not is_terminal(sys.stderr):
        yield None
        return
    bar = _Bar(what)
    _BARS.append(bar)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield _tell
    finally:
        timer.cancel()
        bar.stop()
        _BARS.remove(bar)


_BARS: list[_Bar] = []


def _tell(done: float) -> None:
    if _BARS:
        _BARS[-1].tell(done)


class _Bar:
    """A bar that is started from a timer's thread, unless it was stopped before."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()
        self._stopped = False
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        with self._lock:
            if self._stopped:
                return
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task(self._what, total=None)

    def tell(self, done: float) -> None:
        """Show how much is done; before anything is known of that, the bar only moves."""
        with self._lock:
            if self._progress is not None and self._task is not None and done > 0:
                self._progress.update(self._task, total=1.0, completed=min(done, 1.0))

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._progress is not None:
                self._progress.stop()
