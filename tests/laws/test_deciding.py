"""What decided a contact's membership: the named conditions alone imply it, and none of them is too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.logic import Truth, all_of, any_of, not_
from sql_seg.core.planning import conjuncts, for_one_contact, planned
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import NeedsDatasetError
from sql_seg.explain import Decision, EventReason
from sql_seg.explain.decision import Reason
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.population import own_events
from sql_seg.segments.segment import Segment
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
ANY: set[Truth] = {True, False, None}


def possible(term: core.Term, reasons: Sequence[Reason]) -> set[Truth]:
    """Return what a condition can be where nothing is known of conditions but what the reasons say."""
    match term:
        case core.TruthTest(operand=inner, value=value, negated=False):
            return {truth is value for truth in possible(inner, reasons)}
        case core.Inverse(operand=inner):
            return {not_(truth) for truth in possible(inner, reasons)}
        case core.All(operands=operands):
            return set(map(all_of, product(*(possible(operand, reasons) for operand in operands))))
        case core.AnyOf(operands=operands):
            return set(map(any_of, product(*(possible(operand, reasons) for operand in operands))))
        case core.SomeEvent() | core.LastEvent():
            return possible_of_events(term, reasons)
    said = {reason.verdict for reason in reasons if reason.span == term.span}
    return said or ANY


def possible_of_events(term: core.SomeEvent | core.LastEvent, reasons: Sequence[Reason]) -> set[Truth]:
    spans = {condition.span for condition in conjuncts(term.condition)}
    for reason in reasons:
        if isinstance(reason, EventReason) and {step.span for step in reason.steps} <= spans:
            return {reason.verdict}
    if isinstance(term, core.SomeEvent):
        return {True, False}
    having = possible(term.having, reasons)
    return {True} if having == {True} else {True, False} if True in having else {False}


def asked_by(condition: core.Term, reason: EventReason) -> Iterator[core.SomeEvent]:
    """Yield the test of events that a reason is about, for its conditions, and for these without any one."""
    spans = {step.span for step in reason.steps}
    for term in core.walk(condition):
        if isinstance(term, core.SomeEvent | core.LastEvent):
            or_none = isinstance(term, core.SomeEvent) and term.or_none
            named = [part for part in conjuncts(term.condition) if part.span in spans]
            if {part.span for part in named} == spans:
                for left_out in (None, *spans):
                    kept = core.All(tuple(part for part in named if part.span != left_out))
                    yield core.SomeEvent(term.rows, kept, or_none)
                return


def implied(condition: core.Term, decision: Decision, reasons: Sequence[Reason]) -> bool:
    """Return whether reasons imply a decision."""
    truths = possible(condition, reasons)
    return truths == {True} if decision.is_member else True not in truths


def is_small(checked: CheckedQuery) -> bool:
    """Return whether all combinations of truths can be tried."""
    kinds = core.All | core.AnyOf
    terms = core.walk(checked.condition)
    return all(len(term.operands) <= 6 for term in terms if isinstance(term, kinds))


@DIALECTS
@given(data=st.data(), now=nows())
def test_the_reasons_imply_the_answer_and_each_is_needed(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(contact_queries(dialect))
    segment = Segment(to_text(query), SCHEMA)
    assume(is_small(segment.checked))
    (contact, *_) = data.draw(contacts_near(query, now))
    decision = segment.decided_by(contact, now=now)
    condition = planned(segment.checked.condition)
    assert decision.is_member == segment.matches(contact, now=now)
    assert implied(condition, decision, decision.reasons)
    for reason in decision.reasons:
        others = [other for other in decision.reasons if other is not reason]
        assert not implied(condition, decision, others)


@DIALECTS
@given(data=st.data(), now=nows())
def test_the_reasons_imply_the_answer_where_it_depends_on_events(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    contact = account.contacts[0]
    events = account.events_of(contact)
    try:
        decision = segment.decided_by(contact, events, now=now)
        condition = planned(for_one_contact(segment.checked.condition))
    except NeedsDatasetError:
        assume(False)
    assume(is_small(segment.checked))
    assert decision.is_member == segment.matches(contact, events, now=now)
    assert implied(condition, decision, decision.reasons)
    interpreter = Interpreter(now, NO_ACCOUNT)
    rows = interpreter.turn_to(contact, own_events(contact, events))
    for reason in decision.reasons:
        if isinstance(reason, EventReason) and reason.steps and not reason.verdict:
            whole, *parts = asked_by(condition, reason)
            assert interpreter.value(whole, rows) is False
            assert all(interpreter.value(part, rows) is True for part in parts)


@DIALECTS
@given(data=st.data(), now=nows())
def test_in_a_dataset_it_is_the_dataset_that_decides(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    members = set(segment.ids(dataset, now=now))
    for contact in dataset.contacts:
        decision = segment.decided_by(contact, dataset=dataset, now=now)
        assert decision.is_member == (contact["contact_id"] in members)
        assert str(decision).startswith("in" if decision.is_member else "out")


@given(data=st.data(), now=nows())
def test_every_place_is_the_text_that_it_claims(data: st.DataObject, now: datetime) -> None:
    query = data.draw(contact_queries())
    segment = Segment(to_text(query), SCHEMA)
    (contact, *_) = data.draw(contacts_near(query, now))
    for reason in segment.decided_by(contact, now=now).reasons:
        assert not isinstance(reason, EventReason)
        written = to_text(query)[reason.span.start : reason.span.end]
        assert reason.text.rstrip("…") in " ".join(written.split())
