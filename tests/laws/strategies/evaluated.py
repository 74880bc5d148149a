"""Queries to evaluate: typed ones over few columns, so that values meet, with subqueries over any column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from sql_seg.datatypes import DataType, Dialect
from sql_seg.nodes import (
    And,
    Array,
    Boolean,
    Call,
    Column,
    Comparison,
    Expression,
    In,
    InSubquery,
    IsBoolean,
    IsNull,
    Join,
    Node,
    Not,
    Null,
    Predicate,
    Query,
    Select,
    SelectItem,
    Table,
    Using,
)
from sql_seg.operators import Comparator
from sql_seg.schema import CONTACT_DATA, EVENT_DATA
from tests.laws.strategies.typed import Columns, Writer

_TEXT, _NUMBER, _TIMESTAMP = DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP
_ARRAY, _VARIANT = DataType.ARRAY, DataType.VARIANT

CONTACT_COLUMNS = {
    _TEXT: ("email", "first_name", "plan"),
    _NUMBER: ("age", "Lifetime_Value"),
    _TIMESTAMP: ("created_at", "updated_at", "birthday"),
    _ARRAY: ("list_ids", "email_domains"),
}
_V1_EVENT_COLUMNS: Columns = {
    _TEXT: (Column("event_type"), Column("event_source")),
    _TIMESTAMP: (Column("event_timestamp"),),
    _VARIANT: (Column("event_data"),),
}
_V1_EVENT_FIELDS = {"event_type", "event_source", "event_timestamp", "event_data"}


@dataclass(frozen=True)
class EvaluatedWriter(Writer):
    """Writes what is rare elsewhere too: NULL anywhere, JSON as truths, subqueries over any column."""

    def leaf(self, kind: DataType, literal: Callable[[], Expression]) -> Expression:
        if self.dialect is Dialect.V2 and self.draw(st.integers(0, 15)) == 15:
            return Null()
        return super().leaf(kind, literal)

    def contains(self, depth: int) -> Expression:
        call = super().contains(depth)
        assert isinstance(call, Call)
        array, value = call.arguments
        if self.draw(st.integers(0, 9)) == 9:
            array = Null()
        if isinstance(value, Array) and self.draw(st.integers(0, 3)) == 3:
            value = Array((*value.items, Null()))
        return Call(call.name, (array, value))

    def predicate(self, depth: int) -> Expression:
        if self.dialect is Dialect.V2 and self.columns.get(_VARIANT) and self.draw(st.integers(0, 9)) == 9:
            return self.one_of(
                lambda: Not(self.path()),
                lambda: And((self.path(), self.path())),
                lambda: Comparison(Comparator.EQ, self.path(), Not(self.boolean(0))),
            )
        return super().predicate(depth)

    def in_subquery(self) -> Expression:
        kind = self.draw(st.sampled_from([None, _TEXT, _NUMBER, _TIMESTAMP, _VARIANT]))
        if kind is None:
            assert self.contact_id is not None
            return InSubquery(self.contact_id, _subquery(self, _TEXT, "contact_id"), self.flag())
        if kind is _VARIANT:
            if not self.columns.get(_VARIANT):
                kind = _TEXT
            else:
                inner = self.draw(st.sampled_from([_TEXT, _TIMESTAMP]))
                return InSubquery(self.path(), _subquery(self, inner), self.flag())
        return InSubquery(self.of(kind, 1), _subquery(self, kind), self.flag())


def _subquery(outer: EvaluatedWriter, kind: DataType, name: str | None = None) -> Select:
    """Return a subquery for a column of a kind, or for the named one: from either table, or from both."""
    draw = outer.draw
    first = CONTACT_DATA if kind is _NUMBER else draw(st.sampled_from([EVENT_DATA, CONTACT_DATA]))
    joined = ["e", "f"][: draw(st.sampled_from([0, 0, 0, 1, 1, 2]))]
    alias = "c" if first == CONTACT_DATA else "d"
    events = [*joined] if first == CONTACT_DATA else [alias, *joined]
    columns = merged(contact_columns(alias) if first == CONTACT_DATA else {}, event_columns(*events))
    item = Column("contact_id", draw(st.sampled_from([alias, *joined])))
    if name is None:
        item = draw(st.sampled_from([column for column in columns[kind] if isinstance(column, Column)]))
    contact_id = Column("contact_id", alias)
    writer = EvaluatedWriter(draw, Dialect.V2, columns, contact_id, outer.subqueries - 1)
    where = None if draw(st.integers(0, 3)) == 3 else writer.boolean(draw(st.integers(0, 2)))
    return Select((SelectItem(item),), Table(first, alias), joins(draw, alias, joined), where)


def contact_columns(alias: str | None) -> Columns:
    """Return the contact's columns, and its id, under an alias."""
    columns = {kind: tuple(Column(name, alias) for name in names) for kind, names in CONTACT_COLUMNS.items()}
    return {**columns, _TEXT: (*columns[_TEXT], Column("contact_id", alias))}


def event_columns(*aliases: str) -> Columns:
    """Return the columns of v2's events under their aliases."""
    if not aliases:
        return {}
    return {
        _TEXT: tuple(Column(name, alias) for alias in aliases for name in ("event_type", "event_source")),
        _TIMESTAMP: tuple(
            Column(name, alias) for alias in aliases for name in ("timestamp", "event_timestamp")
        ),
        _VARIANT: tuple(Column("data", alias) for alias in aliases),
    }


def merged(*parts: Columns) -> Columns:
    """Return the columns of all parts, by kind; events first, that half of what is asked is of them."""
    kinds = sorted({kind for part in parts for kind in part}, key=lambda kind: kind.name)
    return {kind: tuple(c for part in reversed(parts) for c in part.get(kind, ())) for kind in kinds}


def joins(draw: st.DrawFn, first: str, aliases: list[str]) -> tuple[Join, ...]:
    """Return joins of event_data, one after the other, with the condition in each of its spellings."""
    made = []
    for number, alias in enumerate(aliases):
        earlier = draw(st.sampled_from([first, *aliases[:number]]))
        left, right = Column("contact_id", earlier), Column("contact_id", alias)
        conditions: list[Expression | Using] = [
            Comparison(Comparator.EQ, left, right),
            Comparison(Comparator.EQ, right, left),
            Using("contact_id"),
        ]
        made.append(Join(Table(EVENT_DATA, alias), draw(st.sampled_from(conditions))))
    return tuple(made)


_ITEMS = (SelectItem(Column("contact_id", "c")), SelectItem(Column("updated_at", "c")))


@st.composite
def contact_conditions(draw: st.DrawFn, dialect: Dialect) -> Query:
    """Return a query that asks of one contact alone."""
    alias = None if dialect is Dialect.V1 else "c"
    condition = EvaluatedWriter(draw, dialect, contact_columns(alias)).boolean()
    if dialect is Dialect.V1:
        return Predicate(condition)
    return Select(_ITEMS, Table(CONTACT_DATA, "c"), where=condition)


@st.composite
def account_queries(draw: st.DrawFn, dialect: Dialect) -> Query:
    """Return a query of contacts and events: joins, subqueries, paths and MAX, or v1's event fields."""
    if dialect is Dialect.V1:
        return Predicate(
            EvaluatedWriter(draw, dialect, merged(contact_columns(None), _V1_EVENT_COLUMNS)).boolean()
        )
    aliases = ["e", "f", "g"][: draw(st.sampled_from([0, 1, 1, 1, 2, 2, 3]))]
    columns = merged(contact_columns("c"), event_columns(*aliases))
    levels = draw(st.sampled_from([0, 1, 2]))
    writer = EvaluatedWriter(draw, dialect, columns, Column("contact_id", "c"), levels)
    where = None if draw(st.integers(0, 7)) == 7 else writer.boolean()
    select = Select(_ITEMS, Table(CONTACT_DATA, "c"), joins(draw, "c", aliases), where)
    return _with_maxima(writer, select) if draw(st.integers(0, 2)) == 2 else select


def _with_maxima(writer: EvaluatedWriter, select: Select) -> Select:
    """Return a query for the last event: HAVING over aliases, MAX and the selected columns."""
    draw = writer.draw

    def maximum(kind: DataType) -> Expression:
        return Call("MAX", (replace(writer, subqueries=0).of(kind, 1),))

    items = (*select.items, SelectItem(maximum(_TIMESTAMP), "last_event"), SelectItem(maximum(_TEXT), "most"))
    groups: Columns = {
        _TEXT: (Column("most"), Column("contact_id", "c"), maximum(_TEXT)),
        _NUMBER: (maximum(_NUMBER),),
        _TIMESTAMP: (Column("last_event"), items[2].expression, Column("updated_at", "c")),
    }
    having = replace(writer, columns=groups)
    group_by = tuple(item.expression for item in _ITEMS) if draw(st.booleans()) else ()
    return replace(
        select, items=items, group_by=group_by, having=having.boolean(2) if draw(st.integers(0, 4)) else None
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
        case IsNull(Column() as column) if column.name.lower() in _V1_EVENT_FIELDS:
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
    return isinstance(node, Column) and node.name.lower() not in _V1_EVENT_FIELDS


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
