"""Python's collector while a long query is worked on: it looks at what is new less often.

What a query becomes (tokens, nodes, terms, code) stays alive and holds no cycles, so there is nothing to
collect; yet after every 700 new objects the collector looks, and time after time at all that is alive. Of
8,000 conditions that was a third to a half of the time, and it took 7 to 13 times as long as of 2,000.
The collector is never off: it looks after every 100,000 new objects.
"""

from __future__ import annotations

import gc
from _thread import allocate_lock  # without the rest of threading, which takes a start longer
from collections.abc import Callable
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from functools import wraps
from typing import Any, TypeVar, cast

LONG = 20_000
"""From how many characters on a query is long: below, there is nothing to be won."""
_NEW_OBJECTS = 100_000
_YOUNG_COLLECTIONS = 100
"""After how many looks at the new objects the collector looks at older ones."""

_Work = TypeVar("_Work", bound=Callable[..., Any])


class _Seldom(ContextDecorator):
    """Raises the thresholds of the collector for as long as anybody is inside, in any thread."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._inside = 0
        self._usual = self._raised = (0, 0, 0)

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                new, young, old = self._usual = gc.get_threshold()
                if new:  # 0 is how to say that there is to be no collection at all
                    new, young = max(new, _NEW_OBJECTS), max(young, _YOUNG_COLLECTIONS)
                self._raised = (new, young, old)
                gc.set_threshold(*self._raised)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and gc.get_threshold() == self._raised:  # nobody has set others meanwhile
                gc.set_threshold(*self._usual)


SELDOM = _Seldom()
"""What to work inside of, or a decorator, where many queries are read one after the other: a check of 200
files takes 0.93 of the time. Not for what runs on and on."""
_AS_USUAL: AbstractContextManager[None] = nullcontext()


def collecting_seldom(subject: Any) -> AbstractContextManager[None]:
    """Return what to work inside of: the collector looks less often, where a text or a query is long."""
    return SELDOM if _length(subject) > LONG else _AS_USUAL


def seldom_collected(work: _Work) -> _Work:
    """Return a function that works so, where its first argument is long."""

    @wraps(work)
    def worked(*given: Any, **named: Any) -> Any:
        with collecting_seldom(given[0] if given else next(iter(named.values()), None)):
            return work(*given, **named)

    return cast("_Work", worked)


def _length(subject: Any) -> int:
    """Return how long a text is, or what stands at a place in one."""
    if isinstance(subject, str):
        return len(subject)
    start, end = getattr(subject, "span", (0, 0))
    return int(end - start)
