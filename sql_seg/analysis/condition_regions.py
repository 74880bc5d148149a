"""Conditions to regions: where each is TRUE, where FALSE, where not TRUE, and where not FALSE.

A region may be too large and is never too small, so that what is empty, or lies within another one, is a
proof. Most conditions are one ``Fact``: of one thing the values with which they are TRUE, and those with
which they are FALSE; what is asked for in the four goals follows from that. A condition with anything in it
that nobody taught is everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from sql_seg.analysis.known import domain, known_of, not_null, settled
from sql_seg.analysis.ordered import EVERYTHING, NOTHING, OrderedSet, compared, points, starting_with
from sql_seg.analysis.possible_values import NEVER, NULL, Values
from sql_seg.analysis.regions import EVERYWHERE, NOWHERE, Key, Region, box, join, meet
from sql_seg.analysis.taught import unknown_part
from sql_seg.core.full_form import is_full, written_out
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.terms import (
    All,
    AnyOf,
    ColumnValue,
    Compared,
    Constant,
    ContainsAny,
    HasKey,
    Inverse,
    JsonValue,
    MapValue,
    Matched,
    NullTest,
    OneOf,
    Term,
    TruthTest,
)
from sql_seg.core.traits import CONDITIONS, READ, is_total, may_be_null, now_offset, strict_reads
from sql_seg.language import patterns
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.language.patterns import Pattern

_T = TypeVar("_T", bound=Term)


_CONNECTIVES = (All, AnyOf, Inverse, TruthTest)
"""Of what these join, each part is read by itself."""

_MOST_CONTAINED = 12


class Fact(NamedTuple):
    """A condition that says of ``key`` that it is in ``true``; FALSE where it is in ``false``, else NULL.

    Where it is TRUE or FALSE, nothing of ``reads`` is NULL. Where ``total``, it is NULL only where one of
    ``reads`` is; else it may be NULL anywhere, if it is ``nullable`` at all.
    """

    key: Key
    true: Values
    false: Values
    reads: tuple[Term, ...] = ()
    total: bool = False
    nullable: bool = True


class ConditionRegions:
    """Reads conditions of a query; what is forgotten, or was never taught, may be anything anywhere."""

    def __init__(self) -> None:
        self._known: dict[int, list[Region | None]] = {}
        self._taught: dict[int, bool] = {}
        self._facts: dict[int, Fact | None] = {}
        self._full: dict[int, Term] = {}
        self._read: dict[Key, Term] = {}

    def region(self, term: Term, goal: Goal) -> Region:
        """Return a region that holds every place where the goal is reached."""
        known = self._known.get(id(term))
        if known is None:
            unread = None if type(term) in _CONNECTIVES or self._is_taught(term) else EVERYWHERE
            known = self._known[id(term)] = [unread] * 4
        region = known[goal]
        if region is None:
            region = known[goal] = self._read_region(term, goal)
        return region

    def _read_region(self, term: Term, goal: Goal) -> Region:
        inner, inner_goal = pushed_down(term, goal)
        if inner is not term:
            return self.region(inner, inner_goal)
        if not is_full(term):
            full = self._full.get(id(term))
            if full is None:
                full = self._full[id(term)] = written_out(term)
            return self.region(full, goal)
        return _REGIONS.get(type(term), ConditionRegions._value)(self, term, goal)

    def _is_taught(self, term: Term) -> bool:
        """Return whether there is nothing in a term that nobody taught."""
        known = self._taught.get(id(term))
        if known is None:
            known = unknown_part(term) is None and all(map(self._is_taught, term.children()))
            self._taught[id(term)] = known
        return known

    def forget(self, term: Term) -> None:
        """Take a condition to be TRUE, FALSE and NULL anywhere, from now on."""
        self._known[id(term)] = [EVERYWHERE, EVERYWHERE, EVERYWHERE, EVERYWHERE]

    def subject(self, key: Key | None) -> Term | None:
        """Return the one thing read that a key is about, if it is one."""
        if isinstance(key, tuple) and isinstance(key[0], READ):
            key = self.key(key[0]) if isinstance(key[1], str) else None
        return None if key is None else self._read.get(key)

    def key(self, term: Term) -> Key:
        """Return what stands for a term in boxes."""
        if isinstance(term, ColumnValue):
            key: Key = (term.row, term.name)
        elif isinstance(term, READ):
            key = term
        else:
            return term
        self._read.setdefault(key, term)
        return key

    def all_known(self, reads: Iterable[Term]) -> Region:
        """Return the region where none of some things read is NULL."""
        return meet([self._not_null(self.key(read), not_null(read), ()) for read in reads])

    def _all(self, term: All, goal: Goal) -> Region:
        parts = [self.region(operand, goal) for operand in term.operands]
        return meet(parts) if goal.is_positive else join(parts)

    def _any_of(self, term: AnyOf, goal: Goal) -> Region:
        parts = [self.region(operand, goal) for operand in term.operands]
        return join(parts) if goal.is_positive else meet(parts)

    def _null_test(self, term: NullTest, goal: Goal) -> Region:
        operand, wants_null = term.operand, goal.is_positive
        if isinstance(operand, CONDITIONS):
            goals = (Goal.NOT_TRUE, Goal.NOT_FALSE) if wants_null else (Goal.TRUE, Goal.FALSE)
            return (meet if wants_null else join)([self.region(operand, goal) for goal in goals])
        if (known := settled(operand)) is not None:
            return EVERYWHERE if wants_null is (known.value is None) else NOWHERE
        if not wants_null:
            return self._not_null(self.key(operand), not_null(operand), strict_reads(operand))
        if not may_be_null(operand):
            return NOWHERE
        if isinstance(operand, READ) or not is_total(operand):
            return box((self.key(operand), NULL))
        return self._one_null(strict_reads(operand))

    def _compared(self, term: Compared, goal: Goal) -> Region:
        left, right = settled(term.left), settled(term.right)
        if left is not None and right is not None:
            return _certain(_truth(term.operator, left, right), goal)
        if left is None and right is None:
            return self._reached(term, self._relation, goal)
        operand, value = (term.right, left) if right is None else (term.left, right)
        assert value is not None
        if value.value is None:
            return _certain(None, goal)
        is_equality = term.operator in (Comparator.EQ, Comparator.NE)
        if is_equality and isinstance(operand, CONDITIONS) and isinstance(value.value, bool):
            is_same = (term.operator is Comparator.EQ) is value.value
            return self.region(operand, goal if is_same else goal.inverse)
        return self._reached(term, self._comparison, goal)

    def _comparison(self, term: Compared) -> Fact:
        """Return the fact of a comparison with a constant."""
        value = settled(term.right)
        if value is not None:
            return self._membership(term.left, compared(term.operator, value.value))
        value = settled(term.left)
        assert value is not None
        return self._membership(term.right, compared(term.operator.mirrored, value.value))

    def _one_of(self, term: OneOf, goal: Goal) -> Region:
        if (known := settled(term.operand)) is not None:
            value = known.value
            found = True if value in term.values else None if term.or_null else False
            return _certain(None if value is None else found, goal)
        if term.or_null and goal is Goal.FALSE:
            return NOWHERE
        if term.or_null and goal is Goal.NOT_FALSE:
            return EVERYWHERE
        return self._reached(term, lambda term: self._membership(term.operand, points(term.values)), goal)

    def _matched(self, term: Matched, goal: Goal) -> Region:
        if (known := settled(term.operand)) is not None:
            text = known.value
            return _certain(None if not isinstance(text, str) else term.pattern.matches(text), goal)
        return self._reached(term, self._match, goal)

    def _match(self, term: Matched) -> Fact:
        return self._fact(term.operand, *_matching(term.pattern, term.operand))

    def _contains_any(self, term: ContainsAny, goal: Goal) -> Region:
        if len(term.values) > _MOST_CONTAINED or isinstance(term.array, Constant):
            return EVERYWHERE
        parts = [self._holds(term.array, value, goal) for value in term.values]
        return join(parts) if goal.is_positive else meet(parts)

    def _holds(self, array: Term, value: Term, goal: Goal) -> Region:
        reads = (*strict_reads(array), *strict_reads(value))
        total = is_total(array) and is_total(value)
        return self._region_of(Fact((self.key(array), value), _TRUE, _FALSE, reads, total), goal)

    def _has_key(self, term: HasKey, goal: Goal) -> Region:
        if not (isinstance(term.key, Constant) and isinstance(term.key.value, str)):
            return self._value(term, goal)
        if goal is Goal.NOT_FALSE:
            return EVERYWHERE
        entry = MapValue(term.row, term.key.value, span=term.span)
        return box((self.key(entry), not_null(entry) if goal is Goal.TRUE else NULL))

    def _value(self, term: Term, goal: Goal) -> Region:
        """Return the region of a truth value that is no condition by its form, or of any other condition."""
        if isinstance(term, Constant):
            value = term.value
            return _certain(value if isinstance(value, bool) else None, goal)
        return self._region_of(Fact(self.key(term), _TRUE, _FALSE), goal)

    def _relation(self, term: Compared) -> Fact:
        """Return the fact of a comparison of two terms: that their order is among ``<``, ``=`` and ``>``."""
        operator, left, right = term.operator, term.left, term.right
        reads = (*strict_reads(left), *strict_reads(right))
        total = is_total(left) and is_total(right)
        for moment, other, way in ((right, left, operator), (left, right, operator.mirrored)):
            offset = now_offset(moment)
            if offset is not None:
                key, wanted = self._window(other, way, *offset)
                true, false = Values(False, wanted), Values(False, wanted.complement())
                return Fact(key, true, false, reads, total)
        if repr(right) < repr(left):  # never by hash, which is another one in each process
            left, right, operator = right, left, operator.mirrored
        orders = points([0]) if left == right else _ORDERS
        wanted = compared(operator, 0)
        true, false = Values(False, orders.intersection(wanted)), Values(False, orders.without(wanted))
        return Fact((left, right), true, false, reads, total)

    def _window(self, moment: Term, operator: Comparator, axis: str, amount: int) -> tuple[Key, OrderedSet]:
        """Return how far a moment is from now by a comparison with a moment that is so far from it."""
        own = now_offset(moment)
        if own is None or own[0] != axis:
            return (moment, axis), compared(operator, amount)
        is_true = compared(operator, amount).holds(own[1])
        return axis, EVERYTHING if is_true else NOTHING

    def _membership(self, operand: Term, wanted: OrderedSet) -> Fact:
        """Return the fact that a term is among some values."""
        true = Values(False, _possible(operand, wanted))
        return self._fact(operand, true, Values(False, _possible(operand, wanted.complement())))

    def _fact(self, operand: Term, true: Values, false: Values) -> Fact:
        nullable = may_be_null(operand)
        if isinstance(operand, READ):
            return Fact(self.key(operand), true, false, nullable=nullable)
        reads = tuple(strict_reads(operand))
        return Fact(operand, true, false, reads, bool(reads) and is_total(operand), nullable)

    def _reached(self, term: _T, fact_of: Callable[[_T], Fact], goal: Goal) -> Region:
        """Return the region of a condition that is a fact, which is found out once."""
        fact = self._facts.get(id(term))
        if fact is None:
            fact = self._facts[id(term)] = fact_of(term)
        return self._region_of(fact, goal)

    def _region_of(self, fact: Fact, goal: Goal) -> Region:
        wanted = fact.true if goal.is_positive else fact.false
        if goal.is_definite:
            return self._not_null(fact.key, wanted, fact.reads)
        if fact.total:
            known = self._not_null(fact.key, wanted, fact.reads)
            return join([known, self._one_null(fact.reads)])
        return box((fact.key, wanted.or_null() if fact.nullable else wanted))

    def _not_null(self, key: Key, values: Values, reads: Iterable[Term]) -> Region:
        """Return the region where a term is among some values, and so nothing that it reads is NULL."""
        entries = [(key, values)]
        if isinstance(key, JsonValue):
            entries += _kind(key)
        for read in reads:
            read_key = self.key(read)
            if read_key != key:
                entries.append((read_key, not_null(read)))
                entries += _kind(read)
        if len(entries) > 2:
            return meet([box(entry) for entry in entries])
        return box(*entries)

    def _one_null(self, reads: Iterable[Term]) -> Region:
        """Return the region where one of some terms is NULL."""
        nullable = [read for read in reads if may_be_null(read)]
        return join([box((self.key(read), NULL)) for read in nullable])


def _possible(operand: Term, wanted: OrderedSet) -> OrderedSet:
    """Return those of some values that a term can have."""
    known = known_of(operand)
    if known.whole:
        wanted = wanted.among_integers()
    elif known.settles is not None and wanted.is_finite:
        wanted = points(value for value in wanted.members if known.settles(value) == value)
    if operand.type is DataType.VARCHAR and not wanted.from_start:
        return wanted
    return domain(operand).intersection(wanted)


def _kind(read: Term) -> list[tuple[Key, Values]]:
    """Return what a JSON value is, whose reading as a type is not NULL."""
    if not isinstance(read, JsonValue) or read.type not in _KINDS:
        return []
    whole = JsonValue(read.row, read.keys, type=DataType.VARIANT, span=read.span)
    return [(whole, _KINDS[read.type])]


_ORDERS = points([-1, 0, 1])
_KINDS = {
    DataType.VARCHAR: Values(False, points(["a number", "a text", "a truth value"])),
    DataType.TIMESTAMP: Values(False, points(["a number", "a text"])),
    DataType.NUMBER: Values(False, points(["a number", "a text", "a truth value"])),
    DataType.BOOLEAN: Values(False, points(["a text", "a truth value"])),
    DataType.ARRAY: Values(False, points(["a list", "a text"])),
}
"""What kinds of JSON values convert to each type: of a kind that is not named, none does."""
_TRUE = Values(False, points([True]))
_FALSE = Values(False, points([False]))


def _certain(truth: bool | None, goal: Goal) -> Region:
    return EVERYWHERE if goal.is_reached_by(truth) else NOWHERE


def _truth(operator: Comparator, left: Constant, right: Constant) -> bool | None:
    if left.value is None or right.value is None:
        return None
    return compared(operator, right.value).holds(left.value)


def _matching(pattern: Pattern, operand: Term) -> tuple[Values, Values]:
    """Return the values that match a pattern, and those that do not."""
    everything = domain(operand)
    change = known_of(operand).settles
    if change is not None and any(change(c) != c for c in patterns.plain_characters(pattern)):
        return NEVER, Values(False, everything)
    if patterns.is_plain(pattern):
        matching = points([pattern.runs[0].text])
    else:
        matching = everything.intersection(starting_with(patterns.prefix(pattern)))
        if not patterns.is_prefix(pattern):
            alike = frozenset([pattern])
            return Values(False, matching, like=alike), Values(False, everything, unlike=alike)
    return Values(False, matching), Values(False, everything.without(matching))


_REGIONS: dict[type, Callable[[ConditionRegions, Any, Goal], Region]] = {
    All: ConditionRegions._all,
    AnyOf: ConditionRegions._any_of,
    NullTest: ConditionRegions._null_test,
    Compared: ConditionRegions._compared,
    OneOf: ConditionRegions._one_of,
    Matched: ConditionRegions._matched,
    ContainsAny: ConditionRegions._contains_any,
    HasKey: ConditionRegions._has_key,
}
