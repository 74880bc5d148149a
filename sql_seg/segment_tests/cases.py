"""What a test file says, what comes of each case, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.interpreter import Account
from sql_seg.diagnostics.source import Position
from sql_seg.explain import Decider, Decision, Reason
from sql_seg.sources import QuerySource


@dataclass(frozen=True, slots=True)
class Case:
    """A contact that must be a member, or must not be one.

    ``name`` is the file's word for it, else ``in 1``, ``out 2``; ``line`` and ``column``, from 1, are its
    place in the test file. ``index`` is the contact's place in the tests' account.
    """

    name: str
    is_in: bool
    line: int
    column: int
    index: int


@dataclass(frozen=True, slots=True)
class SegmentTests:
    """The tests of one file: the query beside it, the moment, and an account of all contacts.

    ``decider`` is the query, asked at that moment among these contacts.
    """

    file: str
    query: QuerySource
    checked: CheckedQuery
    now: datetime
    account: Account
    decider: Decider
    cases: Sequence[Case]

    @property
    def case_names(self) -> list[str]:
        """The names of the cases; one that comes again has its place behind it."""
        known: set[str] = set()
        names: list[str] = []
        for case in self.cases:
            place = f" (line {case.line}, column {case.column})" if case.name in known else ""
            known.add(case.name)
            names.append(case.name + place)
        return names


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What came of a case; ``decision`` says why the contact is in or out."""

    case: Case
    decision: Decision

    @property
    def holds(self) -> bool:
        """Whether it is as the case expects."""
        return self.decision.is_member == self.case.is_in


def run(tests: SegmentTests) -> list[CaseOutcome]:
    """Return what comes of each case, in the file's order."""
    return [outcome_of(tests, case) for case in tests.cases]


def outcome_of(tests: SegmentTests, case: Case) -> CaseOutcome:
    """Return what comes of a case: its contact is asked at the file's moment, among all its contacts."""
    contact = tests.account.contacts[case.index]
    events = tests.account.events_of(contact)
    return CaseOutcome(case, tests.decider.decide(contact, events))


def expectation(outcome: CaseOutcome) -> str:
    """Return what was expected of a contact, and what it is, such as ``expected in, but out``."""
    expected = "in" if outcome.case.is_in else "out"
    if outcome.holds:
        return expected
    return f"expected {expected}, but {'in' if outcome.decision.is_member else 'out'}"


def explained(tests: SegmentTests, outcome: CaseOutcome) -> list[str]:
    """Return a line for each condition that decided, with its place in the segment's file."""
    lines = []
    for reason in outcome.decision.reasons:
        place = place_of(tests, reason)
        where = "" if place is None else f":{place.line}:{place.column}"
        lines.append(f"{tests.query.file}{where}: {reason}")
    return lines or [f"{tests.query.file}: the query takes every contact"]


def place_of(tests: SegmentTests, reason: Reason) -> Position | None:
    """Return where the segment's file says what decided; None where it says nothing of it."""
    return None if reason.span is None else tests.query.source_map.positions(reason.span)[0]
