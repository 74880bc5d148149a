"""Reports made by hand, for the tests of all formats."""

from __future__ import annotations

from sql_seg.diagnostics import Diagnostic, Edit, Finding, Fix, Label, Safety, Severity, place
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.sources import queries_in, query_alone

HOSTILE = "\x1b[31m\r\n::error::%0A,: ]]>&<\"'\x00\udcff\u202e\ufffe"
"""A text that tries to be something else in every format."""


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def found(
    text: str,
    part: str,
    *,
    code: str = "some-code",
    message: str = "something is wrong",
    help: str = "",
    sendgrid: str = "",
    severity: Severity = Severity.ERROR,
    labels: tuple[tuple[str, str], ...] = (),
    fix: tuple[str, Safety] | None = None,
) -> Diagnostic:
    """Return a diagnostic of a part of a text; labels are parts with messages, a fix replaces the part."""
    made = None
    if fix is not None:
        made = Fix(f"Write {fix[0]}", (Edit(span_of(text, part), fix[0]),), fix[1])
    finding = Finding(
        code,
        span_of(text, part),
        message,
        help,
        sendgrid,
        severity,
        tuple(Label(span_of(text, other), said) for other, said in labels),
        made,
    )
    return place([finding], text)[0]


def alone(text: str, *diagnostics: Diagnostic, file: str = "query.sql") -> QueryReport:
    """Return the report of a file that is one query."""
    return query_alone(text, file, Dialect.V1).report(diagnostics)


def in_file(content: str, *diagnostics: Diagnostic, file: str = "segments.json") -> QueryReport:
    """Return the report of the one query of a segment file."""
    (query,) = queries_in(content, file)
    return query.report(diagnostics)
