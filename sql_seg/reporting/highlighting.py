"""The text of a query in pieces, each of one kind and with the findings that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect
from sql_seg.reporting.contents import Finding
from sql_seg.syntax.parsing.tokens import tokenize


class Piece(NamedTuple):
    """A piece of a query's text; ``finding`` is what is said of it, ``severity`` how bad that is."""

    text: str
    kind: str
    severity: str = ""
    finding: str = ""


def pieces_of(text: str, dialect: str, findings: Sequence[Finding]) -> list[Piece]:
    """Return a query in pieces that make up its text."""
    kinds = [""] * len(text)
    read = tokenize(text, Dialect(dialect))
    for token in read.tokens:
        kinds[token.start : token.end] = [_kind_of(token.type, token.text)] * (token.end - token.start)
    for comment in read.comments:
        if text[comment.start : comment.end].strip():
            kinds[comment.start : comment.end] = ["comment"] * (comment.end - comment.start)
    marks: list[Finding | None] = [None] * len(text)
    for finding in sorted(findings, key=_width, reverse=True):
        end = min(max(finding.end, finding.start + 1), len(text))
        marks[finding.start : end] = [finding] * max(end - finding.start, 0)
    pieces: list[Piece] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or (kinds[end], marks[end]) != (kinds[start], marks[start]):
            mark = marks[start]
            said = ("", "") if mark is None else (mark.severity, f"{mark.severity}: {mark.message}")
            pieces.append(Piece(text[start:end], kinds[start], *said))
            start = end
    return pieces


def _width(finding: Finding) -> int:
    return finding.end - finding.start


def _kind_of(terminal: str, text: str) -> str:
    if text[:1] in ("'", '"'):
        return "text"
    if text[:1].isdigit():
        return "number"
    return "keyword" if terminal != "NAME" and text[:1].isalpha() else ""
