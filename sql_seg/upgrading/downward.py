"""From v2 back to v1, as ``POST /v3/marketing/contacts/search`` takes it, where v1 can say it."""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.diagnostics.source import NOWHERE
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.event_data import key_of_path
from sql_seg.language.literals import CURRENT_TIMESTAMP
from sql_seg.language.operators import Arithmetic
from sql_seg.language.patterns import read_pattern
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.solver.preparing import checked_query
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import WIDTH, format_text, to_text
from sql_seg.upgrading.both_ways import Rewriting, holds
from sql_seg.upgrading.result import CannotSayError, Obstacle, Upgrade, rewritten

_ID = "contact_id"
_HAS_EVENT = nodes.IsNull(nodes.Column("event_type"), negated=True)
_NO_EVENT = nodes.IsNull(nodes.Column("event_type"))


def downgrade(
    query: str | nodes.Query | CheckedQuery,
    schema: Schema | None = None,
    *,
    now: datetime | None = None,
    width: int = WIDTH,
    effort: int = 1,
) -> Upgrade:
    """Return a v2 query as v1, which selects the same contacts, or why v1 cannot say it; see ``upgrade``.

    v1 asks of one event at a time: several events, last events and events that are not there are refused.

    Raises QuerySyntaxError or CheckError where the query is no valid one, ValueError where it is v1 already.
    """
    checked = checked_query(query, schema)
    select = checked.query
    if not isinstance(select, nodes.Select):
        raise ValueError("the query is v1 already")

    def write() -> str:
        predicate = nodes.Predicate(_V1Writer(checked).predicate(select))
        return format_text(to_text(predicate), Dialect.V1, width=width)

    return rewritten(checked, Dialect.V1, write, now, effort)


def _shape(message: str, node: nodes.Node) -> CannotSayError:
    return CannotSayError(Obstacle.SHAPE, message, getattr(node, "span", NOWHERE))


class _V1Writer(Rewriting):
    """Writes the parts of one v2 query as v1."""

    def predicate(self, select: nodes.Select) -> nodes.Expression:
        """Return the predicate that a SELECT is."""
        if select.having is not None or any(item.alias for item in select.items):
            raise _shape("v1 has no last event: MAX and HAVING cannot be written", select)
        if len(select.joins) > 1:
            raise _shape("v1 asks of one event at a time, and this query of several", select.joins[1])
        if not select.joins:
            return nodes.Boolean(True) if select.where is None else self.members(select.where)
        if select.where is None:
            return _HAS_EVENT
        if _asks_others(select.where):
            raise _shape(
                "v1 cannot ask about an event and about others, or contacts, in one query", select.where
            )
        return self._of_event(select.where)

    def members(self, node: nodes.Expression) -> nodes.Expression:
        """Return a condition on contacts, in which events stand in subqueries."""
        if not _asks_others(node):
            return self(node)
        if isinstance(node, nodes.Or):
            return nodes.Or(tuple(map(self.members, node.operands)))
        if isinstance(node, nodes.And):
            if sum(map(_asks_others, node.operands)) > 1:
                raise _shape("v1 asks of one event at a time, and this query of several", node)
            return nodes.And(tuple(map(self.members, node.operands)))
        if isinstance(node, nodes.InSubquery):
            return self._subquery(node)
        raise _shape("v1 cannot ask for what no event is", node)

    def _subquery(self, node: nodes.InSubquery) -> nodes.Expression:
        inner = node.query
        tables = [inner.table.name.lower(), *(join.table.name.lower() for join in inner.joins)]
        value = inner.items[0].expression
        by_id = all(
            isinstance(part, nodes.Column) and part.name.lower() == _ID for part in (node.operand, value)
        )
        if not by_id or tables.count(EVENT_DATA) != 1 or tables.count(CONTACT_DATA) > 1:
            raise _shape("v1 can ask for contacts with an event, and for no other subquery", node)
        if node.negated:
            if inner.where is not None:
                raise _shape("v1 cannot ask for what no event is, only for contacts without any event", node)
            return _NO_EVENT
        if inner.where is None:
            return _HAS_EVENT
        if _asks_others(inner.where):
            raise _shape("v1 asks of one event at a time, and this query of several", node)
        return self._of_event(inner.where)

    def _of_event(self, where: nodes.Expression) -> nodes.Expression:
        """Return a condition on an event, which has to be there."""
        parts = [self(part) for part in (where.operands if isinstance(where, nodes.And) else (where,))]
        if any(map(_needs_event, parts)):
            return nodes.And(tuple(parts)) if len(parts) > 1 else parts[0]
        return nodes.And((*parts, _HAS_EVENT))

    def _column(self, node: nodes.Column) -> nodes.Expression:
        term = self.checked.term_of(node)
        names = {"timestamp": "event_timestamp", "data": "event_data"}
        if isinstance(term, core.JsonValue):
            return nodes.Column("event_data")
        if isinstance(term, core.ColumnValue) and term.row != core.THE_CONTACT:
            return nodes.Column(names.get(term.name, node.name))
        return nodes.Column(node.name)

    def _path(self, node: nodes.Path) -> nodes.Expression:
        key = key_of_path(node.keys)
        if key is None:
            raise CannotSayError(Obstacle.KEY, "v1's event_data has no such key", node.span)
        return nodes.Path(nodes.Column("event_data"), (key,))

    def _call(self, node: nodes.Call) -> nodes.Expression:
        term = self.checked.term_of(node)
        if node.name in (CURRENT_TIMESTAMP, "NOW"):
            return nodes.Call("NOW")
        if isinstance(term, core.ShiftedTime):
            is_week = term.unit is TimeUnit.WEEK
            unit, size = (TimeUnit.DAY, 7) if is_week else (term.unit, 1)
            operator = Arithmetic.SUBTRACT if term.amount < 0 else Arithmetic.ADD
            moment = node.arguments[2]
            written = nodes.Timestamp(moment.value) if isinstance(moment, nodes.String) else self(moment)
            return nodes.Binary(operator, written, nodes.Interval(abs(term.amount) * size, unit))
        if node.name == "ARRAY_CONTAINS":
            array, values = node.arguments
            if isinstance(array, nodes.Path):
                raise CannotSayError(Obstacle.KEY, "v1 has no lists in event_data", node.span)
            items = values.items if isinstance(values, nodes.Array) else (values,)
            parts = tuple(nodes.Call("CONTAINS", (self(array), self(item))) for item in items)
            return nodes.Or(parts) if len(parts) > 1 else parts[0]
        if node.name == "UPPER":
            raise CannotSayError(Obstacle.SHAPE, "v1 has no UPPER", node.span, "compare LOWER(…) instead")
        arguments = [self(argument) for argument in node.arguments]
        if node.name == "CONCAT":
            return reduce(lambda one, other: nodes.Call("CONCAT", (one, other)), arguments)
        return nodes.Call(node.name, tuple(arguments))

    def beside(self, *operands: nodes.Expression) -> list[nodes.Expression]:
        types = {term.type for node in operands if (term := self.checked.term_of(node)) is not None}
        paths = [node for node in operands if isinstance(node, nodes.Path)]
        if paths and not types <= {DataType.VARIANT, DataType.VARCHAR, DataType.NULL}:
            raise CannotSayError(Obstacle.VALUE, "v1's event_data holds texts alone", paths[0].span)
        has_moment = DataType.TIMESTAMP in types
        return [
            nodes.Timestamp(node.value) if isinstance(node, nodes.String) and has_moment else self(node)
            for node in operands
        ]

    def _like(self, node: nodes.Like) -> nodes.Expression:
        assert isinstance(node.pattern, nodes.String)
        texts = [run.text for run in read_pattern(node.pattern.value, Dialect.V2).runs]
        if None in texts:
            message = "the pattern has a _ for any one character, which v1 has not"
            raise CannotSayError(Obstacle.PATTERN, message, node.span)
        pattern = "%".join(text for text in texts if text is not None)
        return nodes.Like(self(node.operand), nodes.String(pattern), node.negated)

    def _is_null(self, node: nodes.IsNull) -> nodes.Expression:
        if isinstance(node.operand, nodes.Path):
            message = "v1 takes a key that holds null, a list or an object for a missing one"
            raise CannotSayError(Obstacle.KEY, message, node.span, "ask CONCAT(path, '') IS NULL instead")
        match node.operand:
            case nodes.Call("CONCAT", (nodes.Path() as path, nodes.String(""))):
                return nodes.IsNull(self(path), node.negated)
        return nodes.IsNull(self(node.operand), node.negated)

    def _is_boolean(self, node: nodes.IsBoolean) -> nodes.Expression:
        inner = self(node.operand)
        wanted = inner if node.value else nodes.Not(inner)
        both = nodes.And((wanted, nodes.IsNull(inner, True)))
        return nodes.Not(both) if node.negated else both

    def _bare_truth(self, node: nodes.Expression) -> nodes.Expression:
        if isinstance(node, nodes.Path):
            raise CannotSayError(Obstacle.VALUE, "v1's event_data holds texts alone", node.span)
        return self(node)

    def _chain(self, node: nodes.And | nodes.Or) -> nodes.Expression:
        return type(node)(tuple(map(self._bare_truth, node.operands)))


def _asks_others(node: nodes.Expression) -> bool:
    """Return whether a condition asks of others than the row that it stands for."""
    return holds(node, nodes.InSubquery)


def _needs_event(node: nodes.Expression) -> bool:
    """Return whether a v1 condition is surely not TRUE where event fields are NULL, by its form alone."""
    if isinstance(node, nodes.IsNull):
        return node.negated and _is_event_field(node.operand)
    if isinstance(node, (nodes.Comparison, nodes.Like, nodes.Between, nodes.In)):
        return any(
            map(
                _is_event_field,
                node.children()[:1] if isinstance(node, (nodes.Between, nodes.In)) else node.children(),
            )
        )
    return isinstance(node, nodes.Or) and all(map(_needs_event, node.operands))


def _is_event_field(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Path):
        return True
    names = ("event_type", "event_source", "event_timestamp", "event_data")
    return isinstance(node, nodes.Column) and node.name.lower() in names


_V1Writer.own = {
    nodes.Column: _V1Writer._column,
    nodes.Path: _V1Writer._path,
    nodes.Call: _V1Writer._call,
    nodes.Like: _V1Writer._like,
    nodes.IsNull: _V1Writer._is_null,
    nodes.IsBoolean: _V1Writer._is_boolean,
    nodes.Not: lambda write, node: nodes.Not(write._bare_truth(node.operand)),
    nodes.And: _V1Writer._chain,
    nodes.Or: _V1Writer._chain,
}
