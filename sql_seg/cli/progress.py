"""Something moving on a terminal while people wait."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from sql_seg.cli.output import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""After how many seconds people want to see that something happens."""


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show on a terminal's standard error what takes long, while it does; then remove it."""
    if not is_terminal(sys.stderr):
        yield
        return
    bar = _Bar(what)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        bar.stop()


class _Bar:
    """A bar that is started from a timer's thread, unless it was stopped before."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()
        self._stopped = False
        self._progress: Progress | None = None

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._stopped:
                return
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
            self._progress.add_task(self._what, total=None)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._progress is not None:
                self._progress.stop()
