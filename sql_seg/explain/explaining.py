"""From a contact to its explanation: each condition's truth, the deciding ones first.

A goal goes down the query with the condition that has reached it, and NOT turns it round. Of an AND that is
TRUE all operands decided, and of an OR the one that is said most shortly; of what is not TRUE it is the other
way. A condition of which no goal is asked has its truth, too, and did not decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, goal_of
from sql_seg.core.interpreter import Account, Interpreter, Rows
from sql_seg.core.planning import conjuncts
from sql_seg.core.terms import Meaning
from sql_seg.diagnostics.source import text_at
from sql_seg.explain.contact_judge import ContactJudge
from sql_seg.explain.decision import Seen
from sql_seg.explain.observation import ON_PARENT_LIST, observed
from sql_seg.explain.outline import outline, outline_of_all
from sql_seg.explain.tree import (
    AND,
    EVENT,
    IS,
    LAST,
    LEAF,
    NOT,
    OR,
    DecisionNode,
    Explanation,
    event_name,
)
from sql_seg.language.schema import Row


class Explainer:
    """Explains one contact after the other, at one ``now`` in UTC.

    ``account`` is where subqueries look; without one they may only ask of a contact's own events: then it
    raises NeedsDatasetError where the answer depends on others.
    """

    def __init__(self, checked: Meaning, now: datetime, account: Account | None = None) -> None:
        self._now = now
        condition = outline(checked.condition, alone=account is None)
        without_id = condition if account is None else outline_of_all(checked.condition)
        self._judge = ContactJudge(checked, now, account, condition, without_id)

    def explain(self, contact: Row, events: Sequence[Row] = ()) -> Explanation:
        """Return why a contact with its events, as rows, is a member, or is not.

        Raises RecordError for a value that its column cannot hold.
        """
        nodes = _Nodes(self._judge.interpreter, self._judge.text, len(events))
        is_member, root = self._judge.judge(contact, events, nodes.of)
        return Explanation(is_member, self._now, root, who=name_of(contact))


def name_of(contact: Row) -> str:
    """Return what people know a contact by."""
    known = contact.get("email") or contact.get("contact_id")
    return str(known) if known and str(known).isprintable() else "the contact"


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Makes the nodes of one contact."""

    interpreter: Interpreter
    text: str
    events: int

    def of(self, term: core.Term, goal: Goal | None, rows: Rows) -> DecisionNode:
        """Return the node of a condition; it decides where a goal is asked of it, and reached."""
        truth = self.interpreter.value(term, rows)
        if goal is not None and not goal.is_reached_by(truth):
            goal = None
        match term:
            case core.All(operands=(only,)) | core.AnyOf(operands=(only,)):
                return self.of(only, goal, rows)
            case core.All(operands=operands):
                children = self._operands(operands, rows, goal, by_all=goal is not None and goal.is_positive)
                return self._group(AND, term, truth, children, goal)
            case core.AnyOf(operands=operands):
                by_all = goal is not None and not goal.is_positive
                return self._group(OR, term, truth, self._operands(operands, rows, goal, by_all=by_all), goal)
            case core.Inverse(operand=inner):
                child = self.of(inner, None if goal is None else goal.inverse, rows)
                return self._group(NOT, term, truth, [child], goal)
            case core.TruthTest(operand=inner):
                child = self.of(inner, None if goal is None else _inside(term, goal), rows)
                return self._group(IS, term, truth, [child], goal)
            case core.SomeEvent():
                return self._some_event(term, rows, truth, goal)
            case core.LastEvent():
                return self._last_event(term, rows, truth, goal)
        return self._leaf(term, rows, truth, goal)

    def _operands(
        self, operands: Sequence[core.Term], rows: Rows, goal: Goal | None, *, by_all: bool
    ) -> list[DecisionNode]:
        nodes = [self.of(operand, goal, rows) for operand in operands]
        if goal is not None and not by_all:
            reached = [node for node in nodes if node.decides]
            best = min(reached, key=lambda node: len(list(node.decisive)), default=None)
            nodes = [node if node is best else _undecided(node) for node in nodes]
        return sorted(nodes, key=lambda node: not node.decides)

    def _group(
        self,
        kind: str,
        term: core.Term,
        truth: bool | None,
        children: Sequence[DecisionNode],
        goal: Goal | None,
    ) -> DecisionNode:
        text = text_at(term.span, self.text) or " ".join(kind.upper().split())
        return DecisionNode(kind, text, truth, term.span, children=tuple(children), decides=goal is not None)

    def _leaf(self, term: core.Term, rows: Rows, truth: bool | None, goal: Goal | None) -> DecisionNode:
        text = ON_PARENT_LIST if isinstance(term, core.OnParentList) else text_at(term.span, self.text)
        seen = observed([term], self.interpreter, rows, self.text)
        note = ""
        if isinstance(term, core.InSubquery):
            size = len(self.interpreter.subquery_values(term.subquery))
            note = "the subquery yields 1 value" if size == 1 else f"the subquery yields {size:,} values"
        return DecisionNode(
            LEAF, text, truth, term.span, _each_once(seen, text), decides=goal is not None, note=note
        )

    # tests of events

    def _some_event(self, term: core.SomeEvent, rows: Rows, truth: bool, goal: Goal | None) -> DecisionNode:
        found = self._choice(term, rows)
        text = text_at(term.span, self.text) or "an event"
        if found is None:
            return DecisionNode(
                EVENT, text, truth, term.span, decides=goal is not None, note="the contact has no events"
            )
        chosen, choices, met = found
        asked = None if goal is None else goal_of(True) if truth else Goal.NOT_TRUE
        children = self._conditions(term.condition, chosen, asked)
        events = self._events(term, chosen)
        note = self._event_note(term, truth, children, events, choices, met)
        return DecisionNode(EVENT, text, truth, term.span, (), children, goal is not None, note, events)

    def _conditions(self, condition: core.Term, rows: Rows, goal: Goal | None) -> tuple[DecisionNode, ...]:
        """Return the nodes of the conditions that one event is to meet; all that it does not meet decide."""
        parts = conjuncts(condition)
        if len(parts) == 1:
            return (self.of(parts[0], goal, rows),)
        nodes = [self.of(part, goal, rows) for part in parts]
        return tuple(sorted(nodes, key=lambda node: not node.decides))

    def _choice(self, term: core.SomeEvent | core.LastEvent, rows: Rows) -> tuple[Rows, int, int] | None:
        """Return the events that satisfy a test, or come nearest; how many there are, and how many do."""
        conditions = conjuncts(term.condition)
        best: tuple[Any, Rows] | None = None
        choices = met = 0
        for chosen in self.interpreter.choices(term, rows):
            choices += 1
            truths = [self.interpreter.value(condition, chosen) is True for condition in conditions]
            met += all(truths)
            rank = (sum(truths), truths, *self._times(term, chosen))
            if best is None or rank > best[0]:
                best = rank, chosen
        return None if best is None else (best[1], choices, met)

    def _times(self, term: core.SomeEvent | core.LastEvent, rows: Rows) -> list[float]:
        """Return the times of events, for the latest to come first."""
        moments = [(rows[row] or {}).get("timestamp") for row in term.rows]
        return [moment.timestamp() if isinstance(moment, datetime) else float("-inf") for moment in moments]

    def _events(self, term: core.SomeEvent | core.LastEvent, rows: Rows) -> tuple[Row, ...]:
        return tuple([event for row in term.rows if (event := rows[row]) is not None])

    def _event_note(
        self,
        term: core.SomeEvent | core.LastEvent,
        truth: bool,
        children: Sequence[DecisionNode],
        events: Sequence[Row],
        choices: int,
        met: int,
    ) -> str:
        named = " with ".join(map(event_name, events))
        if not events:
            meets = "meets" if truth else "does not meet"
            return f"the contact has no events, and without one it {meets} what is asked"
        several = len(term.rows) > 1
        what = f"choices of {len(term.rows)} events" if several else "events"
        if truth:
            others = f", one of {met:,} that do" if met > 1 else ""
            asked = " and ".join(f"`{node.text}`" for node in sorted(children, key=lambda node: node.span))
            what = asked or "what is asked: any event will do"
            return f"{'the events' if several else 'the event'} {named} {_meet(several)} {what}{others}"
        failed = [_because(node) for node in children if node.truth is not True]
        why = f": {'; '.join(failed)}" if failed else ""
        if choices == 1:
            return f"the contact's one event, {named}, does not meet it{why}"
        return f"none of the contact's {choices:,} {what} meets it; the nearest is {named}{why}"

    def _last_event(self, term: core.LastEvent, rows: Rows, truth: bool, goal: Goal | None) -> DecisionNode:
        grouped = self.interpreter.with_maxima(term, rows)
        text = text_at(term.span, self.text) or "the last event"
        decides = goal is not None
        found = self._choice(term, rows)
        if grouped is None:
            if found is None:
                note = "the contact has no events"
                return DecisionNode(LAST, text, truth, term.span, decides=decides, note=note)
            chosen, choices, met = found
            children = self._conditions(term.condition, chosen, Goal.NOT_TRUE if decides else None)
            events = self._events(term, chosen)
            note = self._event_note(term, False, children, events, choices, met)
            return DecisionNode(LAST, text, truth, term.span, (), children, decides, note, events)
        asked = None if goal is None else Goal.TRUE if truth else Goal.NOT_TRUE
        having = self.of(term.having, asked, grouped)
        chosen, _, met = found if found is not None else (rows, 0, 1)
        children = (having, *self._conditions(term.condition, chosen, None))
        events = self._events(term, chosen)
        counted = "1 event meets" if met == 1 else f"{met:,} events meet"
        decisive = "; ".join(node.sentence for node in having.decisive)
        note = f"{counted} the other conditions{f'; {decisive}' if decisive else ''}"
        return DecisionNode(LAST, text, truth, term.span, (), children, decides, note, events)


def _inside(term: core.TruthTest, goal: Goal) -> Goal:
    if term.negated:
        goal = goal.inverse
    of_value = goal_of(term.value)
    return of_value if goal.is_positive else of_value.opposite


def _undecided(node: DecisionNode) -> DecisionNode:
    if not node.decides:
        return node
    return replace(node, decides=False, children=tuple(map(_undecided, node.children)))


def _because(node: DecisionNode) -> str:
    """Return why an event does not meet a condition."""
    decisive = [inner for inner in node.walk() if inner.kind == LEAF and inner.decides]
    if not decisive:
        decisive = [inner for inner in node.walk() if inner.kind == LEAF and inner.truth is not True]
    return "; ".join(inner.sentence for inner in decisive or [node])


def _meet(several: bool) -> str:
    return "meet" if several else "meets"


def _each_once(seen: tuple[Seen, ...], text: str) -> tuple[Seen, ...]:
    """Return what a condition saw, without what it is itself."""
    return tuple(item for item in seen if item.name != text)
