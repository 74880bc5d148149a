"""Syntax tree to canonical text: one spelling for each query, with the fewest parentheses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sql_seg.language import operators
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.language.literals import CURRENT_TIMESTAMP, write_name, write_number, write_qualified_name
from sql_seg.language.strings import write_string
from sql_seg.syntax import nodes


def to_text(query: nodes.Query, *, width: int | None = None) -> str:
    """Return the canonical text of a query, such that ``parse(to_text(query)) == query``.

    Keywords and functions are in upper case, names as they are, texts in single quotes. One line,
    unless the text is longer than ``width``: then each clause and each part of the outermost AND
    or OR starts a line.
    """
    writer = _Writer(query.dialect)
    text = writer.query(query)
    if detect_dialect(text) is not query.dialect:
        writer.guards_first = True
        text = writer.query(query)
    if width is None or len(text) <= width:
        return text
    writer.breaks = True
    return writer.query(query)


class _Writer:
    """Writes one dialect. ``guards_first`` keeps the text from reading as the other dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.guards_first = False
        self.breaks = False

    def query(self, query: nodes.Query) -> str:
        if isinstance(query, nodes.Select):
            return self.select(query, "\n" if self.breaks else " ", guards=self.guards_first)
        assert isinstance(query, nodes.Predicate)
        text = self.condition(query.where, "")
        return f"({text})" if self.guards_first else text

    def select(self, select: nodes.Select, separator: str = " ", *, guards: bool = False) -> str:
        items = [self.select_item(item) for item in select.items]
        if guards:
            items[0] = self.guarded(select.items[0])
        clauses = [f"SELECT {', '.join(items)}", f"FROM {self.table(select.table)}"]
        clauses += [self.join(join) for join in select.joins]
        outermost = separator == "\n"
        if select.where is not None:
            clauses.append(f"WHERE {self.condition(select.where, '  ' if outermost else None)}")
        if select.group_by:
            clauses.append(f"GROUP BY {self.operands(select.group_by)}")
        if select.having is not None:
            clauses.append(f"HAVING {self.condition(select.having, '  ' if outermost else None)}")
        return separator.join(clauses)

    def condition(self, node: nodes.Expression, indent: str | None) -> str:
        """Write a whole condition; with an indent, the parts of a chain start lines of their own."""
        if self.breaks and indent is not None and isinstance(node, nodes.And | nodes.Or):
            operator, above = ("AND", operators.NOT) if isinstance(node, nodes.And) else ("OR", operators.AND)
            return f"\n{indent}{operator} ".join(self.write(item, above) for item in node.operands)
        return self.write(node)

    def select_item(self, item: nodes.SelectItem) -> str:
        return self.write(item.expression) + self.alias(item.alias)

    def guarded(self, item: nodes.SelectItem) -> str:
        return f"({self.write(item.expression)}){self.alias(item.alias)}"

    def alias(self, alias: str | None) -> str:
        return "" if alias is None else f" AS {self.name(alias)}"

    def table(self, table: nodes.Table) -> str:
        return self.name(table.name) + self.alias(table.alias)

    def join(self, join: nodes.Join) -> str:
        head = f"JOIN {self.table(join.table)}"
        if isinstance(join.on, nodes.Using):
            return f"{head} USING ({self.name(join.on.column)})"
        return f"{head} ON {self.write(join.on)}"

    def name(self, name: str) -> str:
        return write_name(name, self.dialect)

    def write(self, node: nodes.Expression, above: operators.Operator = operators.OR) -> str:
        """Write an expression, in parentheses if it binds looser than ``above`` asks for."""
        write, operator = _WRITERS[type(node)]
        if operator is None:
            assert isinstance(node, nodes.Binary)
            operator = operators.ARITHMETIC[node.operator]
        text = write(self, node)
        if operator.precedence_in(self.dialect) < above.precedence_in(self.dialect):
            return f"({text})"
        return text

    def operand(self, node: nodes.Expression) -> str:
        return self.write(node, operators.ARITHMETIC[operators.Arithmetic.SUBTRACT])

    def operands(self, items: tuple[nodes.Expression, ...]) -> str:
        return ", ".join([self.operand(item) for item in items])

    def string(self, node: nodes.String) -> str:
        return write_string(node.value, self.dialect)

    def number(self, node: nodes.Number) -> str:
        return write_number(node.value)

    def boolean(self, node: nodes.Boolean) -> str:
        return "TRUE" if node.value else "FALSE"

    def null(self, _: nodes.Null) -> str:
        return "NULL"

    def timestamp(self, node: nodes.Timestamp) -> str:
        return f"TIMESTAMP {write_string(node.value, self.dialect)}"

    def interval(self, node: nodes.Interval) -> str:
        return f"INTERVAL {node.amount} {node.unit.upper()}"

    def column(self, node: nodes.Column) -> str:
        return write_qualified_name(node.name, node.table, self.dialect)

    def path(self, node: nodes.Path) -> str:
        column = self.column(node.column)
        if self.dialect is Dialect.V1:
            return f"{column}[{write_string(node.keys[0], self.dialect)}]"
        return f"{column}:{''.join(self.key(key, first=i == 0) for i, key in enumerate(node.keys))}"

    def key(self, key: str, *, first: bool) -> str:
        if key.isidentifier() and key.isascii():
            return key if first else f".{key}"
        return f"[{write_string(key, self.dialect)}]"

    def star(self, node: nodes.Star) -> str:
        return "*" if node.table is None else f"{self.name(node.table)}.*"

    def array(self, node: nodes.Array) -> str:
        return f"[{self.operands(node.items)}]"

    def call(self, node: nodes.Call) -> str:
        if node.name == CURRENT_TIMESTAMP and not node.arguments and self.dialect is Dialect.V2:
            return node.name
        return f"{node.name}({', '.join([self.write(argument) for argument in node.arguments])})"

    def negative(self, node: nodes.Negative) -> str:
        operand = self.write(node.operand, operators.NEGATIVE)
        return f"- {operand}" if operand.startswith("-") else f"-{operand}"

    def binary(self, node: nodes.Binary) -> str:
        own = operators.ARITHMETIC[node.operator]
        return f"{self.write(node.left, own)} {node.operator} {self.write(node.right, own.tighter())}"

    def comparison(self, node: nodes.Comparison) -> str:
        return f"{self.operand(node.left)} {node.operator} {self.operand(node.right)}"

    def like(self, node: nodes.Like) -> str:
        return f"{self.operand(node.operand)}{_not(node)} LIKE {self.operand(node.pattern)}"

    def membership(self, node: nodes.In) -> str:
        return f"{self.operand(node.operand)}{_not(node)} IN ({self.operands(node.values)})"

    def subquery_membership(self, node: nodes.InSubquery) -> str:
        return f"{self.operand(node.operand)}{_not(node)} IN ({self.select(node.query)})"

    def between(self, node: nodes.Between) -> str:
        bounds = f"{self.operand(node.low)} AND {self.operand(node.high)}"
        return f"{self.operand(node.operand)}{_not(node)} BETWEEN {bounds}"

    def null_test(self, node: nodes.IsNull) -> str:
        return f"{self.operand(node.operand)} IS{_not(node)} NULL"

    def boolean_test(self, node: nodes.IsBoolean) -> str:
        return f"{self.operand(node.operand)} IS{_not(node)} {'TRUE' if node.value else 'FALSE'}"

    def negation(self, node: nodes.Not) -> str:
        return f"NOT {self.write(node.operand, operators.NOT)}"

    def conjunction(self, node: nodes.And) -> str:
        return " AND ".join([self.write(operand, operators.NOT) for operand in node.operands])

    def disjunction(self, node: nodes.Or) -> str:
        return " OR ".join([self.write(operand, operators.AND) for operand in node.operands])


def _not(
    node: nodes.Like | nodes.In | nodes.InSubquery | nodes.Between | nodes.IsNull | nodes.IsBoolean,
) -> str:
    return " NOT" if node.negated else ""


_WRITERS: dict[type, tuple[Callable[[_Writer, Any], str], operators.Operator | None]] = {
    nodes.String: (_Writer.string, operators.ATOM),
    nodes.Number: (_Writer.number, operators.ATOM),
    nodes.Boolean: (_Writer.boolean, operators.ATOM),
    nodes.Null: (_Writer.null, operators.ATOM),
    nodes.Timestamp: (_Writer.timestamp, operators.ATOM),
    nodes.Interval: (_Writer.interval, operators.ATOM),
    nodes.Column: (_Writer.column, operators.ATOM),
    nodes.Path: (_Writer.path, operators.ATOM),
    nodes.Star: (_Writer.star, operators.ATOM),
    nodes.Array: (_Writer.array, operators.ATOM),
    nodes.Call: (_Writer.call, operators.ATOM),
    nodes.Negative: (_Writer.negative, operators.NEGATIVE),
    nodes.Binary: (_Writer.binary, None),
    nodes.Comparison: (_Writer.comparison, operators.PREDICATE),
    nodes.Like: (_Writer.like, operators.PREDICATE),
    nodes.In: (_Writer.membership, operators.PREDICATE),
    nodes.InSubquery: (_Writer.subquery_membership, operators.PREDICATE),
    nodes.Between: (_Writer.between, operators.PREDICATE),
    nodes.IsNull: (_Writer.null_test, operators.PREDICATE),
    nodes.IsBoolean: (_Writer.boolean_test, operators.PREDICATE),
    nodes.Not: (_Writer.negation, operators.NOT),
    nodes.And: (_Writer.conjunction, operators.AND),
    nodes.Or: (_Writer.disjunction, operators.OR),
}
"""How each node is written, and how tight its operator binds."""
