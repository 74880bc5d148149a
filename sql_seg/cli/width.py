"""How wide lines may be."""

from __future__ import annotations

import os
import shutil
import sys

from sql_seg.cli.output import is_terminal

_WIDTH = 100
"""How wide lines are where no terminal says it."""


def room(*, on_stderr: bool = False) -> int | None:
    """Return how wide lines are that a terminal shows; None where nothing says it, as in a pipe."""
    if is_terminal(sys.stderr if on_stderr else sys.stdout) or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size((_WIDTH, 24)).columns
    return None


def terminal_width() -> int:
    """Return how wide lines may be: as the terminal is, or as COLUMNS says."""
    return room() or _WIDTH
