"""Conditions as they count: NOT pushed down to what it negates, and chains of one operator joined."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.frozen import frozen
from sql_seg.linting.rule import Context
from sql_seg.syntax import nodes


@frozen
class PushedAtom:
    """A condition that is no AND, OR or NOT.

    It counts where ``node`` is TRUE, or, if ``negated``, where it is FALSE. ``whole`` is the node with the
    NOTs directly around it, ``inverted`` whether a NOT further out negates that, and ``inside`` what
    ``whole`` is an operand of.
    """

    node: nodes.Expression
    negated: bool
    whole: nodes.Expression
    inverted: bool
    inside: nodes.Expression | None


@frozen
class PushedChain:
    """Conditions that count together (``is_and``) or each alone: a NOT around an OR makes it an AND."""

    parts: tuple[Pushed, ...]
    is_and: bool


Pushed = PushedAtom | PushedChain


def conditions(context: Context) -> list[Pushed]:
    """Return the condition of every WHERE and HAVING, those of subqueries too; of v1 the predicate."""
    found: list[Pushed] = []
    if isinstance(context.query, nodes.Predicate):
        return [_read(context.query.where)]
    for node in context.nodes_of(nodes.Select):
        found += [_read(clause) for clause in (node.where, node.having) if clause is not None]
    return found


def negated_nodes(context: Context) -> frozenset[int]:
    """Return the ids of the conditions that NOTs around them negate."""
    return frozenset(id(atom.node) for atom in _atoms(context) if atom.negated)


def counted_nodes(context: Context) -> frozenset[int]:
    """Return the ids of the conditions of which it counts only whether they are TRUE (or FALSE).

    Others are values, as in ``(a = b) = TRUE``, where NULL and FALSE differ.
    """
    return frozenset(id(atom.node) for atom in _atoms(context))


def _atoms(context: Context) -> Iterator[PushedAtom]:
    waiting = list(context.once(conditions))
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, PushedChain):
            waiting.extend(condition.parts)
        else:
            yield condition


def _read(
    node: nodes.Expression, *, inverted: bool = False, inside: nodes.Expression | None = None
) -> Pushed:
    whole, negated = node, inverted
    while isinstance(node, nodes.Not):
        node, negated = node.operand, not negated
    if isinstance(node, nodes.IsBoolean) and node.negated == negated:
        return _read(node.operand, inverted=not node.value, inside=node)
    if not isinstance(node, (nodes.And, nodes.Or)):
        return PushedAtom(node, negated, whole, inverted, inside)
    is_and = isinstance(node, nodes.And) != negated
    parts: list[Pushed] = []
    for operand in node.operands:
        part = _read(operand, inverted=negated, inside=node)
        if isinstance(part, PushedChain) and part.is_and == is_and:
            parts += part.parts
        else:
            parts.append(part)
    return PushedChain(tuple(parts), is_and)
