"""Walking a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.syntax.nodes import Node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children()[::-1])


def nodes_by_kind(root: Node) -> dict[type[Node], list[Node]]:
    """Return all nodes of a tree by their class, those of each in the order of the text."""
    found: dict[type[Node], list[Node]] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind in found:
            found[kind].append(node)
        else:
            found[kind] = [node]
        waiting += node.children()[::-1]
    return found
