"""What the operands of one AND or OR have to do with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sql_seg.analysis.possible_values import Values, common
from sql_seg.analysis.regions import EVERYWHERE, Key, Region, both, meet

_MOST_MINIMISED = 16
"""Of how many operands it is asked one by one whether a conflict needs them."""

_WINDOW = 8
"""With how many operands before it that speak of the same an operand is compared."""


class Conflict(NamedTuple):
    """Operands, in their order, that cannot all be reached; ``key`` is what they speak of, if it is one."""

    operands: tuple[int, ...]
    key: Key | None = None


def conflicts(regions: Sequence[Region]) -> Iterator[Conflict]:
    """Yield which operands cannot be reached together, each last operand once."""
    by_key: dict[Key, list[tuple[int, Values]]] = {}
    for index, region in enumerate(regions):
        if len(region) == 1:
            for key, values in region[0].items():
                by_key.setdefault(key, []).append((index, values))
    found: set[int] = set()
    for key, entries in by_key.items():
        if len(entries) > 1 and common([values for _, values in entries]).is_empty:
            operands = _clash(entries)
            if operands[-1] not in found:
                found.add(operands[-1])
                yield Conflict(operands, key)
    if not found:
        yield from _compound_conflict(regions, by_key)


def _clash(entries: list[tuple[int, Values]]) -> tuple[int, ...]:
    """Return the first operand that leaves nothing, after the few others that it takes."""
    low, high = 1, len(entries)
    while low < high:
        middle = (low + high) // 2
        if common([values for _, values in entries[:middle]]).is_empty:
            high = middle
        else:
            low = middle + 1
    *before, (last, values) = entries[:low]
    for index, other in before:
        if other.intersection(values).is_empty:
            return index, last
    kept = before[-_MOST_MINIMISED:]
    if len(kept) == len(before):
        for entry in before:
            rest = [other for other in kept if other is not entry]
            if common([values, *(other for _, other in rest)]).is_empty:
                kept = rest
    return (*(index for index, _ in kept), last)


def _compound_conflict(
    regions: Sequence[Region], by_key: dict[Key, list[tuple[int, Values]]]
) -> Iterator[Conflict]:
    """Yield the conflict, if any, in which an operand has a part in several boxes."""
    compound = [index for index, region in enumerate(regions) if len(region) > 1]
    if not compound:
        return
    related = {key for index in compound for entry in regions[index] for key in entry}
    base = {key: common([values for _, values in by_key[key]]) for key in related if key in by_key}
    met: Region = (base,) if base else EVERYWHERE
    for position, index in enumerate(compound):
        met = both(met, regions[index])
        if not met:
            plain = sorted({i for key in base for i, _ in by_key[key]})
            yield Conflict(_needed(regions, sorted([*plain, *compound[: position + 1]])))
            return


def _needed(regions: Sequence[Region], operands: list[int]) -> tuple[int, ...]:
    if len(operands) <= _MOST_MINIMISED:
        for index in list(operands):
            rest = [other for other in operands if other != index]
            if not meet([regions[other] for other in rest]):
                operands = rest
    return tuple(operands)


def related_pairs(regions: Sequence[Region]) -> Iterator[tuple[int, int]]:
    """Yield the operands, two by two, that speak of one thing; of many, only those that stand near."""
    by_key: dict[Key, list[int]] = {}
    for index, region in enumerate(regions):
        for key in {key for entry in region for key in entry}:
            by_key.setdefault(key, []).append(index)
    seen: set[tuple[int, int]] = set()
    for indexes in by_key.values():
        for position, index in enumerate(indexes):
            for other in indexes[max(0, position - _WINDOW) : position]:
                if (other, index) not in seen:
                    seen.add((other, index))
                    yield other, index
