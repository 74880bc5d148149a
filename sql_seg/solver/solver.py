"""Records that meet constraints, by construction: a case split, then values for what each branch reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sql_seg.analysis.taught import has_unknown_kinds, unknown_parts
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.core.terms import ColumnValue, walk
from sql_seg.language.schema import EVENT_TABLE, Schema
from sql_seg.solver.assigning import Assignment
from sql_seg.solver.binding import ID, settled
from sql_seg.solver.branches import Branch, Constraint, Start, start_near
from sql_seg.solver.budget import Budget, Cost, OutOfStepsError
from sql_seg.solver.choices import Choices
from sql_seg.solver.normal_form import normal
from sql_seg.solver.outcome import Found, Impossible, NotFound, Outcome, Record
from sql_seg.solver.record_cells import NEEDED_OF_EVENTS
from sql_seg.solver.splitting import CaseSplit
from sql_seg.solver.usual import usual_value

_ATTEMPTS = ((500, False), (2_000, True))
"""How many branches are tried, and whether alternatives with many options are settled first: which of both is
right for a proof, depends."""

_MOST_TRIED = 5_000
_GUESSES = 3
_COSTLY = 20_000
_TERMS_OF_A_STEP = 4
_LIKELY = "of arithmetic, functions, lists, JSON and long texts only likely values were tried"
_MORE = "a larger effort tries more"


class Solver:
    """Finds records for which conditions of queries meet their goals at one ``now``.

    ``rejected`` counts the records that were made and are wrong after all: there are none among conditions
    that are solved by construction. ``search`` are normal conditions to search by in place of the
    constraints, where all that meets them meets these.
    """

    def __init__(
        self,
        constraints: Sequence[Constraint],
        schema: Schema,
        now: datetime,
        search: Sequence[core.Term] | None = None,
        effort: int = 1,
    ) -> None:
        self.rejected = 0
        self._schema = schema
        self._now = now
        self._effort = effort
        self._constraints = list(constraints)
        unknown = dict.fromkeys(part for term, _ in constraints for part in unknown_parts(term))
        self._unknown = f"the solver does not know {', '.join(sorted(unknown))}" if unknown else ""
        self._is_lost = any(has_unknown_kinds(term) for term, _ in constraints)
        self._asks_for_id = any(
            isinstance(inner, ColumnValue) and inner.name == ID
            for term, _ in constraints
            for inner in walk(term)
        )
        self._search: list[Constraint] = []
        if not self._is_lost:
            if search is None:
                search = [normal(settled(term, now), goal) for term, goal in constraints]
            self._search = [(term, Goal.TRUE) for term in search]
        self._tests = Budget(effort)
        self._costs = [[Cost.of(term) for term, _ in asked] for asked in (self._constraints, self._search)]

    def solve(self, choices: Choices, *, extra_events: int = 0, near: Record | None = None) -> Outcome:
        """Return a record, or why there is none.

        It has so many events beside those that are needed; or it is ``near`` a record, all of whose contacts
        and events it has, with the same values where that is possible.
        """
        if self._is_lost:
            return NotFound(0, self._unknown)
        start = Start() if near is None else start_near(near)
        budget = self._tests = Budget(self._effort)
        tried, outcome = 0, NotFound(0)
        for most, largest_first in _ATTEMPTS:
            attempt = _Attempt(self, choices, start, budget)
            split = CaseSplit(
                self._schema,
                self._now,
                choices,
                most=most * self._effort,
                largest_first=largest_first,
                budget=budget,
            )
            try:
                found = self._attempt(attempt, split, extra_events)
            except OutOfStepsError:
                return NotFound(tried + attempt.tried + split.tried, _gave_up(budget))
            tried += attempt.tried + split.tried
            if isinstance(found, Impossible) and self._unknown:
                return NotFound(tried, self._unknown)
            if not isinstance(found, NotFound):
                return found
            outcome = NotFound(tried, self._unknown or found.reason)
        return outcome

    def _attempt(self, attempt: _Attempt, split: CaseSplit, extra_events: int) -> Outcome:
        start = attempt.start.branch.copy()
        start.budget = attempt.budget
        is_exhaustive = True
        for branch in split.branches(self._search, start):
            if branch.splits:
                found = attempt.guess(branch)
                if found is not None:
                    return Found(found)
                continue
            for crowded in split.with_events(branch, extra_events):
                found = attempt.of(crowded)
                if found is not None:
                    return Found(found)
            is_exhaustive &= attempt.is_exhaustive
            if attempt.tried > _MOST_TRIED * self._effort:
                return NotFound(0, f"not all cases were tried; {_MORE}")
        if not split.is_exhaustive:
            return NotFound(0, f"not all cases were tried; {_MORE}")
        if is_exhaustive:
            return Impossible(_reason(list(split.conflicts)))
        return NotFound(0, _LIKELY)

    def is_met(self, record: Record) -> bool:
        """Return whether all constraints are met by a record, as the interpreter has it.

        Raises OutOfStepsError where too many records have been asked.
        """
        everyone = list(record.everyone)
        account = Account(
            [one.contact for one in everyone], [event for one in everyone for event in one.events]
        )
        most = max(len(one.events) for one in everyone)
        costs = [sum(cost.with_events(most) for cost in asked) for asked in self._costs]
        # Many joins over many events are more choices than anyone can go through; apart they are few.
        asked, cost = self._constraints, costs[0]
        if cost > _COSTLY and costs[1] < cost:
            asked, cost = self._search, costs[1]
        self._tests.spend(cost // _TERMS_OF_A_STEP * len(everyone))
        interpreter = Interpreter(self._now, account)
        return all(
            goal.is_reached_by(interpreter.verdict(term, record.contact, record.events))
            for term, goal in asked
        )

    def _record(self, branch: Branch, values: Mapping[int, Mapping[str, Any]]) -> Record:
        ids = self._ids(branch, values)
        made = [
            Record(
                ({ID: ids[row]} if self._needs_id(branch, row) else {}) | _known(values[row]),
                tuple([self._event(values[event], ids[row]) for event in branch.events_of(row)]),
            )
            for row in branch.contacts
        ]
        return Record(made[0].contact, made[0].events, tuple(made[1:]))

    def _needs_id(self, branch: Branch, row: int) -> bool:
        return self._asks_for_id or len(branch.contacts) > 1 or bool(branch.events_of(row))

    def _ids(self, branch: Branch, values: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
        """Return an id for each contact, those that a query asks for included."""
        ids: dict[int, str] = {row: values[row][ID] for row in branch.contacts if values[row].get(ID)}
        numbers = iter(range(1, 2 * len(branch.contacts) + 1))
        for row in branch.contacts:
            while row not in ids:
                name = f"contact-{next(numbers)}"
                if name not in ids.values():
                    ids[row] = name
        return ids

    def _event(self, values: Mapping[str, Any], contact_id: str) -> dict[str, Any]:
        """Return a row of event_data: what every event has first."""
        row: dict[str, Any] = {ID: contact_id}
        for name in NEEDED_OF_EVENTS:
            row[name] = values.get(name) or usual_value(name, EVENT_TABLE.columns[name].type, self._now)
        row["event_source"] = values.get("event_source", "mail")
        return _known({**row, **values, **row})


class _Attempt:
    """Values for one branch after the other, until a record meets the constraints."""

    def __init__(self, solver: Solver, choices: Choices, start: Start, budget: Budget) -> None:
        self.tried = 0
        self.is_exhaustive = True
        self.start = start
        self.budget = budget
        self._solver = solver
        self._choices = choices

    def of(self, branch: Branch) -> Record | None:
        """Return a record of a branch; ``is_exhaustive`` says whether there surely is no other."""
        solver = self._solver
        assignment = Assignment(branch, solver._now, self._choices, self.start)
        self.is_exhaustive = True
        try:
            for _ in assignment.solutions():
                record = solver._record(branch, assignment.records)
                if solver.is_met(record):
                    return record
                solver.rejected += 1
                self.is_exhaustive = False
        finally:
            self.tried += assignment.tried
        self.is_exhaustive &= assignment.is_exhaustive
        return None

    def guess(self, branch: Branch) -> Record | None:
        """Return a record of a branch with alternatives left open, if one of the first meets them, too."""
        solver = self._solver
        assignment = Assignment(branch, solver._now, self._choices, self.start)
        for _ in islice(assignment.solutions(), _GUESSES):
            record = solver._record(branch, assignment.records)
            if solver.is_met(record):
                return record
        return None


def _gave_up(budget: Budget) -> str:
    return f"gave up after {budget.steps:,} steps; {_MORE}"


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != {}}


def _reason(conflicts: Sequence[str]) -> str:
    if not conflicts:
        return "its conditions contradict each other"
    if len(conflicts) == 1:
        return f"no value of {conflicts[0]} meets all that is asked of it"
    listed = ", ".join(conflicts[:-1])
    return f"in each case, {listed} or {conflicts[-1]} has no value that meets all that is asked of it"
