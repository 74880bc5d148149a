"""``impossible-event``: conditions on one event that can never both hold."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import Term
from sql_seg.diagnostics import Finding, Label, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import Comparator
from sql_seg.linting.places import shortened
from sql_seg.linting.pushed_down import Atom, Condition, chains
from sql_seg.linting.rows import event_value, rows
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


@frozen
class _Choice:
    """A condition that leaves a value of an event one of some texts."""

    value: Term
    texts: frozenset[str]
    span: Span


def _check(context: Context) -> Iterator[Finding]:
    if not context.once(rows).has_events:
        return
    for chain in chains(context):
        if not chain.is_and:
            continue
        left: dict[Term, _Choice] = {}
        for part in chain.parts:
            choice = _choice(context, part)
            if choice is None:
                continue
            before = left.get(choice.value)
            if before is None:
                left[choice.value] = choice
                continue
            both = before.texts & choice.texts
            if not both:
                yield _finding(context, before, choice)
                break
            left[choice.value] = _Choice(choice.value, both, before.span)


def _choice(context: Context, condition: Condition) -> _Choice | None:
    """Return what a condition leaves to choose from: ``=``, IN, or an OR of such over one value."""
    if isinstance(condition, Atom):
        return _choice_of_atom(context, condition)
    atoms = [part for part in condition.parts if isinstance(part, Atom)]
    if condition.is_and or len(atoms) < len(condition.parts):
        return None
    choices = [choice for atom in atoms if (choice := _choice_of_atom(context, atom)) is not None]
    if len(choices) < len(atoms) or len({choice.value for choice in choices}) > 1:
        return None
    texts = frozenset(text for choice in choices for text in choice.texts)
    return _Choice(choices[0].value, texts, Span(choices[0].span.start, choices[-1].span.end))


def _choice_of_atom(context: Context, atom: Atom) -> _Choice | None:
    match atom.node:
        case nodes.Comparison(operator=operator, left=left, right=right):
            if operator is not (Comparator.NE if atom.negated else Comparator.EQ):
                return None
            subject, value = (right, left) if isinstance(left, nodes.String) else (left, right)
            values: tuple[nodes.Expression, ...] = (value,)
        case nodes.In(operand=subject, values=values, negated=negated):
            if negated != atom.negated:
                return None
        case _:
            return None
    texts = [value.value for value in values if isinstance(value, nodes.String)]
    term = event_value(context, context.term_of(subject))
    if term is None or len(texts) < len(values):
        return None
    return _Choice(term, frozenset(texts), atom.whole.span)


def _finding(context: Context, before: _Choice, after: _Choice) -> Finding:
    if context.dialect is Dialect.V1:
        hint = (
            "a v1 predicate speaks of one event at a time: write OR where either will do, or ask for two "
            "events in v2, where event_data is joined twice"
        )
    else:
        hint = "for two events, join event_data twice, under an alias each"
    place = context.text[before.span.start : before.span.end]
    return RULE.finding(
        after.span,
        f"no event is both this and {shortened(place)}",
        help=hint,
        labels=(Label(before.span, "the same event"),),
    )


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
    about=(nodes.And, nodes.Or),
)
