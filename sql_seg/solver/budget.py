"""How much a search may do: steps, never seconds, so that it ends with the same answer on every machine."""

from __future__ import annotations

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
