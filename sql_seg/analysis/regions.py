"""Where a condition has a truth value: boxes, each a set of values for some terms, in any of which it may be.

A region may be too large, never too small: what is outside is certain. Their number and size are bounded,
and past the bound a region is everywhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import islice

from sql_seg.analysis.possible_values import Values, common

Key = Hashable
"""What has a value: a term, or a relation between two."""

Box = Mapping[Key, Values]
Region = Sequence[Box]

EVERYWHERE: Region = ({},)
NOWHERE: Region = ()

MOST_BOXES = 16
MOST_KEYS = 48

_MOST_CROSSED = 128
"""How much a set takes to write down where boxes of several are crossed, one after the other."""


def box(*entries: tuple[Key, Values]) -> Region:
    """Return the region where each term is among its values."""
    held: dict[Key, Values] = {}
    for key, values in entries:
        if values.is_empty:
            return NOWHERE
        held[key] = values
    return (held,)


def meet(regions: Sequence[Region]) -> Region:
    """Return a region that holds what is in all of some regions."""
    if len(regions) == 2:
        return both(regions[0], regions[1])
    held = {key: common(values).widened() for key, values in entries_by_key(regions).items()}
    if any(values.is_empty for values in held.values()):
        return NOWHERE
    if len(held) > MOST_KEYS:
        held = dict(islice(held.items(), MOST_KEYS))
    met: Region = (held,)
    for region in regions:
        if len(region) != 1:
            met = both(met, region)
            if not met:
                return NOWHERE
    return met


def entries_by_key(regions: Iterable[Region]) -> dict[Key, list[Values]]:
    """Return for each term the sets that the regions of one box have it in."""
    entries: dict[Key, list[Values]] = {}
    for region in regions:
        if len(region) == 1:
            for key, values in region[0].items():
                entries.setdefault(key, []).append(values)
    return entries


def both(one: Region, other: Region) -> Region:
    """Return a region that holds what is in two regions; past the bounds, the one that was there."""
    if len(one) * len(other) > MOST_BOXES:
        return one
    met = []
    for first in one:
        for second in other:
            crossed = crossing(first, second)
            if crossed is not None:
                met.append(crossed)
    return met


def are_disjoint(one: Region, other: Region) -> bool:
    """Return whether surely nothing is in two regions."""
    return all(clash(first, second) is not None for first in one for second in other)


def clash(one: Box, other: Box) -> Key | None:
    """Return something that no value would be left for in two boxes together, if there is such a thing."""
    for key, values in other.items():
        own = one.get(key)
        if own is not None and own.is_disjoint(values):
            return key
    return None


def crossing(one: Box, other: Box) -> Box | None:
    """Return the box that two boxes share, or None; a key past the bound is left out."""
    shared = dict(one)
    for key, values in other.items():
        old = shared.get(key)
        if old is not None:
            values = old.intersection(values).widened(_MOST_CROSSED)
            if values.is_empty:
                return None
        elif len(shared) >= MOST_KEYS:
            continue
        shared[key] = values
    return shared


def join(regions: Iterable[Region]) -> Region:
    """Return a region that holds what is in any of some regions."""
    boxes = [entry for region in regions for entry in region]
    while len(boxes) > 1:
        if not all(boxes):
            return EVERYWHERE
        merged = _merged_once(boxes)
        if len(merged) == len(boxes):
            break
        boxes = merged
    return boxes if len(boxes) <= MOST_BOXES else EVERYWHERE


def _merged_once(boxes: list[Box]) -> list[Box]:
    """Return the boxes, of each two over the same terms one where that is exact."""
    by_terms: dict[frozenset[Key], list[Box]] = {}
    for entry in boxes:
        by_terms.setdefault(frozenset(entry), []).append(entry)
    merged: list[Box] = []
    for alike in by_terms.values():
        for first, second in zip(alike[::2], [*alike[1::2], None], strict=False):
            one = None if second is None else _one_box(first, second)
            if one is not None:
                merged.append(one)
            else:
                merged += [first] if second is None else [first, second]
    return merged


def _one_box(one: Box, other: Box) -> Box | None:
    """Return the box of two boxes over the same terms, if they differ in one of them at most."""
    differing = [key for key, values in one.items() if values != other[key]]
    if not differing:
        return one
    if len(differing) > 1:
        return None
    (key,) = differing
    if not one[key].joins_exactly(other[key]):
        return None
    return {**one, key: one[key].union(other[key]).widened()}
