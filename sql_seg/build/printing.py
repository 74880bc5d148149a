"""Queries back to the Python that builds them."""

from __future__ import annotations

from sql_seg.build.conditions import condition_of
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import EVENT_DATA, EVENT_TYPES
from sql_seg.syntax import membership, nodes


def to_python(query: nodes.Query | str) -> str:
    """Return the Python expression that builds a query again; of a v1 query, its v2 form.

    What the builder has no words for stands as ``condition_of("SELECT …")``.
    """
    return _python(condition_of(query).node, 0)


def _python(node: nodes.Expression, level: int) -> str:
    """Return Python for a condition, in parentheses where it stands below a tighter operator.

    ``level`` is 2 in ``|``, 3 in ``&`` and below ``~``.
    """
    if isinstance(node, (nodes.And, nodes.Or)):
        own, word = (2, " & ") if isinstance(node, nodes.And) else (1, " | ")
        if any(isinstance(part, type(node)) for part in node.operands):
            return _as_text(node)
        written = word.join(_python(part, own + 1) for part in node.operands)
        return f"({written})" if level > own else written
    if isinstance(node, nodes.Not):
        return f"~{_python(node.operand, 3)}"
    said = _python_of_test(node)
    if said is None:
        return _as_text(node)
    is_operator = isinstance(node, nodes.Comparison)
    return f"({said})" if is_operator and level else said


def _python_of_test(node: nodes.Expression) -> str | None:
    match node:
        case nodes.Comparison(operator, nodes.Column(name, None) as left, right):
            value = _python_value(right, name)
            word = "==" if operator is Comparator.EQ else operator.value
            return None if value is None else f"{_python_column(left)} {word} {value}"
        case nodes.In(nodes.Column(name, None) as left, values, negated):
            listed = [_python_value(value, name) for value in values]
            method = "is_not_in" if negated else "is_in"
            known = [value for value in listed if value is not None]
            return (
                f"{_python_column(left)}.{method}([{', '.join(known)}])"
                if len(known) == len(listed)
                else None
            )
        case nodes.Between(nodes.Column(name, None) as left, low, high, False):
            bounds = [_python_value(low, name), _python_value(high, name)]
            return None if None in bounds else f"{_python_column(left)}.between({bounds[0]}, {bounds[1]})"
        case nodes.Like(nodes.Column(_, None) as left, nodes.String(pattern), False):
            return f"{_python_column(left)}.like({pattern!r})"
        case nodes.IsNull(nodes.Column(_, None) as left, negated):
            return f"{_python_column(left)}.is_{'not_' * negated}null()"
        case nodes.Call("ARRAY_CONTAINS", (nodes.Column("list_ids", None), nodes.String(value))):
            return f"in_list({value!r})"
        case nodes.InSubquery(nodes.Column("contact_id", None), query, negated):
            said = _python_event(query)
            return None if said is None else "~" * negated + said
    return None


def _python_event(query: nodes.Select) -> str | None:
    where = query.where
    if query.table != nodes.Table(EVENT_DATA) or query.joins or where is None:
        return None
    match where:
        case nodes.Comparison(Comparator.EQ, nodes.Column("event_type", None), nodes.String(kind)):
            return f'event("{kind}")' if kind in EVENT_TYPES else None
        case nodes.And((first, nodes.Comparison(Comparator.GE, nodes.Column("timestamp", None), moment))):
            own = _python_event(nodes.Select(query.items, query.table, (), first))
            value = _python_value(moment, "timestamp")
            return None if own is None or value is None else f"{own}.since({value})"
    return None


def _python_column(node: nodes.Column) -> str:
    return f"column({node.name!r})"


def _python_value(node: nodes.Expression, name: str) -> str | None:
    match node:
        case nodes.String(value) | nodes.Number(value) | nodes.Boolean(value):
            return repr(value)
        case nodes.Negative(nodes.Number(value)):
            return f"-{value!r}"
        case nodes.Column(_, None):
            return _python_column(node)
        case nodes.Call("CURRENT_TIMESTAMP", ()):
            return "now()"
        case nodes.Call("TIMESTAMPADD", (nodes.Column(unit), amount, moment)):
            inner = _python_value(moment, name)
            sign, size = ("-", amount.operand) if isinstance(amount, nodes.Negative) else ("+", amount)
            known = TimeUnit.read(unit, Dialect.V2)
            is_moment = inner is not None and (inner.startswith("now()") or isinstance(moment, nodes.Column))
            if not is_moment or known != unit or not isinstance(size, nodes.Number) or size.value == 0:
                return None
            return f"{inner} {sign} {unit}s({size.value})"
    return None


def _as_text(node: nodes.Expression) -> str:
    from sql_seg.syntax.formatting import to_text

    return f"condition_of({to_text(nodes.Select(membership.ITEMS, membership.CONTACTS, (), node))!r})"
