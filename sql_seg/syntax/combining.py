"""Queries as sets of contacts: their intersection, union and difference, each as one query again.

A contact is in a query where its condition is TRUE, so what is not in it is where that is FALSE or NULL: NOT
alone would lose those of NULL.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sql_seg.errors import CannotCombineError
from sql_seg.language.schema import V1_EVENT_FIELDS
from sql_seg.syntax import nodes
from sql_seg.syntax.membership import (
    condition_of,
    conjoined,
    disjoined,
    is_last,
    narrowed,
    not_true,
    of_contacts,
)
from sql_seg.syntax.nodes import walk


def intersection(one: nodes.Query, other: nodes.Query) -> nodes.Query:
    """Return the query for the contacts that are in both of two queries of one dialect.

    Raises CannotCombineError where there is none.
    """
    if isinstance(one, nodes.Predicate) and isinstance(other, nodes.Predicate):
        if reads_events(one.where) and reads_events(other.where):
            raise CannotCombineError(
                "v1 asks of one event at a time: with AND between them, both queries would ask of the same "
                "event; sql_seg.upgrade says them in v2, where they can be combined"
            )
        return nodes.Predicate(conjoined([one.where, other.where]))
    assert isinstance(one, nodes.Select)
    assert isinstance(other, nodes.Select)
    if is_last(one) and is_last(other):
        with suppress(CannotCombineError):
            return narrowed(one, condition_of(other))
    elif not is_last(other) and (is_last(one) or one.joins or not other.joins):
        return narrowed(one, condition_of(other))
    return narrowed(other, condition_of(one), first=True)


def union(one: nodes.Query, other: nodes.Query) -> nodes.Query:
    """Return the query for the contacts that are in one of two queries of one dialect, or in both.

    Raises CannotCombineError where there is none.
    """
    if isinstance(one, nodes.Predicate) and isinstance(other, nodes.Predicate):
        return nodes.Predicate(disjoined([one.where, other.where]))
    assert isinstance(one, nodes.Select)
    assert isinstance(other, nodes.Select)
    return of_contacts(disjoined([condition_of(one), condition_of(other)]))


def difference(one: nodes.Query, other: nodes.Query) -> nodes.Query:
    """Return the query for the contacts that are in one query, and not in another one of its dialect.

    Raises CannotCombineError where there is none.
    """
    if isinstance(one, nodes.Predicate) and isinstance(other, nodes.Predicate):
        return nodes.Predicate(conjoined([one.where, _outside_of_v1(other.where)]))
    assert isinstance(one, nodes.Select)
    assert isinstance(other, nodes.Select)
    return narrowed(one, _outside(condition_of(other)))


def complement(query: nodes.Query) -> nodes.Query:
    """Return the query for all contacts that are not in a query. Raises CannotCombineError."""
    if isinstance(query, nodes.Predicate):
        return nodes.Predicate(_outside_of_v1(query.where))
    assert isinstance(query, nodes.Select)
    return of_contacts(_outside(condition_of(query)))


def _outside_of_v1(condition: nodes.Expression) -> nodes.Expression:
    """Return the condition of v1, which has no IS TRUE, that another one is FALSE or NULL."""
    if reads_events(condition):
        raise CannotCombineError(
            "v1 cannot ask for what no event is; sql_seg.upgrade says the query in v2, which can"
        )
    match condition:
        case nodes.Or((nodes.Not(inner), nodes.IsNull(also, negated=False))) if inner == also:
            return inner
    return nodes.Or((nodes.Not(condition), nodes.IsNull(condition)))


def _outside(condition: nodes.Expression) -> nodes.Expression:
    """Return the condition that is TRUE for all contacts for which another one is not."""
    match condition:
        case nodes.IsBoolean(operand=inner, value=True, negated=True):
            return inner
    return not_true(condition)


def on_lists(query: nodes.Query, list_ids: Sequence[str]) -> nodes.Query:
    """Return a query for those of its contacts that are on one of some lists, as text says it."""
    column, texts = nodes.Column("list_ids"), tuple(map(nodes.String, list_ids))
    if isinstance(query, nodes.Predicate):
        tests = [nodes.Call("CONTAINS", (column, text)) for text in texts]
        return nodes.Predicate(conjoined([disjoined(tests), query.where]))
    assert isinstance(query, nodes.Select)
    asked = texts[0] if len(texts) == 1 else nodes.Array(texts)
    return narrowed(query, nodes.Call("ARRAY_CONTAINS", (column, asked)), first=True)


def reads_events(condition: nodes.Expression) -> bool:
    """Return whether a condition of v1 names a field of events."""
    fields = V1_EVENT_FIELDS.columns
    return any(isinstance(node, nodes.Column) and node.name.lower() in fields for node in walk(condition))
