"""Rewriting expressions from one dialect into the other: what is the same in both directions.

Arithmetic, comparisons, ranges and lists only pass on what their operands become. What differs is how they
are written beside each other (``beside``), and each node that a direction has a method for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sql_seg.checking.checker import CheckedQuery
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk
from sql_seg.upgrading.result import CannotSayError, Obstacle

Write = Callable[[Any, Any], nodes.Expression]


class Rewriting:
    """Writes the expressions of one query in the other dialect."""

    own: Mapping[type[nodes.Node], Write] = {}
    """How a direction writes those kinds of node that it writes in a way of its own."""

    def __init__(self, checked: CheckedQuery) -> None:
        self.checked = checked

    def __call__(self, node: nodes.Expression) -> nodes.Expression:
        """Return an expression as the other dialect writes it; literals are the same in both.

        Raises CannotSayError for a kind of node that nobody taught.
        """
        kind = type(node)
        write = self.own.get(kind) or SHARED.get(kind)
        if write is not None:
            return write(self, node)
        if kind not in PASSED_ON:
            raise CannotSayError(
                Obstacle.SHAPE, f"{kind.__name__} has no form in the other dialect", node.span
            )
        return node

    def beside(self, *operands: nodes.Expression) -> list[nodes.Expression]:
        """Return expressions that are compared with each other."""
        raise NotImplementedError

    def _binary(self, node: nodes.Binary) -> nodes.Expression:
        return nodes.Binary(node.operator, self(node.left), self(node.right))

    def _negative(self, node: nodes.Negative) -> nodes.Expression:
        return nodes.Negative(self(node.operand))

    def _comparison(self, node: nodes.Comparison) -> nodes.Expression:
        return nodes.Comparison(node.operator, *self.beside(node.left, node.right))

    def _in(self, node: nodes.In) -> nodes.Expression:
        operand, *values = self.beside(node.operand, *node.values)
        return nodes.In(operand, tuple(values), node.negated)

    def _between(self, node: nodes.Between) -> nodes.Expression:
        operand, low, high = self.beside(node.operand, node.low, node.high)
        return nodes.Between(operand, low, high, node.negated)

    def _not(self, node: nodes.Not) -> nodes.Expression:
        return nodes.Not(self(node.operand))


def outside(node: nodes.Node, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield a node and those below it, without what is below nodes of a kind."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, kind):
            waiting.extend(node.children()[::-1])


def holds(node: nodes.Node, kind: type[nodes.Node]) -> bool:
    """Return whether a node of a kind stands in an expression."""
    return any(isinstance(part, kind) for part in walk(node))


SHARED: Mapping[type[nodes.Node], Write] = {
    nodes.Binary: Rewriting._binary,
    nodes.Negative: Rewriting._negative,
    nodes.Comparison: Rewriting._comparison,
    nodes.In: Rewriting._in,
    nodes.Between: Rewriting._between,
    nodes.Not: Rewriting._not,
}
"""What is written in both directions by what its operands become."""

PASSED_ON: frozenset[type[nodes.Node]] = frozenset(
    {nodes.String, nodes.Number, nodes.Boolean, nodes.Null, nodes.Timestamp}
)
"""What both dialects have, and have as it is."""
