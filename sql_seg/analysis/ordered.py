"""Sets of values of an ordered type, as the places where membership changes.

A *cut* lies just before (side 0) or just after (side 1) a value; the set of ``x > 5`` changes once, after 5,
that of ``x = 5`` twice, before and after 5. Between two cuts there may in truth be no value (the first
text after ``'a'`` is ``'a'`` and the character 0): such a set counts as not empty, which is the safe side.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from math import ceil, floor
from operator import and_, or_
from typing import Any, NamedTuple

from sql_seg.language.operators import Comparator

Cut = tuple[Any, int]


class OrderedSet(NamedTuple):
    """A set of values: whether it holds the smallest ones, and where membership changes from there on."""

    from_start: bool
    cuts: tuple[Cut, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no value is in the set."""
        return not self.from_start and not self.cuts

    @property
    def is_finite(self) -> bool:
        """Whether the set is a list of single values."""
        if self.from_start or len(self.cuts) % 2:
            return False
        pairs = zip(self.cuts[::2], self.cuts[1::2], strict=True)
        return all(first[0] == last[0] for first, last in pairs)

    @property
    def members(self) -> tuple[Any, ...]:
        """The values of a finite set."""
        return tuple([cut[0] for cut in self.cuts[::2]])

    def holds(self, value: Any) -> bool:
        """Return whether a value is in the set."""
        return self.from_start ^ (bisect_left(self.cuts, (value, 1)) % 2 == 1)

    def complement(self) -> OrderedSet:
        """Return the set of all other values."""
        return OrderedSet(not self.from_start, self.cuts)

    def intersection(self, other: OrderedSet) -> OrderedSet:
        """Return the values in both sets."""
        if not self.cuts:
            return other if self.from_start else self
        if not other.cuts:
            return self if other.from_start else other
        return _combined(self, other, and_)

    def is_disjoint(self, other: OrderedSet) -> bool:
        """Return whether no value is in both sets; a set with few cuts is looked up in one with many."""
        if self.from_start and other.from_start:
            return False
        few, many = (self, other) if len(self.cuts) <= len(other.cuts) else (other, self)
        inside, cuts = few.from_start, few.cuts
        starts = [*([None] if inside else []), *cuts[inside::2]]
        ends = [*cuts[not inside :: 2], None]
        for start, end in zip(starts, ends, strict=False):
            passed = 0 if start is None else bisect_right(many.cuts, start)
            if many.from_start ^ (passed % 2 == 1):
                return False
            if passed < len(many.cuts) and (end is None or many.cuts[passed] < end):
                return False
        return True

    def union(self, other: OrderedSet) -> OrderedSet:
        """Return the values in either set."""
        if not self.cuts:
            return self if self.from_start else other
        if not other.cuts:
            return other if other.from_start else self
        return _combined(self, other, or_)

    def without(self, other: OrderedSet) -> OrderedSet:
        """Return the values of this set that are not in the other."""
        return self.intersection(other.complement())

    def widened(self, most: int) -> OrderedSet:
        """Return the set, or if it changes more than ``most`` times one that holds all of it."""
        if len(self.cuts) <= most:
            return self
        ends_inside = self.from_start ^ (len(self.cuts) % 2 == 1)
        cuts = (() if self.from_start else self.cuts[:1]) + (() if ends_inside else self.cuts[-1:])
        return OrderedSet(self.from_start, cuts)

    def among_integers(self) -> OrderedSet:
        """Return the set without what lies between integers."""
        cuts: list[Cut] = []
        for value, side in self.cuts:
            cut = (floor(value) + 1 if side else ceil(value), 0)
            if cuts and cuts[-1] == cut:
                cuts.pop()
            else:
                cuts.append(cut)
        return OrderedSet(self.from_start, tuple(cuts))


NOTHING = OrderedSet(False, ())
EVERYTHING = OrderedSet(True, ())


def compared(operator: Comparator, value: Any) -> OrderedSet:
    """Return the values x of ``x operator value``; of an operator that nobody taught, all values."""
    read = COMPARED.get(operator)
    return EVERYTHING if read is None else read(value)


COMPARED: dict[Comparator, Callable[[Any], OrderedSet]] = {
    Comparator.EQ: lambda value: OrderedSet(False, ((value, 0), (value, 1))),
    Comparator.NE: lambda value: OrderedSet(True, ((value, 0), (value, 1))),
    Comparator.LT: lambda value: OrderedSet(True, ((value, 0),)),
    Comparator.LE: lambda value: OrderedSet(True, ((value, 1),)),
    Comparator.GT: lambda value: OrderedSet(False, ((value, 1),)),
    Comparator.GE: lambda value: OrderedSet(False, ((value, 0),)),
}
"""The comparison operators that the analysis was taught: what they say follows from the order alone."""

UNSUPPORTED: frozenset[Comparator] = frozenset()
"""Those of which that is not so: of a condition with one of them nothing is claimed."""


def points(values: Iterable[Any]) -> OrderedSet:
    """Return the set of the given values."""
    ordered = sorted(set(values))
    return OrderedSet(False, tuple([(value, side) for value in ordered for side in (0, 1)]))


def starting_with(prefix: str) -> OrderedSet:
    """Return the texts that start with a prefix: by code point they are an interval."""
    start = ((prefix, 0),)
    stem = prefix.rstrip(chr(0x10FFFF))
    if not stem:
        return OrderedSet(False, start)
    return OrderedSet(False, (*start, (stem[:-1] + chr(ord(stem[-1]) + 1), 0)))


def _combined(left: OrderedSet, right: OrderedSet, keep: Callable[[bool, bool], bool]) -> OrderedSet:
    """Return the set of values for which ``keep`` holds of their memberships in both sets."""
    in_left, in_right = left.from_start, right.from_start
    inside = from_start = keep(in_left, in_right)
    cuts: list[Cut] = []
    i = j = 0
    while i < len(left.cuts) or j < len(right.cuts):
        if j == len(right.cuts) or (i < len(left.cuts) and left.cuts[i] <= right.cuts[j]):
            cut = left.cuts[i]
        else:
            cut = right.cuts[j]
        if i < len(left.cuts) and left.cuts[i] == cut:
            in_left, i = not in_left, i + 1
        if j < len(right.cuts) and right.cuts[j] == cut:
            in_right, j = not in_right, j + 1
        if keep(in_left, in_right) != inside:
            inside = not inside
            cuts.append(cut)
    return OrderedSet(from_start, tuple(cuts))
