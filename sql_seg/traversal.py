"""Walking a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.nodes import Node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(node.children())))
