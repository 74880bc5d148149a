"""Diagnostics with the lines that they speak of, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext
from sql_seg.diagnostics.formats.terminal_text import (
    Mark,
    Paint,
    PlacedMark,
    ShownRow,
    Style,
    painter,
    rows,
    style_of,
    visible,
    width,
    wrapped,
)
from sql_seg.diagnostics.source import NOWHERE, Position, Source, Span
from sql_seg.diagnostics.source_map import SourceMap

_LONGEST_LINE = 160
"""How many cells of a line of code are shown where no terminal says it."""

_ENDLESS = 1_000_000
_LEAST_MESSAGE = 24
"""How many cells a message beside bars has; where there are fewer, it stands without them."""


def render(reports: Iterable[QueryReport], context: ReportContext) -> str:
    """Return all diagnostics of some queries with code frames, separated by empty lines."""
    paint = painter(color=context.color)
    return "\n\n".join(
        framed(diagnostic, report.source_map, _place(report, diagnostic), paint, context.width)
        if report.text or report.is_query
        else _unframed(diagnostic, report.file, paint, context.width)
        for report in reports
        for diagnostic in report.diagnostics
    )


def _unframed(diagnostic: Diagnostic, file: str, paint: Paint, columns: int | None) -> str:
    """Return a diagnostic of a file without a text."""
    place = f"{file}:{diagnostic.line}:{diagnostic.column}"
    return f"{_head(diagnostic, paint, columns)}\n{paint(' -->', Style.MARGIN)} {visible(place)}"


def _head(diagnostic: Diagnostic, paint: Paint, columns: int | None) -> str:
    """Return what a diagnostic says, after its severity and code."""
    tag = f"{diagnostic.severity}[{diagnostic.code}]"
    room = columns or _ENDLESS
    first, *others = wrapped(visible(diagnostic.message), room - len(tag) - 2, room - 2)
    head = paint(tag, style_of(diagnostic.severity)) + paint(f": {first}", Style.BOLD)
    return "\n".join([head, *(paint(f"  {line}", Style.BOLD) for line in others)])


def framed(
    diagnostic: Diagnostic, source_map: SourceMap, place: str, paint: Paint, columns: int | None = None
) -> str:
    """Return one diagnostic with its code frame; ``place`` is what stands behind the arrow.

    Lines have at most so many ``columns``; without, only the lines of code are cut. A place is never cut.
    """
    style = style_of(diagnostic.severity)
    marks = _marks(diagnostic, source_map)
    margin = " " * len(str(max(mark.line for mark in marks[1])))
    room = (columns or _LONGEST_LINE + len(margin) + 3) - len(margin) - 3
    bar = paint(f"{margin} |", Style.MARGIN)
    lines = [
        _head(diagnostic, paint, columns),
        f"{paint(f'{margin}-->', Style.MARGIN)} {visible(place)}",
        bar,
    ]
    above = None
    for row in _rows(*marks, room):
        if above is not None and row.number > above + 1:
            lines.append(paint("...", Style.MARGIN))
        above = row.number
        number = paint(f"{row.number:>{len(margin)}} |", Style.MARGIN)
        lines.append(f"{number} {row.line}")
        lines += [f"{bar} {line}" for line in _below(row, style, paint, room if columns else _ENDLESS)]
    equals = paint(f"{margin} =", Style.MARGIN)
    for title, look, text in _remarks(diagnostic):
        said = _hanging(text, len(margin) + 3 + len(title) + 2, columns)
        lines.append(f"{equals} {paint(title, look)}: {said}")
    return "\n".join(lines)


def _remarks(diagnostic: Diagnostic) -> Iterator[tuple[str, Style, str]]:
    """Yield what stands below the code: help, fix, and SendGrid's own words."""
    fix = diagnostic.fix
    if diagnostic.help and (fix is None or diagnostic.help.casefold() != fix.message.casefold()):
        yield "help", Style.HELP, diagnostic.help
    if fix is not None:
        yield "fix", Style.FIX, f"{fix.message.translate(_LINE_ENDS)} ({fix.safety})"
    if diagnostic.sendgrid:
        yield "SendGrid says", Style.BOLD, diagnostic.sendgrid.translate(_LINE_ENDS)


def _place(report: QueryReport, diagnostic: Diagnostic) -> str:
    """Return the place of a diagnostic, in its file and, where that is no place, in its query."""
    place = f"{report.file}:{diagnostic.line}:{diagnostic.column}"
    if report.segment:
        place += f' in "{report.segment}"'
    if _shows_file(diagnostic, report.source_map):
        return place
    position = Source(report.text).position(diagnostic.span.start)
    return f"{place}, line {position.line}, column {position.column} of the query"


def _shows_file(diagnostic: Diagnostic, source_map: SourceMap) -> bool:
    """Return whether the lines of the file show a diagnostic's place better than those of the query."""
    return source_map.is_exact or diagnostic.span == NOWHERE


def _marks(diagnostic: Diagnostic, source_map: SourceMap) -> tuple[Source, list[Mark]]:
    """Return the text to show, and the parts of it that a diagnostic speaks of: its own place first."""
    if _shows_file(diagnostic, source_map):
        source = source_map.file
        start = Position(diagnostic.line, diagnostic.column)
        end = Position(diagnostic.end_line, diagnostic.end_column)
        labels = [
            _mark(source, *source_map.positions(label.span), label.message) for label in diagnostic.labels
        ]
        return source, [_mark(source, start, end), *labels]
    source = Source(source_map.text)
    labels = [_mark(source, *_positions(source, label.span), label.message) for label in diagnostic.labels]
    return source, [_mark(source, *_positions(source, diagnostic.span)), *labels]


def _rows(source: Source, marks: list[Mark], room: int) -> Iterator[ShownRow]:
    by_line = sorted(marks, key=lambda mark: (mark.line, mark is not marks[0], mark))
    for number, together in groupby(by_line, key=lambda mark: mark.line):
        yield from rows(number, source.line(number), list(together), room)


def _positions(source: Source, span: Span) -> tuple[Position, Position]:
    return source.position(span.start), source.position(span.end)


def _mark(source: Source, start: Position, end: Position, message: str = "") -> Mark:
    """Return the mark of a place; of one over several lines, the part in the first."""
    last = end.column - 1 if end.line == start.line else len(source.line(start.line))
    return Mark(start.line, start.column - 1, max(last, start.column - 1), message)


def _below(row: ShownRow, style: Style, paint: Paint, room: int) -> Iterator[str]:
    """Yield the underlines of a line, and the messages of its labels."""
    cells: dict[int, tuple[str, Style]] = {}
    for mark in sorted(row.marks, key=lambda mark: not mark.message):
        look = ("-", Style.LABEL) if mark.message else ("^", style)
        cells |= dict.fromkeys(range(mark.start, mark.end), look)
    labels = sorted((mark for mark in row.marks if mark.message), key=lambda mark: mark.start)
    underlines = _painted(cells, paint)
    if labels and _has_room_behind(labels[-1], row.marks, room):
        underlines += f" {paint(visible(labels.pop().message), Style.LABEL)}"
    yield underlines
    if labels:
        yield _painted({label.start: ("|", Style.LABEL) for label in labels}, paint)
    while labels:
        label = labels.pop()
        yield from _message(
            label, [other.start for other in labels if other.start < label.start], paint, room
        )


def _has_room_behind(label: PlacedMark, marks: Iterable[PlacedMark], room: int) -> bool:
    """Return whether the message of a label can stand in the line of the underlines."""
    is_last = all(mark.end <= label.start for mark in marks if mark is not label)
    return is_last and label.end + 1 + width(visible(label.message)) <= room


def _message(label: PlacedMark, bars: list[int], paint: Paint, room: int) -> Iterator[str]:
    """Yield the message of a label below its place, right of other bars; further left if it is long."""
    message = visible(label.message)
    least = max(bars, default=-2) + 2
    if room - least < min(_LEAST_MESSAGE, room, width(message)):
        bars, least = [], 0
    start = max(least, min(label.start, room - width(message)))
    for line in wrapped(message, room - start, room - start):
        row = _painted(dict.fromkeys(bars, ("|", Style.LABEL)), paint)
        yield row + " " * (start - max(bars, default=-1) - 1) + paint(line, Style.LABEL)


def _painted(cells: dict[int, tuple[str, Style]], paint: Paint) -> str:
    """Return a line with characters at some of its cells."""
    line, run, end, look = "", "", 0, Style.PLAIN
    for cell, (character, style) in sorted(cells.items()):
        if cell > end or style is not look:
            line += paint(run, look) + " " * (cell - end)
            run = ""
        run += character
        end, look = cell + 1, style
    return line + paint(run, look)


def _hanging(text: str, indent: int, columns: int | None) -> str:
    """Return a text whose lines after the first stand below it; where there is little room, further left."""
    room = columns or _ENDLESS
    below = indent if room - indent >= _LEAST_MESSAGE else min(indent, 4)
    lines: list[str] = []
    for line in text.split("\n"):
        lines += wrapped(visible(line), room - (below if lines else indent), room - below)
    return ("\n" + " " * below).join(lines)


_LINE_ENDS = {ord("\n"): "\N{REPLACEMENT CHARACTER}"}
"""A fix and an answer of SendGrid are one line each."""
