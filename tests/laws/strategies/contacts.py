"""Contacts whose values lie near what a query compares them with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sql_seg.datatypes import DataType
from sql_seg.literals import read_timestamp
from sql_seg.nodes import Number, Query, String, Timestamp
from sql_seg.traversal import walk
from tests.laws.strategies.typed import SCHEMA
from tests.laws.strategies.values import instants, texts

Contact = Mapping[str, Any]

_FAR = (1e308, -1e308, 5e-324, -0.0, 2**53 + 1, -(2**63))
_STEPS = [timedelta(microseconds=n) for n in (-1, 0, 1)] + [timedelta(days=n) for n in (-1, 1, 30)]


def nows() -> st.SearchStrategy[datetime]:
    """Return moments to ask a query at."""
    return st.just(datetime(2024, 3, 31, 12, tzinfo=UTC)) | instants()


def contacts(query: Query | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return contacts: mappings by lower-case column, NULL as None or as a missing key.

    With a query, their values are often its own literals, or just beside them.
    """
    values = {
        DataType.VARCHAR: _texts(query),
        DataType.NUMBER: _numbers(query),
        DataType.TIMESTAMP: _instants(query),
        DataType.ARRAY: st.lists(_texts(query), max_size=3),
    }
    columns = {column.key: st.none() | values[column.type] for column in SCHEMA.contact_data.columns.values()}
    return st.fixed_dictionaries({}, optional=columns)


def _texts(query: Query | None) -> st.SearchStrategy[str]:
    literals = [node.value for node in _nodes(query) if isinstance(node, String)]
    if not literals:
        return texts()
    near = st.sampled_from(literals).flatmap(
        lambda text: st.sampled_from(
            [
                text,
                text.upper(),
                text.lower(),
                text[:-1],
                text + "a",
                "a" + text,
                text.replace("%", ""),
                text.replace("_", "a"),
            ]
        )
    )
    return near | texts()


def _numbers(query: Query | None) -> st.SearchStrategy[int | float]:
    literals = [node.value for node in _nodes(query) if isinstance(node, Number)]
    near = st.sampled_from([*literals, 0, 1, 10])
    return st.one_of(
        near,
        near.map(lambda number: -number),
        near.map(lambda number: number + 1),
        st.integers(-20, 20),
        st.sampled_from(_FAR),
        st.floats(allow_nan=False, allow_infinity=False),
    )


def _instants(query: Query | None) -> st.SearchStrategy[datetime]:
    texts_of_moments = [node.value for node in _nodes(query) if isinstance(node, String | Timestamp)]
    moments = [moment for moment in map(read_timestamp, texts_of_moments) if moment]
    if not moments:
        return instants()
    return st.builds(_shifted, st.sampled_from(moments), st.sampled_from(_STEPS)) | instants()


def _shifted(moment: datetime, step: timedelta) -> datetime:
    try:
        return moment + step
    except OverflowError:
        return moment


def _nodes(query: Query | None) -> list[Any]:
    return [] if query is None else list(walk(query))
