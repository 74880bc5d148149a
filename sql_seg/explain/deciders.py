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

from sql_seg.core import terms as core
from sql_seg.core.terms import CheckedQuery
from sql_seg.diagnostics.source import NOWHERE, Span
from sql_seg.errors import NeedsDatasetError
from sql_seg.evaluate import (
    NO_ACCOUNT,
    Account,
    Blame,
    Interpreter,
    for_one_contact,
    must_be_mapping,
    planned,
)
from sql_seg.explain.decision import ConditionReason, Decision, EventReason, Reason, SubqueryReason
from sql_seg.explain.observation import observed, text_at
from sql_seg.explain.refutation import event_reason

Record = Mapping[str, Any]
Rows = Mapping[int, Record | None]

_THE_END = Span(sys.maxsize, sys.maxsize)
_ON_PARENT_LIST = "being on a parent list"


class Decider:
    """Decides for one contact after the other, at one ``now`` in UTC.

    ``account`` is where subqueries look, each once; without one they may only ask of a contact's own
    events: then it raises NeedsDatasetError where the answer depends on others.
    """

    def __init__(self, checked: CheckedQuery, now: datetime, account: Account | None = None) -> None:
        condition = checked.condition
        own = for_one_contact(condition) if account is None else _with_own_events(condition)
        self._now = now
        self._text = checked.query.text or ""
        self._interpreter = Interpreter(now, account or NO_ACCOUNT)
        self._condition = planned(own)
        # Of a contact without an id, a subquery for its id is asked as it stands: NULL is in no set of ids.
        self._without_id = self._condition if account is None else planned(condition)
        self._blame = Blame.of(condition)

    def decide(self, contact: Record, events: Sequence[Record] = ()) -> Decision:
        """Return whether a contact with its events, as rows, is a member, and which conditions decided it.

        Raises RecordError for a value that its column cannot hold.
        """
        must_be_mapping(contact)
        condition = self._without_id if contact.get("contact_id") is None else self._condition
        rows = self._interpreter.turn_to(contact, events)
        deciders = _Deciders(self._interpreter, self._text, len(events))
        try:
            is_member = self._interpreter.value(condition, rows) is True
            reasons = deciders.of(condition, Claim(True, is_member), rows)
        except (TypeError, AttributeError, ValueError) as error:
            self._blame(contact, error)
            raise
        assert reasons is not None, "a verdict has its deciders"
        unique = {(reason.span, str(reason)): reason for reason in reasons}
        in_order = sorted(unique.values(), key=lambda reason: reason.span or _THE_END)
        return Decision(is_member, in_order, self._now)


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


def _with_own_events(term: core.Term) -> core.Term:
    """Return a condition with tests of the contact's own events instead of subqueries for its id."""
    if isinstance(term, core.InSubquery):
        try:
            return for_one_contact(term)
        except NeedsDatasetError:
            return term
    return core.with_children(term, _with_own_events)
