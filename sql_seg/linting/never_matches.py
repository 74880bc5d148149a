"""``never-matches``: conditions that cannot be TRUE, alone or together."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import NeverTrue
from sql_seg.analysis.known import known_of
from sql_seg.core.terms import Between, Compared, Constant, Negatable, OneOf, Term
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.certainties import (
    certainties,
    is_impossible_event,
    labels,
    listed,
    quoted_column,
    swapped_bounds,
    text_of,
)
from sql_seg.linting.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if not isinstance(claim, NeverTrue) or is_impossible_event(claim):
            continue
        if claim.others:
            texts = listed([text_of(context, term) for term in (*claim.others, claim.condition)], "and")
            message, hint = f"{texts} are never TRUE together", _help_with_several(context, claim)
        else:
            reason, hint = _reason(context, claim.condition)
            message = f"{text_of(context, claim.condition)} is never TRUE{reason}"
        yield RULE.finding(
            claim.condition.span, message, help=hint, labels=labels(claim, "not beside this condition")
        )


def _help_with_several(context: Context, claim: NeverTrue) -> str:
    if not claim.of_event:
        why = f"{text_of(context, claim.subject)} has one value in a contact: " if claim.subject else ""
        return f"{why}if either will do, join them with OR; if not, one of them is wrong"
    if context.dialect is Dialect.V1:
        return (
            "a v1 predicate speaks of one event at a time: if either will do, join them with OR; for two "
            "events, join event_data twice in v2"
        )
    return (
        "one alias is one event: if either will do, join them with OR; for two events, join event_data twice"
    )


def _reason(context: Context, condition: Term) -> tuple[str, str]:
    """Return why a condition is never TRUE, if it can be said, and what to do about it."""
    reason, hint = swapped_bounds(context, condition)
    if reason:
        return f": {reason}", hint
    if column := quoted_column(context, condition):
        return "", f"in quotes it is a text: for the column, write {column}"
    match condition:
        case Compared() | OneOf() | Between() if any(known_of(part).whole for part in condition.children()):
            return ": a length is a whole number, and not below 0", "for an empty text, write = ''"
        case Compared(left=left, right=right) if left == right and not isinstance(left, Constant):
            return ": both sides are the same", "compare with something else"
        case Negatable(negated=True):
            return "", "leave out NOT, or the condition"
    return "", "as it stands, no contact fulfils it: write what it should ask, or leave it out"


RULE = Rule(
    code="never-matches",
    severity=Severity.WARNING,
    summary="conditions that can never be TRUE, alone or together",
    why="AND takes what fulfils all its conditions, and a contact has one value in a column: none is in two "
    "countries, or both younger than 20 and older than 30. A segment that asks for both stays empty.",
    example="country = 'US' AND country = 'CA'",
    instead="country IN ('US', 'CA')",
    check=_check,
    claim=NeverTrue,
)
