"""What may be said about a query: one terse sentence with a place, and the fields around it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sql_seg import markup
from sql_seg.diagnostics.source import NOWHERE, Source, Span
from sql_seg.frozen import frozen
from sql_seg.provenance import Provenance


class Severity(StrEnum):
    """How bad it is. Only an error makes a query invalid."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(StrEnum):
    """Whether a fix keeps a segment's members: a safe one selects the same contacts."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@frozen
class Edit:
    """A change of a text: what stands at ``span`` becomes ``text``."""

    span: Span
    text: str


def edited(text: str, edits: Iterable[Edit]) -> tuple[str, list[Span]]:
    """Return a text after edits that do not overlap, and the places that they wrote, in their order."""
    pieces: list[str] = []
    written: list[Span] = []
    position = length = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        kept = text[position : edit.span.start]
        start = length + len(kept)
        length = start + len(edit.text)
        pieces += (kept, edit.text)
        written.append(Span(start, length))
        position = edit.span.end
    return "".join([*pieces, text[position:]]), written


@frozen
class Fix:
    """A way to fix a query: edits that do not overlap, and what they do in words."""

    message: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


def replacement(span: Span, text: str, message: str, safety: Safety = Safety.SAFE) -> Fix:
    """Return the fix that writes ``text`` in place of what stands at a span."""
    return Fix(message, (Edit(span, text),), safety)


@frozen
class Label:
    """A second place that a diagnostic speaks of."""

    span: Span
    message: str


@frozen
class Diagnostic:
    """One finding about one place of a query's text.

    ``line``, ``column``, ``end_line`` and ``end_column`` count from 1, columns in code points; the
    end is exclusive. ``help`` says what to write instead, and ``sendgrid`` is what SendGrid's API
    itself answers, where that is known; either is empty when there is nothing to say. ``labels`` are other
    places that belong to it, and ``fix`` is a way to fix the query, where there is one. ``table`` is the
    table that a name was looked for in, where that is what is wrong. ``provenance`` is where a construct is
    known from, if the finding is that SendGrid's reference does not promise it.
    """

    code: str
    severity: Severity
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    help: str = ""
    sendgrid: str = ""
    span: Span = NOWHERE
    labels: tuple[Label, ...] = ()
    fix: Fix | None = None
    table: str = ""
    provenance: Provenance | None = None

    @property
    def is_error(self) -> bool:
        """Whether the finding makes the query invalid."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}"

    def __repr__(self) -> str:
        return f"<Diagnostic: {self}>"

    def _repr_html_(self) -> str:
        fix = [] if self.fix is None else [f"fix: {self.fix.message} ({self.fix.safety})"]
        return markup.block(markup.paragraph(self, strong=True), markup.bullets([*remarks(self), *fix]))


def remarks(diagnostic: Diagnostic) -> list[str]:
    """Return what is said beside the message of a diagnostic: help, and SendGrid's own words."""
    said = (("help", diagnostic.help), ("SendGrid says", diagnostic.sendgrid))
    return [f"{title}: {text}" for title, text in said if text]


@frozen
class Finding:
    """A diagnostic before it is placed in a text: its place is a span alone."""

    code: str
    span: Span
    message: str
    help: str = ""
    sendgrid: str = ""
    severity: Severity = Severity.ERROR
    labels: tuple[Label, ...] = ()
    fix: Fix | None = None
    table: str = ""
    provenance: Provenance | None = None

    def placed(self, source: Source) -> Diagnostic:
        """Return the diagnostic of this finding in ``source``."""
        start = source.position(self.span.start)
        end = source.position(self.span.end)
        return Diagnostic(
            code=self.code,
            severity=self.severity,
            message=self.message,
            line=start.line,
            column=start.column,
            end_line=end.line,
            end_column=end.column,
            help=self.help,
            sendgrid=self.sendgrid,
            span=self.span,
            labels=self.labels,
            fix=self.fix,
            table=self.table,
            provenance=self.provenance,
        )


def place(findings: Iterable[Finding], text: str) -> list[Diagnostic]:
    """Place findings in their text, in the order of the text, each once."""
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: finding.span)
    if not ordered:
        return []
    source = Source(text)
    return [finding.placed(source) for finding in ordered]
