"""``never-null``: IS NULL of a column that SendGrid never leaves NULL."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import NeverNull
from sql_seg.core.terms import NullTest
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import DataType
from sql_seg.linting.certainties import certainties, text_of
from sql_seg.linting.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if isinstance(claim, NeverNull) and claim.subject is not None:
            column = text_of(context, claim.subject)
            truth = "always" if isinstance(claim.condition, NullTest) and claim.condition.negated else "never"
            hint = "leave it out"
            if claim.subject.type is DataType.ARRAY:
                hint = f"leave it out: where there are none, {column} is an empty list, which is not NULL"
            message = f"{column} is never NULL in SendGrid: this is {truth} TRUE"
            yield RULE.finding(claim.condition.span, message, help=hint)


RULE = Rule(
    code="never-null",
    severity=Severity.WARNING,
    summary="IS NULL, or IS NOT NULL, of a column that is never NULL",
    why="Every contact has a contact_id, created_at and updated_at, and its lists, domains and alternate "
    "emails may be empty but are not NULL: the condition is the same for all contacts.",
    example="created_at IS NULL",
    instead="created_at < TIMESTAMP '2026-01-01'",
    check=_check,
    claim=NeverNull,
)
