"""What it takes to meet a constraint: conditions in full form taken apart, down to those of single values.

An existence ("some event such that …") makes records, and what must hold of every event is a demand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.substitution import with_maxima
from sql_seg.core.traits import FORMULAS, is_null
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.solver.binding import ID, bound, null_like
from sql_seg.solver.branches import Branch, BranchStep, Constraint, Demand

MOST_CONTACTS = 4
MOST_EVENTS = 120
MOST_MAXIMA = 4
"""Of so many, all choices of those that are NULL are tried."""


def expand(branch: Branch, constraint: Constraint) -> bool | None:
    """Take a constraint apart; None where it is of single values, False where it cannot be met."""
    expansion = EXPANSIONS.get(type(constraint[0]))
    return None if expansion is None else expansion(branch, *constraint)


def _is_formula(term: core.Term) -> bool:
    return isinstance(term, FORMULAS)


def _all(branch: Branch, term: core.All | core.AnyOf, goal: Goal) -> bool:
    parts = [[(operand, goal)] for operand in term.operands]
    if isinstance(term, core.All) is goal.is_positive:
        branch.constraints += [part[0] for part in reversed(parts)]
    else:
        branch.choose_between(parts)
    return bool(parts) or isinstance(term, core.All) is goal.is_positive


def _null_test(branch: Branch, term: core.NullTest, goal: Goal) -> bool | None:
    if not _is_formula(term.operand):
        return None
    if goal.is_positive:
        branch.constraints += _null(term.operand)
    else:
        branch.choose_between([[(term.operand, Goal.TRUE)], [(term.operand, Goal.FALSE)]])
    return True


def _null(term: core.Term) -> list[Constraint]:
    return [(term, Goal.NOT_TRUE), (term, Goal.NOT_FALSE)]


def _compared(branch: Branch, term: core.Compared, goal: Goal) -> bool | None:
    left, right = term.left, term.right
    if term.operator not in (Comparator.EQ, Comparator.NE):
        return None
    if _is_id(left) and _is_id(right):
        is_same = left.row == right.row  # type: ignore[attr-defined]
        return (is_same is (term.operator is Comparator.EQ)) is goal.is_positive
    if not (_is_formula(left) or _is_formula(right)):
        return None
    if term.operator is Comparator.NE:
        goal = goal.inverse
    same = [[(left, truth), (right, truth)] for truth in (Goal.TRUE, Goal.FALSE)]
    different = [[(left, Goal.TRUE), (right, Goal.FALSE)], [(left, Goal.FALSE), (right, Goal.TRUE)]]
    unknown = [_null(left), _null(right)]
    options = same if goal.is_positive else different
    branch.choose_between(options if goal.is_definite else options + unknown)
    return True


def _is_id(term: core.Term) -> bool:
    """Return whether a term is a contact's id; those of two contacts are never the same."""
    return isinstance(term, core.ColumnValue) and term.name == ID


def _one_of(branch: Branch, term: core.OneOf, goal: Goal) -> bool | None:
    if not _is_formula(term.operand):
        return None
    values: list[Any] = [*term.values, *([None] if term.or_null else [])]
    constants = [core.Constant(value, type=DataType.BOOLEAN) for value in values]
    parts = [core.Compared(Comparator.EQ, term.operand, constant) for constant in constants]
    branch.constraints.append((core.AnyOf(tuple(parts)), goal))
    return True


def _contains_any(branch: Branch, term: core.ContainsAny, goal: Goal) -> bool | None:
    if len(term.values) == 1:
        of_null = is_null(term.array) or is_null(term.values[0])
        return not goal.is_definite if of_null else None
    parts = [core.ContainsAny(term.array, (value,), span=term.span) for value in term.values]
    branch.constraints.append((core.AnyOf(tuple(parts)), goal))
    return True


def _has_key(branch: Branch, term: core.HasKey, goal: Goal) -> bool | None:
    if not isinstance(term.key, core.Constant):
        return None
    if not isinstance(term.key.value, str):
        return not goal.is_definite
    is_absent = core.NullTest(core.MapValue(term.row, term.key.value, span=term.span))
    data = core.JsonValue(term.row, (), type=DataType.VARIANT, span=term.span)
    no_data = core.NullTest(data)
    options: dict[Goal, list[list[Constraint]]] = {
        Goal.TRUE: [[(is_absent, Goal.FALSE)]],
        Goal.FALSE: [[(no_data, Goal.FALSE), (is_absent, Goal.TRUE)]],
        Goal.NOT_TRUE: [[(is_absent, Goal.TRUE)]],
        Goal.NOT_FALSE: [[(is_absent, Goal.FALSE)], [(no_data, Goal.TRUE)]],
    }
    branch.choose_between(options[goal])
    return True


def _some_event(branch: Branch, term: core.SomeEvent, goal: Goal) -> bool:
    assert not term.or_none  # the normal form says it as another condition
    constraint = (term.condition, Goal.TRUE if goal.is_positive else Goal.NOT_TRUE)
    if goal.is_positive:
        return _meet_by_events(branch, core.THE_CONTACT, term.rows, [constraint])
    branch.demand(Demand(core.THE_CONTACT, None, term.rows, ((constraint,),)))
    return True


def _meet_by_events(
    branch: Branch, owner: int, rows: Sequence[int], constraints: Sequence[Constraint]
) -> bool:
    """Make an event for each of some rows, and ask something of them."""
    made = _make_events(branch, owner, rows)
    if made is None:
        return False
    branch.constraints += [(bound(term, made, branch.owners), goal) for term, goal in constraints]
    return True


def _make_events(branch: Branch, owner: int, rows: Sequence[int]) -> dict[int, int] | None:
    made: dict[int, int] = {}
    for row in rows:
        if len(branch.owners) >= MOST_EVENTS:
            branch.is_complete = False
            return None
        made[row] = branch.new_event(owner)
    return made


def _last_event(branch: Branch, term: core.LastEvent, goal: Goal) -> bool:
    """Make the rows that the maxima are taken of, and let no other row have larger values.

    A maximum is reached by a row of its own or by the first one's, or it is NULL.
    """

    def with_group(shared: bool, nulls: frozenset[int]) -> BranchStep:
        def step(branch: Branch) -> bool:
            return _group(branch, term, goal, shared=shared, nulls=nulls)

        return step

    def no_group(branch: Branch) -> bool:
        branch.demand(Demand(core.THE_CONTACT, None, term.rows, (((term.condition, Goal.NOT_TRUE),),)))
        return True

    indexes = range(len(term.maxima))
    sizes: Sequence[int] = range(len(indexes) + 1)
    if len(indexes) > MOST_MAXIMA:
        branch.is_complete = False
        sizes = [0, 1, len(indexes)]
    steps: list[BranchStep] = []
    for size in sizes:
        for nulls in map(frozenset, combinations(indexes, size)):
            steps.append(with_group(True, nulls))
            if len(indexes) - size > 1:
                steps.append(with_group(False, nulls))
    if not goal.is_positive:
        steps.append(no_group)
    branch.choose_step(steps)
    return True


def _group(branch: Branch, term: core.LastEvent, goal: Goal, *, shared: bool, nulls: frozenset[int]) -> bool:
    values: list[core.Term] = []
    made: dict[int, int] | None = None
    for index, maximum in enumerate(term.maxima):
        if made is None or not shared:
            made = _make_events(branch, core.THE_CONTACT, term.rows)
            if made is None:
                return False
            branch.constraints.append((bound(term.condition, made, branch.owners), Goal.TRUE))
        value = bound(maximum, made, branch.owners)
        if index in nulls:
            larger: Constraint = (core.NullTest(maximum), Goal.TRUE)
            values.append(null_like(maximum))
        else:
            larger = (core.Compared(Comparator.GT, maximum, value), Goal.NOT_TRUE)
            branch.constraints.append((core.NullTest(value), Goal.FALSE))
            values.append(value)
        outside = ((term.condition, Goal.NOT_TRUE),)
        branch.demand(Demand(core.THE_CONTACT, None, term.rows, ((larger,), outside)))
    is_met = Goal.TRUE if goal.is_positive else Goal.NOT_TRUE
    branch.constraints.append((with_maxima(term.having, values), is_met))
    return True


def _in_subquery(branch: Branch, term: core.InSubquery, goal: Goal) -> bool:
    subquery = term.subquery
    own_rows = {*subquery.events, subquery.contact}
    of_itself = (
        _is_id(term.operand) and _is_id(subquery.value) and subquery.value.row in own_rows  # type: ignore[attr-defined]
    )
    owner = term.operand.row if of_itself else None  # type: ignore[attr-defined]
    same = [] if of_itself else [core.Compared(Comparator.EQ, term.operand, subquery.value)]
    if not goal.is_positive:
        outside = ((subquery.condition, Goal.NOT_TRUE),)
        others = tuple([((part, goal),) for part in same])
        branch.demand(Demand(owner, subquery.contact, subquery.events, (outside, *others)))
        return True
    constraints = [(subquery.condition, Goal.TRUE), *[(part, goal) for part in same]]

    def by(contact: int | None) -> BranchStep:
        def step(branch: Branch) -> bool:
            holder = branch.new_contact() if contact is None else contact
            rows = {} if subquery.contact is None else {subquery.contact: holder}
            wanted = [(bound(part, rows, branch.owners), goal) for part, goal in constraints]
            return _meet_by_events(branch, holder, subquery.events, wanted)

        return step

    if owner is not None:
        return by(owner)(branch)
    options = list(map(by, branch.contacts))
    if len(branch.contacts) < MOST_CONTACTS:
        options.append(by(None))
    else:
        branch.is_complete = False
    branch.choose_step(options)
    return True


EXPANSIONS: dict[type, Callable[[Branch, Any, Goal], bool | None]] = {
    core.All: _all,
    core.AnyOf: _all,
    core.NullTest: _null_test,
    core.Compared: _compared,
    core.OneOf: _one_of,
    core.ContainsAny: _contains_any,
    core.HasKey: _has_key,
    core.SomeEvent: _some_event,
    core.LastEvent: _last_event,
    core.InSubquery: _in_subquery,
}
"""How each kind of condition is taken apart, if it can be."""

ATOMS: set[type[core.Term]] = {core.Matched}
"""Kinds of conditions that are only ever asked of single values; some above are so, too."""
