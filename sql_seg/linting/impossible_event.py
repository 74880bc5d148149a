"""``impossible-event``: conditions on one event that can never both hold."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.analysis import Claim
from sql_seg.core.terms import AnyOf, Term
from sql_seg.diagnostics import Finding, Label, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.certainties import certainties, is_impossible_event, listed
from sql_seg.linting.places import shortened
from sql_seg.linting.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for claim in context.once(certainties):
        if not is_impossible_event(claim):
            continue
        if context.dialect is Dialect.V1:
            hint = (
                "a v1 predicate speaks of one event at a time: write OR where either will do, or ask for two "
                "events in v2, where event_data is joined twice"
            )
        else:
            hint = "for two events, join event_data twice, under an alias each"
        places = [_place(other) for other in claim.others]
        others = [shortened(context.text[place.start : place.end]) for place in places]
        both = f"both this and {others[0]}" if len(others) == 1 else f"this, {listed(others, 'and')} at once"
        yield RULE.finding(
            _place(claim.condition),
            f"no event is {both}",
            help=hint,
            labels=tuple([Label(place, "the same event") for place in places]),
        )


def _place(condition: Term) -> Span:
    """Return where a condition stands, without the parentheses around it."""
    if not isinstance(condition, AnyOf):
        return condition.span
    return Span(condition.operands[0].span.start, condition.operands[-1].span.end)


RULE = Rule(
    code="impossible-event",
    severity=Severity.WARNING,
    summary="conditions on one event that can never both hold",
    why="All conditions on one alias, and in v1 all conditions on events, speak of one and the same event. "
    "None is an open and a click at once. Contacts that did both have two events.",
    example="event_type = 'open' AND event_type = 'click'",
    instead="SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS o ON c.contact_id = o.contact_id JOIN event_data AS k ON c.contact_id = k.contact_id "
    "WHERE o.event_type = 'open' AND k.event_type = 'click'",
    check=_check,
    claim=Claim,
)
