"""Queries as people give them, made ready to be solved."""

from __future__ import annotations

from typing import Protocol

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.terms import THE_CONTACT, ColumnValue, walk
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.schema import Schema
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse


class HasChecked(Protocol):
    """What has a checked query, as a Segment does, which stands above this."""

    @property
    def checked(self) -> CheckedQuery:
        """The checked query, the parent lists included."""


QueryLike = str | Query | CheckedQuery | HasChecked
"""A query: its text, its syntax tree, checked, or as a segment."""


def checked_query(
    query: QueryLike, schema: Schema | None = None, dialect: Dialect | str | None = None
) -> CheckedQuery:
    """Return a query checked; one that is checked already keeps its own schema.

    Raises QuerySyntaxError or CheckError where a text or a tree is no valid query.
    """
    if isinstance(query, CheckedQuery):
        return query
    if isinstance(query, str):
        return check(parse(query, dialect), schema)
    return check(query, schema) if isinstance(query, Query) else query.checked


def kept_columns(*queries: CheckedQuery) -> frozenset[str]:
    """Return the contact's columns that queries read and SendGrid never leaves NULL."""
    return frozenset(
        name
        for query in queries
        for name in query.columns
        if (column := query.schema.contact_data.columns.get(name)) is not None and not column.nullable
    )


def must_agree(one: CheckedQuery, other: CheckedQuery) -> None:
    """Raise ValueError where two queries take a column of contacts for values of two types."""
    types = _types(one)
    for name, data_type in _types(other).items():
        own = types.get(name, data_type)
        if own is not data_type:
            kinds = [kind.name_in(one.query.dialect) for kind in (own, data_type)]
            raise ValueError(f"the one query reads {name} as {kinds[0]}, the other as {kinds[1]}")


def _types(query: CheckedQuery) -> dict[str, DataType]:
    terms = walk(query.condition)
    return {t.name: t.type for t in terms if isinstance(t, ColumnValue) and t.row == THE_CONTACT}
