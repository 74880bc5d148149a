"""Numbers as messages say them, each with its noun."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 query``, ``1,000 queries``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
