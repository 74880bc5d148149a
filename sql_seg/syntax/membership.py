"""A v2 query as a condition on contacts, to be a part of other queries.

A query with joins is a condition by subqueries for the contact's id, one for each set of events that its
conditions tie together; MAX is what some events are and none are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sql_seg.diagnostics.source import NOWHERE
from sql_seg.errors import CannotCombineError
from sql_seg.frozen import new, replace
from sql_seg.grouping import tied
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, EVENT_TABLE
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk
from sql_seg.trees import with_children

ID = nodes.Column("contact_id")
ITEMS = (nodes.SelectItem(ID), nodes.SelectItem(nodes.Column("updated_at")))
"""What every query selects."""
CONTACTS = nodes.Table(CONTACT_DATA)

_TRUE = nodes.Boolean(True)


def of_contacts(condition: nodes.Expression) -> nodes.Select:
    """Return the v2 query for all contacts for which a condition is TRUE."""
    return nodes.Select(ITEMS, CONTACTS, (), None if _is_true(condition) else condition)


def conjoined(conditions: Iterable[nodes.Expression]) -> nodes.Expression:
    """Return the AND of conditions, one at least."""
    return _chain(nodes.And, conditions)


def disjoined(conditions: Iterable[nodes.Expression]) -> nodes.Expression:
    """Return the OR of conditions, one at least."""
    return _chain(nodes.Or, conditions)


def _chain(
    kind: type[nodes.And] | type[nodes.Or], conditions: Iterable[nodes.Expression]
) -> nodes.Expression:
    flat: list[nodes.Expression] = []
    for condition in conditions:
        if isinstance(condition, kind):
            flat += condition.operands
        elif kind is nodes.Or or not _is_true(condition):
            flat.append(condition)
    if not flat:
        return _TRUE
    return new[kind](tuple(flat), NOWHERE) if len(flat) > 1 else flat[0]


def _is_true(condition: nodes.Expression) -> bool:
    return isinstance(condition, nodes.Boolean) and condition.value


def not_true(condition: nodes.Expression) -> nodes.Expression:
    """Return the v2 condition that another one is FALSE or NULL."""
    return nodes.IsBoolean(condition, True, negated=True)


def condition_of(query: nodes.Select) -> nodes.Expression:
    """Return the condition over contact_data alone that is TRUE of just the contacts of a query.

    Raises CannotCombineError for HAVING that no condition on single events says.
    """
    if is_last(query):
        return _of_maxima(query)
    where = _TRUE if query.where is None else query.where
    contact = _name(query.table)
    if not query.joins:
        return _moved(where, contact, None)
    events = [_name(join.table) for join in query.joins]
    of_contact, groups = tied(events, _conjuncts(where), lambda part: _tables_of(part, contact, events))
    aliases = {_name(join.table): join.table for join in query.joins}
    asked = [_with_events(*group, query.table, aliases) for group in groups]
    return conjoined([*(_moved(condition, contact, None) for condition in of_contact), *asked])


def _with_events(
    events: Sequence[str],
    conditions: Sequence[nodes.Expression],
    contacts: nodes.Table,
    tables: dict[str, nodes.Table],
) -> nodes.InSubquery:
    """Return the condition that the contact has events that meet conditions."""
    contact = _name(contacts)
    asks_contact = any(contact in _tables_of(each, contact, events) for each in conditions)
    where = conjoined(conditions) if conditions else None
    first, *others = events
    if asks_contact or others:
        if where is not None:
            where = _with_columns(where, lambda column: _qualified(column, contact, events))
        table = contacts if asks_contact else tables[first]
        joined = events if asks_contact else others
        own = nodes.Column(ID.name, table.alias or table.name)
        joins = tuple(
            nodes.Join(
                tables[name],
                nodes.Comparison(
                    Comparator.EQ, own, nodes.Column(ID.name, tables[name].alias or tables[name].name)
                ),
            )
            for name in joined
        )
        inner = nodes.Select((nodes.SelectItem(own),), table, joins, where)
    else:
        where = None if where is None else _moved(where, first, None)
        inner = nodes.Select((nodes.SelectItem(ID),), nodes.Table(EVENT_DATA), (), where)
    return nodes.InSubquery(ID, inner)


# v2: MAX and HAVING


def is_last(query: nodes.Select) -> bool:
    """Return whether a query asks for maxima."""
    return query.having is not None or any(item.alias is not None for item in query.items)


def _of_maxima(query: nodes.Select) -> nodes.Expression:
    """Return a last-event query as what some events are, and none are."""
    maxima = {item.alias.lower(): item.expression for item in query.items if item.alias is not None}
    plain = nodes.Select(ITEMS, query.table, query.joins, query.where)

    def some(condition: nodes.Expression) -> nodes.Expression:
        where = condition if query.where is None else conjoined([query.where, condition])
        return condition_of(replace(plain, where=where))

    if query.having is None:
        return condition_of(plain)
    return _Having(maxima, some).condition(query.having)


class _Having:
    """What HAVING asks of maxima, as conditions on the single events that they are taken over."""

    def __init__(
        self,
        maxima: dict[str, nodes.Expression],
        some: Callable[[nodes.Expression], nodes.Expression],
    ) -> None:
        self._maxima = maxima
        self._some = some

    def condition(self, having: nodes.Expression) -> nodes.Expression:
        """Return the condition that is TRUE where HAVING is. Raises CannotCombineError."""
        match having:
            case nodes.And(operands):
                return conjoined(map(self.condition, operands))
            case nodes.Or(operands):
                return disjoined(map(self.condition, operands))
            case nodes.Between(operand, low, high, negated=False):
                return conjoined([self._asked(operand, _GE, low), self._asked(operand, _LE, high)])
            case nodes.Comparison(operator, left, right) if self._maximum(left) is not None:
                return self._asked(left, operator, right)
            case nodes.Comparison(operator, left, right):
                return self._asked(right, operator.mirrored, left)
        raise _too_much()

    def _maximum(self, node: nodes.Expression) -> nodes.Expression | None:
        """Return what a maximum is taken of."""
        if isinstance(node, nodes.Column) and node.table is None:
            node = self._maxima.get(node.name.lower(), node)
        if isinstance(node, nodes.Call) and node.name == "MAX":
            return node.arguments[0]
        return None

    def _asked(
        self, maximum: nodes.Expression, operator: Comparator, bound: nodes.Expression
    ) -> nodes.Expression:
        value = self._maximum(maximum)
        if value is None or _reads(bound) or _has_path(value):
            raise _too_much()

        def some(kind: Comparator) -> nodes.Expression:
            return self._some(nodes.Comparison(kind, value, bound))

        match operator:
            case Comparator.GT | Comparator.GE:
                return some(operator)
            case Comparator.LT:
                return conjoined([some(_LT), not_true(some(_GE))])
            case Comparator.LE:
                return conjoined([some(_LE), not_true(some(_GT))])
            case Comparator.EQ:
                return conjoined([some(Comparator.EQ), not_true(some(_GT))])
        return disjoined([some(_GT), conjoined([some(_LT), not_true(some(_GE))])])


_GT, _GE, _LT, _LE = Comparator.GT, Comparator.GE, Comparator.LT, Comparator.LE


def _too_much() -> CannotCombineError:
    return CannotCombineError(
        "a query with MAX becomes a part of another one only where its HAVING compares each maximum with a "
        "literal or a moment, such as last < TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"
    )


def _reads(node: nodes.Expression) -> bool:
    """Return whether a value depends on any row."""
    is_maximum = any(isinstance(inner, nodes.Call) and inner.name == "MAX" for inner in walk(node))
    return is_maximum or bool(_columns(node))


def _has_path(node: nodes.Expression) -> bool:
    return any(isinstance(inner, nodes.Path) for inner in walk(node))


# v2: who a column is of


def narrowed(query: nodes.Select, condition: nodes.Expression, *, first: bool = False) -> nodes.Select:
    """Return a query that also asks a condition over contact_data alone."""
    if not query.joins and not is_last(query):
        own = condition_of(query)
        return of_contacts(conjoined([condition, own] if first else [own, condition]))
    contact = query.table.alias or query.table.name
    asked = _moved(condition, None, contact)
    where = [] if query.where is None else [query.where]
    return nodes.Select(
        query.items,
        query.table,
        query.joins,
        conjoined([asked, *where] if first else [*where, asked]),
        query.group_by,
        query.having,
    )


def _name(table: nodes.Table) -> str:
    """Return what columns call a table."""
    return (table.alias or table.name).lower()


def _conjuncts(condition: nodes.Expression) -> list[nodes.Expression]:
    if isinstance(condition, nodes.And):
        return [part for operand in condition.operands for part in _conjuncts(operand)]
    return [] if _is_true(condition) else [condition]


def _columns(condition: nodes.Node) -> list[nodes.Column]:
    """Return the columns of a condition's own tables: not those of its subqueries, nor units of time."""
    found: list[nodes.Column] = []
    waiting: list[nodes.Node] = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Column):
            found.append(node)
        waiting += [child for child in node.children() if not _is_no_column_of(node, child)]
    return found


def _is_no_column_of(parent: nodes.Node, child: nodes.Node) -> bool:
    if isinstance(child, nodes.Select):
        return True
    is_shift = isinstance(parent, nodes.Call) and parent.name == "TIMESTAMPADD"
    return is_shift and child is parent.children()[0]


def _table_of(column: nodes.Column, contact: str, events: Sequence[str]) -> str:
    """Return what a valid query's column is of: unqualified, only one table can have it."""
    if column.table is not None:
        return column.table.lower()
    name = column.name.lower()
    return events[0] if events and name in EVENT_TABLE.columns and name != ID.name else contact


def _tables_of(condition: nodes.Expression, contact: str, events: Sequence[str]) -> set[str]:
    return {_table_of(column, contact, events) for column in _columns(condition)}


def _qualified(column: nodes.Column, contact: str, events: Sequence[str]) -> nodes.Column:
    return replace(column, table=column.table or _table_of(column, contact, events))


def _moved(condition: nodes.Expression, table: str | None, to: str | None) -> nodes.Expression:
    """Return a condition in which the columns that one table's name qualifies (None: none) have another."""

    def change(column: nodes.Column) -> nodes.Column:
        known = None if column.table is None else column.table.lower()
        return replace(column, table=to) if known == table else column

    moved: nodes.Expression = _with_columns(condition, change)
    return moved


def _with_columns(node: Any, change: Callable[[nodes.Column], nodes.Column]) -> Any:
    """Return a node with the columns of its own tables changed."""
    if isinstance(node, nodes.Column):
        return change(node)
    return with_children(
        node, lambda child: child if _is_no_column_of(node, child) else _with_columns(child, change)
    )
