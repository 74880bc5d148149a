"""Trees of dataclasses: what stands directly below a node, by what its class says that it holds.

A tree's nodes have one base class. That a field holds nodes is read from its annotation, once for each
class, so that walking a tree asks no node what it is made of.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from operator import attrgetter, is_
from typing import Any, TypeVar

from sql_seg.frozen import fields, replace

_T = TypeVar("_T")

_WORD = re.compile(r"\w+")


def children(node: Any) -> tuple[Any, ...]:
    """Return the nodes directly below a node, in the order of its fields."""
    kind: Any = type(node)
    return _reader(kind)(node)


@cache
def fields_below(kind: Any) -> tuple[str, ...]:
    """Return the names of the fields of a class that hold nodes: one, several or perhaps none."""
    base = kind.__mro__[-2]
    known = vars(sys.modules[kind.__module__])
    kinds = {name for name, found in known.items() if isinstance(found, type) and issubclass(found, base)}
    return tuple(item.name for item in fields(kind) if kinds.intersection(_WORD.findall(str(item.type))))


def with_children(node: _T, change: Callable[[Any], Any]) -> _T:
    """Return a node with each node directly below it changed; itself, where nothing changes."""
    kind: Any = type(node)
    changes: dict[str, Any] = {}
    for name in fields_below(kind):
        old = getattr(node, name)
        if isinstance(old, tuple):
            new: Any = tuple([change(item) for item in old])
            new = old if all(map(is_, new, old)) else new
        else:
            new = None if old is None else change(old)
        if new is not old:
            changes[name] = new
    return replace(node, **changes) if changes else node


@cache
def _reader(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = fields_below(kind)
    annotations = [str(item.type) for item in fields(kind) if item.name in names]
    if not names:
        return lambda _: ()
    read = attrgetter(*names)
    if len(names) == 1:
        if annotations[0].startswith("tuple"):
            return read
        return lambda node: (read(node),)
    are_single = not any("tuple" in annotation or "None" in annotation for annotation in annotations)
    return read if are_single else lambda node: _flattened(read(node))


def _flattened(values: tuple[Any, ...]) -> tuple[Any, ...]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, tuple):
            found += value
        elif value is not None:
            found.append(value)
    return tuple(found)
