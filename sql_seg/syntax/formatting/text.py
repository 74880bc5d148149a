"""Syntax tree to text: canonical, on one line or laid out, and with its comments where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sql_seg.collecting import seldom_collected
from sql_seg.language import operators
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.language.literals import (
    CURRENT_TIMESTAMP,
    write_name,
    write_number,
    write_qualified_name,
    write_string,
)
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting.comments import Attached, Remark, attached
from sql_seg.syntax.formatting.layout import (
    Bracketed,
    Comment,
    Concat,
    Doc,
    Filled,
    Group,
    Hugging,
    Indented,
    Line,
    Tailed,
    any_breaks,
    flat,
    has_comments,
    render,
)

WIDTH = 100
"""How wide laid out queries are, unless something else is asked for."""

_MOST_PASSES = 4
"""How often a text with comments is laid out again, until nothing moves: once, nearly always."""


@seldom_collected
def to_text(query: nodes.Query, *, width: int | None = None) -> str:
    """Return the canonical text of a query, such that ``parse(to_text(query)) == query``.

    Keywords and functions are in upper case, names as they are, texts in single quotes, and there are no more
    parentheses than the query needs. One line, unless the text is longer than ``width``: then each clause
    starts a line, and what does not fit is broken further.
    """
    return _written(_Writer(query.dialect), query, width)


@seldom_collected
def format_text(text: str, dialect: Dialect | str | None = None, *, width: int = WIDTH) -> str:
    """Return the text of a query as a person would lay it out, with its comments; the query stays the same.

    As ``to_text`` with a width, but AND inside OR, and arithmetic that v1 reads in another order than SQL,
    stand in parentheses. A text that was formatted comes back as it is.

    Names of values, ``${name}``, stay where they are. Raises QuerySyntaxError where the text does not parse.
    """
    if "${" in text:
        from sql_seg.syntax.value_names import laid_out

        known = detect_dialect(text) if dialect is None else Dialect(dialect)
        return laid_out(text, known, lambda text: _formatted(text, known, width))
    return _formatted(text, dialect, width)


def _formatted(text: str, dialect: Dialect | str | None, width: int) -> str:
    laid_out, has_comments = _laid_out_once(text, dialect, width)
    for _ in range(_MOST_PASSES if has_comments else 0):
        # A comment inside of parentheses that are not needed, say, stands elsewhere without them.
        before = laid_out
        laid_out, _ = _laid_out_once(before, dialect, width)
        if laid_out == before:
            break
    return laid_out


def _laid_out_once(text: str, dialect: Dialect | str | None, width: int) -> tuple[str, bool]:
    """Return the text laid out, and whether it has comments."""
    from sql_seg.syntax.parsing import parse
    from sql_seg.syntax.parsing.tokens import tokenize

    query = parse(text, dialect)
    read = tokenize(text, query.dialect)
    remarks = attached(query, read) if read.comments else Attached()
    return _written(_Writer(query.dialect, remarks, is_clear=True), query, width), bool(read.comments)


def _written(writer: _Writer, query: nodes.Query, width: int | None) -> str:
    document = writer.query(query)
    text = render(document, width)
    if detect_dialect(text) is not query.dialect:
        writer.guards_first = True
        text = render(writer.query(query), width)
    return text


class _Writer:
    """Writes one dialect. ``guards_first`` keeps the text from reading as the other dialect."""

    def __init__(self, dialect: Dialect, remarks: Attached | None = None, *, is_clear: bool = False) -> None:
        self.dialect = dialect
        self.guards_first = False
        self.remarks = Attached() if remarks is None else remarks
        self.is_clear = is_clear

    def query(self, query: nodes.Query) -> Doc:
        if isinstance(query, nodes.Select):
            return self.with_remarks(id(query), Group(self.select(query, guards=self.guards_first)))
        assert isinstance(query, nodes.Predicate)
        if self.guards_first:
            return Concat("(", self.write(query.where), ")")
        return Group(self.write(query.where))

    def select(self, select: nodes.Select, *, guards: bool = False) -> Doc:
        """Write the clauses of a SELECT, with line breaks between them."""
        items = [self.select_item(item) for item in select.items]
        if guards:
            items[0] = self.guarded(select.items[0])
        clauses: list[Doc] = [
            self.clause(select, "SELECT", self.clause_list(select.items, items)),
            self.clause(select, "FROM", Indented(self.table(select.table))),
        ]
        clauses += [self.with_remarks(id(join), self.join(join)) for join in select.joins]
        if select.where is not None:
            clauses.append(self.clause(select, "WHERE", self.condition(select.where)))
        if select.group_by:
            columns = [self.body(item, _OPERAND) for item in select.group_by]
            clauses.append(self.clause(select, "GROUP BY", self.clause_list(select.group_by, columns)))
        if select.having is not None:
            clauses.append(self.clause(select, "HAVING", self.condition(select.having)))
        return Concat(*_parted(clauses))

    def clause(self, select: nodes.Select, keyword: str, content: Doc) -> Doc:
        return self.with_remarks((id(select), keyword), Concat(f"{keyword} ", content))

    def condition(self, node: nodes.Expression) -> Doc:
        """Write the condition of a clause; the further lines of a chain, and of comments, stand in."""
        body = Group(self.body(node))
        key = id(node)
        breaks = any(remark.ends_line for remark in self.remarks.before.get(key, ())) or any(
            remark.own_line for remark in self.remarks.behind.get(key, ())
        )
        written = self.with_remarks(key, body)
        stands_in = breaks or isinstance(node, nodes.And | nodes.Or) or has_comments(body)
        return Indented(written) if stands_in else written

    def clause_list(self, parts: Sequence[nodes.Node], written: Sequence[Doc]) -> Doc:
        """Write the list of a clause; a comment that ends its last line does not break it."""
        behind = self.remarks.behind.get(id(parts[-1]))
        if not behind or behind[0].own_line:
            return Indented(Group(Line(""), self.listed(parts, written)))
        rows = Group(Line(""), self.listed(parts, written, with_last=False))
        return Indented(rows, *self.behind(id(parts[-1])))

    def with_remarks(self, key: object, document: Doc) -> Doc:
        """Write a part with the remarks that belong to it."""
        before, behind = self.before(key), self.behind(key)
        return Concat(*before, document, *behind) if before or behind else document

    def before(self, key: object) -> list[Doc]:
        found: list[Doc] = []
        for remark in self.remarks.before.get(key, ()):
            found += _comments(remark)
            if not remark.ends_line:
                found.append(" ")
        return found

    def behind(self, key: object) -> list[Doc]:
        found: list[Doc] = []
        for remark in self.remarks.behind.get(key, ()):
            if not remark.own_line:
                found.append(" ")
            found += _comments(remark)
        return found

    def listed(self, parts: Sequence[nodes.Node], written: Sequence[Doc], *, with_last: bool = True) -> Doc:
        """Write parts with commas between them, each comma before the remarks behind its part.

        Without ``with_last``, the remarks behind the last part are left out.
        """
        rows: list[Doc] = []
        for index, (part, document) in enumerate(zip(parts, written, strict=True)):
            comma = "," if index < len(parts) - 1 else ""
            behind = self.behind(id(part)) if comma or with_last else ()
            rows.append(Concat(*self.before(id(part)), document, comma, *behind))
        return Concat(*_parted(rows)) if any_breaks(rows) or len(rows) <= _MOST_IN_A_ROW else Filled(rows)

    def in_brackets(self, opening: str, content: Doc, closing: str) -> Bracketed:
        return Bracketed(opening, Indented(Line(""), content), Line(""), closing)

    def select_item(self, item: nodes.SelectItem) -> Doc:
        return Concat(self.write(item.expression), self.alias(item.alias))

    def guarded(self, item: nodes.SelectItem) -> Doc:
        return Concat("(", self.write(item.expression), ")", self.alias(item.alias))

    def alias(self, alias: str | None) -> str:
        return "" if alias is None else f" AS {self.name(alias)}"

    def table(self, table: nodes.Table) -> Doc:
        return self.with_remarks(id(table), self.name(table.name) + self.alias(table.alias))

    def join(self, join: nodes.Join) -> Doc:
        head = f"JOIN {self.name(join.table.name)}{self.alias(join.table.alias)}"
        if isinstance(join.on, nodes.Using):
            return f"{head} USING ({self.name(join.on.column)})"
        on = self.with_remarks(id(join.on), Group(self.body(join.on)))
        if isinstance(join.on, nodes.And | nodes.Or) or id(join.on) in self.remarks:
            return Concat(f"{head} ON ", Indented(on))
        return Tailed(head, Concat("ON ", on), always=True)

    def name(self, name: str) -> str:
        return write_name(name, self.dialect)

    def write(self, node: nodes.Expression, above: operators.Operator = operators.OR) -> Doc:
        """Write an expression with its remarks, in parentheses if it binds looser than ``above`` asks for."""
        return self.with_remarks(id(node), self.body(node, above))

    def body(self, node: nodes.Expression, above: operators.Operator = operators.OR) -> Doc:
        """Write an expression without the remarks before and behind it."""
        write, operator = _WRITERS[type(node)]
        if operator is None:
            assert isinstance(node, nodes.Binary)
            operator = operators.ARITHMETIC[node.operator]
        written = write(self, node)
        if operator.precedence_in(self.dialect) < above.precedence_in(self.dialect):
            return self.grouped(node, written)
        return written

    def grouped(self, node: nodes.Expression, written: Doc) -> Doc:
        """Write what stands in parentheses."""
        if isinstance(node, nodes.And | nodes.Or):
            return self.in_brackets("(", written, ")")
        return Concat("(", written, ")")

    def operand(self, node: nodes.Expression) -> Doc:
        return self.write(node, _OPERAND)

    def operands(self, items: tuple[nodes.Expression, ...]) -> Doc:
        return self.listed(items, [self.body(item, _OPERAND) for item in items])

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

    def array(self, node: nodes.Array) -> Doc:
        return self.in_brackets("[", self.operands(node.items), "]")

    def call(self, node: nodes.Call) -> Doc:
        if not node.arguments:
            bare = node.name == CURRENT_TIMESTAMP and self.dialect is Dialect.V2
            return node.name if bare else f"{node.name}()"
        written = [self.body(argument) for argument in node.arguments]
        whole = self.in_brackets(f"{node.name}(", self.listed(node.arguments, written), ")")
        *others, last = written
        if not isinstance(node.arguments[-1], nodes.Array) or not all(isinstance(one, str) for one in others):
            return whole
        if any(id(argument) in self.remarks for argument in node.arguments):
            return whole
        opening = "".join([f"{node.name}(", *[f"{one}, " for one in others]])
        return Hugging(whole, opening, last, ")")

    def negative(self, node: nodes.Negative) -> Doc:
        operand = self.write(node.operand, operators.NEGATIVE)
        return Concat("- " if _starts_with_minus(operand) else "-", operand)

    def binary(self, node: nodes.Binary) -> Doc:
        """Write a row of operands of one precedence; a line takes as many as fit."""
        own = operators.ARITHMETIC[node.operator]
        row = [node]
        while self.goes_on(row[-1].left, own):
            assert isinstance(row[-1].left, nodes.Binary)
            row.append(row[-1].left)
        items = [self.term(row[-1], row[-1].left, own)]
        while row:
            each = row.pop()
            items.append(Concat(f"{each.operator} ", self.term(each, each.right, own.tighter())))
        return Indented(Filled(items))

    def goes_on(self, left: nodes.Expression, own: operators.Operator) -> bool:
        """Return whether a left operand stands in one row with what follows it."""
        if not isinstance(left, nodes.Binary) or id(left) in self.remarks:
            return False
        return operators.ARITHMETIC[left.operator].precedence_in(self.dialect) == own.precedence_in(
            self.dialect
        )

    def term(self, above: nodes.Binary, node: nodes.Expression, least: operators.Operator) -> Doc:
        """Write an operand of arithmetic; a clear text has parentheses where SQL would read another order."""
        if self.is_clear and self.dialect is Dialect.V1 and isinstance(node, nodes.Binary):
            own, other = operators.ARITHMETIC[node.operator], operators.ARITHMETIC[above.operator]
            if node.operator is not above.operator and own.precedence[1] == other.precedence[1]:
                least = operators.ATOM
        return self.write(node, least)

    def comparison(self, node: nodes.Comparison) -> Doc:
        return Tailed(self.operand(node.left), Concat(f"{node.operator} ", self.operand(node.right)))

    def like(self, node: nodes.Like) -> Doc:
        like = "NOT LIKE " if node.negated else "LIKE "
        return Tailed(self.operand(node.operand), Concat(like, self.operand(node.pattern)))

    def membership(self, node: nodes.In) -> Doc:
        values = self.in_brackets(f"{_not(node)} IN (", self.operands(node.values), ")")
        return Concat(self.operand(node.operand), values)

    def subquery_membership(self, node: nodes.InSubquery) -> Doc:
        query = self.with_remarks(id(node.query), self.select(node.query))
        return Concat(self.operand(node.operand), self.in_brackets(f"{_not(node)} IN (", query, ")"))

    def between(self, node: nodes.Between) -> Doc:
        between = Concat(self.operand(node.operand), f"{_not(node)} BETWEEN ", self.operand(node.low))
        return Group(between, Indented(Line(), "AND ", self.operand(node.high)))

    def null_test(self, node: nodes.IsNull) -> Doc:
        return Concat(self.operand(node.operand), f" IS{_not(node)} NULL")

    def boolean_test(self, node: nodes.IsBoolean) -> Doc:
        return Concat(self.operand(node.operand), f" IS{_not(node)} {'TRUE' if node.value else 'FALSE'}")

    def negation(self, node: nodes.Not) -> Doc:
        return Concat("NOT ", self.write(node.operand, operators.NOT))

    def conjunction(self, node: nodes.And) -> Doc:
        return self.chain("AND", node.operands, operators.NOT)

    def disjunction(self, node: nodes.Or) -> Doc:
        return self.chain("OR", node.operands, operators.NOT if self.is_clear else operators.AND)

    def chain(self, operator: str, operands: Sequence[nodes.Expression], above: operators.Operator) -> Doc:
        """Write operands with an operator between them; a remark on a line of its own stands before both."""
        rows = [self.write(operands[0], above)]
        for operand in operands[1:]:
            before = self.before(id(operand))
            body, behind = self.body(operand, above), self.behind(id(operand))
            if any_breaks(before):
                rows.append(Concat(*before, f"{operator} ", body, *behind))
            else:
                rows.append(Concat(f"{operator} ", *before, body, *behind))
        return Concat(*_parted(rows))


_OPERAND = operators.ARITHMETIC[operators.Arithmetic.SUBTRACT]
"""What binds looser than this stands in parentheses as the operand of a comparison."""

_MOST_IN_A_ROW = 4
"""A longer list that does not fit has as many items on a line as fit; a shorter one has one."""


def _parted(documents: Sequence[Doc]) -> Iterator[Doc]:
    """Yield documents with a possible line break between each two."""
    for index, document in enumerate(documents):
        if index:
            yield Line()
        yield document


def _comments(remark: Remark) -> Iterator[Doc]:
    """Yield the comments of a remark, with blanks between them."""
    last = len(remark.texts) - 1
    for index, text in enumerate(remark.texts):
        if index:
            yield " "
        yield Comment(
            text, own_line=index == 0 and remark.own_line, ends_line=index == last and remark.ends_line
        )


def _starts_with_minus(document: Doc) -> bool:
    return flat(document).startswith("-")


def _not(
    node: nodes.Like | nodes.In | nodes.InSubquery | nodes.Between | nodes.IsNull | nodes.IsBoolean,
) -> str:
    return " NOT" if node.negated else ""


_WRITERS: dict[type, tuple[Callable[[_Writer, Any], Doc], operators.Operator | None]] = {
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
