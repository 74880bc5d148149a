"""The syntax tree of both dialects: frozen classes, equal without regard to places.

Every node has a ``span``, which is not compared. A constructor refuses (ValueError) what has no text:
a query can always be printed and parsed back to an equal one.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from sql_seg.diagnostics.source import NOWHERE, Span
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import (
    AMOUNT_BOUND,
    LARGEST_AMOUNT,
    LARGEST_EXACT_INTEGER,
    ascii_upper,
    is_bare_name,
    is_number,
    write_name,
)
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.trees import children

MOST_LEVELS = 200
"""How deep operators and brackets may nest in a query."""

MOST_VALUES = 100_000
"""How many values an IN list may hold."""

MOST_TABLES = 100
"""How many tables one FROM may have, with those that are joined to it."""


class NestingError(ValueError):
    """A query that nests too deep; ``span`` is the place of the first node past the bound."""

    def __init__(self, span: Span) -> None:
        super().__init__(f"a query nests at most {MOST_LEVELS} levels")
        self.span = span


@frozen
class Node:
    """Anything in a syntax tree."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def children(self) -> tuple[Node, ...]:
        """Return the nodes directly below this one, in the order of the text."""
        return children(self)


def walk(node: Node) -> list[Node]:
    """Return a node and all nodes below it, in the order of the text."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += children(node)[::-1]
    return found


class Expression(Node):
    """Anything that has a value."""

    __slots__ = ()


@frozen
class String(Expression):
    """A text in quotes."""

    value: str


@frozen
class Number(Expression):
    """A number without a sign: an int, or a finite float. Integers past 2**53 become doubles."""

    value: int | float

    def __post_init__(self) -> None:
        if not is_number(self.value) or math.copysign(1, self.value) < 0:
            raise ValueError(f"a number literal is finite and has no sign, unlike {self.value!r}")
        if isinstance(self.value, int) and self.value > LARGEST_EXACT_INTEGER:
            object.__setattr__(self, "value", float(self.value))


@frozen
class Boolean(Expression):
    """TRUE or FALSE."""

    value: bool


@frozen
class Null(Expression):
    """NULL."""


@frozen
class Timestamp(Expression):
    """``TIMESTAMP '…'``; whether the text is an instant is for the checker to say."""

    value: str


@frozen
class Interval(Expression):
    """v1's ``INTERVAL n unit``; ``amount`` may be negative."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise ValueError(f"an interval's amount is an integer, unlike {self.amount!r}")
        if abs(self.amount) > LARGEST_AMOUNT:
            raise ValueError(f"an interval of {self.amount} is out of range: {AMOUNT_BOUND}")
        if self.unit is TimeUnit.WEEK:
            raise ValueError("INTERVAL has no weeks")


@frozen
class Column(Expression):
    """A column, in v2 perhaps qualified by a table's name or alias."""

    name: str
    table: str | None = None


@frozen
class Path(Expression):
    """A path into a VARIANT: ``data:payload.url`` in v2; in v1 ``event_data['key']``, one key."""

    column: Column
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a path has at least one key")


@frozen
class Star(Expression):
    """``*`` or ``table.*`` in a select list, or a bare ``*`` as a function's only argument."""

    table: str | None = None


@frozen
class Array(Expression):
    """``[v1, v2, …]``, as an argument of a v2 function."""

    items: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _refuse_empty("a list in square brackets", self.items)


@frozen
class Call(Expression):
    """A function with its arguments; the name is kept in upper case."""

    name: str
    arguments: tuple[Expression, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", ascii_upper(self.name))


@frozen
class Negative(Expression):
    """``-operand``."""

    operand: Expression


@frozen
class Binary(Expression):
    """``left operator right``, with an arithmetic operator."""

    operator: Arithmetic
    left: Expression
    right: Expression


@frozen
class Comparison(Expression):
    """``left operator right``, with a comparison operator."""

    operator: Comparator
    left: Expression
    right: Expression


@frozen
class Like(Expression):
    """``operand [NOT] LIKE pattern``."""

    operand: Expression
    pattern: Expression
    negated: bool = False


@frozen
class In(Expression):
    """``operand [NOT] IN (value, …)``."""

    operand: Expression
    values: tuple[Expression, ...]
    negated: bool = False

    def __post_init__(self) -> None:
        _refuse_empty("an IN list", self.values)
        if len(self.values) > MOST_VALUES:
            raise ValueError(f"an IN list holds at most {MOST_VALUES:,} values, not {len(self.values):,}")


@frozen
class InSubquery(Expression):
    """v2's ``operand [NOT] IN (SELECT …)``."""

    operand: Expression
    query: Select
    negated: bool = False


@frozen
class Between(Expression):
    """``operand [NOT] BETWEEN low AND high``."""

    operand: Expression
    low: Expression
    high: Expression
    negated: bool = False


@frozen
class IsNull(Expression):
    """``operand IS [NOT] NULL``."""

    operand: Expression
    negated: bool = False


@frozen
class IsBoolean(Expression):
    """v2's ``operand IS [NOT] TRUE`` or ``FALSE``."""

    operand: Expression
    value: bool
    negated: bool = False


@frozen
class Not(Expression):
    """``NOT operand``."""

    operand: Expression


@frozen
class And(Expression):
    """``a AND b AND …``; an AND among the operands was written in parentheses."""

    operands: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _refuse_single("AND", self.operands)


@frozen
class Or(Expression):
    """``a OR b OR …``; an OR among the operands was written in parentheses."""

    operands: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _refuse_single("OR", self.operands)


@frozen
class Table(Node):
    """A table of FROM or JOIN."""

    name: str
    alias: str | None = None


@frozen
class Using(Node):
    """``USING (column)``."""

    column: str


@frozen
class Join(Node):
    """``JOIN table ON condition`` or ``USING (column)``."""

    table: Table
    on: Expression | Using


@frozen
class SelectItem(Node):
    """An entry of the select list."""

    expression: Expression
    alias: str | None = None


@frozen
class Query(Node):
    """A whole query. ``text`` is what it was parsed from, and None where it was made by hand."""

    dialect: ClassVar[Dialect]
    text: str | None = field(default=None, init=False, compare=False, repr=False)


@frozen
class Predicate(Query):
    """A v1 query."""

    dialect: ClassVar[Dialect] = Dialect.V1
    where: Expression

    def __post_init__(self) -> None:
        _refuse_textless(self, self.dialect)


@frozen
class Select(Query):
    """A v2 query, or a subquery of one."""

    dialect: ClassVar[Dialect] = Dialect.V2
    items: tuple[SelectItem, ...]
    table: Table
    joins: tuple[Join, ...] = ()
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    having: Expression | None = None

    def __post_init__(self) -> None:
        _refuse_empty("a select list", self.items)
        _refuse_textless(self, self.dialect)


def _refuse_empty(what: str, items: tuple[Any, ...]) -> None:
    if not items:
        raise ValueError(f"{what} cannot be empty")


def _refuse_single(operator: str, operands: tuple[Expression, ...]) -> None:
    if len(operands) < 2:
        raise ValueError(f"{operator} takes at least two operands, not {len(operands)}")


_V1_ONLY = frozenset[type[Node]]({Interval})
_V2_ONLY = frozenset[type[Node]]({Star, Array, InSubquery, IsBoolean, Select})
_LEAVES = frozenset({String, Number, Boolean, Null, Timestamp, Interval, Column, Path, Star})


def _refuse_textless(query: Query, dialect: Dialect) -> None:
    """Raise ValueError where no text of the dialect could give this query."""
    foreign = _V2_ONLY if dialect is Dialect.V1 else _V1_ONLY
    waiting: list[tuple[Node, int]] = [(query, -1)]
    while waiting:
        parent, level = waiting.pop()
        for node in children(parent):
            kind = type(node)
            if kind in foreign:
                raise ValueError(f"{dialect} has no {kind.__name__}")
            if kind in _BOUND:
                _refuse_misplaced(parent, node, dialect)
            for field_name in _NAMES.get(kind, ()):
                name = getattr(node, field_name)
                if name is not None:
                    write_name(name, dialect)
            if kind not in _CHILDLESS:
                waiting.append((node, level if kind in _LEAVES else _level_of(node, level)))


def _refuse_misplaced(parent: Node, node: Node, dialect: Dialect) -> None:
    match node:
        case Column(name=name, table=str(table)) if dialect is Dialect.V1:
            raise ValueError(f"v1 has no qualified names, such as {table}.{name}")
        case Path(keys=keys) if dialect is Dialect.V1 and len(keys) != 1:
            raise ValueError("a map of v1 is read by one key")
        case Call(name=name) if not is_bare_name(name, dialect):
            raise ValueError(f"{name!r} cannot be a function's name")
        case Array() if not isinstance(parent, Call):
            raise ValueError("a list in square brackets stands only as a function's argument")
        case Predicate():
            raise ValueError("a predicate cannot stand inside another query")
        case Star(table=table):
            alone = isinstance(parent, Call) and len(parent.arguments) == 1 and table is None
            if not alone and not isinstance(parent, SelectItem):
                raise ValueError("* stands in a select list, or alone in a function's parentheses")
            if isinstance(parent, SelectItem) and parent.alias is not None:
                raise ValueError("* has no alias")


_BOUND = frozenset({Column, Path, Call, Array, Predicate, Star})
_CHILDLESS = _LEAVES - {Path} | {Table, Using}
_NAMES: dict[type[Node], tuple[str, ...]] = {
    Column: ("table", "name"),
    Using: ("column",),
    Star: ("table",),
    Table: ("name", "alias"),
    SelectItem: ("alias",),
}
"""The fields that are written as names."""


def refuse_deep(query: Query) -> None:
    """Raise NestingError where a query nests too deep.

    The innermost operator is level 0, each around it one more; a call, a list and a subquery are levels.
    """
    waiting: list[tuple[Node, int]] = [(query, -1)]
    while waiting:
        node, level = waiting.pop()
        below = [child for child in children(node) if type(child) not in _LEAVES]
        waiting += [(child, _level_of(child, level)) for child in below]


def _level_of(node: Node, around: int) -> int:
    """Return the level of a node below one of a level. Raises NestingError where it is too deep."""
    level = around + isinstance(node, Expression | Select)
    if level + isinstance(node, Call | Array) > MOST_LEVELS:
        raise NestingError(node.span)
    return level


def remember_text(query: Query, text: str) -> None:
    """Let a query that was just parsed keep the text it came from."""
    object.__setattr__(query, "text", text)


def place(node: Node, span: Span) -> None:
    """Let a node that was just built know its place."""
    object.__setattr__(node, "span", span)
