"""One form for all conditions that differ in order, repetition, nesting and the like.

Who is in a segment depends on where its condition is TRUE, and on nothing else, so that NOT can be pushed
down to single conditions: each of them is asked to be TRUE, FALSE, not TRUE or not FALSE. What is left is AND
and OR of such questions, with two truth values, in which the laws of sets hold. "Some event such that" is
moved inwards past what says nothing of the event, and a subquery for the contact's own id becomes such a
test: v1's conditions on events, joins and subqueries meet in one form.

``normal`` keeps the order of a query, for who searches on; ``form`` is a text that is equal for what is the
same in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.planning import is_id, rows_of
from sql_seg.core.traits import CONDITIONS, NEVER_NULL
from sql_seg.frozen import replace
from sql_seg.grouping import tied
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.solver.binding import NULL_ROW, bound, settled

ALWAYS = core.Constant(True, type=DataType.BOOLEAN)
NEVER = core.Constant(False, type=DataType.BOOLEAN)

_MOST_PERMUTED = 4
"""Of so many rows that conditions tie together, all orders are compared."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_ROW = 900_000
_ROWS_OF_A_LEVEL = 1_000


def normal(term: core.Term, goal: Goal = Goal.TRUE) -> core.Term:
    """Return a condition that is TRUE of the contacts for which a condition, settled, is what is asked.

    Contacts are as SendGrid has them: each has an id of its own.
    """
    term, goal = pushed_down(term, goal)
    return _REACHED.get(type(term), _atom)(term, goal)


def negation(term: core.Term) -> core.Term:
    """Return the condition that is TRUE where a normal condition is not."""
    if isinstance(term, core.All):
        return some(map(negation, term.operands))
    if isinstance(term, core.AnyOf):
        return every(map(negation, term.operands))
    if isinstance(term, core.Constant):
        return NEVER if term == ALWAYS else ALWAYS
    if isinstance(term, NEVER_NULL):
        return core.Inverse(term)
    if isinstance(term, core.Inverse):
        inner = term.operand
        if isinstance(inner, core.TruthTest):
            return inner.operand if inner.value else core.Inverse(inner.operand)
        return inner if isinstance(inner, NEVER_NULL) else _literal(inner, Goal.NOT_FALSE)
    return _literal(term, Goal.NOT_TRUE)


def conjuncts(term: core.Term) -> tuple[core.Term, ...]:
    """Return what must all be TRUE for a normal condition to be TRUE."""
    return term.operands if isinstance(term, core.All) else (term,)


def disjuncts(term: core.Term) -> tuple[core.Term, ...]:
    """Return of what one must be TRUE for a normal condition to be TRUE."""
    return term.operands if isinstance(term, core.AnyOf) else (term,)


def form(term: core.Term) -> str:
    """Return a text that is equal for normal conditions that say the same in another order."""
    if isinstance(term, core.All | core.AnyOf):
        return f"{type(term).__name__}({', '.join(sorted(map(form, term.operands)))})"
    if isinstance(term, core.OneOf):
        return f"OneOf({form(term.operand)}, {sorted(map(_spelled, term.values))}, {term.or_null})"
    if isinstance(term, core.ContainsAny):
        return f"ContainsAny({form(term.array)}, {sorted(map(form, term.values))})"
    if isinstance(term, core.Inverse | core.TruthTest | core.NullTest):
        value = getattr(term, "value", "")
        return f"{type(term).__name__}({form(term.operand)}{value})"
    if isinstance(term, core.Compared):
        sides = [form(term.left), form(term.right)]
        return f"({term.operator} {sides if term.operator.is_ordering else sorted(sides)})"
    if isinstance(term, core.Constant):
        return f"{term.type.name} {_spelled(term.value)}"
    if isinstance(term, core.SomeEvent):
        return f"SomeEvent({term.rows}, {form(term.condition)})"
    if isinstance(term, core.InSubquery):
        query = term.subquery
        inner = f"{query.contact}, {query.events}, {form(query.value)}, {form(query.condition)}"
        return f"InSubquery({form(term.operand)}, {inner})"
    if isinstance(term, core.LastEvent):
        maxima = ", ".join(map(form, term.maxima))
        return f"LastEvent({term.rows}, {form(term.condition)}, {maxima}, {form(term.having)})"
    return repr(term)


def _spelled(value: object) -> str:
    """Return a text that is equal for equal values: 1.0 is 1."""
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def every(parts: Iterable[core.Term]) -> core.Term:
    """Return the AND of normal conditions: flat, and each part once."""
    return _chain(core.All, parts, neutral=ALWAYS, deciding=NEVER)


def some(parts: Iterable[core.Term]) -> core.Term:
    """Return the OR of normal conditions: flat, and each part once."""
    return _chain(core.AnyOf, parts, neutral=NEVER, deciding=ALWAYS)


def _chain(
    kind: type[core.All | core.AnyOf],
    parts: Iterable[core.Term],
    *,
    neutral: core.Constant,
    deciding: core.Constant,
) -> core.Term:
    flat: list[core.Term] = []
    for part in parts:
        flat += part.operands if isinstance(part, kind) else (part,)
    joined = _joined(flat, is_all=kind is core.All)
    unique = {form(part): part for part in reversed(joined) if part != neutral}
    if any(part == deciding for part in unique.values()):
        return deciding
    kept = tuple(reversed(unique.values()))
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else kind(kept)


def _joined(parts: Sequence[core.Term], *, is_all: bool) -> list[core.Term]:
    """Return parts with those of one operand, of which each asks for other values, made one.

    An OR of ``x = a`` and ``x IN (b)`` is ``x IN (a, b)``, and an AND of their negations is its negation.
    """
    found: dict[str, core.Term] = {}
    for part in parts:
        is_not = isinstance(part, core.Inverse)
        inner = part.operand if isinstance(part, core.Inverse) else part
        is_test = isinstance(inner, core.TruthTest) and inner.value and is_not
        atom = inner.operand if is_test and isinstance(inner, core.TruthTest) else inner
        key = _list_key(atom) if is_not is is_all else None
        if key is None:
            found[f"{len(found)}"] = part
            continue
        key = f"{is_test} {key}"
        known = found.get(key)
        if known is None:
            found[key] = part
            continue
        while isinstance(known, core.Inverse | core.TruthTest):
            known = known.operand
        values = tuple(dict.fromkeys([*known.values, *atom.values]))  # type: ignore[attr-defined]
        joined: core.Term = replace(atom, values=values)
        if is_test:
            joined = core.TruthTest(joined, True)
        found[key] = core.Inverse(joined) if is_not else joined
    return list(found.values())


def _list_key(atom: core.Term) -> str | None:
    if isinstance(atom, core.OneOf) and not atom.or_null:
        return f"one of {form(atom.operand)}"
    if isinstance(atom, core.ContainsAny):
        return f"contains {form(atom.array)}"
    return None


def _all(term: core.All | core.AnyOf, goal: Goal) -> core.Term:
    parts = [normal(operand, goal) for operand in term.operands]
    return every(parts) if isinstance(term, core.All) is (goal.is_positive) else some(parts)


def _null_test(term: core.NullTest, goal: Goal) -> core.Term:
    operand = term.operand
    if isinstance(operand, CONDITIONS):
        if goal.is_positive:
            return every([normal(operand, Goal.NOT_TRUE), normal(operand, Goal.NOT_FALSE)])
        return some([normal(operand, Goal.TRUE), normal(operand, Goal.FALSE)])
    return term if goal.is_positive else core.Inverse(term)


def _constant(term: core.Constant, goal: Goal) -> core.Term:
    truth = term.value if isinstance(term.value, bool) else None
    return ALWAYS if goal.is_reached_by(truth) else NEVER


def _compared(term: core.Compared, goal: Goal) -> core.Term:
    left, right, operator = term.left, term.right, term.operator
    if operator is Comparator.NE or (operator.is_ordering and goal in (Goal.FALSE, Goal.NOT_FALSE)):
        goal, operator = goal.inverse, operator.negated
    if isinstance(left, core.Constant) and not isinstance(right, core.Constant):
        left, right, operator = right, left, operator.mirrored
    if isinstance(right, core.Constant):
        if right.value is None:
            return ALWAYS if not goal.is_definite else NEVER
        if operator is Comparator.EQ:
            if isinstance(right.value, bool):
                return normal(left, goal if right.value else goal.inverse)
            return _literal(core.OneOf(left, (right.value,), span=term.span), goal)
    elif operator in (Comparator.GT, Comparator.GE):
        left, right, operator = right, left, operator.mirrored
    return _literal(core.Compared(operator, left, right, span=term.span), goal)


def _one_of(term: core.OneOf, goal: Goal) -> core.Term:
    if term.or_null:
        if goal is Goal.FALSE:
            return NEVER
        if goal is Goal.NOT_FALSE:
            return ALWAYS
        term = replace(term, or_null=False)
    if not term.values:
        return _constant(core.Constant(None, type=DataType.BOOLEAN), goal)
    return _literal(term, goal)


def _atom(term: core.Term, goal: Goal) -> core.Term:
    return _literal(term, goal)


def _literal(term: core.Term, goal: Goal) -> core.Term:
    """Return the question whether one condition is what is asked."""
    if goal is Goal.TRUE:
        return term
    if goal is Goal.FALSE:
        return core.Inverse(term, span=term.span)
    return core.Inverse(core.TruthTest(term, goal is Goal.NOT_TRUE, span=term.span), span=term.span)


def _some_event(term: core.SomeEvent, goal: Goal) -> core.Term:
    owners = dict.fromkeys(term.rows, core.THE_CONTACT)
    condition = normal(bound(term.condition, {}, owners))
    found = _with_events(term.rows, condition, or_none=term.or_none)
    return found if goal.is_positive else negation(found)


def _with_events(rows: Sequence[int], condition: core.Term, *, or_none: bool = False) -> core.Term:
    """Return the condition that some events, one for each of some rows, meet a normal condition."""
    if isinstance(condition, core.AnyOf):
        return some([_with_events(rows, part, or_none=or_none) for part in condition.operands])
    parts = [] if condition == ALWAYS else list(conjuncts(condition))
    of_contact, groups = tied(rows, parts, rows_of)
    of_events = [part for _, inner in groups for part in inner]
    if or_none and not of_events:
        return every(of_contact)
    tests = [_smallest(own, inner) for own, inner in groups if inner or not of_events]
    if or_none:
        without = normal(settled(bound(every(of_events), dict.fromkeys(rows, NULL_ROW), {}), _ANY_TIME))
        has_none = core.Inverse(_smallest(rows, []))
        return every([*of_contact, some([*tests, every([has_none, without])])])
    return every([*of_contact, *tests])


def _smallest(rows: Sequence[int], parts: Sequence[core.Term]) -> core.Term:
    """Return a test for events whose rows have names that depend on what is asked of them alone."""
    level = _ROWS_OF_A_LEVEL * (1 + max((_depth(part) for part in parts), default=0))
    names = [_FIRST_ROW + level + index for index in range(len(rows))]
    condition = every(parts)

    def named(order: Sequence[int]) -> core.SomeEvent:
        renamed = bound(condition, dict(zip(order, names, strict=True)), {})
        return core.SomeEvent(tuple(names), renamed)

    return min(map(named, _orders(rows, parts)), key=form)


def _orders(rows: Sequence[int], parts: Sequence[core.Term]) -> Iterable[Sequence[int]]:
    """Return the orders of rows to compare."""
    if len(rows) == 1:
        return [rows]
    if len(rows) <= _MOST_PERMUTED:
        return permutations(rows)

    def alone(row: int) -> list[str]:
        own = [bound(part, {row: 0}, {}) for part in parts if rows_of(part) & set(rows) == {row}]
        return sorted(map(form, own))

    return [sorted(rows, key=alone)]


def _depth(term: core.Term) -> int:
    """Return how many subqueries stand in each other."""
    inner = max(map(_depth, term.children()), default=0)
    return inner + isinstance(term, core.Subquery)


def _in_subquery(term: core.InSubquery, goal: Goal) -> core.Term:
    query = term.subquery
    own = {*query.events, query.contact}
    value = query.value
    if _is_the_contact(term.operand) and is_id(value) and value.row in own:  # type: ignore[attr-defined]
        rows = {} if query.contact is None else {query.contact: core.THE_CONTACT}
        owners = dict.fromkeys(query.events, core.THE_CONTACT)
        condition = normal(bound(query.condition, rows, owners))
        found = _with_events(query.events, condition) if query.events else condition
        return found if goal.is_positive else negation(found)
    return _literal(replace(term, subquery=_normal_subquery(query)), goal)


def _is_the_contact(term: core.Term) -> bool:
    return isinstance(term, core.ColumnValue) and is_id(term) and term.row == core.THE_CONTACT


def _normal_subquery(query: core.Subquery) -> core.Subquery:
    """Return a subquery with rows whose names depend on what is asked of them alone."""
    owners = {} if query.contact is None else dict.fromkeys(query.events, query.contact)
    condition = normal(bound(query.condition, {}, owners))
    value = bound(query.value, {}, owners)
    level = _FIRST_ROW + _ROWS_OF_A_LEVEL * (1 + _depth(condition))
    names = [level + 1 + index for index in range(len(query.events))]
    contact = None if query.contact is None else level

    def named(order: Sequence[int]) -> core.Subquery:
        rows = dict(zip(order, names, strict=True))
        if query.contact is not None:
            rows[query.contact] = level
        return replace(
            query,
            contact=contact,
            events=tuple(names),
            value=bound(value, rows, {}),
            condition=bound(condition, rows, {}),
        )

    def key(candidate: core.Subquery) -> str:
        return f"{form(candidate.value)} {form(candidate.condition)}"

    return min(map(named, _orders(query.events, conjuncts(condition)) if query.events else [()]), key=key)


def _last_event(term: core.LastEvent, goal: Goal) -> core.Term:
    owners = dict.fromkeys(term.rows, core.THE_CONTACT)
    maxima = tuple([bound(maximum, {}, owners) for maximum in term.maxima])
    parts = list(conjuncts(normal(bound(term.condition, {}, owners))))
    parts = [part for part in parts if part != ALWAYS]
    read = set[int]().union(*map(rows_of, maxima))
    of_contact, groups = tied(term.rows, parts, rows_of)
    others = [_smallest(rows, inner) for rows, inner in groups if not read & set(rows)]
    kept = [(rows, inner) for rows, inner in groups if read & set(rows)]
    rows = [row for own, _ in kept for row in own]
    names = {row: _FIRST_ROW + index for index, row in enumerate(sorted(rows, key=term.rows.index))}
    condition = bound(every([part for _, inner in kept for part in inner]), names, {})
    last = core.LastEvent(
        tuple(names.values()),
        condition,
        tuple([bound(maximum, names, {}) for maximum in maxima]),
        normal(term.having),
    )
    found = every([*of_contact, *others, last])
    return found if goal.is_positive else negation(found)


def difference(inside: core.Term, outside: core.Term) -> core.Term:
    """Return a condition that is TRUE where one normal condition is and another is not.

    What both say is said once: of two long queries, only that is asked in which they differ.
    """
    known = set(map(form, conjuncts(inside)))
    outside = every(part for part in conjuncts(outside) if form(part) not in known)
    known = set(map(form, disjuncts(outside)))
    inside = some(part for part in disjuncts(inside) if form(part) not in known)
    if isinstance(outside, core.LastEvent):
        for part in conjuncts(inside):
            if isinstance(part, core.LastEvent) and form(replace(outside, having=part.having)) == form(part):
                # The maxima are of the same rows: one HAVING is met by them, and the other is not.
                having = every([part.having, negation(outside.having)])
                others = [other for other in conjuncts(inside) if other is not part]
                return every([*others, replace(part, having=having)])
    return every([inside, negation(outside)])


_REACHED: Mapping[type[core.Term], Callable[[Any, Goal], core.Term]] = {
    core.All: _all,
    core.AnyOf: _all,
    core.NullTest: _null_test,
    core.Constant: _constant,
    core.Compared: _compared,
    core.OneOf: _one_of,
    core.SomeEvent: _some_event,
    core.LastEvent: _last_event,
    core.InSubquery: _in_subquery,
}
