"""Queries that are well-typed by construction, over contacts with a few custom fields and their events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from sql_seg.datatypes import ORDERED, DataType, Dialect, TimeUnit
from sql_seg.nodes import (
    And,
    Array,
    Between,
    Binary,
    Boolean,
    Call,
    Column,
    Comparison,
    Expression,
    In,
    InSubquery,
    Interval,
    IsBoolean,
    IsNull,
    Join,
    Like,
    Negative,
    Not,
    Null,
    Number,
    Or,
    Path,
    Predicate,
    Query,
    Select,
    SelectItem,
    String,
    Table,
    Timestamp,
    Using,
)
from sql_seg.operators import Arithmetic, Comparator
from sql_seg.schema import CONTACT_DATA, EVENT_DATA, SENDGRID
from tests.laws.strategies.values import magnitudes, patterns, texts, timestamp_texts

SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "Lifetime_Value", "field_type": "Number"},
        {"name": "birthday", "field_type": "Date"},
    ]
)
"""The schema of all generated queries and contacts."""

Columns = Mapping[DataType, tuple[Expression, ...]]

_DEPTH = 3
_KEYS = ("payload", "singlesend_id", "a-b", "url", "select")
_TEXT, _NUMBER, _TIMESTAMP, _VARIANT = DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.VARIANT
_ORDERED = sorted(ORDERED, key=lambda kind: kind.name)
_V1_UNITS = [unit for unit in TimeUnit if unit is not TimeUnit.WEEK]


@dataclass(frozen=True)
class Writer:
    """Draws expressions of a wanted type over the columns in sight.

    A depth is how many levels of functions and operators an expression may still have; ``subqueries`` is
    how many levels of them, and ``contact_id`` is what they ask about.
    """

    draw: st.DrawFn
    dialect: Dialect
    columns: Columns
    contact_id: Expression | None = None
    subqueries: int = 0

    def one_of(self, *options: Callable[[], Expression]) -> Expression:
        """Return what one of the options writes; the simplest stands first."""
        return options[self.draw(st.integers(0, len(options) - 1))]()

    def some(self, least: int, most: int, write: Callable[[], Expression]) -> tuple[Expression, ...]:
        """Return so many of what ``write`` writes."""
        return tuple(write() for _ in range(self.draw(st.integers(least, most))))

    def flag(self) -> bool:
        return self.draw(st.booleans())

    def maybe(self, write: Callable[[], Expression]) -> Expression | None:
        return write() if self.flag() else None

    def column(self, kind: DataType) -> Expression:
        return self.draw(st.sampled_from(self.columns[kind]))

    def leaf(self, kind: DataType, literal: Callable[[], Expression]) -> Expression:
        """Return a column, or a literal where there is none."""
        return self.one_of(lambda: self.column(kind), literal) if self.columns.get(kind) else literal()

    def of(self, kind: DataType, depth: int) -> Expression:
        """Return an expression of a type that has an order."""
        return {_TEXT: self.text, _NUMBER: self.number, _TIMESTAMP: self.timestamp}[kind](depth)

    def text(self, depth: int) -> Expression:
        def leaf() -> Expression:
            return self.leaf(_TEXT, lambda: String(self.draw(texts())))

        def inner() -> Expression:
            return self.text(depth - 1)

        if depth == 0:
            return leaf()
        options: list[Callable[[], Expression]] = [leaf, lambda: Call("LOWER", (inner(),))]
        if self.dialect is Dialect.V1:
            options.append(lambda: Call("CONCAT", (inner(), inner())))
            options.append(lambda: Binary(Arithmetic.ADD, inner(), inner()))
        else:
            options.append(lambda: Call("CONCAT", self.some(2, 3, inner)))
            options.append(lambda: Call("UPPER", (inner(),)))
        return self.one_of(*options)

    def number(self, depth: int) -> Expression:
        def leaf() -> Expression:
            return self.leaf(_NUMBER, lambda: Number(self.draw(magnitudes())))

        def inner() -> Expression:
            return self.number(depth - 1)

        if depth == 0:
            return leaf()
        return self.one_of(
            leaf,
            lambda: Negative(inner()),
            lambda: Call("LENGTH", (self.text(depth - 1),)),
            lambda: Binary(self.draw(st.sampled_from(Arithmetic)), inner(), inner()),
        )

    def timestamp(self, depth: int) -> Expression:
        def now() -> Expression:
            return Call("NOW" if self.dialect is Dialect.V1 or self.flag() else "CURRENT_TIMESTAMP")

        def leaf() -> Expression:
            return self.leaf(
                _TIMESTAMP, lambda: self.one_of(lambda: Timestamp(self.draw(timestamp_texts())), now)
            )

        return leaf() if depth == 0 else self.one_of(leaf, lambda: self.shifted(depth))

    def shifted(self, depth: int) -> Expression:
        """Return a timestamp with an amount of time added to it or taken from it."""
        amount = self.draw(st.integers(-400, 400) | st.sampled_from([10**9, -(10**9), 2**53]))
        moment = self.timestamp(depth - 1)
        if self.dialect is Dialect.V1:
            shift = self.draw(st.sampled_from([Arithmetic.ADD, Arithmetic.SUBTRACT]))
            return Binary(shift, moment, Interval(amount, self.draw(st.sampled_from(_V1_UNITS))))
        unit = self.draw(st.sampled_from([*map(str, TimeUnit), "DAYS", "Hour"]))
        number = Negative(Number(-amount)) if amount < 0 else Number(amount)
        return Call("TIMESTAMPADD", (Column(unit), number, moment))

    def boolean(self, depth: int = _DEPTH) -> Expression:
        """Return a condition."""

        def inner() -> Expression:
            return self.boolean(depth - 1)

        def equality() -> Expression:
            operator = self.draw(st.sampled_from([Comparator.EQ, Comparator.NE]))
            return Comparison(operator, inner(), self.one_of(inner, Null))

        if depth == 0:
            return self.predicate(0)
        options: list[Callable[[], Expression]] = [
            lambda: self.predicate(min(depth, 2)),
            lambda: Not(inner()),
            lambda: And(self.some(2, 3, inner)),
            lambda: Or(self.some(2, 3, inner)),
            equality,
            lambda: In(inner(), self.some(1, 2, inner), self.flag()),
            lambda: IsNull(inner(), self.flag()),
        ]
        if self.dialect is Dialect.V2:
            options.append(lambda: IsBoolean(inner(), self.flag(), self.flag()))
        return self.one_of(*options)

    def predicate(self, depth: int) -> Expression:
        """Return a condition without a condition in it."""
        anything = [column for columns in self.columns.values() for column in columns]
        options: list[Callable[[], Expression]] = [
            lambda: self.compared(self.draw(st.sampled_from(_ORDERED)), depth),
            lambda: Like(self.text(depth), String(self.draw(patterns(self.dialect))), self.flag()),
            lambda: IsNull(self.draw(st.sampled_from(anything)), self.flag()),
            lambda: Boolean(self.flag()),
        ]
        if self.columns.get(DataType.ARRAY):
            options.append(lambda: self.contains(depth))
        if self.columns.get(_VARIANT):
            options += [lambda: self.path_compared(depth), lambda: IsNull(self.path(), self.flag())]
        if self.subqueries and self.contact_id is not None:
            options.append(self.in_subquery)
        return self.one_of(*options)

    def compared(self, kind: DataType, depth: int) -> Expression:
        """Return a comparison within a type; beside it some NULLs, and v2's plain texts as timestamps."""
        besides = [lambda: self.of(kind, depth), lambda: self.of(kind, 0), Null]
        if kind is _TIMESTAMP and self.dialect is Dialect.V2:
            besides.append(lambda: String(self.draw(timestamp_texts())))
        return self.beside(self.of(kind, depth), lambda: self.one_of(*besides))

    def beside(self, operand: Expression, other: Callable[[], Expression]) -> Expression:
        return self.one_of(
            lambda: Comparison(self.draw(st.sampled_from(Comparator)), operand, other()),
            lambda: In(operand, self.some(1, 3, other), self.flag()),
            lambda: Between(operand, other(), other(), self.flag()),
        )

    def contains(self, depth: int) -> Expression:
        array, value = self.column(DataType.ARRAY), self.text(depth)
        if self.dialect is Dialect.V1:
            return Call("CONTAINS", (array, value))
        values = Array((value, *self.some(0, 2, lambda: self.text(depth))))
        return Call("ARRAY_CONTAINS", (array, self.one_of(lambda: value, lambda: values)))

    def path(self) -> Expression:
        column = self.column(_VARIANT)
        assert isinstance(column, Column)
        most = 1 if self.dialect is Dialect.V1 else 3
        return Path(column, tuple(self.draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=most))))

    def path_compared(self, depth: int) -> Expression:
        if self.dialect is Dialect.V1:
            has_key = Call("CONTAINS", (self.column(_VARIANT), String(self.draw(st.sampled_from(_KEYS)))))
            return self.one_of(lambda: self.beside(self.path(), lambda: self.text(depth)), lambda: has_key)
        kind = self.draw(st.sampled_from(_ORDERED))
        return self.beside(self.path(), lambda: self.of(kind, depth))

    def in_subquery(self) -> Expression:
        assert self.contact_id is not None
        return InSubquery(self.contact_id, _ids(self.draw, self.subqueries - 1), self.flag())


def _contact_columns(alias: str | None = None, *, joined: bool = False) -> Columns:
    """Return the contact columns by type, in some spellings; ``joined``, a bare contact_id is ambiguous."""
    kinds: dict[DataType, tuple[Expression, ...]] = {}
    for column in SCHEMA.contact_data.columns.values():
        spellings = [Column(column.name)] if not (joined and column.name == "contact_id") else []
        if alias is not None:
            spellings.append(Column(column.name.upper(), alias))
        kinds[column.type] = (*kinds.get(column.type, ()), *spellings)
    return kinds


def _event_columns(*tables: str | None) -> Columns:
    return {
        _TEXT: tuple(Column(name, table) for table in tables for name in ("event_type", "event_source")),
        _TIMESTAMP: tuple(Column("timestamp", table) for table in tables),
        _VARIANT: tuple(Column("data", table) for table in tables),
    }


def _merged(*parts: Columns) -> Columns:
    kinds = sorted({kind for part in parts for kind in part}, key=lambda kind: kind.name)
    return {kind: tuple(column for part in parts for column in part.get(kind, ())) for kind in kinds}


_V1_EVENT_COLUMNS: Columns = {
    _TEXT: (Column("event_type"), Column("event_source")),
    _TIMESTAMP: (Column("event_timestamp"),),
    _VARIANT: (Column("event_data"),),
}


@st.composite
def queries(draw: st.DrawFn, dialect: Dialect) -> Query:
    """Return a well-typed query of contacts alone."""
    if dialect is Dialect.V1:
        return Predicate(Writer(draw, dialect, _contact_columns()).boolean())
    alias = draw(st.sampled_from([None, "c", "Contact_Data"]))
    columns = [Column("contact_id"), Column("Updated_At", alias or CONTACT_DATA)]
    items = tuple(SelectItem(column) for column in draw(st.permutations(columns)))
    writer = Writer(draw, dialect, _contact_columns(alias or CONTACT_DATA))
    return Select(items, Table(CONTACT_DATA, alias), where=writer.maybe(writer.boolean))


@st.composite
def event_queries(draw: st.DrawFn, dialect: Dialect) -> Query:
    """Return a well-typed query that may ask for events too; in v2 with joins, subqueries and MAX."""
    if dialect is Dialect.V1:
        return Predicate(Writer(draw, dialect, _merged(_V1_EVENT_COLUMNS, _contact_columns())).boolean())
    aliases = draw(st.sampled_from([("e",), ("e", "f")]))
    bare = (None,) if len(aliases) == 1 else ()
    columns = _merged(_contact_columns("c", joined=True), _event_columns(*aliases, *bare))
    contact_id, updated_at = Column("contact_id", "c"), Column("updated_at", "c")
    writer = Writer(draw, dialect, columns, contact_id, subqueries=2)
    items = (SelectItem(contact_id), SelectItem(updated_at))
    table, joins = Table(CONTACT_DATA, "c"), _joins(draw, aliases)
    where = writer.maybe(writer.boolean)
    if draw(st.booleans()):
        return Select(items, table, joins, where)
    latest = Call("MAX", (Column("timestamp", "e"),))
    groups: dict[DataType, tuple[Expression, ...]] = {
        _TEXT: (contact_id,),
        _NUMBER: (Call("MAX", (Call("LENGTH", (Column("event_type", "e"),)),)),),
        _TIMESTAMP: (Column("last_event"), latest, updated_at),
    }
    return Select(
        (*items, SelectItem(latest, "last_event")),
        table,
        joins,
        where,
        (contact_id, updated_at) if draw(st.booleans()) else (),
        writer.maybe(Writer(draw, dialect, groups).boolean),
    )


def _joins(draw: st.DrawFn, aliases: tuple[str, ...]) -> tuple[Join, ...]:
    """Return joins of event_data to ``c``, with the condition in each of its spellings."""
    joins = []
    for alias, earlier in zip(aliases, ["c", *aliases], strict=False):
        left, right = Column("contact_id", earlier), Column("CONTACT_ID", alias)
        conditions: list[Expression | Using] = [
            Comparison(Comparator.EQ, left, right),
            Comparison(Comparator.EQ, right, left),
            Column("contact_id"),
            Using("contact_id"),
        ]
        joins.append(Join(Table(EVENT_DATA, alias), draw(st.sampled_from(conditions))))
    return tuple(joins)


def _ids(draw: st.DrawFn, subqueries: int) -> Select:
    """Return a subquery for ids of contacts: from either table, or from both."""
    shape = draw(st.sampled_from(["events", "contacts", "both"]))
    bare = Column("contact_id")
    if shape == "events":
        columns = _merged(_event_columns(None, EVENT_DATA), {_TEXT: (bare,)})
        writer = Writer(draw, Dialect.V2, columns, bare, subqueries)
        return Select((SelectItem(bare),), Table(EVENT_DATA), where=writer.maybe(writer.boolean))
    if shape == "contacts":
        writer = Writer(draw, Dialect.V2, _contact_columns(), bare, subqueries)
        return Select((SelectItem(bare),), Table(CONTACT_DATA), where=writer.boolean(2))
    columns = _merged(_contact_columns("c", joined=True), _event_columns("e", None))
    writer = Writer(draw, Dialect.V2, columns, Column("contact_id", "c"), subqueries)
    item = SelectItem(Column("contact_id", "e"))
    return Select((item,), Table(CONTACT_DATA, "c"), _joins(draw, ("e",)), writer.boolean(2))
