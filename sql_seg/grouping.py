"""Which things conditions tie together: what speaks of one group alone can be asked of it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import TypeVar

_Thing = TypeVar("_Thing")
_Part = TypeVar("_Part")


def tied(
    things: Iterable[_Thing], parts: Iterable[_Part], read: Callable[[_Part], Set[_Thing]]
) -> tuple[list[_Part], list[tuple[list[_Thing], list[_Part]]]]:
    """Return the parts that speak of none of some things, and the groups of things that parts tie together.

    ``read`` says what a part speaks of. Each group comes with the parts that speak of it, in their order.
    """
    said = [(part, read(part)) for part in parts]
    groups = [[thing] for thing in things]
    for _, spoken_of in said:
        joined = [group for group in groups if not spoken_of.isdisjoint(group)]
        for other in joined[1:]:
            joined[0] += other
            groups.remove(other)
    alone = [part for part, of in said if all(map(of.isdisjoint, groups))]
    return alone, [(group, [part for part, of in said if not of.isdisjoint(group)]) for group in groups]
