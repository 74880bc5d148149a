"""Nodes from what the grammar's rules have matched: one method for each rule or alias.

A rule's children are tokens and what its sub-rules became. Spans come from the first and the last of
them; a node in parentheses takes their place, so that the span of what is around it holds them.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sql_seg import nodes
from sql_seg.datatypes import Dialect, TimeUnit
from sql_seg.diagnostics import Finding
from sql_seg.literals import (
    CURRENT_TIMESTAMP,
    LARGEST_EXACT_INTEGER,
    is_number,
    read_delimited_name,
    read_number,
    read_string,
    read_timestamp,
)
from sql_seg.operators import Arithmetic, Comparator
from sql_seg.source import Span

_Node = TypeVar("_Node", bound=nodes.Node)

_COMPARATORS = {"<>": Comparator.NE, **{comparator.value: comparator for comparator in Comparator}}


class RefusedTextError(Exception):
    """A text that fits the grammar but says nothing; it holds the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Builder:
    """Makes the nodes of one dialect; each method is named after a rule or alias of the grammar."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def start(self, children: list[Any]) -> nodes.Query:
        if self._dialect is Dialect.V1:
            return _placed(nodes.Predicate(children[0]), children)
        query: nodes.Select = children[0]
        return query

    def select(self, children: list[Any]) -> nodes.Select:
        _, items, _, table, *rest = children
        clauses = {clause.name: clause.value for clause in rest if isinstance(clause, _Clause)}
        joins = tuple(join for join in rest if isinstance(join, nodes.Join))
        return _placed(nodes.Select(items.value, table, joins, **clauses), children)

    def select_items(self, children: list[Any]) -> _Clause:
        return _Clause("items", tuple(children[::2]), children)

    def select_item(self, children: list[Any]) -> nodes.SelectItem:
        alias = _name(children[-1]) if len(children) > 1 else None
        return _placed(nodes.SelectItem(children[0], alias), children)

    def star(self, children: list[Any]) -> nodes.Star:
        return _placed(nodes.Star(_name(children[0]) if len(children) > 1 else None), children)

    def table(self, children: list[Any]) -> nodes.Table:
        alias = _name(children[-1]) if len(children) > 1 else None
        return _placed(nodes.Table(_name(children[0]), alias), children)

    def join_on(self, children: list[Any]) -> nodes.Join:
        *_, table, _, condition = children
        return _placed(nodes.Join(table, condition), children)

    def join_using(self, children: list[Any]) -> nodes.Join:
        *_, table, using, _, column, closing = children
        return _placed(nodes.Join(table, _placed(nodes.Using(_name(column)), [using, closing])), children)

    def where(self, children: list[Any]) -> _Clause:
        return _Clause("where", children[1], children)

    def having(self, children: list[Any]) -> _Clause:
        return _Clause("having", children[1], children)

    def group_by(self, children: list[Any]) -> _Clause:
        return _Clause("group_by", children[2].value, children)

    def disjunction(self, children: list[Any]) -> nodes.Or:
        return _placed(nodes.Or(tuple(children[::2])), children)

    def conjunction(self, children: list[Any]) -> nodes.And:
        return _placed(nodes.And(tuple(children[::2])), children)

    def negated(self, children: list[Any]) -> nodes.Not:
        return _placed(nodes.Not(children[1]), children)

    def comparison(self, children: list[Any]) -> nodes.Comparison:
        left, operator, right = children
        return _placed(nodes.Comparison(_COMPARATORS[operator.text], left, right), children)

    def like(self, children: list[Any]) -> nodes.Like:
        return _placed(nodes.Like(children[0], children[-1], _is_negated(children)), children)

    def between(self, children: list[Any]) -> nodes.Between:
        operand, *_, low, _, high = children
        return _placed(nodes.Between(operand, low, high, _is_negated(children)), children)

    def operands(self, children: list[Any]) -> _Clause:
        return _Clause("operands", tuple(children[::2]), children)

    def membership(self, children: list[Any]) -> nodes.In:
        operand, *_, values, _ = children
        if len(values.value) > nodes.MOST_VALUES:
            raise RefusedTextError(
                Finding(
                    "too-many-values",
                    values.span,
                    f"an IN list holds at most {nodes.MOST_VALUES:,} values, not {len(values.value):,}",
                    help="put the contacts on a list, and ask for its id in list_ids",
                )
            )
        return _placed(nodes.In(operand, values.value, _is_negated(children)), children)

    def subquery_membership(self, children: list[Any]) -> nodes.InSubquery:
        operand, *_, query, _ = children
        return _placed(nodes.InSubquery(operand, query, _is_negated(children)), children)

    def null_test(self, children: list[Any]) -> nodes.IsNull:
        return _placed(nodes.IsNull(children[0], len(children) == 4), children)

    def boolean_test(self, children: list[Any]) -> nodes.IsBoolean:
        value = children[-1].type == "TRUE"
        return _placed(nodes.IsBoolean(children[0], value, len(children) == 4), children)

    def binary(self, children: list[Any]) -> nodes.Binary:
        left, operator, right = children
        return _placed(nodes.Binary(Arithmetic(operator.text), left, right), children)

    def negative(self, children: list[Any]) -> nodes.Negative:
        return _placed(nodes.Negative(children[1]), children)

    def parenthesised(self, children: list[Any]) -> nodes.Expression:
        inner: nodes.Expression = children[1]
        return _placed(inner, children)

    def string(self, children: list[Any]) -> nodes.String:
        return _placed(nodes.String(self._text(children[0])), children)

    def number(self, children: list[Any]) -> nodes.Number:
        return _placed(nodes.Number(_number(children[0])), children)

    def true(self, children: list[Any]) -> nodes.Boolean:
        return _placed(nodes.Boolean(True), children)

    def false(self, children: list[Any]) -> nodes.Boolean:
        return _placed(nodes.Boolean(False), children)

    def null(self, children: list[Any]) -> nodes.Null:
        return _placed(nodes.Null(), children)

    def typed_literal(self, children: list[Any]) -> nodes.Timestamp:
        name, text = children
        if name.word != "TIMESTAMP":
            help_ = f"an operator or a comma is missing between them: {name.text} = {text.text}"
            if read_timestamp(self._text(text)):
                help_ = (
                    f"for a moment, write TIMESTAMP {text.text}; for a comparison, {name.text} = {text.text}"
                )
            raise RefusedTextError(
                Finding("unexpected-text", text.span, f"a text cannot follow {name.text}", help=help_)
            )
        return _placed(nodes.Timestamp(self._text(text)), children)

    def interval(self, children: list[Any]) -> nodes.Interval:
        *sign, amount, word = children[1:]
        text = self._text(amount) if amount.type == "STRING" else amount.text
        if sign:
            text = sign[0].text + text.strip()
        unit = TimeUnit.read(word.text, self._dialect)
        if unit is None:
            raise RefusedTextError(
                Finding(
                    "unknown-unit",
                    word.span,
                    f"{word.text} is no unit of time",
                    help="the units are second, minute, hour, day, month and year",
                )
            )
        return _placed(nodes.Interval(_integer(text, amount.span), unit), children)

    def column(self, children: list[Any]) -> nodes.Expression:
        if len(children) == 1:
            token = children[0]
            if token.type == "NAME" and token.word == CURRENT_TIMESTAMP and self._dialect is Dialect.V2:
                return _placed(nodes.Call(CURRENT_TIMESTAMP), children)
            return _placed(nodes.Column(_name(token)), children)
        table, _, name = children
        return _placed(nodes.Column(_name(name), _name(table)), children)

    def name(self, children: list[Any]) -> Any:
        return children[0]

    def word(self, children: list[Any]) -> Any:
        return children[0]

    def map_access(self, children: list[Any]) -> nodes.Path:
        column, _, key, _ = children
        return _placed(nodes.Path(column, (self._text(key),)), children)

    def path(self, children: list[Any]) -> nodes.Path:
        column, _, *keys = children
        if not isinstance(column, nodes.Column):
            raise RefusedTextError(Finding("unexpected-text", column.span, "a path starts at a column"))
        return _placed(nodes.Path(column, tuple(key.value for key in keys)), children)

    def first_key(self, children: list[Any]) -> _Clause:
        key = children[0] if len(children) == 1 else children[1]
        return _Clause("key", self._text(key) if key.type == "STRING" else key.text, children)

    def next_key(self, children: list[Any]) -> _Clause:
        key = children[1]
        return _Clause("key", self._text(key) if key.type == "STRING" else key.text, children)

    def call(self, children: list[Any]) -> nodes.Call:
        name, _, *arguments, _ = children
        return _placed(nodes.Call(name.text, arguments[0].value if arguments else ()), children)

    def arguments(self, children: list[Any]) -> _Clause:
        return _Clause("arguments", tuple(children[::2]), children)

    def positive(self, children: list[Any]) -> nodes.Number:
        return _placed(nodes.Number(_number(children[1])), children)

    def array(self, children: list[Any]) -> nodes.Array:
        return _placed(nodes.Array(children[1].value), children)

    def _text(self, token: Any) -> str:
        return read_string(token.text, self._dialect)


class _Clause:
    """A named part of a rule that is no node of its own."""

    __slots__ = ("name", "span", "value")

    def __init__(self, name: str, value: Any, children: list[Any]) -> None:
        self.name = name
        self.value = value
        self.span = _extent(children)


def _extent(children: list[Any]) -> Span:
    return Span(children[0].span.start, children[-1].span.end)


def _placed(node: _Node, children: list[Any]) -> _Node:
    nodes.place(node, _extent(children))
    return node


def _is_negated(children: list[Any]) -> bool:
    return getattr(children[1], "type", None) == "NOT"


def _name(token: Any) -> str:
    return read_delimited_name(token.text) if token.type == "QUOTED_NAME" else token.text


def _number(token: Any) -> int | float:
    value = read_number(token.text)
    if not is_number(value):
        raise RefusedTextError(
            Finding(
                "number-out-of-range",
                token.span,
                "this number is too large",
                help="numbers are IEEE doubles: up to about 1.8e308",
            )
        )
    return value


def _integer(text: str, span: Span) -> int:
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit() and len(text) - len(digits) <= 1):
        raise RefusedTextError(
            Finding(
                "interval-amount",
                span,
                f"the amount of an interval is an integer, unlike {text!r}",
                help="write INTERVAL 10 DAY",
            )
        )
    value = float(text)
    if abs(value) > LARGEST_EXACT_INTEGER:
        raise RefusedTextError(Finding("number-out-of-range", span, "this number is too large"))
    return int(value)
