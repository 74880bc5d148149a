"""One JSON object a line, for each diagnostic."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sql_seg.diagnostics.formats.json_objects import diagnostic_object
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext


def render(reports: Iterable[QueryReport], _context: ReportContext) -> str:
    """Return an object a line for each diagnostic, with the query's file, segment and dialect."""
    return "\n".join(
        json.dumps(
            {
                "file": report.file,
                "segment": report.segment,
                "dialect": None if report.dialect is None else str(report.dialect),
                **diagnostic_object(diagnostic, report.source_map),
            }
        )
        for report in reports
        for diagnostic in report.diagnostics
    )
