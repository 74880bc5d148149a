"""Workflow commands that GitHub shows as annotations beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable

from sql_seg.diagnostics import Diagnostic, Severity, remarks
from sql_seg.diagnostics.formats.paths import repository_path
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext
from sql_seg.diagnostics.formats.terminal_text import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(reports: Iterable[QueryReport], _context: ReportContext) -> str:
    """Return a workflow command a line for each diagnostic."""
    return "\n".join(
        _command(diagnostic, repository_path(report.file))
        for report in reports
        for diagnostic in report.diagnostics
    )


def _command(diagnostic: Diagnostic, file: str) -> str:
    """Return the command of one diagnostic; GitHub takes columns only of places within one line."""
    place: dict[str, object] = {"line": diagnostic.line}
    if diagnostic.line == diagnostic.end_line:
        place["col"] = diagnostic.column
    place["endLine"] = diagnostic.end_line
    if diagnostic.line == diagnostic.end_line:
        place["endColumn"] = diagnostic.end_column
    title = f"sql-seg ({diagnostic.code})"
    properties = {"file": file, **place, "title": title}
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {said}::{_message(diagnostic, file)}"


def _message(diagnostic: Diagnostic, file: str) -> str:
    lines = [f"{file}:{diagnostic.line}:{diagnostic.column}: {diagnostic.code} {diagnostic.message}"]
    for remark in remarks(diagnostic):
        lines += remark.split("\n") if remark.startswith("help") else [remark]
    return "%0A".join(_escaped(visible(line)) for line in lines)


def _property(value: str) -> str:
    return visible(_escaped(value)).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
