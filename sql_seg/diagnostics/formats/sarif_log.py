"""SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sql_seg.diagnostics import Diagnostic, Fix, Severity, remarks
from sql_seg.diagnostics.formats.paths import uri
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext, RuleText
from sql_seg.diagnostics.source import Position
from sql_seg.diagnostics.source_map import SourceMap

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(reports: Iterable[QueryReport], context: ReportContext) -> str:
    """Return a log of one run, in ASCII; it documents the rules that found something."""
    reports = list(reports)
    codes = sorted({diagnostic.code for report in reports for diagnostic in report.diagnostics})
    indices = {code: index for index, code in enumerate(codes)}
    documented = {rule.code: rule for rule in context.rules}
    driver = {"name": "sql-seg", "rules": [_rule(code, documented.get(code)) for code in codes]}
    if context.version:
        driver["version"] = context.version
    results = [
        _result(diagnostic, report, indices[diagnostic.code])
        for report in reports
        for diagnostic in report.diagnostics
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str, rule: RuleText | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why}\n\nFor example:\n\n{rule.example}\n\nInstead:\n\n{rule.instead}",
            "markdown": f"{rule.why}\n\nFor example:\n\n{_fenced(rule.example)}\n\nInstead:\n\n"
            f"{_fenced(rule.instead)}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"


def _result(diagnostic: Diagnostic, report: QueryReport, index: int) -> dict[str, Any]:
    start = Position(diagnostic.line, diagnostic.column)
    end = Position(diagnostic.end_line, diagnostic.end_column)
    location = _location(report.file, start, end)
    if report.segment:
        location["logicalLocations"] = [{"name": report.segment, "kind": "object"}]
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join([diagnostic.message, *remarks(diagnostic)])},
        "locations": [location],
    }
    if diagnostic.labels:
        result["relatedLocations"] = [
            {
                **_location(report.file, *report.source_map.positions(label.span)),
                "message": {"text": label.message},
            }
            for label in diagnostic.labels
        ]
    if diagnostic.fix is not None:
        result |= _fixes(diagnostic.fix, report.file, report.source_map)
    return result


def _location(file: str, start: Position, end: Position) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": _region(start, end)}}


def _region(start: Position, end: Position) -> dict[str, int]:
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _fixes(fix: Fix, file: str, source_map: SourceMap) -> dict[str, Any]:
    """Return the fix, if the file can be changed so."""
    edits = source_map.to_file_edits(fix)
    if not edits:
        return {}
    replacements = [
        {
            "deletedRegion": _region(
                source_map.file.position(edit.span.start), source_map.file.position(edit.span.end)
            ),
            "insertedContent": {"text": edit.text},
        }
        for edit in edits
    ]
    change = {"artifactLocation": {"uri": uri(file)}, "replacements": replacements}
    return {"fixes": [{"description": {"text": fix.message}, "artifactChanges": [change]}]}
