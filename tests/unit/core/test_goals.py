"""Goals, and NOT pushed down: one truth table for all that is asked of conditions."""

from __future__ import annotations

import pytest

from sql_seg.core.goals import Goal, goal_of, pushed_down
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.terms import ColumnValue, Inverse, NullTest, Term, TruthTest
from sql_seg.language.datatypes import DataType
from sql_seg.language.timestamps import the_moment

TRUTHS = (True, False, None)
CONDITION = ColumnValue(0, "x", type=DataType.BOOLEAN)


@pytest.mark.parametrize(
    ("goal", "reached"),
    [
        (Goal.TRUE, (True, False, False)),
        (Goal.FALSE, (False, True, False)),
        (Goal.NOT_TRUE, (False, True, True)),
        (Goal.NOT_FALSE, (True, False, True)),
    ],
)
def test_which_truths_reach_a_goal(goal: Goal, reached: tuple[bool, ...]) -> None:
    assert tuple(map(goal.is_reached_by, TRUTHS)) == reached
    assert tuple(map(goal.opposite.is_reached_by, TRUTHS)) == tuple(not one for one in reached)
    assert goal.is_definite is not goal.is_reached_by(None)
    assert goal.is_positive is goal.is_reached_by(True)
    assert goal.inverse.inverse is goal.opposite.opposite is goal
    assert goal_of(goal.is_positive) is (goal if goal.is_definite else goal.opposite.inverse)


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize(
    "term",
    [
        CONDITION,
        Inverse(CONDITION),
        Inverse(Inverse(CONDITION)),
        *[TruthTest(CONDITION, value) for value in (True, False)],
        *[Inverse(TruthTest(CONDITION, value)) for value in (True, False)],
        *[TruthTest(Inverse(CONDITION), value) for value in (True, False)],
        TruthTest(CONDITION, True, negated=True),
        NullTest(CONDITION, negated=True),
    ],
)
def test_what_is_pushed_down_asks_the_same(term: Term, goal: Goal) -> None:
    inner, asked = pushed_down(term, goal)
    assert not isinstance(inner, Inverse)
    reader = Interpreter(the_moment(None), NO_ACCOUNT)
    for truth in TRUTHS:
        outer = goal.is_reached_by(reader.verdict(term, {"x": truth}))
        assert asked.is_reached_by(reader.verdict(inner, {"x": truth})) is outer
