"""From a text to its diagnostics, against another SQL parser's way from the text to a tree alone."""

from __future__ import annotations

from measure import Results
from peer import TIMES, compared
from queries import QUERIES, SCHEMA

from sql_seg import diagnose


def measure() -> Results:
    assert not any(found.is_error for text in QUERIES.values() for found in diagnose(text, SCHEMA))
    found = [compared(name, text, lambda text: diagnose(text, SCHEMA)) for name, text in QUERIES.items()]
    return Results("Text to diagnostics", {"parse and check": found}, f"for {TIMES} parses by sqlglot")
