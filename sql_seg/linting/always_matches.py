"""``always-matches``: conditions that leave nobody out."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import AlwaysTrue
from sql_seg.core.terms import JsonValue, Term
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import DataType
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

_KINDS = {
    DataType.VARCHAR: "reads as a text",
    DataType.NUMBER: "reads as a number",
    DataType.TIMESTAMP: "reads as a timestamp",
    DataType.BOOLEAN: "reads as TRUE or FALSE",
}


def _check(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if isinstance(claim, AlwaysTrue) and not is_impossible_event(claim):
            texts = [text_of(context, term) for term in (*claim.others, claim.condition)]
            yield RULE.finding(
                claim.condition.span,
                f"{listed(texts, 'or')} is {_extent(context, claim)}",
                help=_help(context, claim),
                labels=labels(claim, "or this condition"),
            )


def _extent(context: Context, claim: AlwaysTrue) -> str:
    whom = "every event" if claim.of_event else "every contact"
    if not claim.known:
        return f"TRUE for {whom}"
    known = [f"{text_of(context, term)} {_known(term)}" for term in claim.known]
    return f"TRUE for {whom} whose {listed(known, 'and')}"


def _known(term: Term) -> str:
    return _KINDS.get(term.type, "is not NULL") if isinstance(term, JsonValue) else "is not NULL"


def _help(context: Context, claim: AlwaysTrue) -> str:
    if claim.others:
        return "if all of them must hold, join them with AND; if not, leave them out: they leave nobody out"
    _, swapped = swapped_bounds(context, claim.condition)
    if swapped:
        return swapped
    if column := quoted_column(context, claim.condition):
        return f"in quotes it is a text: for the column, write {column}"
    if len(claim.known) == 1 and not isinstance(claim.known[0], JsonValue):
        return f"if that is what it should ask, write {text_of(context, claim.known[0])} IS NOT NULL"
    return "it leaves nobody out: write what it should ask, or leave it out"


RULE = Rule(
    code="always-matches",
    severity=Severity.WARNING,
    summary="conditions that are always TRUE, alone or one of them",
    why="OR takes what fulfils one of its conditions. first_name != 'Ann' OR first_name != 'Bob' leaves out "
    "nobody who has a first name: whoever is called Ann is not called Bob.",
    example="created_at >= TIMESTAMP '2026-01-01' OR created_at < TIMESTAMP '2026-02-01'",
    instead="created_at >= TIMESTAMP '2026-01-01' AND created_at < TIMESTAMP '2026-02-01'",
    check=_check,
    claim=AlwaysTrue,
)
