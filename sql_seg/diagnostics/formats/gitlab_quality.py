"""GitLab's code quality report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.diagnostics.formats.paths import repository_path
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(reports: Iterable[QueryReport], _context: ReportContext) -> str:
    """Return one list with an object for each diagnostic, in ASCII."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = [_found(diagnostic, report, seen) for report in reports for diagnostic in report.diagnostics]
    return json.dumps(found, indent=2)


def _found(diagnostic: Diagnostic, report: QueryReport, seen: Counter[tuple[str, ...]]) -> dict[str, Any]:
    path = repository_path(report.file)
    return {
        "check_name": diagnostic.code,
        "description": f"{diagnostic.code}: {diagnostic.message}",
        "severity": _SEVERITIES[diagnostic.severity],
        "fingerprint": _fingerprint((path, report.segment or "", diagnostic.code, diagnostic.message), seen),
        "location": {
            "path": path,
            "positions": {
                "begin": {"line": diagnostic.line, "column": diagnostic.column},
                "end": {"line": diagnostic.end_line, "column": diagnostic.end_column},
            },
        },
    }


def _fingerprint(what: tuple[str, ...], seen: Counter[tuple[str, ...]]) -> str:
    """Return what distinguishes a finding from all others, and stays when lines move."""
    seen[what] += 1
    said = json.dumps([*what, seen[what]])
    return sha256(said.encode()).hexdigest()
