"""``pattern-escape``: a backslash that is to make a wildcard of a v2 pattern an ordinary character."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.places import written_escapes
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for found in context.once(written_escapes):
        if not found.of_pattern:
            continue
        end = found.start + len(found.escape.written)
        wildcard = found.escape.value
        becomes = f"the backslash is dropped, and {wildcard} stays a wildcard"
        if wildcard == "\\":
            wildcard = context.text[end]
            becomes = f"this is a backslash, and {wildcard} stays a wildcard"
            end += 1
        yield RULE.finding(
            Span(found.start, end),
            f"LIKE has no escape character: {becomes}",
            help=f"a pattern cannot ask for {wildcard} itself: for one very text, write = in place of LIKE",
        )


RULE = Rule(
    code="pattern-escape",
    severity=Severity.WARNING,
    summary="a backslash before a wildcard of a v2 pattern",
    why=r"In v2's LIKE, % is any text and _ any one character, and nothing makes them ordinary: '100\%' is "
    r"the "
    "pattern 100%, which finds all that starts with 100. SendGrid's reference is silent; this is what "
    "Snowflake "
    "does without an ESCAPE, on which its queries evidently run.",
    example=r"SELECT contact_id, updated_at FROM contact_data WHERE city LIKE '100\%'",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE city = '100%'",
    check=_check,
    about=(nodes.Like,),
    dialect=Dialect.V2,
    provenance=Provenance.SNOWFLAKE,
)
