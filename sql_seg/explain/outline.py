"""A query's condition as people wrote it: what is said of the contact beside what is said of its events.

A join is one test of events in the core form, with all conditions inside. Here the conditions on the contact
stand beside it, each with its own truth: that of the whole is TRUE of the same contacts.
"""

from __future__ import annotations

from sql_seg.core import terms as core
from sql_seg.core.planning import for_one_contact, planned
from sql_seg.errors import NeedsDatasetError


def outline(condition: core.Term, *, alone: bool) -> core.Term:
    """Return a condition as it is shown; ``alone`` where only one contact with its events is known.

    Raises NeedsDatasetError where the answer then depends on others.
    """
    own = for_one_contact(condition) if alone else with_own_events(condition)
    return _with_own_truths(_joined(planned(own)), own)


def with_own_events(term: core.Term) -> core.Term:
    """Return a condition with tests of the contact's own events instead of subqueries for its id."""
    if isinstance(term, core.InSubquery):
        try:
            return for_one_contact(term)
        except NeedsDatasetError:
            return term
    return core.with_children(term, with_own_events)


def _joined(condition: core.Term) -> core.Term:
    """Return AND and OR without one of the same kind directly inside: parentheses there say nothing."""
    for kind in (core.All, core.AnyOf):
        if isinstance(condition, kind):
            parts: list[core.Term] = []
            for operand in map(_joined, condition.operands):
                parts += operand.operands if isinstance(operand, kind) and operand.operands else (operand,)
            return kind(tuple(parts), span=condition.span)
    return condition


def _with_own_truths(condition: core.Term, own: core.Term) -> core.Term:
    """Return conditions on the contact beside tests of events as they are, rather than as IS TRUE of it."""
    if condition is own or not isinstance(condition, core.All):
        return _unwrapped(condition) if condition is not own else condition
    return core.All(tuple(map(_unwrapped, condition.operands)), span=condition.span)


def _unwrapped(term: core.Term) -> core.Term:
    is_made = isinstance(term, core.TruthTest) and term.value and not term.negated
    if isinstance(term, core.TruthTest) and is_made and term.span == term.operand.span:
        return term.operand
    return term


def outline_of_all(condition: core.Term) -> core.Term:
    """Return a condition as it is shown, to be asked of all contacts; subqueries stay as they are."""
    return _with_own_truths(_joined(planned(condition)), condition)
