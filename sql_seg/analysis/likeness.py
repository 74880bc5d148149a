"""What LIKE patterns have to do with each other: cheap answers, each certain where it is yes."""

from __future__ import annotations

from sql_seg.language.patterns import Pattern, Run

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
    if run.text is not None:
        return run.text
    characters = [_ANY_CHARACTER] * run.length
    for offset, text in run.stretches:
        characters[offset : offset + len(text)] = text
    return "".join(characters)


def _differ(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    return any(a != b and _ANY_CHARACTER not in (a, b) for a, b in pairs)
