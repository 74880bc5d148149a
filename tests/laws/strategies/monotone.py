"""Queries that only ask for events: with one event more, nobody is out who was in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sql_seg.language.schema import V1_EVENT_FIELDS
from sql_seg.syntax.nodes import (
    And,
    Boolean,
    Call,
    Column,
    Comparison,
    Expression,
    In,
    InSubquery,
    IsBoolean,
    IsNull,
    Node,
    Not,
    Predicate,
    Query,
    Select,
)


def monotone(query: Query) -> Query:
    """Return a query without NOT, MAX, IS FALSE or tests of truths; in v1 without IS NULL on events.

    Adding an event removes no contact from such a segment.
    """
    if isinstance(query, Predicate):
        return Predicate(_monotone(query.where))
    assert isinstance(query, Select)
    where = None if query.where is None else _monotone(query.where)
    return replace(query, items=query.items[:2], where=where, having=None)


def _monotone(node: Any) -> Any:
    """Return an expression, or a subquery, that is TRUE of no less when there are more events."""
    match node:
        case Not(operand) | IsBoolean(operand):
            return _monotone(operand)
        case IsNull(operand) if _is_condition(operand):
            return _monotone(operand)
        case IsNull(Column() as column) if column.name.lower() in V1_EVENT_FIELDS.columns:
            return IsNull(column, negated=True)
        case Comparison(_, left, right) if _is_condition(left) or _is_condition(right):
            return And((_monotone(left), _monotone(right)))
        case In(operand, values) if _is_condition(operand):
            return And((_monotone(operand), *map(_monotone, values)))
        case IsNull():
            return node if node.negated or _is_of_contact(node.operand) else replace(node, negated=True)
        case Node():
            return _with_monotone_children(node)
    return node


def _is_of_contact(node: Expression) -> bool:
    return isinstance(node, Column) and node.name.lower() not in V1_EVENT_FIELDS.columns


def _with_monotone_children(node: Node) -> Node:
    changes: dict[str, Any] = {"negated": False} if getattr(node, "negated", False) else {}
    for child_name in ("operands", "where", "query"):
        value = getattr(node, child_name, None)
        if isinstance(value, tuple):
            changes[child_name] = tuple(map(_monotone, value))
        elif value is not None:
            changes[child_name] = _monotone(value)
    made: Node = replace(node, **changes)
    return made


def _is_condition(node: Expression) -> bool:
    """Return whether an expression has a truth; a path has one where a condition is wanted."""
    if isinstance(node, Call):
        return node.name in ("CONTAINS", "ARRAY_CONTAINS")
    conditions = (Boolean, Not, And, Comparison, In, InSubquery, IsBoolean, IsNull)
    return isinstance(node, conditions) or type(node).__name__ in ("Or", "Like", "Between")
