"""Phrases that many messages share: a number with its noun, and what people may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 query``, ``1,000 queries``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def have(number: int, noun: str) -> str:
    """Return that so many have something: ``1 event has``, ``1,000 events have``."""
    return f"{counted(number, noun)} {'has' if number == 1 else 'have'}"


_LIKE_A_NAME = 0.65
"""How much of a name must be as in another, as difflib counts: two letters of three are enough."""

LIKE_A_VALUE = 0.7
"""The same of values, which are many and short (USA, UAE): of them two letters of three are not enough."""


def close_names(
    word: str, known: Iterable[str], *, most: int = 2, likeness: float = _LIKE_A_NAME
) -> list[str]:
    """Return the known words nearest to a word, the nearest first."""
    from difflib import get_close_matches  # 9 ms to import; most checks take less

    by_key = {name.lower(): name for name in known}
    return [by_key[key] for key in get_close_matches(word.lower()[:100], by_key, most, likeness)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" with the nearest of the known words, or an empty text."""
    close = close_names(word, known)
    return f"did you mean {' or '.join(close)}?" if close else ""
