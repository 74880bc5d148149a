"""Places in a text: spans, and the lines and columns that people count."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text, as code-point offsets: ``text[start:end]``."""

    start: int
    end: int


NOWHERE = Span(0, 0)
"""The span of a node that was made by hand."""

_LONGEST_TEXT = 100


def inside_parentheses(text: str, span: Span) -> Span:
    """Return a span without the parentheses around it, for what does not start with one itself."""
    start, end = span
    while text[start : start + 1] == "(" and text[end - 1 : end] == ")":
        start, end = start + 1, end - 1
        while text[start : start + 1].isspace():
            start += 1
        while text[end - 1 : end].isspace():
            end -= 1
    return Span(start, end)


class Position(NamedTuple):
    """A place as people count it: line and column, both from 1, columns in code points."""

    line: int
    column: int


_LINE_BREAK = re.compile(r"\r\n?|\n")


class Source:
    """A text with its line starts, which are found once.

    A line ends at LF, CR LF or a lone CR.
    """

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def position(self, offset: int) -> Position:
        """Return the line and column of an offset; the text's end is a place too."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its line break."""
        return self.text[self._starts[number - 1] : self.end_of_line(number)]

    def end_of_line(self, number: int) -> int:
        """Return the offset behind a line, counted from 1, and before its line break."""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        start = self._starts[number - 1]
        return start + len(self.text[start:end].rstrip("\r\n"))


def text_at(span: Span, text: str) -> str:
    """Return what the query says at a place, in one line, cut where it is long."""
    inside = inside_parentheses(text, span)
    said = " ".join(text[inside.start : inside.end].split())
    return said if len(said) <= _LONGEST_TEXT else said[:_LONGEST_TEXT] + "…"
