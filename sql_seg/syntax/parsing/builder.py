"""Nodes from what the grammar's rules have matched: one method for each rule or alias.

A rule's children are the texts of tokens and what its sub-rules became; its span reaches from the first to
the last of them. A node in parentheses takes their place, so that the span of what is around it holds them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from sql_seg.diagnostics import Finding
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import new
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import (
    AMOUNT_BOUND,
    CURRENT_TIMESTAMP,
    LARGEST_AMOUNT,
    HalfOfAPairError,
    ascii_upper,
    is_number,
    read_delimited_name,
    read_number,
    read_string,
)
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax import nodes

_COMPARATORS = {"<>": Comparator.NE, **{comparator.value: comparator for comparator in Comparator}}
_ARITHMETIC = {operator.value: operator for operator in Arithmetic}

_AN_INTERVAL = "write INTERVAL 10 DAY"

_Children: TypeAlias = list[Any]


class RefusedTextError(Exception):
    """A text that fits the grammar but says nothing; it holds the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Builder:
    """Makes the nodes of one dialect; each method is named after a rule or alias of the grammar.

    What the constructors refuse has no text, so no rule matches it: nodes are made without asking them.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def start(self, children: _Children, span: Span) -> nodes.Query:
        if self._dialect is Dialect.V1:
            return new[nodes.Predicate](children[0], span)
        query: nodes.Select = children[0]
        return query

    def select(self, children: _Children, span: Span) -> nodes.Select:
        _, items, _, table, *rest = children
        clauses: dict[str, Any] = dict([clause for clause in rest if type(clause) is tuple])
        joins = tuple([join for join in rest if type(join) is nodes.Join])
        if len(joins) >= nodes.MOST_TABLES:
            raise RefusedTextError(
                Finding(
                    "too-many-tables",
                    Span(table.span.start, joins[-1].span.end),
                    f"a FROM holds at most {nodes.MOST_TABLES:,} tables, not {len(joins) + 1:,}",
                    help="ask for events by contact_id IN (SELECT contact_id FROM event_data WHERE …)",
                )
            )
        where, group_by, having = clauses.get("where"), clauses.get("group_by", ()), clauses.get("having")
        return new[nodes.Select](items, table, joins, where, group_by, having, span)

    def select_items(self, children: _Children, _: Span) -> tuple[nodes.SelectItem, ...]:
        return tuple(children[::2])

    def select_item(self, children: _Children, span: Span) -> nodes.SelectItem:
        return new[nodes.SelectItem](children[0], _name(children[-1]) if len(children) > 1 else None, span)

    def star(self, children: _Children, span: Span) -> nodes.Star:
        return new[nodes.Star](_name(children[0]) if len(children) > 1 else None, span)

    def table(self, children: _Children, span: Span) -> nodes.Table:
        return new[nodes.Table](_name(children[0]), _name(children[-1]) if len(children) > 1 else None, span)

    def join_on(self, children: _Children, span: Span) -> nodes.Join:
        *_, table, _, condition = children
        return new[nodes.Join](table, condition, span)

    def join_using(self, children: _Children, span: Span) -> nodes.Join:
        *_, table, using = children
        return new[nodes.Join](table, using, span)

    def using(self, children: _Children, span: Span) -> nodes.Using:
        return new[nodes.Using](_name(children[2]), span)

    def where(self, children: _Children, _: Span) -> tuple[str, nodes.Expression]:
        return "where", children[1]

    def having(self, children: _Children, _: Span) -> tuple[str, nodes.Expression]:
        return "having", children[1]

    def group_by(self, children: _Children, _: Span) -> tuple[str, tuple[nodes.Expression, ...]]:
        return "group_by", children[2]

    def disjunction(self, children: _Children, span: Span) -> nodes.Or:
        return new[nodes.Or](tuple(children[::2]), span)

    def conjunction(self, children: _Children, span: Span) -> nodes.And:
        return new[nodes.And](tuple(children[::2]), span)

    def negated(self, children: _Children, span: Span) -> nodes.Not:
        return new[nodes.Not](children[1], span)

    def comparison(self, children: _Children, span: Span) -> nodes.Comparison:
        left, operator, right = children
        return new[nodes.Comparison](_COMPARATORS[operator], left, right, span)

    def like(self, children: _Children, span: Span) -> nodes.Like:
        return new[nodes.Like](children[0], children[-1], len(children) == 4, span)

    def between(self, children: _Children, span: Span) -> nodes.Between:
        operand, *_, low, _, high = children
        return new[nodes.Between](operand, low, high, len(children) == 6, span)

    def operands(self, children: _Children, _: Span) -> tuple[nodes.Expression, ...]:
        return tuple(children[::2])

    arguments = operands

    def membership(self, children: _Children, span: Span) -> nodes.In:
        values = children[-2]
        if len(values) > nodes.MOST_VALUES:
            raise RefusedTextError(
                Finding(
                    "too-many-values",
                    Span(values[0].span.start, values[-1].span.end),
                    f"an IN list holds at most {nodes.MOST_VALUES:,} values, not {len(values):,}",
                    help="put the contacts on a list, and ask for its id in list_ids",
                )
            )
        return new[nodes.In](children[0], values, len(children) == 6, span)

    def subquery_membership(self, children: _Children, span: Span) -> nodes.InSubquery:
        return new[nodes.InSubquery](children[0], children[-2], len(children) == 6, span)

    def null_test(self, children: _Children, span: Span) -> nodes.IsNull:
        return new[nodes.IsNull](children[0], len(children) == 4, span)

    def boolean_test(self, children: _Children, span: Span) -> nodes.IsBoolean:
        return new[nodes.IsBoolean](
            children[0], ascii_upper(children[-1]) == "TRUE", len(children) == 4, span
        )

    def binary(self, children: _Children, span: Span) -> nodes.Binary:
        left, operator, right = children
        return new[nodes.Binary](_ARITHMETIC[operator], left, right, span)

    def negative(self, children: _Children, span: Span) -> nodes.Negative:
        return new[nodes.Negative](children[1], span)

    def parenthesised(self, children: _Children, span: Span) -> nodes.Expression:
        inner: nodes.Expression = children[1]
        nodes.place(inner, span)
        return inner

    def string(self, children: _Children, span: Span) -> nodes.String:
        token = children[0]
        return new[nodes.String](self._text(token, span.end - len(token)), span)

    def number(self, children: _Children, span: Span) -> nodes.Number:
        return new[nodes.Number](_read_number(children[-1], span), span)

    def true(self, _: _Children, span: Span) -> nodes.Boolean:
        return new[nodes.Boolean](True, span)

    def false(self, _: _Children, span: Span) -> nodes.Boolean:
        return new[nodes.Boolean](False, span)

    def null(self, _: _Children, span: Span) -> nodes.Null:
        return new[nodes.Null](span)

    def typed_literal(self, children: _Children, span: Span) -> nodes.Timestamp:
        name, token = children
        text = self._text(token, span.end - len(token))
        if ascii_upper(name) == "INTERVAL":
            raise RefusedTextError(
                Finding(
                    "malformed-interval",
                    _last(token, span),
                    "an interval has an integer and a unit",
                    help=_AN_INTERVAL,
                )
            )
        if ascii_upper(name) != "TIMESTAMP":
            help_ = f"an operator or a comma is missing between them: {name} = {token}, or {name}, {token}"
            if read_timestamp(text):
                help_ = f"for a moment, write TIMESTAMP {token}; for a comparison, {name} = {token}"
            place = _last(token, span)
            raise RefusedTextError(
                Finding("unexpected-text", place, f"a text cannot follow {name}", help=help_)
            )
        return new[nodes.Timestamp](text, span)

    def interval(self, children: _Children, span: Span) -> nodes.Interval:
        *sign, (text, place), word = children[1:]
        if sign:
            text = sign[0] + text.strip()
        unit = TimeUnit.read(word, self._dialect)
        if unit is None:
            raise RefusedTextError(
                Finding(
                    "unknown-unit",
                    _last(word, span),
                    f"{word} is no unit of time",
                    help="the units are second, minute, hour, day, month and year",
                )
            )
        return new[nodes.Interval](_integer(text, place), unit, span)

    def amount(self, children: _Children, span: Span) -> tuple[str, Span]:
        text = children[0]
        return (text if text[0].isdigit() else self._text(text, span.start)), span

    def column(self, children: _Children, span: Span) -> nodes.Expression:
        if len(children) == 3:
            return new[nodes.Column](_name(children[2]), _name(children[0]), span)
        name = children[0]
        if ascii_upper(name) == CURRENT_TIMESTAMP and self._dialect is Dialect.V2:
            return new[nodes.Call](CURRENT_TIMESTAMP, (), span)
        return new[nodes.Column](_name(name), None, span)

    def map_access(self, children: _Children, span: Span) -> nodes.Path:
        return new[nodes.Path](children[0], (self._text(children[2], span.start),), span)

    def path(self, children: _Children, span: Span) -> nodes.Path:
        column, _, *keys = children
        if not isinstance(column, nodes.Column):
            raise RefusedTextError(Finding("unexpected-text", column.span, "a path starts at a column"))
        return new[nodes.Path](column, tuple(keys), span)

    def first_key(self, children: _Children, span: Span) -> str:
        key: str = children[0]
        return key if len(children) == 1 else self._text(children[1], span.start)

    def next_key(self, children: _Children, span: Span) -> str:
        key: str = children[1]
        return key if len(children) == 2 else self._text(key, span.start)

    def _text(self, token: str, start: int) -> str:
        """Return the text that a string holds, which starts at a place (or in a rule that does)."""
        try:
            return read_string(token, self._dialect)
        except HalfOfAPairError as error:
            place = Span(start + error.start, start + error.start + len(error.written))
            raise RefusedTextError(
                Finding(
                    "half-character",
                    place,
                    f"{error.written} is half of a surrogate pair, and no character",
                    help="write both halves, such as \\ud83d\\ude00, or the character itself",
                )
            ) from None

    def call(self, children: _Children, span: Span) -> nodes.Call:
        return new[nodes.Call](ascii_upper(children[0]), children[2] if len(children) == 4 else (), span)

    def array(self, children: _Children, span: Span) -> nodes.Array:
        return new[nodes.Array](children[1], span)


def _name(token: str) -> str:
    return read_delimited_name(token) if token[0] in '"`' else token


def _last(token: str, span: Span) -> Span:
    """Return the place of the last token of a rule."""
    return Span(span.end - len(token), span.end)


def _read_number(token: str, span: Span) -> int | float:
    value = read_number(token)
    if not is_number(value):
        raise RefusedTextError(
            Finding(
                "number-out-of-range",
                _last(token, span),
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
                help=_AN_INTERVAL,
            )
        )
    if len(digits.lstrip("0")) > len(str(LARGEST_AMOUNT)) or abs(int(text)) > LARGEST_AMOUNT:
        raise RefusedTextError(Finding("number-out-of-range", span, AMOUNT_BOUND, help=_AN_INTERVAL))
    return int(text)
