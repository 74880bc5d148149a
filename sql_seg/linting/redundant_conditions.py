"""Conditions that an AND or OR could do without: the same one twice, and one that adds nothing to another."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import Duplicate, Subsumed
from sql_seg.core.terms import All
from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.certainties import certainties, labels, removal, text_of
from sql_seg.linting.rule import Context, Rule


def _duplicates(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if isinstance(claim, Duplicate):
            yield DUPLICATE_CONDITION.finding(
                claim.condition.span,
                f"{text_of(context, claim.condition)} stands here twice",
                help="leave one out, or write the other condition that was meant",
                labels=labels(claim, "the same condition"),
                fix=removal(context, claim),
            )


DUPLICATE_CONDITION = Rule(
    code="duplicate-condition",
    severity=Severity.WARNING,
    summary="the same condition twice in one AND or OR",
    why="The second says nothing new. Often it was copied to be changed, and was not.",
    example="country = 'US' AND city = 'Denver' AND country = 'US'",
    instead="country = 'US' AND city = 'Denver'",
    check=_duplicates,
    claim=Duplicate,
)


def _subsumed(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if not isinstance(claim, Subsumed):
            continue
        (other,) = claim.others
        is_and = isinstance(claim.chain, All)
        rest = text_of(context, other)
        yield SUBSUMED_CONDITION.finding(
            claim.condition.span,
            f"{text_of(context, claim.condition)} adds nothing to {rest}",
            help=f"AND asks for both, and {rest} asks for no less"
            if is_and
            else f"OR takes either, and {rest} takes no less",
            labels=labels(claim, "asks for no less" if is_and else "takes no less"),
            fix=removal(context, claim),
        )


SUBSUMED_CONDITION = Rule(
    code="subsumed-condition",
    severity=Severity.WARNING,
    summary="a condition that adds nothing to another one in the same AND or OR",
    why="Beside age > 21, age > 18 leaves nobody out; beside country IN ('US', 'CA'), OR country = 'US' "
    "brings nobody in. Often the bound or the column is a slip. IS NOT NULL beside a condition on the same "
    "column is left alone: it says what the other implies, and does no harm.",
    example="country = 'US' OR country IN ('US', 'CA')",
    instead="country IN ('US', 'CA')",
    check=_subsumed,
    claim=Subsumed,
)
