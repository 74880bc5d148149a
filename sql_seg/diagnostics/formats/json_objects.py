"""Diagnostics as JSON objects with stable keys, and a list of queries as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sql_seg.diagnostics import Diagnostic, Edit, Fix
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext
from sql_seg.diagnostics.source import Position
from sql_seg.diagnostics.source_map import SourceMap


def render(reports: Iterable[QueryReport], _context: ReportContext) -> str:
    """Return one list with an object for each query, in ASCII."""
    return json.dumps([query_object(report) for report in reports], indent=2)


def query_object(report: QueryReport) -> dict[str, Any]:
    """Return a query with its diagnostics."""
    return {
        "file": report.file,
        "segment": report.segment,
        "dialect": None if report.dialect is None else str(report.dialect),
        "valid": report.is_valid,
        "diagnostics": [
            diagnostic_object(diagnostic, report.source_map) for diagnostic in report.diagnostics
        ],
    }


def diagnostic_object(diagnostic: Diagnostic, source_map: SourceMap) -> dict[str, Any]:
    """Return a diagnostic with its fix and its labels; all places are in the file."""
    fix = diagnostic.fix
    return {
        **as_json(diagnostic),
        "fix": None if fix is None else _fix_object(fix, source_map),
        "labels": [
            {"message": label.message, **_place(*source_map.positions(label.span))}
            for label in diagnostic.labels
        ],
    }


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return what a diagnostic says by itself."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "help": diagnostic.help,
        "sendgrid": diagnostic.sendgrid,
        "provenance": None if diagnostic.provenance is None else diagnostic.provenance.value,
    }


def _fix_object(fix: Fix, source_map: SourceMap) -> dict[str, Any]:
    """Return a fix; its edits are null where the file cannot be changed at single places."""
    edits = source_map.to_file_edits(fix)
    return {
        "message": fix.message,
        "safety": fix.safety.value,
        "edits": None if edits is None else [_edit_object(edit, source_map) for edit in edits],
    }


def _edit_object(edit: Edit, source_map: SourceMap) -> dict[str, Any]:
    start, end = source_map.file.position(edit.span.start), source_map.file.position(edit.span.end)
    return {**_place(start, end), "text": edit.text}


def _place(start: Position, end: Position) -> dict[str, int]:
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
