"""Which files a folder stands for."""

from __future__ import annotations

import os
from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder in order, without hidden ones, pipes and devices.

    A link that leads nowhere is one of them. Raises OSError where a folder cannot be listed.
    """
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.is_file() or not path.exists())


def _raise(error: OSError) -> None:
    raise error
