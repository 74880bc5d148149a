"""Proofs of how two segments lie to each other, for all contacts that there can be at a moment."""

from __future__ import annotations

from datetime import datetime

from sql_seg.checking.checked_query import CheckedQuery
from sql_seg.core.goals import Goal
from sql_seg.segments.overlap import CONTAINED, CONTAINS, DISJOINT, EQUAL


def is_proven(first: CheckedQuery, second: CheckedQuery, relation: str, now: datetime) -> bool:
    """Return whether a relation surely holds for all contacts; that it is not proven means nothing."""
    if relation == DISJOINT:
        return _never(first, Goal.TRUE, second, Goal.TRUE, now)
    inside = relation not in (CONTAINED, EQUAL) or _never(first, Goal.TRUE, second, Goal.NOT_TRUE, now)
    around = relation not in (CONTAINS, EQUAL) or _never(second, Goal.TRUE, first, Goal.NOT_TRUE, now)
    return inside and around


def _never(one: CheckedQuery, goal: Goal, other: CheckedQuery, other_goal: Goal, now: datetime) -> bool:
    """Return whether no contact reaches two goals at once."""
    from sql_seg.solver.choices import Simplest
    from sql_seg.solver.outcome import Impossible
    from sql_seg.solver.solver import Solver

    solver = Solver([(one.condition, goal), (other.condition, other_goal)], one.schema, now)
    return isinstance(solver.solve(Simplest()), Impossible)
