"""Globs as ``.gitignore`` has them, seen from a folder; what matched nothing can be asked afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Globs over the paths below a folder. Later ones outweigh earlier ones, and ``!`` takes back.

    pathspec takes longer to import than a query to check, so it is only for those who have globs.
    """

    def __init__(self, globs: Iterable[str], folder: Path) -> None:
        self.globs = tuple(globs)
        self._folder = folder.resolve() if self.globs else folder
        self._spec = spec_of(self.globs) if self.globs else None
        self._used: set[int] = set()

    def verdict(self, path: Path, *, is_folder: bool = False) -> bool | None:
        """Return whether the globs take a path in, take it back, or (None) say nothing of it."""
        if self._spec is None:
            return None
        seen = relative(path, self._folder) + "/" * is_folder
        for number, pattern in enumerate(self._spec.patterns):
            if number not in self._used and pattern.match_file(seen):
                self._used.add(number)
        return self._spec.check_file(seen).include

    def unused(self) -> Iterator[str]:
        """Yield the globs that matched nothing so far."""
        for number, glob in enumerate(self.globs):
            if number not in self._used:
                yield glob


def spec_of(globs: Iterable[str]) -> GitIgnoreSpec:
    """Return globs as pathspec has them. Raises ValueError for what is no glob."""
    import re

    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([glob.removeprefix("./") for glob in globs])
    except re.error as error:
        raise ValueError(str(error)) from error


def is_glob(glob: str) -> bool:
    """Return whether a text is a glob that can match something."""
    try:
        return any(pattern.include is not None for pattern in spec_of([glob]).patterns)
    except ValueError:
        return False


def relative(path: Path, folder: Path) -> str:
    """Return a path as it is seen from a folder, with slashes; a link is where it stands.

    The folder must be absolute and free of links. What is on another drive is seen from its root.
    """
    place = path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()
    try:
        return Path(os.path.relpath(place, folder)).as_posix()
    except ValueError:
        return place.as_posix()
