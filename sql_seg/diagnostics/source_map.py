"""Where a query's text stands in its file: from places in the one to places in the other, and edits along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sql_seg.diagnostics import Diagnostic, Edit, Fix, edited
from sql_seg.diagnostics.source import Position, Source, Span
from sql_seg.frozen import frozen, replace


class MappedRun(NamedTuple):
    """The start of a stretch whose characters stand in the file just as they are in the query."""

    offset: int
    in_file: int


class Hole(NamedTuple):
    """A stretch of the query that does not stand in the file: ``in_file`` stands there in its place."""

    start: int
    end: int
    in_file: Span


Encode = Callable[[str], str | None]
"""Writes a text as it stands in the file; None where it cannot stand there."""

Decode = Callable[[str], str | None]
"""Reads what stands in the file back; None where it is no text."""

Anew = Callable[[str], Edit | None]
"""Returns the edit of the file that writes another text in place of a literal; None where there is none."""


@frozen
class SourceMap:
    """Where a query stands in a file.

    ``text`` is the query's text, ``file`` the whole file, and ``span`` the literal in the file that the
    query is written as. ``runs`` say where each character of the query stands; without runs only the literal
    as a whole is known. ``holes`` are what a name in the file stands for. ``encode`` and ``decode`` go
    between a text and its literal; ``anew`` writes another text in place of the literal as a whole.
    """

    text: str
    file: Source
    span: Span
    runs: tuple[MappedRun, ...] = ()
    encode: Encode | None = None
    decode: Decode | None = None
    anew: Anew | None = None
    holes: tuple[Hole, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether each character of the query has its place in the file."""
        return bool(self.runs)

    def span_in_file(self, span: Span) -> Span:
        """Return where a stretch of the query stands in the file; the whole literal where that is all."""
        if not self.runs:
            return self.span
        start, end = self._offset_in_file(span.start), self._offset_in_file(span.end)
        for hole in self.holes:
            if hole.start <= span.start < hole.end:
                start = hole.in_file.start
            if hole.start < span.end <= hole.end:
                end = hole.in_file.end
        return Span(start, max(start, end))

    def positions(self, span: Span) -> tuple[Position, Position]:
        """Return the lines and columns in the file between which a stretch of the query stands."""
        in_file = self.span_in_file(span)
        return self.file.position(in_file.start), self.file.position(in_file.end)

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic of the query with its lines and columns in the file.

        Its spans, and those of its labels and its fix, stay places in the query.
        """
        start, end = self.positions(diagnostic.span)
        return replace(
            diagnostic,
            line=start.line,
            column=start.column,
            end_line=end.line,
            end_column=end.column,
        )

    def to_file_edits(self, fix: Fix) -> tuple[Edit, ...] | None:
        """Return the edits of the file that do what a fix does to the query.

        None where the file cannot say the fixed query with changes at these places alone.
        """
        if not self.runs or any(map(self._is_in_hole, fix.edits)):
            return None
        edits: list[Edit] = []
        for edit in fix.edits:
            written = edit.text if self.encode is None else self.encode(edit.text)
            if written is None:
                return None
            edits.append(Edit(self.span_in_file(edit.span), written))
        if self.decode is not None:
            literal = self.file.text[self.span.start : self.span.end]
            inside = [_moved(edit, -self.span.start) for edit in edits]
            if self.decode(edited(literal, inside)[0]) != edited(self.text, fix.edits)[0]:
                return None
        return tuple(edits)

    def rewriting(self, text: str) -> tuple[Edit, ...] | None:
        """Return the edits of the file that make the query another text; None where there are none."""
        if text == self.text:
            return ()
        if self.holes:
            return self.to_file_edits(Fix("", tuple(_differences(self.text, text))))
        start = _common_start(text, self.text)
        end = _common_start(text[start:][::-1], self.text[start:][::-1])
        change = Edit(Span(start, len(self.text) - end), text[start : len(text) - end])
        edits = self.to_file_edits(Fix("", (change,)))
        if edits is None and self.anew is not None:
            whole = self.anew(text)
            return None if whole is None else (whole,)
        return edits

    def offset_in_query(self, offset: int) -> int:
        """Return the place in the query that stands at a place of its file."""
        for hole in self.holes:
            if hole.in_file.start <= offset < hole.in_file.end:
                return hole.start
        best = 0
        for run in self.runs:
            if run.in_file <= offset:
                best = run.offset + offset - run.in_file
        return min(best, len(self.text))

    def _is_in_hole(self, edit: Edit) -> bool:
        """Return whether an edit reaches into what the file has a name for."""
        start, end = edit.span
        return any(start < hole.end and hole.start < end for hole in self.holes)

    def _offset_in_file(self, offset: int) -> int:
        run = self.runs[bisect_right(self.runs, offset, key=lambda run: run.offset) - 1]
        return run.in_file + offset - run.offset


def whole_file(text: str) -> SourceMap:
    """Return the source map of a query that is all of its file."""
    return SourceMap(text, Source(text), Span(0, len(text)), (MappedRun(0, 0),))


def _differences(before: str, after: str) -> Iterator[Edit]:
    """Yield the edits that make one text another, each as small as it can be."""
    from difflib import SequenceMatcher  # 9 ms to import; most checks take less

    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(Span(start, end), after[first:last])


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(Span(edit.span.start + by, edit.span.end + by), edit.text)


def _common_start(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((n for n in range(length) if one[n] != other[n]), length)
