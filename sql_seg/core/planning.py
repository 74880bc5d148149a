"""Rewriting the core form before it is compiled: conditions on a contact apart from those on its events.

"Some event such that A and B" is "A, and some event such that B" where A says nothing of the event, and
joins that share no condition ask for events of their own: no product of events is ever walked needlessly.
"""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.core import terms as core
from sql_seg.core.traits import ROWED
from sql_seg.errors import NeedsDatasetError
from sql_seg.frozen import replace
from sql_seg.grouping import tied


def planned(condition: core.Term) -> core.Term:
    """Return a condition that is TRUE of the same contacts, its tests of events as small as they can be.

    What is not said of v1's events has the same truth too: it may stand inside NOT.
    """
    if isinstance(condition, core.LastEvent):
        return _plan_last_event(condition)
    if not isinstance(condition, core.SomeEvent):
        return condition
    if condition.or_none:
        return _plan_v1(condition)
    of_contact, groups = _split(condition.rows, conjuncts(condition.condition))
    return conjoined([*of_contact, *[_test(*group) for group in groups]])


def cheap_first(condition: core.Term) -> core.Term:
    """Return a condition with what asks a subquery behind all else: a test of events is one look-up."""
    if not isinstance(condition, core.All):
        return condition
    return core.All(tuple(sorted(condition.operands, key=_asks_subquery)), span=condition.span)


def _asks_subquery(term: core.Term) -> bool:
    return core.has(term, core.InSubquery)


def _plan_last_event(condition: core.LastEvent) -> core.Term:
    """Take what the maxima say nothing of out of the rows that they are taken over."""
    read = set[int]().union(*map(rows_of, condition.maxima))
    of_contact, groups = _split(condition.rows, conjuncts(condition.condition))
    kept = [group for group in groups if not read.isdisjoint(group[0])]
    others = [_test(*group) for group in groups if group not in kept]
    rows = tuple(sorted(row for own, _ in kept for row in own))
    inner = conjoined([term for _, terms in kept for term in terms])
    return conjoined([*of_contact, *others, replace(condition, rows=rows, condition=inner)])


def _plan_v1(condition: core.SomeEvent) -> core.Term:
    """Take what is said of the contact alone out of v1's judgement of each event (or of none)."""
    inner = condition.condition
    row = condition.rows[0]
    if isinstance(inner, (core.All, core.AnyOf)):
        of_contact = [term for term in inner.operands if row not in rows_of(term)]
        of_event = [term for term in inner.operands if row in rows_of(term)]
        if of_contact and of_event:
            rest = type(inner)(tuple(of_event)) if len(of_event) > 1 else of_event[0]
            part = planned(replace(condition, condition=rest))
            return type(inner)((*of_contact, part), span=inner.span)
    return condition


def for_one_contact(condition: core.Term) -> core.Term:
    """Return a condition with each subquery for the contact's own id as "some event such that".

    Raises NeedsDatasetError where a subquery asks for anything else: only an account can answer.
    """
    if not _asks_subquery(condition):
        return condition
    return _with_own_events(condition)


def _with_own_events(term: core.Term) -> core.Term:
    if isinstance(term, core.InSubquery):
        subquery = term.subquery
        if subquery.contact is not None or not (is_id(term.operand) and is_id(subquery.value)):
            raise NeedsDatasetError(
                "this query asks of other contacts or events too: evaluate it over a Dataset"
            )
        test = core.SomeEvent(subquery.events, _with_own_events(subquery.condition), span=term.span)
        return core.Inverse(planned(test), span=term.span) if term.negated else planned(test)
    return core.with_children(term, _with_own_events)


def is_id(term: core.Term) -> bool:
    """Return whether a term is a contact's id."""
    return isinstance(term, core.ColumnValue) and term.name == "contact_id"


def rows_of(term: core.Term) -> set[int]:
    """Return the rows that a term reads, those of subqueries and inner tests apart."""
    rows: set[int] = set()
    waiting = [term]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ROWED):
            rows.add(inner.row)
        if isinstance(inner, core.SomeEvent):
            rows |= rows_of(inner.condition) - set(inner.rows)
        elif isinstance(inner, core.InSubquery):
            waiting.append(inner.operand)
        else:
            waiting.extend(inner.children())
    return rows


def conjuncts(term: core.Term) -> list[core.Term]:
    """Return the conditions that must all be TRUE for a condition to be TRUE."""
    if isinstance(term, core.All):
        return [inner for operand in term.operands for inner in conjuncts(operand)]
    is_true = isinstance(term, core.Constant) and term.value is True
    return [] if is_true else [term]


def conjoined(terms: Sequence[core.Term]) -> core.Term:
    """Return the condition that is TRUE where all of some are: TRUE where there are none."""
    return terms[0] if len(terms) == 1 else core.All(tuple(terms))


def _split(
    rows: Sequence[int], terms: Sequence[core.Term]
) -> tuple[list[core.Term], list[tuple[list[int], list[core.Term]]]]:
    """Return what is said of none of the rows, as tests that are never NULL, and the rows that are tied."""
    outside, groups = tied(rows, terms, rows_of)
    return [core.TruthTest(term, True, span=term.span) for term in outside], groups


def _test(rows: Sequence[int], terms: Sequence[core.Term]) -> core.Term:
    """Return the test for events that conditions tie together."""
    return core.SomeEvent(tuple(sorted(rows)), conjoined(terms))
