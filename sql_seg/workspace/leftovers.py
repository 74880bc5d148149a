"""Files that interrupted writes leave behind: their names say what they are, and who wrote them."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from sql_seg.sources.content import LEFTOVER

_LEFTOVER = re.compile(rf"\..+{re.escape(LEFTOVER)}(?P<process>\d+)-\w+\Z")
_A_WHILE = 60.0
"""Seconds after which nobody still writes, where it cannot be known whether the process lives."""


def prefix_for(name: str) -> str:
    """Return how the name of the temporary file starts that a file is written to first."""
    return f"{_start(name)}{os.getpid()}-"


def _start(name: str) -> str:
    return f".{name[:50]}{LEFTOVER}"  # a name has at most 255 bytes


def is_leftover(name: str) -> bool:
    """Return whether a file is called as one that is written to first."""
    return LEFTOVER in name and _LEFTOVER.match(name) is not None


def remove_leftover(path: Path) -> None:
    """Remove such a file, unless whoever made it may still be writing."""
    found = _LEFTOVER.match(path.name)
    if found is None or _may_be_written(path, int(found["process"])):
        return
    with suppress(OSError):
        path.unlink()


def remove_leftovers_of(target: Path) -> None:
    """Remove what earlier writes of a file have left beside it."""
    with suppress(OSError):
        for path in target.parent.iterdir():
            if path.name.startswith(_start(target.name)):
                remove_leftover(path)


def _may_be_written(path: Path, process: int) -> bool:
    if process == os.getpid():
        return True
    if os.name == "posix":
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except OSError:  # it lives, and is somebody else's
            pass
    try:
        return time.time() - path.stat().st_mtime < _A_WHILE
    except OSError:
        return False
