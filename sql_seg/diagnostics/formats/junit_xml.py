"""JUnit's XML: a test suite for each file, with test cases: of queries, each its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from sql_seg.diagnostics import Diagnostic, remarks
from sql_seg.diagnostics.formats.paths import repository_path
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext
from sql_seg.frozen import replace

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


@dataclass(frozen=True, slots=True)
class JunitFailure:
    """Why a test case has failed: in a few words, of which kind, and all that is to be said."""

    message: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class JunitCase:
    """A test case, with its line in its file; ``output`` is what else is said of it."""

    name: str
    file: str
    line: int
    failure: JunitFailure | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The test cases of a file."""

    name: str
    cases: Sequence[JunitCase]


def render(reports: Iterable[QueryReport], _context: ReportContext) -> str:
    """Return a document in which queries with errors have failed; what else is said is their output."""
    seen = [replace(report, file=repository_path(report.file)) for report in reports]
    return document(
        Suite(file, [_case(report, number) for number, report in enumerate(group, start=1)])
        for file, group in groupby(seen, key=lambda report: report.file)
    )


def document(suites: Iterable[Suite]) -> str:
    """Return test suites as a document of JUnit's."""
    suites = list(suites)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    everything = [case for suite in suites for case in suite.cases]
    lines.append(f"<testsuites{_attributes(name='sql-seg', **_counts(everything))}>")
    for suite in suites:
        lines.append(f"  <testsuite{_attributes(name=suite.name, **_counts(suite.cases))}>")
        for case in suite.cases:
            lines += _case_lines(case)
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines)


def _case_lines(case: JunitCase) -> Iterator[str]:
    head = _attributes(name=case.name, classname=case.file, file=case.file, line=str(case.line))
    if case.failure is None and not case.output:
        yield f"    <testcase{head}/>"
        return
    yield f"    <testcase{head}>"
    if case.failure is not None:
        failure = _attributes(message=case.failure.message, type=case.failure.kind)
        yield f"      <failure{failure}>{_escaped_lines(case.failure.text)}</failure>"
    if case.output:
        yield f"      <system-out>{_escaped_lines(case.output)}</system-out>"
    yield "    </testcase>"


def _case(report: QueryReport, number: int) -> JunitCase:
    """Return the test case of a query; the number is its place in the file."""
    plain = PurePath(report.file).stem if number == 1 else f"query {number}"
    start = report.source_map.file.position(report.source_map.span.start)
    errors = [diagnostic for diagnostic in report.diagnostics if diagnostic.is_error]
    others = [diagnostic for diagnostic in report.diagnostics if not diagnostic.is_error]
    failure = None
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        failure = JunitFailure(errors[0].message + more, errors[0].code, _said(errors, report.file))
    return JunitCase(report.segment or plain, report.file, start.line, failure, _said(others, report.file))


def _said(diagnostics: Sequence[Diagnostic], file: str) -> str:
    lines = []
    for diagnostic in diagnostics:
        place = f"{file}:{diagnostic.line}:{diagnostic.column}"
        lines.append(f"{place}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}")
        lines += remarks(diagnostic)
    return "\n".join(lines)


def _counts(cases: Sequence[JunitCase]) -> dict[str, str]:
    failures = sum(case.failure is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": "0"}


def _escaped_lines(text: str) -> str:
    """Return a text whose line breaks stay what they are."""
    return "\n".join(map(_escaped, text.split("\n")))


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Return a text as XML may hold it; what it may not hold is replaced."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPES)
