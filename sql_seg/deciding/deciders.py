"""From a condition's verdict down to the conditions that decided it.

A claim says that a condition is TRUE, is FALSE, or is not. It rests on all operands of an AND or OR, or on
any one of them: then on the one that takes the fewest conditions to show. Claims about NOT and IS TRUE rest
on a claim about what is inside.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sql_seg import checked as core
from sql_seg.checked import CheckedQuery
from sql_seg.deciding.decision import ConditionReason, Decision, EventReason, Reason, SubqueryReason
from sql_seg.deciding.observation import observed, text_at
from sql_seg.deciding.refutation import event_reason
from sql_seg.errors import NeedsDatasetError
from sql_seg.predicate import (
    NO_ACCOUNT,
    Account,
    Blame,
    Interpreter,
    for_one_contact,
    must_be_mapping,
    planned,
)
from sql_seg.source import NOWHERE, Span

Record = Mapping[str, Any]
Rows = Mapping[int, Record | None]

_THE_END = Span(sys.maxsize, sys.maxsize)
_ON_PARENT_LIST = "being on a parent list"


def decide(
    checked: CheckedQuery,
    contact: Record,
    events: Sequence[Record],
    now: datetime,
    account: Account | None = None,
) -> Decision:
    """Return whether a contact is a member at ``now``, in UTC, and which conditions decided it.

    ``events`` are rows of event_data: those of the contact. ``account`` is where subqueries look; without one
    they may only ask of the contact's own events.

    Raises NeedsDatasetError where the answer depends on others and there is no account; RecordError for a
    value that its column cannot hold.
    """
    must_be_mapping(contact)
    if account is None:
        condition = for_one_contact(checked.condition)
    else:
        condition = _with_own_events(checked.condition, contact)
    interpreter = Interpreter(now, account or NO_ACCOUNT)
    rows = interpreter.turn_to(contact, events)
    deciders = _Deciders(interpreter, checked.query.text or "", len(events))
    condition = planned(condition)
    try:
        is_member = interpreter.value(condition, rows) is True
        reasons = deciders.of(condition, Claim(True, is_member), rows)
    except (TypeError, AttributeError, ValueError) as error:
        Blame.of(checked.condition)(contact, error)
        raise
    assert reasons is not None, "a verdict has its deciders"
    unique = {(reason.span, str(reason)): reason for reason in reasons}
    in_order = sorted(unique.values(), key=lambda reason: reason.span or _THE_END)
    return Decision(is_member, in_order, now)


class Claim(NamedTuple):
    """That a verdict is a truth; or, where it does not hold, that it is another one or NULL."""

    truth: bool
    holds: bool

    def is_met_by(self, verdict: bool | None) -> bool:
        """Return whether a verdict is as claimed."""
        return (verdict is self.truth) is self.holds


@dataclass(frozen=True, slots=True)
class _Deciders:
    """Finds the reasons for what is claimed of conditions."""

    interpreter: Interpreter
    text: str
    events: int

    def of(self, term: core.Term, claim: Claim, rows: Rows) -> list[Reason] | None:
        """Return the fewest reasons for a claim; None where it is wrong."""
        match term:
            case core.TruthTest(operand=inner, value=value):
                return self.of(inner, Claim(value, claim.truth is claim.holds), rows)
            case core.Inverse(operand=inner) if not is_one_text(term):
                return self.of(inner, Claim(not claim.truth, claim.holds), rows)
            case core.All(operands=operands) if not is_one_text(term):
                return self._of_operands(operands, claim, rows, by_all=claim.truth is claim.holds)
            case core.AnyOf(operands=operands) if not is_one_text(term):
                return self._of_operands(operands, claim, rows, by_all=claim.truth is not claim.holds)
            case core.LastEvent():
                return self._of_last_event(term, claim, rows)
        verdict = self.interpreter.value(term, rows)
        if not claim.is_met_by(verdict):
            return None
        says_nothing = isinstance(term, core.Constant) and term.span == NOWHERE  # a query without WHERE
        return [] if says_nothing else [self._reason(term, verdict, rows)]

    def _of_operands(
        self, operands: Sequence[core.Term], claim: Claim, rows: Rows, *, by_all: bool
    ) -> list[Reason] | None:
        found = [self.of(operand, claim, rows) for operand in operands]
        if by_all:
            return None if None in found else [reason for reasons in found for reason in reasons or ()]
        return min((reasons for reasons in found if reasons is not None), key=len, default=None)

    def _of_last_event(self, term: core.LastEvent, claim: Claim, rows: Rows) -> list[Reason] | None:
        grouped = self.interpreter.with_maxima(term, rows)
        if grouped is not None:
            return self.of(term.having, Claim(True, claim.truth is claim.holds), grouped)
        return [self._event_reason(term, False, rows)] if claim.is_met_by(False) else None

    def _reason(self, term: core.Term, verdict: Any, rows: Rows) -> Reason:
        if isinstance(term, core.SomeEvent):
            return self._event_reason(term, verdict, rows)
        text = _ON_PARENT_LIST if term.span == NOWHERE else text_at(term.span, self.text)
        seen = observed([term], self.interpreter, rows, self.text)
        subquery = _subquery_in(term)
        if subquery is not None:
            size = len(self.interpreter.subquery_values(subquery))
            return SubqueryReason(term.span, text, verdict, seen, size)
        return ConditionReason(term.span, text, verdict, seen)

    def _event_reason(self, term: core.SomeEvent | core.LastEvent, verdict: bool, rows: Rows) -> EventReason:
        return event_reason(term, verdict, self.interpreter, rows, self.text, self.events)


def is_one_text(term: core.Term) -> bool:
    """Return whether the query says a condition and a part of it with one text: ``NOT IN``, ``BETWEEN``."""
    tests_of_events = core.SomeEvent | core.LastEvent
    return any(
        inner.span == term.span != NOWHERE and not isinstance(inner, tests_of_events)
        for inner in term.children()
    )


def _subquery_in(term: core.Term) -> core.Subquery | None:
    if isinstance(term, core.Inverse):
        return _subquery_in(term.operand)
    return term.subquery if isinstance(term, core.InSubquery) else None


def _with_own_events(term: core.Term, contact: Record) -> core.Term:
    """Return a condition with tests of the contact's own events instead of subqueries for its id."""
    if contact.get("contact_id") is None:
        return term
    if isinstance(term, core.InSubquery):
        try:
            return for_one_contact(term)
        except NeedsDatasetError:
            return term
    return core.with_children(term, lambda inner: _with_own_events(inner, contact))
