"""One line for each diagnostic: ``file:line:column: severity[code] message``."""

from __future__ import annotations

from collections.abc import Iterable

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext, is_safely_fixable
from sql_seg.diagnostics.formats.terminal_text import Paint, Style, painter, style_of, visible


def render(reports: Iterable[QueryReport], context: ReportContext) -> str:
    """Return one line for each diagnostic; ``[*]`` stands where a safe fix is known."""
    paint = painter(color=context.color)
    return "\n".join(
        line(diagnostic, report.file, paint) for report in reports for diagnostic in report.diagnostics
    )


def line(diagnostic: Diagnostic, file: str, paint: Paint) -> str:
    """Return the line of one diagnostic."""
    code = paint(f"{diagnostic.severity}[{diagnostic.code}]", style_of(diagnostic.severity))
    star = f" {paint('[*]', Style.FIX)}" if is_safely_fixable(diagnostic) else ""
    place = f"{visible(file)}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {code}{star} {visible(diagnostic.message)}"
