"""Segments as sets of contacts: ``a & b``, ``a | b``, ``a - b`` and ``~a``, each a segment again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import CannotCombineError
from sql_seg.frozen import replace
from sql_seg.language.schema import Schema
from sql_seg.syntax import combining
from sql_seg.syntax.formatting import format_text, to_text
from sql_seg.syntax.nodes import Query

if TYPE_CHECKING:
    from sql_seg.segments.segment import Segment


def complement(one: Segment) -> Segment:
    """Return the segment of who is not in a segment. Raises CannotCombineError."""
    return _made(type(one), lambda: combining.complement(_whole(one)), one.checked.schema, ())


def intersection(one: Segment, other: Segment) -> Segment:
    """Return the segment of who is in both. Raises CannotCombineError."""
    return _combined(combining.intersection, one, other)


def union(one: Segment, other: Segment) -> Segment:
    """Return the segment of who is in one of two, or in both. Raises CannotCombineError."""
    return _combined(combining.union, one, other)


def difference(one: Segment, other: Segment) -> Segment:
    """Return the segment of who is in the first and not in the other. Raises CannotCombineError."""
    return _combined(combining.difference, one, other)


def _combined(combine: Callable[[Query, Query], Query], one: Segment, other: Segment) -> Segment:
    if one.query.dialect is not other.query.dialect:
        raise CannotCombineError(
            f"one segment is in {one.query.dialect}, the other in {other.query.dialect}: "
            "upgrade the one in v1 first, as Segment(sql_seg.upgrade(old.query, schema).query, schema)"
        )
    schema = _common(one.checked.schema, other.checked.schema)
    if set(one.parent_list_ids) == set(other.parent_list_ids):
        return _made(type(one), lambda: combine(one.query, other.query), schema, one.parent_list_ids)
    return _made(type(one), lambda: combine(_whole(one), _whole(other)), schema, ())


def _whole(segment: Segment) -> Query:
    """Return a segment's query with its parent lists as conditions."""
    lists = segment.parent_list_ids
    return combining.on_lists(segment.query, lists) if lists else segment.query


def _made(kind: type[Segment], make: Callable[[], Query], schema: Schema, lists: Sequence[str]) -> Segment:
    try:
        query = make()
        text = format_text(to_text(query), query.dialect)
        return kind(text, schema, query.dialect, parent_list_ids=lists)
    except CannotCombineError:
        raise
    except QueryError as error:
        raise CannotCombineError(
            f"together the segments make no valid query: {error.diagnostics[0].message}"
        ) from error
    except ValueError as error:  # what the constructors of nodes refuse: it nests too deep
        raise CannotCombineError(f"together the segments make no query: {error}") from error


def _common(one: Schema, other: Schema) -> Schema:
    """Return a schema that has the custom fields of both. Raises CannotCombineError where they disagree."""
    if one == other:
        return one
    fields = {column.key: column for column in one.custom_fields}
    for column in other.custom_fields:
        known = fields.setdefault(column.key, column)
        if known.type is not column.type:
            raise CannotCombineError(
                f"the schemas of the segments disagree on the custom field {column.name}: "
                f"it is a {known.type} in one, and a {column.type} in the other"
            )
    return replace(one.with_columns(fields.values()), lenient=one.lenient or other.lenient)
