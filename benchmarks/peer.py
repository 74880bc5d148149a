"""The peer of all that reads text: sqlglot, a parser of SQL that is written in Python, too."""

from __future__ import annotations

from collections.abc import Callable

from measure import Measured, measured, repeated
from sqlglot import parse_one

TIMES = 20
"""How often a text is parsed in one run."""


def compared(name: str, text: str, work: Callable[[str], object]) -> Measured:
    """Measure a work on a text against the peer's parse of it."""
    peer = repeated(lambda: parse_one(text, read="snowflake"), TIMES)
    return measured(name, peer, repeated(lambda: work(text), TIMES))
