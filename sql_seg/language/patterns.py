"""LIKE patterns as parts, matched without backtracking.

A pattern is a sequence of *runs* with any text between them. A run has a fixed length; some of its
characters may be "any one character" (v2's ``_``). The first run is anchored at the start of the value
and the last at its end; the runs between are found leftmost, one after the other, which needs no second
try: a scan of the value for each run.
"""

from __future__ import annotations

from itertools import groupby

from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect


@frozen
class Run:
    """Characters in a row: the plain ``stretches`` at their offsets, any characters elsewhere."""

    length: int
    stretches: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str | None:
        """The run as a plain string, or None where it holds an any-character."""
        if self.length == 0:
            return ""
        text = self.stretches[0][1] if self.stretches else ""
        return text if len(text) == self.length else None

    def stands_at(self, value: str, start: int) -> bool:
        """Return whether the run fits ``value`` at ``start``; the value must be long enough."""
        return all(value.startswith(text, start + offset) for offset, text in self.stretches)

    def find(self, value: str, start: int, end: int) -> int:
        """Return where the run first stands in ``value[start:end]``, or -1."""
        last = end - self.length
        if not self.stretches:
            return start if start <= last else -1
        offset, longest = max(self.stretches, key=lambda stretch: len(stretch[1]))
        while start <= last:
            found = value.find(longest, start + offset, last + offset + len(longest))
            if found < 0:
                return -1
            start = found - offset
            if self.stands_at(value, start):
                return start
            start += 1
        return -1


@frozen
class Pattern:
    """A LIKE pattern: its runs, with any text between one and the next.

    A single run is the whole value. Never empty: the pattern ``%x`` has the runs ``''`` and ``x``.
    """

    runs: tuple[Run, ...]

    def matches(self, value: str) -> bool:
        """Return whether the whole value matches."""
        first, *rest = self.runs
        if not rest:
            return len(value) == first.length and first.stands_at(value, 0)
        *between, last = rest
        start, end = first.length, len(value) - last.length
        if start > end or not first.stands_at(value, 0) or not last.stands_at(value, end):
            return False
        for run in between:
            found = run.find(value, start, end)
            if found < 0:
                return False
            start = found + run.length
        return True


def read_pattern(text: str, dialect: Dialect) -> Pattern:
    """Return the pattern that a string literal's value spells.

    v1: ``%`` is any text, ``%%`` a percent sign, read from the left in pairs; ``_`` is itself. v2: ``%``
    is any text, ``_`` any one character; there is no escape character, as Snowflake has none [snow].
    """
    first, *rest = _v1_runs(text) if dialect is Dialect.V1 else _v2_runs(text)
    kept = [run for run in rest[:-1] if run] + rest[-1:]
    return Pattern(tuple(_run(characters) for characters in [first, *kept]))


_Characters = list[str | None]
"""A run while it is read; None is any one character."""


def _v1_runs(text: str) -> list[_Characters]:
    runs: list[_Characters] = [[]]
    for is_percent, group in groupby(text, key="%".__eq__):
        characters = list(group)
        if is_percent:
            pairs, odd = divmod(len(characters), 2)
            runs[-1] += "%" * pairs
            if odd:
                runs.append([])
        else:
            runs[-1] += characters
    return runs


def _v2_runs(text: str) -> list[_Characters]:
    runs: list[_Characters] = [[]]
    for character in text:
        if character == "%":
            runs.append([])
        else:
            runs[-1].append(None if character == "_" else character)
    return runs


def _run(characters: _Characters) -> Run:
    stretches = []
    offset = 0
    for is_plain, group in groupby(characters, key=lambda character: character is not None):
        stretch = [character or "" for character in group]
        if is_plain:
            stretches.append((offset, "".join(stretch)))
        offset += len(stretch)
    return Run(offset, tuple(stretches))
