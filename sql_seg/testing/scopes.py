"""What an expression may name: the columns in sight by type, in the spellings that a query may give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.schema import CONTACT_DATA, V1_EVENT_FIELDS, Schema, TableSchema
from sql_seg.syntax.nodes import Column, Expression

Columns = Mapping[DataType, tuple[tuple[Expression, ...], ...]]
"""For each type a group of expressions for each table, so that no table is drowned by a larger one."""


@dataclass(frozen=True, eq=False)
class ColumnsInSight:
    """Columns by type, and the contact's id, which subqueries ask about."""

    dialect: Dialect
    columns: Columns
    contact_id: Column

    @property
    def types(self) -> list[DataType]:
        """The types of the columns in sight."""
        return list(self.columns)


@cache
def predicate_scope(schema: Schema, *, events: bool) -> ColumnsInSight:
    """Return what a v1 predicate may name: the contact's columns, and the fields of its events."""
    names = {column.key for column in V1_EVENT_FIELDS.columns.values()}
    contact = [column for column in schema.contact_data.columns.values() if column.key not in names]
    tables = [[(column.type, Column(column.name)) for column in contact]]
    if events:
        own = schema.contact_data.columns
        fields = [column for key, column in V1_EVENT_FIELDS.columns.items() if key not in own]
        tables.append([(column.type, Column(column.name)) for column in fields])
    return ColumnsInSight(Dialect.V1, _grouped(tables), Column("contact_id"))


@cache
def select_scope(schema: Schema, *tables: tuple[str, str | None]) -> ColumnsInSight:
    """Return what stands in sight of tables, each with its alias; names alone where they are not ambiguous.

    At least one table has to have a name of its own, and the first gives the contact's id.
    """
    known = [(schema.table(name), alias or name, alias) for name, alias in tables]
    met = Counter(key for table, _, _ in known if table is not None for key in table.columns)
    groups = [
        [
            (column.type, spelling)
            for column in table.columns.values()
            for spelling in _spellings(table, column.name, qualifier, alone=met[column.key] == 1)
        ]
        for table, qualifier, _ in known
        if table is not None
    ]
    first = known[0][1]
    return ColumnsInSight(
        Dialect.V2, _grouped(groups), Column("contact_id", first if len(tables) > 1 else None)
    )


def _spellings(table: TableSchema, name: str, qualifier: str, *, alone: bool) -> Iterable[Column]:
    if alone:
        yield Column(name)
    yield Column(name, qualifier)
    if table.name == CONTACT_DATA and alone:
        yield Column(name.upper())


def _grouped(tables: Iterable[Iterable[tuple[DataType, Expression]]]) -> Columns:
    groups: dict[DataType, list[tuple[Expression, ...]]] = {}
    for table in tables:
        by_type: dict[DataType, list[Expression]] = {}
        for kind, expression in table:
            by_type.setdefault(kind, []).append(expression)
        for kind, expressions in by_type.items():
            groups.setdefault(kind, []).append(tuple(expressions))
    return {kind: tuple(groups[kind]) for kind in sorted(groups, key=lambda kind: kind.name)}
