"""Queries back to the Python that builds them."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.build.conditions import condition_of
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.event_data import key_of_path
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import EVENT_DATA, EVENT_TYPES
from sql_seg.syntax import membership, nodes

_TESTS = (nodes.Comparison, nodes.In, nodes.Between, nodes.Like, nodes.IsNull)


def to_python(query: nodes.Query | str) -> str:
    """Return the Python expression that builds a query again; of a v1 query, its v2 form.

    What the builder has no words for stands as ``condition_of("SELECT …")``.
    """
    node = condition_of(query).node
    return _python(node, 0, _python_of_test) or _as_text(node)


Words = Callable[[nodes.Expression], str | None]
"""What says an expression in Python; None where it has no words for it."""


def _python(node: nodes.Expression, level: int, test: Words) -> str | None:
    """Return Python for a condition, in parentheses where it stands below a tighter operator.

    ``level`` is 2 in ``|``, 3 in ``&`` and below ``~``; ``test`` says conditions that hold no others.
    """
    if isinstance(node, (nodes.And, nodes.Or)):
        own, word = (2, " & ") if isinstance(node, nodes.And) else (1, " | ")
        if any(isinstance(part, type(node)) for part in node.operands):
            return test(node)
        written = [_python(part, own + 1, test) for part in node.operands]
        known = [part for part in written if part is not None]
        if len(known) < len(written):
            return None
        return f"({word.join(known)})" if level > own else word.join(known)
    if isinstance(node, nodes.Not):
        inner = _python(node.operand, 3, test)
        return None if inner is None else f"~{inner}"
    said = test(node)
    return f"({said})" if said is not None and isinstance(node, nodes.Comparison) and level else said


def _python_of_test(node: nodes.Expression) -> str | None:
    match node:
        case nodes.Call("ARRAY_CONTAINS", (nodes.Column("list_ids", None), nodes.String(value))):
            return f"in_list({value!r})"
        case nodes.InSubquery(nodes.Column("contact_id", None), query, negated):
            said = _python_event(query)
            return None if said is None else "~" * negated + said
    return _python_of_operand(node, _python_column) or _as_text(node)


def _python_of_operand(node: nodes.Expression, named: Callable[[nodes.Expression], str | None]) -> str | None:
    """Return Python for a test of what ``named`` has words for: a column, or what an event has."""
    first = node.children()[0] if isinstance(node, _TESTS) else None
    operand = named(first) if isinstance(first, nodes.Expression) else None
    if operand is None:
        return None
    match node:
        case nodes.Comparison(operator, _, right):
            value = _python_value(right, named)
            word = "==" if operator is Comparator.EQ else operator.value
            return None if value is None else f"{operand} {word} {value}"
        case nodes.In(_, values, negated):
            listed = [_python_value(value, named) for value in values]
            method = "is_not_in" if negated else "is_in"
            known = [value for value in listed if value is not None]
            return f"{operand}.{method}([{', '.join(known)}])" if len(known) == len(listed) else None
        case nodes.Between(_, low, high, False):
            bounds = [_python_value(low, named), _python_value(high, named)]
            return None if None in bounds else f"{operand}.between({bounds[0]}, {bounds[1]})"
        case nodes.Like(_, nodes.String(pattern), False):
            return f"{operand}.like({pattern!r})"
        case nodes.IsNull(_, negated):
            return f"{operand}.is_{'not_' * negated}null()"
    return None


def _python_event(query: nodes.Select) -> str | None:
    """Return Python for the condition that there is an event, and for what more is asked of that event."""
    where = query.where
    if query.table != nodes.Table(EVENT_DATA) or query.joins or where is None:
        return None
    first, *others = where.operands if isinstance(where, nodes.And) else (where,)
    match first:
        case nodes.Comparison(Comparator.EQ, nodes.Column("event_type", None), nodes.String(kind)):
            said = f'event("{kind}")' if kind in EVENT_TYPES else None
        case _:
            said = None
    for other in others:
        more = _python_of_event(other)
        if said is None or more is None:
            return None
        said += more
    return said


def _python_of_event(node: nodes.Expression) -> str | None:
    """Return the call of a method of events that adds a condition."""
    match node:
        case nodes.Comparison(Comparator.GE, nodes.Column("timestamp", None), moment):
            value = _python_value(moment, _python_of_data)
            if value is None:
                return None
            span = value.removeprefix("now() - ")
            return f".since({value})" if span == value or " " in span else f".within({span})"
        case nodes.Comparison(Comparator.LT, nodes.Column("timestamp", None), moment):
            value = _python_value(moment, _python_of_data)
            return None if value is None else f".before({value})"
    said = _python(node, 0, lambda test: _python_of_operand(test, _python_of_data))
    return None if said is None else f".where({said})"


def _python_of_data(node: nodes.Expression) -> str | None:
    match node:
        case nodes.Column("timestamp", None):
            return "event_time()"
        case nodes.Path(nodes.Column("data", None), keys):
            key = key_of_path(keys)
            return None if key is None else f"data({key!r})"
    return None


def _python_column(node: nodes.Expression) -> str | None:
    return f"column({node.name!r})" if isinstance(node, nodes.Column) and node.table is None else None


def _python_value(node: nodes.Expression, named: Words) -> str | None:
    match node:
        case nodes.String(value) | nodes.Number(value) | nodes.Boolean(value):
            return repr(value)
        case nodes.Negative(nodes.Number(value)):
            return f"-{value!r}"
        case nodes.Call("CURRENT_TIMESTAMP", ()):
            return "now()"
        case nodes.Call("TIMESTAMPADD", (nodes.Column(unit), amount, moment)):
            inner = _python_value(moment, named)
            sign, size = ("-", amount.operand) if isinstance(amount, nodes.Negative) else ("+", amount)
            known = TimeUnit.read(unit, Dialect.V2)
            is_moment = inner is not None and (inner.startswith("now()") or isinstance(moment, nodes.Column))
            if not is_moment or known != unit or not isinstance(size, nodes.Number) or size.value == 0:
                return None
            return f"{inner} {sign} {unit}s({size.value})"
    return named(node)


def _as_text(node: nodes.Expression) -> str:
    from sql_seg.syntax.formatting import to_text

    return f"condition_of({to_text(nodes.Select(membership.ITEMS, membership.CONTACTS, (), node))!r})"
