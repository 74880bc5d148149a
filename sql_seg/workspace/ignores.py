"""What settings ignore in some files, and of some segments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from sql_seg.workspace.folders import Patterns
from sql_seg.workspace.settings import Settings


class Ignores:
    """The rules that are ignored in files, by globs, and of segments, by their names."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._met: set[str] = set()

    @cached_property
    def _by_glob(self) -> list[tuple[Patterns, frozenset[str]]]:
        folder = self._settings.folder
        return [(Patterns([glob], folder), codes) for glob, codes in self._settings.per_file_ignores.items()]

    def in_file(self, path: Path | None) -> frozenset[str]:
        """Return the codes that are ignored in a file; None is no file."""
        if path is None or not self._settings.per_file_ignores:
            return frozenset()
        found = [codes for patterns, codes in self._by_glob if patterns.verdict(path)]
        return frozenset[str]().union(*found)

    def in_segment(self, name: str | None) -> frozenset[str]:
        """Return the codes that are ignored of a segment; None is a query without a name."""
        if name is None:
            return frozenset()
        self._met.add(name)
        return self._settings.per_segment_ignores.get(name, frozenset())

    def unused(self) -> Iterator[str]:
        """Yield what to say of globs and names that nothing was met of."""
        for patterns, _ in self._by_glob:
            for glob in patterns.unused():
                yield f"the pattern {glob} of per-file-ignores matches no file"
        for name in self._settings.per_segment_ignores:
            if name not in self._met:
                yield f"the name {name} of per-segment-ignores is no segment's"
