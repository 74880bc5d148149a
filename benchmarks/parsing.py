"""From a text to a syntax tree with its places, against another SQL parser's way."""

from __future__ import annotations

from checking import QUERIES, TIMES, compared
from measure import Results
from report import details

from sql_seg import parse


def measure() -> Results:
    found = [compared(name, text, parse) for name, text in QUERIES.items()]
    return Results("Text to tree", {"parse": found}, f"for {TIMES} parses by sqlglot")


if __name__ == "__main__":
    print(details(measure()))
