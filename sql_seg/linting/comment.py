"""``comment``: comments in a v2 query, which SendGrid's reference does not promise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.places import MARKS
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance
from sql_seg.sources.headers import split_header

_DIRECTIVE = re.compile(r"(?:--|/\*)\s*(?:noqa|sql-seg)\b|--\s*\Z", re.IGNORECASE)
"""A comment for this tool: ``-- noqa``, ``-- sql-seg: …``, and the ``--`` that ends a file's header."""


def _check(context: Context) -> Iterator[Finding]:
    if not ("--" in context.text or "/*" in context.text):
        return
    _, query = split_header(context.text)
    for mark in MARKS.finditer(context.text, len(context.text) - len(query)):
        if mark.lastgroup == "comment" and not _DIRECTIVE.match(mark.group()):
            yield RULE.finding(
                Span(*mark.span()),
                "SendGrid's reference does not promise comments",
                help="leave comments out of the text that is sent to SendGrid",
            )
            return


RULE = Rule(
    code="comment",
    severity=Severity.WARNING,
    summary="a comment in a v2 query",
    why="SendGrid's reference knows no comments. In a file they are useful; whoever sends a text with "
    "comments to SendGrid may be refused. What is for sql-seg (-- noqa, -- sql-seg:, -- name:) is not "
    "reported.",
    example="SELECT contact_id, updated_at FROM contact_data -- everybody",
    instead="SELECT contact_id, updated_at FROM contact_data",
    check=_check,
    dialect=Dialect.V2,
    provenance=Provenance.OURS,
)
