"""LIKE patterns as parts, matched without backtracking, and what two of them have to do with each other.

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

    def spelled(self, any_character: str) -> str:
        """Return the run as a text, with a character where it takes any."""
        characters = [any_character] * self.length
        for offset, text in self.stretches:
            characters[offset : offset + len(text)] = text
        return "".join(characters)

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


_GAP = "\U0010ffff"
_ANY_CHARACTER = "\U0010fffe"
"""What stands for ``%`` and for ``_`` in a text that stands for all that a pattern matches."""


def includes(wide: Pattern, narrow: Pattern) -> bool:
    """Return whether the one pattern surely matches all that the other does."""
    if wide == narrow:
        return True
    holes = any(run.text is None for run in wide.runs)
    if holes and len(narrow.runs) > 1:
        return False
    if any(mark in text for run in wide.runs for _, text in run.stretches for mark in (_GAP, _ANY_CHARACTER)):
        return False
    return wide.matches(_GAP.join(map(_spelled, narrow.runs)))


def cannot_both(one: Pattern, other: Pattern) -> bool:
    """Return whether surely no text matches both patterns: their starts, ends or lengths differ."""
    lengths = [pattern.runs[0].length if len(pattern.runs) == 1 else None for pattern in (one, other)]
    if None not in lengths and lengths[0] != lengths[1]:
        return True
    starts = (_spelled(one.runs[0]), _spelled(other.runs[0]))
    ends = (_spelled(one.runs[-1])[::-1], _spelled(other.runs[-1])[::-1])
    return _differ(*starts) or _differ(*ends)


def prefix(pattern: Pattern) -> str:
    """Return the plain characters that every text starts with that a pattern matches."""
    return _spelled(pattern.runs[0]).partition(_ANY_CHARACTER)[0]


def is_plain(pattern: Pattern) -> bool:
    """Return whether a pattern matches one text only."""
    return len(pattern.runs) == 1 and pattern.runs[0].text is not None


def is_prefix(pattern: Pattern) -> bool:
    """Return whether a pattern is some plain characters and then anything: ``'abc%'``."""
    first, *rest = pattern.runs
    return first.text is not None and len(rest) == 1 and rest[0].length == 0


def plain_characters(pattern: Pattern) -> str:
    """Return all plain characters of a pattern."""
    return "".join([text for run in pattern.runs for _, text in run.stretches])


def _spelled(run: Run) -> str:
    return run.spelled(_ANY_CHARACTER)


def _differ(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    return any(a != b and _ANY_CHARACTER not in (a, b) for a, b in pairs)
