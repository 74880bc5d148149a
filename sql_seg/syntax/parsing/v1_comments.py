"""Comments in v1, which has none: two dashes are minus signs there, and what is behind them does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sql_seg.diagnostics import Finding, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tokens import Token, tokenize


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


_SCANNED = re.compile(
    r"""'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`[^`]*`"""
    r"""|(?P<comment>(?:(?<!\S)--(?=\s|\Z)|^[^\S\n]*--)[^\r\n]*|/\*[\s\S]*?\*/)""",
    re.MULTILINE,
)
"""Texts and names, which may hold anything, and what people take for comments.

Two dashes with no blank behind them are one only at the start of a line: elsewhere they may be minus signs.
"""


def without_comments(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a v1 text with blanks where it has comments, which v1 cannot read, and the comments."""
    found: list[str] = []

    def blank(match: re.Match[str]) -> str:
        comment = match["comment"]
        if comment is None:
            return match[0]
        found.append(comment.strip())
        return re.sub(r"[^\r\n]", " ", comment)

    return _SCANNED.sub(blank, text), tuple(found)


def with_comments(findings: list[Finding], text: str) -> list[Finding]:
    """Return findings of an invalid v1 text, with one in place of all that are about what a comment says."""
    comments = list(comments_in(text, tokenize(text, Dialect.V1).tokens))
    said: dict[int, Finding] = {}
    others = []
    for finding in findings:
        place = next(
            (one for one in comments if finding.span.start < one.end and one.start < finding.span.end), None
        )
        if place is None or finding.severity is not Severity.ERROR:
            others.append(finding)
        else:
            said[place.start] = comment_finding(place.start, text[place.start : place.end])
    return [*others, *said.values()]
