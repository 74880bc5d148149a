"""What may be asked of a condition: that it is TRUE, FALSE, not TRUE, or not FALSE.

With three truth values a condition and its NOT are not enough: where ``x = 1`` is not TRUE it may be NULL.
All readings that ask rather than evaluate push NOT down by ``pushed_down``: what is asked of ``NOT x`` is the
inverse goal, asked of ``x``.
"""

from __future__ import annotations

from enum import IntEnum

from sql_seg.core.terms import Inverse, Term, TruthTest


class Goal(IntEnum):
    """What is asked of a condition."""

    TRUE = 0
    FALSE = 1
    NOT_TRUE = 2
    NOT_FALSE = 3

    @property
    def inverse(self) -> Goal:
        """What is asked of x where this is asked of NOT x."""
        return _INVERSE[self]

    @property
    def opposite(self) -> Goal:
        """What is reached just where this is not."""
        return _OPPOSITE[self]

    @property
    def is_positive(self) -> bool:
        """Whether TRUE reaches it, and FALSE does not."""
        return self in _POSITIVE

    @property
    def is_definite(self) -> bool:
        """Whether one truth value alone reaches it: NULL does not."""
        return self in _DEFINITE

    def is_reached_by(self, truth: bool | None) -> bool:
        """Return whether a truth value is what is asked for."""
        return (truth is _WANTED[self]) is self.is_definite


_INVERSE = (Goal.FALSE, Goal.TRUE, Goal.NOT_FALSE, Goal.NOT_TRUE)
_OPPOSITE = (Goal.NOT_TRUE, Goal.NOT_FALSE, Goal.TRUE, Goal.FALSE)
_WANTED = (True, False, True, False)
_POSITIVE = frozenset({Goal.TRUE, Goal.NOT_FALSE})
_DEFINITE = frozenset({Goal.TRUE, Goal.FALSE})


def goal_of(truth: bool) -> Goal:
    """Return the goal that one truth value reaches."""
    return Goal.TRUE if truth else Goal.FALSE


def pushed_down(term: Term, goal: Goal) -> tuple[Term, Goal]:
    """Return what is asked of the condition inside all NOT, IS TRUE and IS FALSE around it.

    A NOT inside a condition, as in NOT IN and IS NOT TRUE, is left there: the full form has none.
    """
    while True:
        if isinstance(term, Inverse):
            term, goal = term.operand, goal.inverse
        elif isinstance(term, TruthTest) and not term.negated:
            of_value = goal_of(term.value)
            term, goal = term.operand, of_value if goal.is_positive else of_value.opposite
        else:
            return term, goal
