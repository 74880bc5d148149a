"""What it takes to meet a wish: conditions in their full form taken apart, down to those of single values.

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
from sql_seg.solver.binding import ID, NULL_ROW, bound, null_like
from sql_seg.solver.cases import Case, Demand, Step, Wish

MOST_CONTACTS = 4
MOST_EVENTS = 120
MOST_MAXIMA = 4
"""Of so many, all choices of those that are NULL are tried."""


def expand(case: Case, wish: Wish) -> bool | None:
    """Take a wish apart; None where it is of single values, False where it cannot be met."""
    expansion = EXPANSIONS.get(type(wish[0]))
    return None if expansion is None else expansion(case, *wish)


def _is_formula(term: core.Term) -> bool:
    return isinstance(term, FORMULAS)


def _all(case: Case, term: core.All | core.AnyOf, goal: Goal) -> bool:
    parts = [[(operand, goal)] for operand in term.operands]
    if isinstance(term, core.All) is goal.is_positive:
        case.wishes += [part[0] for part in reversed(parts)]
    else:
        case.choose_between(parts)
    return bool(parts) or isinstance(term, core.All) is goal.is_positive


def _null_test(case: Case, term: core.NullTest, goal: Goal) -> bool | None:
    if not _is_formula(term.operand):
        return None
    if goal.is_positive:
        case.wishes += _null(term.operand)
    else:
        case.choose_between([[(term.operand, Goal.TRUE)], [(term.operand, Goal.FALSE)]])
    return True


def _null(term: core.Term) -> list[Wish]:
    return [(term, Goal.NOT_TRUE), (term, Goal.NOT_FALSE)]


def _compared(case: Case, term: core.Compared, goal: Goal) -> bool | None:
    left, right = term.left, term.right
    if _is_id(left) and _is_id(right) and not term.operator.is_ordering:
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
    case.choose_between(options if goal.is_definite else options + unknown)
    return True


def _is_id(term: core.Term) -> bool:
    """Return whether a term is a contact's id; those of two contacts are never the same."""
    return isinstance(term, core.ColumnValue) and term.name == ID


def _one_of(case: Case, term: core.OneOf, goal: Goal) -> bool | None:
    if not _is_formula(term.operand):
        return None
    values: list[Any] = [*term.values, *([None] if term.or_null else [])]
    constants = [core.Constant(value, data_type=DataType.BOOLEAN) for value in values]
    parts = [core.Compared(Comparator.EQ, term.operand, constant) for constant in constants]
    case.wishes.append((core.AnyOf(tuple(parts)), goal))
    return True


def _contains_any(case: Case, term: core.ContainsAny, goal: Goal) -> bool | None:
    if len(term.values) == 1:
        of_null = is_null(term.array) or is_null(term.values[0])
        return not goal.is_definite if of_null else None
    parts = [core.ContainsAny(term.array, (value,), span=term.span) for value in term.values]
    case.wishes.append((core.AnyOf(tuple(parts)), goal))
    return True


def _has_key(case: Case, term: core.HasKey, goal: Goal) -> bool | None:
    if not isinstance(term.key, core.Constant):
        return None
    if not isinstance(term.key.value, str):
        return not goal.is_definite
    is_absent = core.NullTest(core.MapValue(term.row, term.key.value, span=term.span))
    data = core.JsonValue(term.row, (), data_type=DataType.VARIANT, span=term.span)
    no_data = core.NullTest(data)
    options: dict[Goal, list[list[Wish]]] = {
        Goal.TRUE: [[(is_absent, Goal.FALSE)]],
        Goal.FALSE: [[(no_data, Goal.FALSE), (is_absent, Goal.TRUE)]],
        Goal.NOT_TRUE: [[(is_absent, Goal.TRUE)]],
        Goal.NOT_FALSE: [[(is_absent, Goal.FALSE)], [(no_data, Goal.TRUE)]],
    }
    case.choose_between(options[goal])
    return True


def _some_event(case: Case, term: core.SomeEvent, goal: Goal) -> bool:
    positive = goal.is_positive
    wish = (term.condition, Goal.TRUE if positive else Goal.NOT_TRUE)

    def some(case: Case) -> bool:
        return _meet_by_events(case, core.THE_CONTACT, term.rows, [wish])

    def every(case: Case) -> bool:
        has_none = term.or_none and not case.events_of(core.THE_CONTACT)
        if has_none and case.new_event(core.THE_CONTACT) is None:
            return False
        case.demand(Demand(core.THE_CONTACT, None, term.rows, ((wish,),)))
        return True

    def none(case: Case) -> bool:
        nulls = dict.fromkeys(term.rows, NULL_ROW)
        case.wishes.append((bound(wish[0], nulls, case.owners), wish[1]))
        return case.without_events(core.THE_CONTACT)

    by_events: Step = some if positive else every
    if not term.or_none:
        return by_events(case)
    case.choose_step([none, by_events])
    return True


def _meet_by_events(case: Case, owner: int, rows: Sequence[int], wishes: Sequence[Wish]) -> bool:
    """Make an event for each of some rows, and wish something of them."""
    made = _make_events(case, owner, rows)
    if made is None:
        return False
    case.wishes += [(bound(term, made, case.owners), goal) for term, goal in wishes]
    return True


def _make_events(case: Case, owner: int, rows: Sequence[int]) -> dict[int, int] | None:
    made: dict[int, int] = {}
    for row in rows:
        if len(case.owners) >= MOST_EVENTS:
            case.is_complete = False
            return None
        event = case.new_event(owner)
        if event is None:
            return None
        made[row] = event
    return made


def _last_event(case: Case, term: core.LastEvent, goal: Goal) -> bool:
    """Make the rows that the maxima are taken of, and let no other row have larger values.

    A maximum is reached by a row of its own or by the first one's, or it is NULL.
    """

    def with_group(shared: bool, nulls: frozenset[int]) -> Step:
        def step(case: Case) -> bool:
            return _group(case, term, goal, shared=shared, nulls=nulls)

        return step

    def no_group(case: Case) -> bool:
        case.demand(Demand(core.THE_CONTACT, None, term.rows, (((term.condition, Goal.NOT_TRUE),),)))
        return True

    indexes = range(len(term.maxima))
    sizes: Sequence[int] = range(len(indexes) + 1)
    if len(indexes) > MOST_MAXIMA:
        case.is_complete = False
        sizes = [0, 1, len(indexes)]
    steps: list[Step] = []
    for size in sizes:
        for nulls in map(frozenset, combinations(indexes, size)):
            steps.append(with_group(True, nulls))
            if len(indexes) - size > 1:
                steps.append(with_group(False, nulls))
    if not goal.is_positive:
        steps.append(no_group)
    case.choose_step(steps)
    return True


def _group(case: Case, term: core.LastEvent, goal: Goal, *, shared: bool, nulls: frozenset[int]) -> bool:
    values: list[core.Term] = []
    made: dict[int, int] | None = None
    for index, maximum in enumerate(term.maxima):
        if made is None or not shared:
            made = _make_events(case, core.THE_CONTACT, term.rows)
            if made is None:
                return False
            case.wishes.append((bound(term.condition, made, case.owners), Goal.TRUE))
        value = bound(maximum, made, case.owners)
        if index in nulls:
            larger: Wish = (core.NullTest(maximum), Goal.TRUE)
            values.append(null_like(maximum))
        else:
            larger = (core.Compared(Comparator.GT, maximum, value), Goal.NOT_TRUE)
            case.wishes.append((core.NullTest(value), Goal.FALSE))
            values.append(value)
        outside = ((term.condition, Goal.NOT_TRUE),)
        case.demand(Demand(core.THE_CONTACT, None, term.rows, ((larger,), outside)))
    is_met = Goal.TRUE if goal.is_positive else Goal.NOT_TRUE
    case.wishes.append((with_maxima(term.having, values), is_met))
    return True


def _in_subquery(case: Case, term: core.InSubquery, goal: Goal) -> bool:
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
        case.demand(Demand(owner, subquery.contact, subquery.events, (outside, *others)))
        return True
    wishes = [(subquery.condition, Goal.TRUE), *[(part, goal) for part in same]]

    def by(contact: int | None) -> Step:
        def step(case: Case) -> bool:
            holder = case.new_contact() if contact is None else contact
            rows = {} if subquery.contact is None else {subquery.contact: holder}
            wanted = [(bound(part, rows, case.owners), goal) for part, goal in wishes]
            return _meet_by_events(case, holder, subquery.events, wanted)

        return step

    if owner is not None:
        return by(owner)(case)
    options = list(map(by, case.contacts))
    if len(case.contacts) < MOST_CONTACTS:
        options.append(by(None))
    else:
        case.is_complete = False
    case.choose_step(options)
    return True


EXPANSIONS: dict[type, Callable[[Case, Any, Goal], bool | None]] = {
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
