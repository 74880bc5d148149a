"""What a term may be: NULL or not, values in an order, and for texts the patterns they (do not) match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sql_seg.analysis.ordered import NOTHING, OrderedSet
from sql_seg.language.patterns import Pattern, cannot_both, includes

_MOST_PAIRS = 1024
"""How many pairs of patterns are held against each other where two sets meet."""

_MOST_CUTS = 1024


class Values(NamedTuple):
    """A set of values, with or without NULL; it may be too large, never too small."""

    null: bool
    known: OrderedSet
    like: frozenset[Pattern] = frozenset()
    unlike: frozenset[Pattern] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether surely nothing is in the set."""
        return not self.null and self.known.is_empty

    def or_null(self) -> Values:
        """Return the set with NULL."""
        return self._replace(null=True)

    def widened(self, most_cuts: int = _MOST_CUTS) -> Values:
        """Return a set that holds this one and takes no more than so much to write down."""
        if len(self.known.cuts) <= most_cuts:
            return self
        return self._replace(known=self.known.widened(most_cuts))

    def intersection(self, other: Values) -> Values:
        """Return a set that holds what is in both sets."""
        null = self.null and other.null
        known = self.known.intersection(other.known)
        if not (self.like or self.unlike or other.like or other.unlike):
            return Values(null, known)
        if not known.is_finite and self._excludes(other):
            return Values(null, NOTHING)
        return _settled(null, known, self.like | other.like, self.unlike | other.unlike)

    def is_disjoint(self, other: Values) -> bool:
        """Return whether surely nothing is in both sets: what their intersection says, without making it."""
        if self.null and other.null:
            return False
        if self.known.is_disjoint(other.known):
            return True
        has_patterns = self.like or self.unlike or other.like or other.unlike
        return bool(has_patterns) and self.intersection(other).is_empty

    def _excludes(self, other: Values) -> bool:
        """Return whether surely no text matches what both sets ask for: each has been held against itself."""
        sizes = [len(values.like) + len(values.unlike) for values in (self, other)]
        if sizes[0] * sizes[1] > _MOST_PAIRS:
            return not (self.like.isdisjoint(other.unlike) and self.unlike.isdisjoint(other.like))
        return (
            any(includes(wide, narrow) for wide in other.unlike for narrow in self.like)
            or any(includes(wide, narrow) for wide in self.unlike for narrow in other.like)
            or any(cannot_both(one, another) for one in self.like for another in other.like)
        )

    def union(self, other: Values) -> Values:
        """Return a set that holds what is in either set; see ``joins_exactly``."""
        null = self.null or other.null
        if self.known.is_empty:
            return other._replace(null=null)
        if other.known.is_empty:
            return self._replace(null=null)
        return Values(null, self.known.union(other.known), self.like & other.like, self.unlike & other.unlike)

    def joins_exactly(self, other: Values) -> bool:
        """Return whether the union holds nothing more than either set."""
        alike = self.like == other.like and self.unlike == other.unlike
        return alike or self.known.is_empty or other.known.is_empty


def _settled(null: bool, known: OrderedSet, like: frozenset[Pattern], unlike: frozenset[Pattern]) -> Values:
    if known.is_finite:
        fitting = [
            value
            for value in known.members
            if all(pattern.matches(value) for pattern in like)
            and not any(pattern.matches(value) for pattern in unlike)
        ]
        cuts = tuple([(value, side) for value in fitting for side in (0, 1)])
        return Values(null, OrderedSet(False, cuts))
    return Values(null, known, like, unlike)


NULL = Values(True, NOTHING)
NEVER = Values(False, NOTHING)


def common(sets: Sequence[Values]) -> Values:
    """Return a set that holds what is in all sets: halves first, for the sake of long lists."""
    if len(sets) == 1:
        return sets[0]
    middle = len(sets) // 2
    return common(sets[:middle]).intersection(common(sets[middle:]))
