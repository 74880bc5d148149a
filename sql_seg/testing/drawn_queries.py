"""Strategies for queries and expressions, well-typed by construction."""

from __future__ import annotations

from functools import cache, partial

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, SENDGRID, Schema
from sql_seg.syntax.nodes import (
    Call,
    Column,
    Comparison,
    Expression,
    Join,
    Predicate,
    Query,
    Select,
    SelectItem,
    Table,
    Using,
)
from sql_seg.testing.constants import among, up_to
from sql_seg.testing.drawn_conditions import DrawnConditions, DrawSubquery
from sql_seg.testing.operands import NUMBER, TEXT, TIMESTAMP
from sql_seg.testing.scopes import Columns, ColumnsInSight, predicate_scope, select_scope

_DEPTH = 3
_LEVELS = 2
"""How deep subqueries nest."""


def queries(
    dialect: Dialect | str | None = None,
    *,
    schema: Schema = SENDGRID,
    events: bool = True,
    depth: int = _DEPTH,
) -> st.SearchStrategy[Query]:
    """Return valid queries, as syntax trees without places.

    ``dialect`` None is both. The columns are those of ``schema``. With ``events`` False a query asks of one
    contact alone: no event fields, joins or subqueries, so that ``Segment.matches`` can always answer.
    ``depth`` is how many levels of AND, OR, NOT and the like a condition has at most.
    """
    if dialect is None:
        return st.sampled_from(Dialect).flatmap(partial(queries, schema=schema, events=events, depth=depth))
    if Dialect(dialect) is Dialect.V1:
        return _predicates(schema, events=events, depth=depth)
    return _selects(schema, events=events, depth=depth)


def expressions(
    type: DataType = DataType.BOOLEAN,
    dialect: Dialect | str | None = None,
    *,
    schema: Schema = SENDGRID,
    depth: int = _DEPTH,
) -> st.SearchStrategy[Expression]:
    """Return expressions of a type over the contact's columns, under their plain names.

    ``type`` is BOOLEAN, VARCHAR, NUMBER, TIMESTAMP, or ARRAY (columns alone); a ``dialect`` of None is both.
    In a WHERE or a v1 predicate, such an expression can stand where its type can.

    Raises ValueError for another type: values of those stand in a few places only.
    """
    if type not in (DataType.BOOLEAN, TEXT, NUMBER, TIMESTAMP, DataType.ARRAY):
        raise ValueError(f"expressions are BOOLEAN, VARCHAR, NUMBER, TIMESTAMP or ARRAY, not {type.name}")
    if dialect is None:
        return st.sampled_from(Dialect).flatmap(partial(expressions, type, schema=schema, depth=depth))
    return _expressions(type, Dialect(dialect), schema, depth)


@st.composite
def _expressions(draw: st.DrawFn, type: DataType, dialect: Dialect, schema: Schema, depth: int) -> Expression:
    if dialect is Dialect.V1:
        scope = predicate_scope(schema, events=False)
    else:
        scope = select_scope(schema, (CONTACT_DATA, None))
    drawn = DrawnConditions(draw, scope)
    if type is DataType.BOOLEAN:
        return drawn.condition(depth)
    return drawn.column(type) if type is DataType.ARRAY else drawn.of(type, depth)


@st.composite
def _predicates(draw: st.DrawFn, schema: Schema, *, events: bool, depth: int) -> Query:
    return Predicate(DrawnConditions(draw, predicate_scope(schema, events=events)).condition(depth))


@st.composite
def _selects(draw: st.DrawFn, schema: Schema, *, events: bool, depth: int) -> Query:
    """Return a v2 query: of contacts alone, with joins and subqueries, or for the last event."""
    joined = among(draw, ((), ("e",), ("e", "f"), ("e",), ("e", "f", "g"))) if events else ()
    name = among(draw, (None, "c", "Contact_Data"))
    alias = "c" if joined else name
    scope = select_scope(schema, (CONTACT_DATA, alias), *((EVENT_DATA, name) for name in joined))
    levels = draw(up_to(_LEVELS)) if events else 0
    drawn = DrawnConditions(draw, scope, _subqueries(schema, levels))
    items = _plain_items(drawn, alias)
    where = drawn.condition(depth) if draw(up_to(7)) else None
    is_last_event = draw(up_to(2)) == 2 and bool(joined)
    select = Select(items, Table(CONTACT_DATA, alias), _joins(drawn, "c", joined), where)
    return _last_event(drawn, schema, select) if is_last_event else select


def _plain_items(drawn: DrawnConditions, alias: str | None) -> tuple[SelectItem, ...]:
    """Return contact_id and updated_at, in either order and with or without their table."""
    columns = [drawn.scope.contact_id, Column("updated_at", alias if drawn.flag() else None)]
    return tuple(map(SelectItem, reversed(columns) if drawn.flag() else columns))


def _last_event(drawn: DrawnConditions, schema: Schema, select: Select) -> Select:
    """Return the query for the last event: MAX selected, HAVING over aliases, MAX and selected columns."""
    draw = drawn.draw
    names = [
        name for name in ("last_event", "most", "latest", "Last") if not schema.contact_data.column(name)
    ]

    def maximum(kind: DataType) -> Expression:
        return Call("MAX", (DrawnConditions(draw, drawn.scope).of(kind, 1),))

    kinds = drawn.among(((TIMESTAMP,), (TIMESTAMP, TEXT), (NUMBER,)))
    maxima = [(kind, SelectItem(maximum(kind), name)) for kind, name in zip(kinds, names, strict=False)]
    groups: dict[DataType, list[Expression]] = {kind: [maximum(kind)] for kind in (NUMBER, TIMESTAMP, TEXT)}
    for item in select.items:
        assert isinstance(item.expression, Column)
        groups[TIMESTAMP if item.expression.name == "updated_at" else TEXT].append(item.expression)
    for kind, item in maxima:
        groups[kind] = [Column(item.alias or ""), item.expression, *groups[kind]]
    columns: Columns = {kind: (tuple(group),) for kind, group in groups.items()}
    having = DrawnConditions(draw, ColumnsInSight(Dialect.V2, columns, drawn.scope.contact_id))
    return Select(
        (*select.items, *(item for _, item in maxima)),
        select.table,
        select.joins,
        select.where,
        tuple(item.expression for item in select.items) if drawn.flag() else (),
        having.condition(2) if draw(up_to(4)) else None,
    )


@cache
def _subqueries(schema: Schema, levels: int) -> DrawSubquery | None:
    """Return what draws subqueries that nest so deep; None where they may not stand."""
    return partial(_subquery, schema, levels) if levels > 0 else None


def _subquery(schema: Schema, levels: int, draw: st.DrawFn, kind: DataType | None) -> Select:
    """Return a subquery for a column of a type, or for ids of contacts: from either table, or from both."""
    first = CONTACT_DATA if kind is NUMBER else among(draw, (EVENT_DATA, CONTACT_DATA))
    joined = among(draw, ((), (), (), ("e",), ("e", "f")))
    name = among(draw, (None, "d"))
    alias = "d" if joined else name
    scope = select_scope(schema, (first, alias), *((EVENT_DATA, name) for name in joined))
    drawn = DrawnConditions(draw, scope, _subqueries(schema, levels - 1))
    item = scope.contact_id if kind is None else drawn.column(kind)
    where = drawn.condition(draw(up_to(2))) if draw(up_to(3)) else None
    return Select((SelectItem(item),), Table(first, alias), _joins(drawn, "d", joined), where)


def _joins(drawn: DrawnConditions, first: str, aliases: tuple[str, ...]) -> tuple[Join, ...]:
    """Return joins of event_data, one after the other, with the condition in each of its spellings."""
    joins = []
    for number, alias in enumerate(aliases):
        earlier = drawn.among([first, *aliases[:number]])
        left, right = Column("contact_id", earlier), Column("contact_id", alias)
        conditions: list[Expression | Using] = [
            Comparison(Comparator.EQ, left, right),
            Comparison(Comparator.EQ, right, left),
            Column("contact_id"),
            Using("contact_id"),
        ]
        joins.append(Join(Table(EVENT_DATA, alias), drawn.among(conditions)))
    return tuple(joins)
