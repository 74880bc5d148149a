"""How much a search may do: steps, never seconds, so that it ends with the same answer on every machine."""

from __future__ import annotations

from typing import NamedTuple

from sql_seg.core import terms as core

STEPS = 500_000
"""The steps of a search with an effort of 1: some seconds at most. A step takes some microseconds."""


class OutOfStepsError(Exception):
    """A search has done all that it may."""


class Budget:
    """The steps that are left to a search. Whoever does something in a loop spends what that costs first."""

    def __init__(self, effort: int = 1) -> None:
        if effort < 1:
            raise ValueError(f"effort is 1 or more, not {effort}")
        self.effort = effort
        self.spent = 0
        self.steps = STEPS * effort

    def spend(self, steps: int = 1) -> None:
        """Take steps away; raise OutOfStepsError where not so many are left."""
        self.spent += steps
        if self.spent > self.steps:
            raise OutOfStepsError


class Cost(NamedTuple):
    """What it takes to evaluate a condition: its terms, and of tests of several events their rows."""

    terms: int
    tests: tuple[tuple[int, int], ...]
    """Of each test its terms, and the number of its rows."""

    @classmethod
    def of(cls, condition: core.Term) -> Cost:
        """Return the cost of a condition."""
        terms = core.walk(condition)
        lists = sum(len(term.values) // 8 for term in terms if isinstance(term, core.OneOf))
        tests = [
            (len(core.walk(term)), len(term.events if isinstance(term, core.Subquery) else term.rows))
            for term in terms
            if isinstance(term, core.SomeEvent | core.LastEvent | core.Subquery)
        ]
        return cls(len(terms) + lists, tuple([test for test in tests if test[1] > 1]))

    def with_events(self, events: int) -> int:
        """Return the cost for a contact with so many events."""
        choices: int = sum(terms * events**rows for terms, rows in self.tests)
        return self.terms * max(1, events) + choices
