"""Comments that v1 reads as conditions: ``country = 'FR' -- France`` subtracts a column from a text."""

from __future__ import annotations

from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tokens import tokenize
from sql_seg.syntax.parsing.v1_comments import comment_finding, comments_in


def with_comments(findings: list[Finding], text: str) -> list[Finding]:
    """Return findings of an invalid v1 text, with one in place of all that are about what a comment says."""
    comments = list(comments_in(text, tokenize(text, Dialect.V1).tokens))
    said: dict[int, Finding] = {}
    others = []
    for finding in findings:
        place = next(
            (one for one in comments if finding.span.start < one.end and one.start < finding.span.end), None
        )
        if place is None or finding.severity is not Severity.ERROR:
            others.append(finding)
        else:
            said[place.start] = comment_finding(place.start, text[place.start : place.end])
    return [*others, *said.values()]
