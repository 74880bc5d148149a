"""From a text to a syntax tree with its places, against another SQL parser's way."""

from __future__ import annotations

from measure import Results
from peer import TIMES, compared
from queries import QUERIES

from sql_seg import parse


def measure() -> Results:
    found = [compared(name, text, parse) for name, text in QUERIES.items()]
    return Results("Text to tree", {"parse": found}, f"for {TIMES} parses by sqlglot")
