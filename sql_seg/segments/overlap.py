"""How segments lie to each other: which share contacts, which hold others, and which are the same.

For the contacts of an account it is counted; for whoever may be a contact, it is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from sql_seg import markup
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.goals import Goal
from sql_seg.language.timestamps import write_second, write_timestamp

EQUAL, CONTAINED, CONTAINS = "equal", "contained in", "contains"
DISJOINT, OVERLAPPING = "disjoint", "overlapping"
"""How a segment lies to another one."""

_TURNED = {CONTAINED: CONTAINS, CONTAINS: CONTAINED}

_PER_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments: how many contacts are in both, and how the first lies to the second.

    ``always`` says that it is proven of all contacts there can be; where it is not, nothing was proven.
    """

    first: str
    second: str
    both: int
    relation: str
    always: bool = False

    @property
    def turned(self) -> Pair:
        """The same pair seen from the second segment."""
        relation = _TURNED.get(self.relation, self.relation)
        return Pair(self.second, self.first, self.both, relation, self.always)

    def to_json(self) -> dict[str, Any]:
        """Return the pair as JSON has it."""
        return {
            "first": self.first,
            "second": self.second,
            "both": self.both,
            "relation": self.relation,
            "always": self.always,
        }


Prove = Callable[[str, str, str], bool]
"""Returns whether a relation of two segments, by name, is proven for all contacts."""


@dataclass(frozen=True, slots=True, repr=False)
class Overlap:
    """Segments over ``total`` contacts at ``now``: how many are in each, in none, and in each two of them."""

    now: datetime
    total: int
    counts: Mapping[str, int]
    nowhere: int
    shared: Mapping[tuple[str, str], int]
    prove: Prove | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Overlap: {self}>"

    def __str__(self) -> str:
        moment = write_second(self.now)
        return f"{len(self.counts):,} segments over {self.total:,} contacts at {moment}"

    def _repr_html_(self) -> str:
        rows = [(one, *(self.both(one, other) for other in self.names)) for one in self.names]
        table = markup.table(("segment", *self.names), rows)
        nowhere = markup.paragraph(f"{self.nowhere:,} contacts are in no segment.")
        return markup.block(markup.paragraph(self, strong=True), table, nowhere)

    @property
    def names(self) -> list[str]:
        """The segments' names."""
        return list(self.counts)

    def both(self, first: str, second: str) -> int:
        """Return how many contacts are in both of two segments."""
        if first == second:
            return self.counts[first]
        found = self.shared.get((first, second))
        return self.shared[second, first] if found is None else found

    def relation(self, first: str, second: str) -> str:
        """Return how a segment lies to another one, by the data; of empty ones, nothing can be seen."""
        both, one, other = self.both(first, second), self.counts[first], self.counts[second]
        if one == other == both:
            return EQUAL
        if both == 0:
            return DISJOINT
        if both == one:
            return CONTAINED
        return CONTAINS if both == other else OVERLAPPING

    def pairs(self, *, proofs: bool = False) -> Iterator[Pair]:
        """Yield each two segments; with ``proofs`` say what of them always holds."""
        for first, second in combinations(self.counts, 2):
            relation = self.relation(first, second)
            always = False
            if proofs and self.prove is not None and relation != OVERLAPPING:
                always = self.prove(first, second, relation)
            yield Pair(first, second, self.both(first, second), relation, always)

    def to_json(self, *, proofs: bool = False) -> dict[str, Any]:
        """Return the overlap as JSON has it."""
        return {
            "now": write_timestamp(self.now),
            "total": self.total,
            "in_no_segment": self.nowhere,
            "segments": [{"name": name, "count": count} for name, count in self.counts.items()],
            "pairs": [pair.to_json() for pair in self.pairs(proofs=proofs)],
        }


def overlap_of(
    names: Sequence[str], tallies: Mapping[int, int], now: datetime, prove: Prove | None = None
) -> Overlap:
    """Return the overlap of segments, given how many contacts are in which of them at once."""
    counts = [0] * len(names)
    shared = dict.fromkeys(combinations(range(len(names)), 2), 0)
    by_weight: dict[int, list[int]] = {}
    for mask, weight in tallies.items():
        by_weight.setdefault(weight, []).append(mask)
    for weight, masks in by_weight.items():
        for start in range(0, len(masks), _PER_CHUNK):
            columns = _columns(masks[start : start + _PER_CHUNK], len(names))
            there = [index for index, column in enumerate(columns) if column]
            for index in there:
                counts[index] += weight * columns[index].bit_count()
            for one, other in combinations(there, 2):
                both = columns[one] & columns[other]
                if both:
                    shared[one, other] += weight * both.bit_count()
    return Overlap(
        now,
        sum(tallies.values()),
        dict(zip(names, counts, strict=True)),
        tallies.get(0, 0),
        {(names[one], names[other]): both for (one, other), both in shared.items()},
        prove,
    )


def _columns(masks: Sequence[int], segments: int) -> list[int]:
    """Return for each segment a number with a bit for each mask that has it."""
    if not segments:
        return []
    digits = "".join([format(mask, f"0{segments}b") for mask in masks])
    return [int(digits[segments - 1 - index :: segments], 2) for index in range(segments)]


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
