"""How wide lines may be."""

from __future__ import annotations

import os
import shutil
import sys

from sql_seg.cli.output import is_terminal

_WIDTH = 100
"""How wide lines are where no terminal says it."""


def terminal_width() -> int:
    """Return how wide lines may be: as the terminal is, or as COLUMNS says."""
    return known_width() or _WIDTH


def known_width() -> int | None:
    """Return how wide the terminal is, or what COLUMNS says; None where lines go into a file or a pipe."""
    size = shutil.get_terminal_size((_WIDTH, 24)).columns
    return size if is_terminal(sys.stdout) or os.environ.get("COLUMNS") else None
