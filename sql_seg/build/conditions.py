"""Conditions on contacts, and what they are made of: columns, moments, and queries of either dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sql_seg.build.quoting import BuildError, PythonValue, literal, literals, must_be, type_of
from sql_seg.checking import check
from sql_seg.diagnostics.source import NOWHERE
from sql_seg.errors import CannotCombineError
from sql_seg.frozen import frozen, new
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.literals import CURRENT_TIMESTAMP
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, SENDGRID, Schema
from sql_seg.syntax import membership, nodes
from sql_seg.syntax.parsing import parse
from sql_seg.upgrading import downgrade, upgrade
from sql_seg.upgrading.like_patterns import starting_with
from sql_seg.wording import did_you_mean


class NoTruth:
    """What is no truth value in Python: ``if`` and ``and`` are refused."""

    def __bool__(self) -> bool:
        raise TypeError("a condition is not true or false by itself; combine conditions with &, | and ~")


@frozen
class Condition(NoTruth):
    """A condition on contacts, as v2 writes it: ``node`` is its syntax tree."""

    node: nodes.Expression

    def __and__(self, other: Condition) -> Condition:
        return and_(self, other)

    def __or__(self, other: Condition) -> Condition:
        return or_(self, other)

    def __invert__(self) -> Condition:
        return Condition(_negated(self.node))

    def query(self, schema: Schema | None = None, dialect: Dialect | str = Dialect.V2) -> nodes.Query:
        """Return the query for all contacts for which this is TRUE; with a ``schema``, checked against it.

        Raises CheckError where the schema does not have what is asked for; BuildError where v1 cannot say it.
        """
        select = nodes.Select(membership.ITEMS, membership.CONTACTS, (), self.node)
        if Dialect(dialect) is Dialect.V2:
            if schema is not None:
                check(select, schema)
            return select
        made = downgrade(select, SENDGRID.as_lenient() if schema is None else schema)
        if made.query is None:
            raise BuildError(f"v1 cannot say this: {made.refusals[0]}")
        return made.query


class Operand(NoTruth):
    """A column, a moment or a function of one: compared with values, it is a condition."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: nodes.Expression, type: DataType | None = None) -> None:
        self._node: Final = node
        self._type: Final = type

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(self, name):
            raise AttributeError(f"an operand never changes: {name}")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared(Comparator.EQ, other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared(Comparator.NE, other)

    def __lt__(self, other: object) -> Condition:
        return self._compared(Comparator.LT, other)

    def __le__(self, other: object) -> Condition:
        return self._compared(Comparator.LE, other)

    def __gt__(self, other: object) -> Condition:
        return self._compared(Comparator.GT, other)

    def __ge__(self, other: object) -> Condition:
        return self._compared(Comparator.GE, other)

    def is_null(self) -> Condition:
        """Return ``IS NULL``."""
        return Condition(nodes.IsNull(self._node))

    def is_not_null(self) -> Condition:
        """Return ``IS NOT NULL``."""
        return Condition(nodes.IsNull(self._node, True))

    def is_in(self, values: Iterable[PythonValue]) -> Condition:
        """Return ``IN (…)``. Raises BuildError for no values at all."""
        return Condition(nodes.In(self._node, self._listed(values)))

    def is_not_in(self, values: Iterable[PythonValue]) -> Condition:
        """Return ``NOT IN (…)``. Raises BuildError for no values at all."""
        return Condition(nodes.In(self._node, self._listed(values), True))

    def between(self, low: object, high: object) -> Condition:
        """Return ``BETWEEN low AND high``, both included."""
        return Condition(nodes.Between(self._node, self._beside(low), self._beside(high)))

    def like(self, pattern: str) -> Condition:
        """Return ``LIKE``: ``%`` is any text, ``_`` any one character."""
        self._must_be(DataType.VARCHAR, "LIKE takes a text")
        must_be(str, pattern, "a pattern is a text")
        return Condition(nodes.Like(self._node, literal(pattern)))

    def starts_with(self, text: str) -> Condition:
        """Return the condition that a text starts with another, whatever that holds."""
        self._must_be(DataType.VARCHAR, "only a text has a start")
        must_be(str, text, "what a text starts with is a text")
        literal(text)
        if "_" not in text and "%" not in text:
            return Condition(nodes.Like(self._node, nodes.String(text + "%")))
        return Condition(nodes.And(tuple(starting_with(self._node, text))))

    def ends_with(self, text: str) -> Condition:
        """Return the condition that a text ends with another.

        Raises BuildError where that holds ``_`` or ``%``.
        """
        return self._with(text, "%{}")

    def contains(self, text: str) -> Condition:
        """Return the condition that a text has another in it, or an array an element.

        Raises BuildError where a text that is looked for in another holds ``_`` or ``%``.
        """
        must_be(str, text, "what is looked for is a text")
        if self._type is DataType.ARRAY:
            return Condition(nodes.Call("ARRAY_CONTAINS", (self._node, literal(text))))
        return self._with(text, "%{}%")

    def contains_any(self, texts: Iterable[str]) -> Condition:
        """Return the condition that an array holds any of some texts."""
        self._must_be(DataType.ARRAY, "only an array contains elements")
        return Condition(nodes.Call("ARRAY_CONTAINS", (self._node, nodes.Array(literals(texts)))))

    def _with(self, text: str, pattern: str) -> Condition:
        self._must_be(DataType.VARCHAR, "LIKE takes a text")
        must_be(str, text, "what is looked for is a text")
        for mark in "_%":
            if mark in text:
                raise BuildError(
                    f"LIKE cannot look for {mark}, which stands for other text there: {text[:60]!r}"
                )
        return Condition(nodes.Like(self._node, literal(pattern.format(text))))

    def _compared(self, operator: Comparator, other: object) -> Condition:
        if other is None:
            raise BuildError("nothing equals NULL; write .is_null() or .is_not_null()")
        if isinstance(other, Operand):
            self._must_go_with(other._type, "another operand")
            return new[Condition](new[nodes.Comparison](operator, self._node, other._node, NOWHERE))
        return new[Condition](new[nodes.Comparison](operator, self._node, self._beside(other), NOWHERE))

    def _beside(self, value: object) -> nodes.Expression:
        if isinstance(value, Operand):
            return value._node
        node = literal(value)
        self._must_go_with(type_of(value), repr(value) if len(str(value)) < 60 else "the value")
        return node

    def _listed(self, values: Iterable[PythonValue]) -> tuple[nodes.Expression, ...]:
        if isinstance(values, str):
            raise TypeError(f"the values come as a list: [{values!r}]")
        listed = tuple([self._beside(value) for value in values])
        if not listed:
            raise BuildError("a list of no values finds nobody: leave the condition out, or give a value")
        return listed

    def _must_be(self, wanted: DataType, message: str) -> None:
        if self._type not in (None, wanted, DataType.VARIANT):
            raise TypeError(f"{message}, and this is {_said(self._type)}")

    def _must_go_with(self, other: DataType | None, what: str) -> None:
        own = self._type
        if own in (None, DataType.VARIANT, other) or other in (None, DataType.VARIANT):
            return
        if own is DataType.TIMESTAMP and other is DataType.VARCHAR:  # a text in a timestamp's form
            return
        raise TypeError(f"{_said(own)} is not compared with {_said(other)}: {what}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._node!r})"


class Moment(Operand):
    """A timestamp: a column of that type, or now; ``+`` and ``-`` move it."""

    def __init__(self, node: nodes.Expression) -> None:
        super().__init__(node, DataType.TIMESTAMP)

    def __add__(self, span: Duration) -> Moment:
        return self._moved(span, 1)

    def __sub__(self, span: Duration) -> Moment:
        return self._moved(span, -1)

    def _moved(self, span: Duration, sign: int) -> Moment:
        must_be(Duration, span, "a moment is moved by an amount of time, such as days(3)")
        size = nodes.Number(abs(span.amount))
        moved = nodes.Negative(size) if sign * span.amount < 0 else size
        return Moment(nodes.Call("TIMESTAMPADD", (nodes.Column(str(span.unit)), moved, self._node)))


@frozen
class Duration:
    """So many units of time."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        must_be(int, self.amount, "an amount of time is an integer")


def seconds(amount: int) -> Duration:
    """Return so many seconds."""
    return Duration(amount, TimeUnit.SECOND)


def minutes(amount: int) -> Duration:
    """Return so many minutes."""
    return Duration(amount, TimeUnit.MINUTE)


def hours(amount: int) -> Duration:
    """Return so many hours."""
    return Duration(amount, TimeUnit.HOUR)


def days(amount: int) -> Duration:
    """Return so many days."""
    return Duration(amount, TimeUnit.DAY)


def weeks(amount: int) -> Duration:
    """Return so many weeks."""
    return Duration(amount, TimeUnit.WEEK)


def months(amount: int) -> Duration:
    """Return so many months."""
    return Duration(amount, TimeUnit.MONTH)


def years(amount: int) -> Duration:
    """Return so many years."""
    return Duration(amount, TimeUnit.YEAR)


def now() -> Moment:
    """Return the moment at which a segment is looked at."""
    return Moment(nodes.Call(CURRENT_TIMESTAMP))


def column(name: str, schema: Schema | None = None) -> Operand:
    """Return a column of contacts; a Moment, where it is a timestamp.

    With a ``schema`` it must be one of the account's columns. Without one, a name that is not reserved is
    taken as a custom field of any type.

    Raises BuildError for a name that is no column's, TypeError for what is no text.
    """
    must_be(str, name, "a column's name is a text")
    known = (SENDGRID if schema is None else schema).contact_data.column(name)
    node = new[nodes.Column](name, None, NOWHERE)
    if known is None:
        if schema is not None and not schema.lenient:
            names = [found.name for found in schema.contact_data.columns.values()]
            hint = did_you_mean(name, names)
            raise BuildError(f"{CONTACT_DATA} has no column {name}{f'; {hint}' if hint else ''}")
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name):
            raise BuildError(f"{name!r} is no column's name")
        return Operand(node)
    return Moment(node) if known.type is DataType.TIMESTAMP else Operand(node, known.type)


def in_list(list_id: str) -> Condition:
    """Return the condition that a contact is on a list."""
    return column("list_ids").contains(list_id)


def and_(*conditions: Condition | nodes.Query | str) -> Condition:
    """Return the condition that all are TRUE: conditions, queries of either dialect, or their texts."""
    return Condition(membership.conjoined(_nodes(conditions)))


def or_(*conditions: Condition | nodes.Query | str) -> Condition:
    """Return the condition that one is TRUE: conditions, queries of either dialect, or their texts."""
    return Condition(membership.disjoined(_nodes(conditions)))


def not_(condition: Condition | nodes.Query | str) -> Condition:
    """Return the NOT of a condition: of a query, that a contact is no member."""
    if isinstance(condition, Condition):
        return ~condition
    return Condition(membership.not_true(condition_of(condition).node))


def condition_of(query: nodes.Query | str) -> Condition:
    """Return the condition that a query is of: one with joins is asked by a subquery.

    Raises BuildError for a last-event query that no condition on single events says, and for a v1 query that
    v2 cannot say; TypeError for what is no query.
    """
    parsed = parse(query) if isinstance(query, str) else query
    if isinstance(parsed, nodes.Predicate):
        made = upgrade(parsed, SENDGRID.as_lenient())
        if made.query is None:
            raise BuildError(f"v2 cannot say this: {made.refusals[0]}")
        parsed = made.query
    select = must_be(nodes.Select, parsed, "a condition is made by sql_seg.build, or is a query, or its text")
    try:
        return Condition(membership.condition_of(select))
    except CannotCombineError as error:
        raise BuildError(str(error)) from error


def _nodes(conditions: Sequence[Condition | nodes.Query | str]) -> list[nodes.Expression]:
    if not conditions:
        raise BuildError("there is no condition to combine")
    return [
        condition.node if isinstance(condition, Condition) else condition_of(condition).node
        for condition in conditions
    ]


def _negated(node: nodes.Expression) -> nodes.Expression:
    if isinstance(node, nodes.InSubquery):
        return nodes.InSubquery(node.operand, node.query, not node.negated)
    return nodes.Not(node)


def _said(kind: DataType | None) -> str:
    return "an unknown type" if kind is None else f"a {kind.name_in(Dialect.V2)}"
