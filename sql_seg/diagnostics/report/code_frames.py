"""Diagnostics with the lines that they speak of, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.report.query_report import Context, QueryReport
from sql_seg.diagnostics.report.terminal_text import Paint, Style, painter, style_of, visible, width
from sql_seg.diagnostics.source import NOWHERE, Position, Source, Span
from sql_seg.diagnostics.source_map import SourceMap

_LONGEST_LINE = 160


def render(reports: Iterable[QueryReport], context: Context) -> str:
    """Return all diagnostics of some queries with code frames, separated by empty lines."""
    paint = painter(color=context.color)
    return "\n\n".join(
        framed(diagnostic, report.source_map, _place(report, diagnostic), paint)
        if report.text or report.is_query
        else _unframed(diagnostic, report.file, paint)
        for report in reports
        for diagnostic in report.diagnostics
    )


def _unframed(diagnostic: Diagnostic, file: str, paint: Paint) -> str:
    """Return a diagnostic of a file without a text."""
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", style_of(diagnostic.severity))
    message = paint(f": {visible(diagnostic.message)}", Style.BOLD)
    place = f"{file}:{diagnostic.line}:{diagnostic.column}"
    return f"{head}{message}\n{paint(' -->', Style.MARGIN)} {visible(place)}"


def framed(diagnostic: Diagnostic, source_map: SourceMap, place: str, paint: Paint) -> str:
    """Return one diagnostic with its code frame; ``place`` is what stands behind the arrow."""
    style = style_of(diagnostic.severity)
    rows = list(_rows(diagnostic, source_map))
    margin = " " * len(str(max(row.number for row in rows)))
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", style)
    bar = paint(f"{margin} |", Style.MARGIN)
    lines = [
        head + paint(f": {visible(diagnostic.message)}", Style.BOLD),
        f"{paint(f'{margin}-->', Style.MARGIN)} {visible(place)}",
        bar,
    ]
    above = None
    for row in rows:
        if above is not None and row.number > above + 1:
            lines.append(paint("...", Style.MARGIN))
        above = row.number
        number = paint(f"{row.number:>{len(margin)}} |", Style.MARGIN)
        lines.append(f"{number} {visible(row.line)}")
        lines += [f"{bar} {line}" for line in _marks_below(row, style, paint)]
    equals = paint(f"{margin} =", Style.MARGIN)
    fix = diagnostic.fix
    if diagnostic.help and (fix is None or diagnostic.help.casefold() != fix.message.casefold()):
        said = _indented(diagnostic.help, len(margin) + 9)
        lines.append(f"{equals} {paint('help', Style.HELP)}: {said}")
    if fix is not None:
        lines.append(f"{equals} {paint('fix', Style.FIX)}: {visible(fix.message)} ({fix.safety})")
    if diagnostic.sendgrid:
        lines.append(f"{equals} {paint('SendGrid says', Style.BOLD)}: {visible(diagnostic.sendgrid)}")
    return "\n".join(lines)


class _Mark(NamedTuple):
    """A part of a line, as columns from 0; the message is empty for the diagnostic's own place."""

    line: int
    start: int
    end: int
    message: str = ""


class _Row(NamedTuple):
    """A line, or what fits of it, with the marks below it."""

    number: int
    line: str
    marks: list[_Mark]


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


def _rows(diagnostic: Diagnostic, source_map: SourceMap) -> Iterator[_Row]:
    if _shows_file(diagnostic, source_map):
        source = source_map.file
        start = Position(diagnostic.line, diagnostic.column)
        end = Position(diagnostic.end_line, diagnostic.end_column)
        own = _mark(source, start, end)
        labels = [
            _mark(source, *source_map.positions(label.span), label.message) for label in diagnostic.labels
        ]
    else:
        source = Source(source_map.text)
        own = _mark(source, *_positions(source, diagnostic.span))
        labels = [
            _mark(source, *_positions(source, label.span), label.message) for label in diagnostic.labels
        ]
    by_line = sorted([own, *labels], key=lambda mark: (mark.line, mark is not own, mark))
    for number, marks in groupby(by_line, key=lambda mark: mark.line):
        yield from _fitting(number, source.line(number), list(marks))


def _positions(source: Source, span: Span) -> tuple[Position, Position]:
    return source.position(span.start), source.position(span.end)


def _mark(source: Source, start: Position, end: Position, message: str = "") -> _Mark:
    """Return the mark of a place; of one over several lines, the part in the first."""
    last = end.column - 1 if end.line == start.line else len(source.line(start.line))
    return _Mark(start.line, start.column - 1, max(last, start.column - 1), message)


def _fitting(number: int, line: str, marks: list[_Mark]) -> Iterator[_Row]:
    """Yield a line, cut around its marks if it is too long, as often as it takes to show them all."""
    if len(line) <= _LONGEST_LINE:
        yield _Row(number, line, marks)
        return
    while marks:
        cut = max(0, marks[0].start - _LONGEST_LINE // 3)
        before = "…" if cut else ""
        after = "…" if cut + _LONGEST_LINE < len(line) else ""
        shown = line[cut : cut + _LONGEST_LINE]
        inside = [mark for mark in marks if cut <= mark.start <= cut + len(shown)]
        marks = [mark for mark in marks if mark not in inside]
        shift = len(before) - cut
        moved = [
            mark._replace(start=mark.start + shift, end=min(mark.end - cut, len(shown)) + len(before))
            for mark in inside
        ]
        yield _Row(number, before + shown + after, moved)


def _marks_below(row: _Row, style: Style, paint: Paint) -> Iterator[str]:
    """Yield the underlines of a line, and the messages of its labels."""
    cells: dict[int, tuple[str, Style]] = {}
    for mark in sorted(row.marks, key=lambda mark: not mark.message):
        start = width(row.line[: mark.start])
        look = ("-", Style.LABEL) if mark.message else ("^", style)
        cells |= dict.fromkeys(range(start, start + max(1, width(row.line[mark.start : mark.end]))), look)
    labels = sorted((mark for mark in row.marks if mark.message), key=lambda mark: mark.start)
    messages = [(width(row.line[: mark.start]), visible(mark.message)) for mark in labels]
    underlines = _painted(cells, paint)
    if labels and all(mark.end <= labels[-1].start for mark in row.marks if mark is not labels[-1]):
        underlines += f" {paint(messages.pop()[1], Style.LABEL)}"
    yield underlines
    if messages:
        yield _painted({column: ("|", Style.LABEL) for column, _ in messages}, paint)
    while messages:
        column, message = messages.pop()
        bars = {other: ("|", Style.LABEL) for other, _ in messages if other < column}
        room = column - max(bars, default=-1) - 1
        yield _painted(bars, paint) + " " * room + paint(message, Style.LABEL)


def _painted(cells: dict[int, tuple[str, Style]], paint: Paint) -> str:
    """Return a line with characters at some of its cells."""
    row = [cells.get(cell, (" ", Style.PLAIN)) for cell in range(max(cells, default=-1) + 1)]
    groups = groupby(row, key=lambda cell: cell[1])
    return "".join(paint("".join(character for character, _ in group), style) for style, group in groups)


def _indented(text: str, indent: int) -> str:
    return ("\n" + " " * indent).join(map(visible, text.split("\n")))
