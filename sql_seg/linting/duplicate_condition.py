"""``duplicate-condition``: the same condition twice in one AND or OR."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import Duplicate
from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.certainties import certainties, labels, removal, text_of
from sql_seg.linting.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if isinstance(claim, Duplicate):
            yield RULE.finding(
                claim.condition.span,
                f"{text_of(context, claim.condition)} stands here twice",
                help="leave one out, or write the other condition that was meant",
                labels=labels(claim, "the same condition"),
                fix=removal(context, claim),
            )


RULE = Rule(
    code="duplicate-condition",
    severity=Severity.WARNING,
    summary="the same condition twice in one AND or OR",
    why="The second says nothing new. Often it was copied to be changed, and was not.",
    example="country = 'US' AND city = 'Denver' AND country = 'US'",
    instead="country = 'US' AND city = 'Denver'",
    check=_check,
    claim=Duplicate,
)
