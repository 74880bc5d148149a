"""The text of a query in lines of pieces, each of one kind, with the findings that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect
from sql_seg.reporting.contents import ReportedFinding
from sql_seg.syntax.parsing.tokens import tokenize


class Piece(NamedTuple):
    """A piece of a query's text; ``severity`` is that of the finding that it is about, if it is about one."""

    text: str
    kind: str
    severity: str = ""


class HighlightedLine(NamedTuple):
    """A line of a query with the newline that ends it, and the findings that start in it."""

    pieces: tuple[Piece, ...]
    findings: tuple[ReportedFinding, ...]


def lines_of(text: str, dialect: str, findings: Sequence[ReportedFinding]) -> list[HighlightedLine]:
    """Return a query in lines that make up its text; a finding past its end is of the last line."""
    lines: list[HighlightedLine] = []
    start = 0
    pieces: list[Piece] = []
    parts = list(_split(pieces_of(text, dialect, findings)))
    for index, piece in enumerate(parts):
        pieces.append(piece)
        is_last = index + 1 == len(parts)
        if piece.text.endswith("\n") or is_last:
            end = start + sum(len(each.text) for each in pieces)
            here = [one for one in findings if start <= one.start < end or (is_last and one.start >= end)]
            lines.append(HighlightedLine(tuple(pieces), tuple(here)))
            start, pieces = end, []
    return lines or [HighlightedLine((), tuple(findings))]


def _split(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces none of which goes on behind a newline; what a line is indented by has no finding."""
    is_at_start = True
    for piece in pieces:
        for part in piece.text.splitlines(keepends=True) if "\n" in piece.text else [piece.text]:
            indent = len(part) - len(part.lstrip(" \t")) if is_at_start and piece.severity else 0
            if indent:
                yield Piece(part[:indent], piece.kind)
            if part[indent:]:
                yield piece._replace(text=part[indent:])
            is_at_start = part.endswith("\n")


def pieces_of(text: str, dialect: str, findings: Sequence[ReportedFinding]) -> list[Piece]:
    """Return a query in pieces that make up its text."""
    kinds = [""] * len(text)
    read = tokenize(text, Dialect(dialect))
    for token in read.tokens:
        kinds[token.start : token.end] = [_kind_of(token.type, token.text)] * (token.end - token.start)
    for comment in read.comments:
        if text[comment.start : comment.end].strip():
            kinds[comment.start : comment.end] = ["comment"] * (comment.end - comment.start)
    marks: list[ReportedFinding | None] = [None] * len(text)
    for finding in sorted(findings, key=_width, reverse=True):
        end = min(max(finding.end, finding.start + 1), len(text))
        marks[finding.start : end] = [finding] * max(end - finding.start, 0)
    pieces: list[Piece] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or (kinds[end], marks[end]) != (kinds[start], marks[start]):
            mark = marks[start]
            pieces.append(Piece(text[start:end], kinds[start], "" if mark is None else mark.severity))
            start = end
    return pieces


def _width(finding: ReportedFinding) -> int:
    return finding.end - finding.start


def _kind_of(terminal: str, text: str) -> str:
    if text[:1] in ("'", '"'):
        return "text"
    if text[:1].isdigit():
        return "number"
    return "keyword" if terminal != "NAME" and text[:1].isalpha() else ""
