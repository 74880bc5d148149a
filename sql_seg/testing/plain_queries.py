"""Queries as people write them: a few conditions on usual columns, with values that contacts have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.formatting.text import format_text
from sql_seg.syntax.parsing.tokens import tokenize
from sql_seg.testing.constants import among, up_to
from sql_seg.testing.people import DOMAINS, FIRST_NAMES, LAST_NAMES, LISTS, PLACES, WORDS

_Value = TypeVar("_Value")
_CONTACT_ID = "contact_id"
_TEXTS = {
    "first_name": FIRST_NAMES,
    "last_name": LAST_NAMES,
    **{name: tuple(getattr(place, name) for place in PLACES) for name in ("city", "country", "postal_code")},
}
_ASKED_EVENTS = ("open", "click", "delivered", "bounce")


def plain_texts(dialect: Dialect, schema: Schema, *, events: bool, depth: int) -> st.SearchStrategy[str]:
    """Return texts of queries as people write them: laid out, on one line, or with lower-case keywords."""
    return st.builds(
        _spelled,
        plain_queries(dialect, schema, events=events, depth=depth),
        st.sampled_from(("one line", "laid out", "lower case")),
    )


def _spelled(query: nodes.Query, form: str) -> str:
    text = to_text(query)
    if form == "one line":
        return text
    if form == "laid out":
        return format_text(text, query.dialect, width=60)
    pieces, end = [], 0
    for token in tokenize(text, query.dialect).tokens:
        pieces.append(text[end : token.start])
        pieces.append(token.text.lower() if token.type == token.text and token.text.isalpha() else token.text)
        end = token.end
    return "".join(pieces)


@st.composite
def plain_queries(
    draw: st.DrawFn, dialect: Dialect, schema: Schema, *, events: bool, depth: int
) -> nodes.Query:
    """Return the syntax tree of such a query."""
    plain = _Plain(draw, dialect, schema)
    asks_for_events: bool = events and among(draw, (False, False, True))
    if dialect is Dialect.V1:
        condition = plain.events() if asks_for_events else plain.conditions(depth)
        return nodes.Predicate(condition)
    if asks_for_events:
        return plain.joined(depth)
    items = tuple(nodes.SelectItem(nodes.Column(name)) for name in (_CONTACT_ID, "updated_at"))
    return nodes.Select(items, nodes.Table(CONTACT_DATA), (), plain.conditions(depth))


class _Plain:
    """Draws conditions of one query."""

    def __init__(self, draw: st.DrawFn, dialect: Dialect, schema: Schema) -> None:
        self._draw = draw
        self._dialect = dialect
        custom = [(column.name, column.type) for column in schema.custom_fields]
        self._texts = [name for name, kind in custom if kind is DataType.VARCHAR] + list(_TEXTS)
        self._numbers = [name for name, kind in custom if kind is DataType.NUMBER]
        self._moments = [name for name, kind in custom if kind is DataType.TIMESTAMP] + ["created_at"]

    def conditions(self, depth: int, table: str | None = None) -> nodes.Expression:
        """Return one condition, or some under AND, of which one may be a group under OR."""
        parts = [self._condition(table) for _ in range(1 + self._draw(up_to(2)))]
        has_group: bool = depth > 1 and self._one((False, False, True))
        if has_group:
            parts.append(nodes.Or((self._condition(table), self._condition(table))))
        return parts[0] if len(parts) == 1 else nodes.And(tuple(parts))

    def events(self) -> nodes.Expression:
        """Return v1's conditions of one event: its type, and mostly since when."""
        parts: list[nodes.Expression] = [_equal(nodes.Column("event_type"), self._one(_ASKED_EVENTS))]
        if self._one((True, True, False)):
            parts.append(self._since(nodes.Column("event_timestamp")))
        return nodes.And(tuple(parts)) if len(parts) > 1 else parts[0]

    def joined(self, depth: int) -> nodes.Query:
        """Return v2's query of contacts with an event, or without one."""
        contact_id = nodes.Column(_CONTACT_ID, "c")
        names = (contact_id, nodes.Column("updated_at", "c"))
        items = tuple(nodes.SelectItem(name) for name in names)
        of_event: list[nodes.Expression] = [
            _equal(nodes.Column("event_type", "e"), self._one(_ASKED_EVENTS)),
            self._since(nodes.Column("timestamp", "e")),
        ]
        table = nodes.Table(CONTACT_DATA, "c")
        if self._one((True, False)):
            on = nodes.Comparison(Comparator.EQ, contact_id, nodes.Column(_CONTACT_ID, "e"))
            join = nodes.Join(nodes.Table(EVENT_DATA, "e"), on)
            return nodes.Select(items, table, (join,), nodes.And(tuple(of_event)))
        inner = nodes.Select(
            (nodes.SelectItem(nodes.Column(_CONTACT_ID, "e")),),
            nodes.Table(EVENT_DATA, "e"),
            (),
            nodes.And(tuple(of_event)),
        )
        never = nodes.InSubquery(contact_id, inner, negated=True)
        rest = self.conditions(depth - 1, "c")
        others = rest.operands if isinstance(rest, nodes.And) else (rest,)
        return nodes.Select(items, table, (), nodes.And((*others, never)))

    def _condition(self, table: str | None) -> nodes.Expression:
        kinds = ["text", "text", "email", "list", "since", "null", *(["number"] * 2 if self._numbers else [])]
        match self._one(kinds):
            case "email":
                pattern = f"%@{self._one(DOMAINS)}"
                return nodes.Like(
                    nodes.Column("email", table), nodes.String(pattern), self._one((False, True))
                )
            case "list":
                return self._on_list(table)
            case "since":
                return self._since(nodes.Column(self._one(self._moments), table))
            case "null":
                return nodes.IsNull(nodes.Column(self._one(self._texts), table), self._one((True, False)))
            case "number":
                return self._bound(nodes.Column(self._one(self._numbers), table))
        name = self._one(self._texts)
        column, values = nodes.Column(name, table), _TEXTS.get(name, WORDS)
        if self._one((False, False, True)):
            chosen = self._draw(st.lists(st.sampled_from(values), min_size=2, max_size=4, unique=True))
            return nodes.In(column, tuple(map(nodes.String, chosen)), self._one((False, False, True)))
        operator = self._one((Comparator.EQ, Comparator.EQ, Comparator.NE))
        return nodes.Comparison(operator, column, nodes.String(self._one(values)))

    def _bound(self, column: nodes.Column) -> nodes.Expression:
        value: nodes.Expression = nodes.Number(self._one((0, 1, 3, 10, 18, 65, 100, 99.5)))
        return nodes.Comparison(
            self._one((Comparator.GE, Comparator.GT, Comparator.LT, Comparator.EQ)), column, value
        )

    def _since(self, column: nodes.Column) -> nodes.Expression:
        """Return that something was in the last days, or longer ago."""
        days = self._one((1, 7, 30, 90, 365))
        if self._dialect is Dialect.V1:
            now, amount = nodes.Call("NOW"), nodes.Interval(days, TimeUnit.DAY)
            moment: nodes.Expression = nodes.Binary(Arithmetic.SUBTRACT, now, amount)
        else:
            ago = nodes.Negative(nodes.Number(days))
            moment = nodes.Call("TIMESTAMPADD", (nodes.Column("day"), ago, nodes.Call("CURRENT_TIMESTAMP")))
        return nodes.Comparison(self._one((Comparator.GE, Comparator.GE, Comparator.LT)), column, moment)

    def _on_list(self, table: str | None) -> nodes.Expression:
        function = "CONTAINS" if self._dialect is Dialect.V1 else "ARRAY_CONTAINS"
        on_list = nodes.Call(function, (nodes.Column("list_ids", table), nodes.String(self._one(LISTS))))
        return nodes.Not(on_list) if self._one((False, False, True)) else on_list

    def _one(self, values: Sequence[_Value]) -> _Value:
        return among(self._draw, values)


def _equal(column: nodes.Column, text: str) -> nodes.Expression:
    return nodes.Comparison(Comparator.EQ, column, nodes.String(text))
