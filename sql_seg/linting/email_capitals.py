"""``email-capitals``: an email compared with a text that holds capitals."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.comparisons import TextComparison, Way, comparisons, finding_of_texts
from sql_seg.linting.places import shortened
from sql_seg.linting.rows import contact_column
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_STORED_IN_LOWER_CASE = {"email": "emails", "alternate_emails": "emails", "email_domains": "domains"}


def _check(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        what = _what(context, comparison)
        capitals = [text for text in comparison.texts if text.value != text.value.lower()] if what else []
        if capitals:
            verb = "matches" if comparison.way is Way.LIKE else "equals"
            yield finding_of_texts(
                RULE,
                context,
                capitals,
                f"SendGrid stores {what} in lower case: none {verb} a text with capitals",
                help=f"write '{shortened(capitals[0].value.lower())}'",
                rewrite=("Write it in lower case", str.lower),
            )


def _what(context: Context, comparison: TextComparison) -> str:
    if comparison.function or not isinstance(comparison.column, ColumnValue):
        return ""
    if contact_column(context, comparison.column) is None:
        return ""
    return _STORED_IN_LOWER_CASE.get(comparison.column.name, "")


RULE = Rule(
    code="email-capitals",
    severity=Severity.WARNING,
    summary="an email or its domain compared with a text that holds capitals",
    why="SendGrid stores email addresses in lower case, and texts are compared case-sensitively: "
    "email = 'Ann@example.com' is TRUE of nobody, email LIKE '%@Gmail.com' neither.",
    example="email LIKE '%@Gmail.com'",
    instead="email LIKE '%@gmail.com'",
    check=_check,
    about=(nodes.String,),
    columns=frozenset(_STORED_IN_LOWER_CASE),
)
