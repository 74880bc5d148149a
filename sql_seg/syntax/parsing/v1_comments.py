"""Comments in v1, which has none: two dashes are minus signs there, and what is behind them does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sql_seg.diagnostics import Finding
from sql_seg.diagnostics.source import Span
from sql_seg.syntax.parsing.tokens import Token


def comments_in(text: str, tokens: list[Token]) -> Iterator[Span]:
    """Yield the places of what looks like a comment in an invalid v1 text: two dashes, to the line's end."""
    end = 0
    for first, second in pairwise(tokens):
        if first.start < end or first.type != "MINUS" or second.type != "MINUS" or first.end != second.start:
            continue
        if first.start == 0 or text[first.start - 1].isspace():
            newline = text.find("\n", first.start)
            end = len(text) if newline < 0 else newline
            yield Span(first.start, end)


def comment_around(text: str, tokens: list[Token], index: int) -> Span | None:
    """Return the place of the comment that what does not fit, ``tokens[index]``, stands in or behind."""
    places = comments_in(text, tokens[: index + 2])
    return next((place for place in places if place.start <= tokens[index].start), None)


def comment_finding(start: int, comment: str) -> Finding:
    """Return what is wrong with a comment in v1, whose mark stands at ``start``."""
    instead = "leave it out: v1 reads -- as two minus signs"
    if comment.startswith("/*"):
        instead = "leave it out: v1 knows no /*"
    if "noqa" in comment.lower():
        instead = "leave it out: for v1 queries, use per-file-ignores in the settings"
    return Finding("no-comments", Span(start, start + 2), "v1 has no comments", help=instead)
