"""From a condition's verdict down to the conditions that decided it.

That a condition is TRUE, is FALSE, or is not, rests on all operands of an AND or OR, or on any one of them:
then on the one that takes the fewest conditions to show. Of NOT and IS TRUE it rests on what is inside.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.interpreter import Account, Interpreter, Rows
from sql_seg.core.planning import for_one_contact, planned
from sql_seg.core.terms import Meaning
from sql_seg.diagnostics.source import Span, text_at
from sql_seg.explain.contact_judge import ContactJudge
from sql_seg.explain.decision import ConditionReason, Decision, EventReason, Reason, SubqueryReason
from sql_seg.explain.observation import ON_PARENT_LIST, observed
from sql_seg.explain.outline import with_own_events
from sql_seg.explain.refutation import event_reason
from sql_seg.language.schema import Row

_THE_END = Span(sys.maxsize, sys.maxsize)


class Decider:
    """Decides for one contact after the other, at one ``now`` in UTC.

    ``account`` is where subqueries look, each once; without one they may only ask of a contact's own
    events: then it raises NeedsDatasetError where the answer depends on others.
    """

    def __init__(self, checked: Meaning, now: datetime, account: Account | None = None) -> None:
        condition = checked.condition
        own = planned(for_one_contact(condition) if account is None else with_own_events(condition))
        without_id = own if account is None else planned(condition)
        self._now = now
        self._judge = ContactJudge(checked, now, account, own, without_id)

    def decide(self, contact: Row, events: Sequence[Row] = ()) -> Decision:
        """Return whether a contact with its events, as rows, is a member, and which conditions decided it.

        Raises RecordError for a value that its column cannot hold.
        """
        deciders = _Deciders(self._judge.interpreter, self._judge.text, len(events))
        is_member, reasons = self._judge.judge(contact, events, deciders.of)
        assert reasons is not None, "a verdict has its deciders"
        unique = {(reason.span, str(reason)): reason for reason in reasons}
        in_order = sorted(unique.values(), key=lambda reason: reason.span or _THE_END)
        return Decision(is_member, in_order, self._now)


@dataclass(frozen=True, slots=True)
class _Deciders:
    """Finds the reasons for what is claimed of conditions."""

    interpreter: Interpreter
    text: str
    events: int

    def of(self, term: core.Term, goal: Goal, rows: Rows) -> list[Reason] | None:
        """Return the fewest reasons for which a goal is reached; None where it is not."""
        term, goal = pushed_down(term, goal)
        match term:
            case core.All(operands=operands):
                return self._of_operands(operands, goal, rows, by_all=goal.is_positive)
            case core.AnyOf(operands=operands):
                return self._of_operands(operands, goal, rows, by_all=not goal.is_positive)
            case core.LastEvent():
                return self._of_last_event(term, goal, rows)
        verdict = self.interpreter.value(term, rows)
        return [self._reason(term, verdict, rows)] if goal.is_reached_by(verdict) else None

    def _of_operands(
        self, operands: Sequence[core.Term], goal: Goal, rows: Rows, *, by_all: bool
    ) -> list[Reason] | None:
        found = [self.of(operand, goal, rows) for operand in operands]
        if by_all:
            return None if None in found else [reason for reasons in found for reason in reasons or ()]
        return min((reasons for reasons in found if reasons is not None), key=len, default=None)

    def _of_last_event(self, term: core.LastEvent, goal: Goal, rows: Rows) -> list[Reason] | None:
        grouped = self.interpreter.with_maxima(term, rows)
        if grouped is not None:
            return self.of(term.having, Goal.TRUE if goal.is_positive else Goal.NOT_TRUE, grouped)
        return [self._event_reason(term, False, rows)] if goal.is_reached_by(False) else None

    def _reason(self, term: core.Term, verdict: Any, rows: Rows) -> Reason:
        if isinstance(term, core.SomeEvent):
            return self._event_reason(term, verdict, rows)
        text = ON_PARENT_LIST if isinstance(term, core.OnParentList) else text_at(term.span, self.text)
        seen = observed([term], self.interpreter, rows, self.text)
        if isinstance(term, core.InSubquery):
            size = len(self.interpreter.subquery_values(term.subquery))
            return SubqueryReason(term.span, text, verdict, seen, size)
        return ConditionReason(term.span, text, verdict, seen)

    def _event_reason(self, term: core.SomeEvent | core.LastEvent, verdict: bool, rows: Rows) -> EventReason:
        return event_reason(term, verdict, self.interpreter, rows, self.text, self.events)
