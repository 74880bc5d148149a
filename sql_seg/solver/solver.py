"""Records that meet wishes, by construction: a case split, then values for what each case reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sql_seg.analysis.taught import has_unknown_kinds, unknown_parts
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.terms import ColumnValue, walk
from sql_seg.evaluate import Account, Interpreter
from sql_seg.language.schema import EVENT_TABLE, Schema
from sql_seg.solver.assigning import Assignment
from sql_seg.solver.binding import ID, settled
from sql_seg.solver.cases import Case, Wish
from sql_seg.solver.cells import NEEDED_OF_EVENTS
from sql_seg.solver.choices import Choices
from sql_seg.solver.normal_form import normal
from sql_seg.solver.outcome import Found, Impossible, NotFound, Outcome, Record
from sql_seg.solver.splitting import CaseSplit
from sql_seg.solver.starting import Start, start_near
from sql_seg.solver.usual import usual_value

_ATTEMPTS = ((500, False), (2_000, True))
"""How many cases are tried, and whether alternatives with many options are settled first: which of both is
right for a proof, depends."""

_MOST_TRIED = 5_000


class Solver:
    """Finds records for which conditions of queries are what is wished, TRUE or not, at one ``now``.

    ``rejected`` counts the records that were made and are wrong after all: there are none among conditions
    that are solved by construction. ``search`` are normal conditions to search by in place of the wishes,
    where all that meets them meets these.
    """

    def __init__(
        self,
        wishes: Sequence[Wish],
        schema: Schema,
        now: datetime,
        search: Sequence[core.Term] | None = None,
    ) -> None:
        self.rejected = 0
        self._schema = schema
        self._now = now
        self._wishes = list(wishes)
        unknown = dict.fromkeys(part for term, _ in wishes for part in unknown_parts(term))
        self._unknown = f"the solver does not know {', '.join(sorted(unknown))}" if unknown else ""
        self._is_lost = any(has_unknown_kinds(term) for term, _ in wishes)
        self._asks_for_id = any(
            isinstance(inner, ColumnValue) and inner.name == ID for term, _ in wishes for inner in walk(term)
        )
        self._search: list[Wish] = []
        if not self._is_lost:
            if search is None:
                search = [normal(settled(term, now), goal) for term, goal in wishes]
            self._search = [(term, Goal.TRUE) for term in search]

    def solve(self, choices: Choices, *, extra_events: int = 0, near: Record | None = None) -> Outcome:
        """Return a record, or why there is none.

        It has so many events beside those that are needed; or it is ``near`` a record, all of whose contacts
        and events it has, with the same values where that is possible.
        """
        if self._is_lost:
            return NotFound(0, self._unknown)
        start = Start() if near is None else start_near(near)
        tried = 0
        for most, largest_first in _ATTEMPTS:
            split = CaseSplit(self._schema, self._now, choices, most=most, largest_first=largest_first)
            outcome = self._attempt(split, choices, start, extra_events)
            if isinstance(outcome, Impossible) and self._unknown:
                return NotFound(tried + split.tried, self._unknown)
            if not isinstance(outcome, NotFound):
                return outcome
            tried += outcome.tried
        return NotFound(tried, self._unknown)

    def _attempt(self, split: CaseSplit, choices: Choices, start: Start, extra_events: int) -> Outcome:
        exhaustive, tried = True, 0
        for case in split.cases(self._search, start.case):
            for crowded in split.with_events(case, extra_events):
                assignment = Assignment(crowded, self._now, choices, start)
                for _ in assignment.solutions():
                    record = self._record(crowded, assignment.records)
                    if self.is_met(record):
                        return Found(record)
                    self.rejected += 1
                    exhaustive = False
                tried += assignment.tried
            exhaustive &= assignment.is_exhaustive
            if tried > _MOST_TRIED:
                return NotFound(tried + split.tried)
        if exhaustive and split.is_exhaustive:
            return Impossible(_reason(list(split.conflicts)))
        return NotFound(tried + split.tried)

    def is_met(self, record: Record) -> bool:
        """Return whether all wishes are met by a record, as the interpreter has it."""
        everyone = list(record.everyone)
        account = Account(
            [one.contact for one in everyone], [event for one in everyone for event in one.events]
        )
        return all(
            goal.is_reached_by(Interpreter(self._now, account).verdict(term, record.contact, record.events))
            for term, goal in self._wishes
        )

    def _record(self, case: Case, values: Mapping[int, Mapping[str, Any]]) -> Record:
        ids = self._ids(case, values)
        made = [
            Record(
                ({ID: ids[row]} if self._needs_id(case, row) else {}) | _known(values[row]),
                tuple([self._event(values[event], ids[row]) for event in case.events_of(row)]),
            )
            for row in case.contacts
        ]
        return Record(made[0].contact, made[0].events, tuple(made[1:]))

    def _needs_id(self, case: Case, row: int) -> bool:
        return self._asks_for_id or len(case.contacts) > 1 or bool(case.events_of(row))

    def _ids(self, case: Case, values: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
        """Return an id for each contact, those that a query asks for included."""
        ids: dict[int, str] = {row: values[row][ID] for row in case.contacts if values[row].get(ID)}
        numbers = iter(range(1, 2 * len(case.contacts) + 1))
        for row in case.contacts:
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


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != {}}


def _reason(conflicts: Sequence[str]) -> str:
    if not conflicts:
        return "its conditions contradict each other"
    if len(conflicts) == 1:
        return f"no value of {conflicts[0]} meets all that is asked of it"
    listed = ", ".join(conflicts[:-1])
    return f"in each case, {listed} or {conflicts[-1]} has no value that meets all that is asked of it"
