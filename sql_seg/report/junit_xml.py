"""JUnit's XML: a test suite for each file, a test case for each query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePath

from sql_seg.diagnostics import Diagnostic
from sql_seg.report.query_report import Context, QueryReport

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def render(reports: Iterable[QueryReport], _context: Context) -> str:
    """Return a document in which queries with errors have failed; what else is said is their output."""
    reports = list(reports)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<testsuites{_attributes(name='sql-seg', **_counts(reports))}>")
    for file, group in groupby(reports, key=lambda report: report.file):
        lines += _suite(file, list(group))
    lines.append("</testsuites>")
    return "\n".join(lines)


def _suite(file: str, reports: Sequence[QueryReport]) -> Iterator[str]:
    yield f"  <testsuite{_attributes(name=file, **_counts(reports))}>"
    for number, report in enumerate(reports, start=1):
        yield from _case(report, number)
    yield "  </testsuite>"


def _case(report: QueryReport, number: int) -> Iterator[str]:
    """Yield the test case of a query; the number is its place in the file."""
    plain = PurePath(report.file).stem if number == 1 else f"query {number}"
    start = report.placement.file.position(report.placement.span.start)
    case = _attributes(
        name=report.segment or plain, classname=report.file, file=report.file, line=str(start.line)
    )
    if not report.diagnostics:
        yield f"    <testcase{case}/>"
        return
    yield f"    <testcase{case}>"
    errors = [diagnostic for diagnostic in report.diagnostics if diagnostic.is_error]
    others = [diagnostic for diagnostic in report.diagnostics if not diagnostic.is_error]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        failure = _attributes(message=errors[0].message + more, type=errors[0].code)
        yield f"      <failure{failure}>{_said(errors, report.file)}</failure>"
    if others:
        yield f"      <system-out>{_said(others, report.file)}</system-out>"
    yield "    </testcase>"


def _said(diagnostics: Sequence[Diagnostic], file: str) -> str:
    lines = []
    for diagnostic in diagnostics:
        place = f"{file}:{diagnostic.line}:{diagnostic.column}"
        lines.append(f"{place}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}")
        if diagnostic.help:
            lines.append(f"help: {diagnostic.help}")
        if diagnostic.sendgrid:
            lines.append(f"SendGrid says: {diagnostic.sendgrid}")
    return "\n".join(_escaped(line) for line in lines)


def _counts(reports: Sequence[QueryReport]) -> dict[str, str]:
    failures = sum(not report.is_valid for report in reports)
    return {"tests": str(len(reports)), "failures": str(failures), "errors": "0"}


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Return a text as XML may hold it; what it may not hold is replaced."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPES)
