"""What is known of one thing read by what is known of another.

Of two that are in an order, the one cannot lie beyond all that the other may be; and what has a path leading
through it is a JSON object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sql_seg.analysis.ordered import Cut, OrderedSet, points
from sql_seg.analysis.possible_values import Values
from sql_seg.analysis.regions import Key
from sql_seg.core.terms import JsonValue, MapValue
from sql_seg.core.traits import READ
from sql_seg.language.datatypes import DataType
from sql_seg.solver.record_cells import key_of

AN_OBJECT = "an object"
"""What kind of JSON value has paths leading through it."""

_IS_OBJECT = Values(False, points([AN_OBJECT]))
_MOST_ROUNDS = 8

MutableBox = dict[Key, Values]


class _Order(NamedTuple):
    """That one thing read is less than another; or not ``strict``, at most."""

    less: Key
    greater: Key
    strict: bool


def propagate(box: MutableBox) -> Key | None:
    """Narrow a box by what is in it; return a key that no value is left for, if there is one."""
    emptied = _nest(box)
    if emptied is not None:
        return emptied
    orders = list(_orders(box))
    circle = _circle(orders)
    if circle is not None:
        return circle
    for _ in range(_MOST_ROUNDS):
        changed = False
        for order in orders:
            for key, bound in _bounds(box, order):
                known = box[key].known
                narrowed = known.intersection(bound)
                if narrowed == known:
                    continue
                changed = True
                box[key] = box[key].intersection(Values(True, bound))
                if box[key].is_empty:
                    return key
        if not changed:
            break
    return None


def _nest(box: MutableBox) -> Key | None:
    """Let paths that others lead through be objects; return one that cannot be."""
    paths = [key for key, values in box.items() if isinstance(key, JsonValue | MapValue) and not values.null]
    for path in paths:
        for around, values in _around(path):
            if around in box:
                box[around] = box[around].intersection(values)
                if box[around].is_empty:
                    return around
    return None


def _around(path: JsonValue | MapValue) -> Iterator[tuple[Key, Values]]:
    """Yield what a path that has a value leads through, with what that then is."""
    # A map's key may be the payload's own, or one of its unique arguments.
    keys = path.keys if isinstance(path, JsonValue) else ("payload", path.key)
    for length in range(len(keys)):
        yield JsonValue(path.row, keys[:length], type=DataType.VARIANT), _IS_OBJECT


def _orders(box: MutableBox) -> Iterator[_Order]:
    for key, values in box.items():
        if values.null or not (isinstance(key, tuple) and len(key) == 2):
            continue
        left, right = key
        if not (isinstance(left, READ) and isinstance(right, READ)):
            continue
        signs = values.known.members
        for one, other, excluded in ((left, right, 1), (right, left, -1)):
            if excluded not in signs:
                yield _Order(key_of(one), key_of(other), 0 not in signs)


def _circle(orders: Sequence[_Order]) -> Key | None:
    """Return something that would be less than itself, if there is such a thing."""
    greater: dict[Key, list[Key]] = {}
    for order in orders:
        greater.setdefault(order.less, []).append(order.greater)
    for order in orders:
        if not order.strict:
            continue
        waiting, seen = [order.greater], {order.greater}
        for key in waiting:
            following = [other for other in greater.get(key, ()) if other not in seen]
            seen.update(following)
            waiting += following
        if order.less in seen:
            return order.less
    return None


def _bounds(box: MutableBox, order: _Order) -> Iterator[tuple[Key, OrderedSet]]:
    """Yield the two sides of an order, each with the values that the other side leaves it."""
    if order.less not in box or order.greater not in box:
        return
    highest = _last_cut(box[order.greater].known)
    if highest is not None:
        yield order.less, OrderedSet(True, ((highest[0], 0 if order.strict else highest[1]),))
    lowest = _first_cut(box[order.less].known)
    if lowest is not None:
        yield order.greater, OrderedSet(False, ((lowest[0], 1 if order.strict else lowest[1]),))


def _first_cut(values: OrderedSet) -> Cut | None:
    """Return where a set begins, if it has a smallest value."""
    return None if values.from_start or not values.cuts else values.cuts[0]


def _last_cut(values: OrderedSet) -> Cut | None:
    """Return where a set ends, if it has a largest value."""
    ends_inside = values.from_start ^ (len(values.cuts) % 2 == 1)
    return None if ends_inside or not values.cuts else values.cuts[-1]
