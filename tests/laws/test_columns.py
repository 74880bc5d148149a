"""Columns say what rows say, in whatever form they are kept, and give back the records they were made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.columns import Table, vectors
from sql_seg.columns.later import Later
from sql_seg.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)


@contextmanager
def hardly_coded() -> Iterator[None]:
    """Keep as plain objects, numbers and times what so few records would have as codes."""
    with patch.object(vectors, "MOST_CODES_OF_A_BYTE", 0):
        yield


@contextmanager
def made_at_once() -> Iterator[None]:
    """Make at the first question what is else made at the second."""
    with patch.object(Later, "use", lambda _, make: make()):
        yield


@DIALECTS
@given(data=st.data(), now=nows())
def test_columns_that_are_hardly_coded_say_what_contacts_say(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(contact_queries(dialect))
    asked = data.draw(contacts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    with hardly_coded():
        dataset, other = Dataset(asked, schema=SCHEMA), Dataset(asked, schema=SCHEMA)
    expected = list(segment.ids(asked, now=now))
    assert list(segment.ids(dataset, now=now)) == expected
    assert list(segment.ids(dataset, now=now)) == expected  # by what it remembers
    with made_at_once():
        assert list(segment.ids(other, now=now)) == expected


@DIALECTS
@given(data=st.data(), now=nows())
def test_columns_that_are_hardly_coded_say_of_events_what_rows_say(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    with hardly_coded():
        dataset, other = (Dataset(account.contacts, account.events, SCHEMA) for _ in range(2))
    expected = list(segment.ids(account.contacts, account.events, now=now))
    assert list(segment.ids(dataset, now=now)) == expected
    assert segment.count(dataset, now=now) == len(expected)
    with made_at_once():
        assert list(segment.ids(other, now=now)) == expected


@DIALECTS
@given(data=st.data(), moments=st.lists(nows(), min_size=2, max_size=2))
def test_what_is_remembered_of_one_now_says_nothing_of_another(
    dialect: Dialect, data: st.DataObject, moments: list[datetime]
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, moments[0]))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    for now in (*moments, moments[0]):
        expected = list(segment.ids(account.contacts, account.events, now=now))
        assert list(segment.ids(dataset, now=now)) == expected


@DIALECTS
@given(data=st.data(), now=nows())
def test_segments_asked_together_hold_whom_they_hold_alone(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    queries = data.draw(st.lists(account_queries(dialect), min_size=1, max_size=3)) * 2
    account = data.draw(accounts_near(queries[0], now))
    segments = {str(number): Segment(to_text(query), SCHEMA) for number, query in enumerate(queries)}
    with hardly_coded():
        dataset = Dataset(account.contacts, account.events, SCHEMA)
    assert SegmentSet(segments).ids(dataset, now=now) == {
        name: list(segment.ids(account.contacts, account.events, now=now))
        for name, segment in segments.items()
    }


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([0.0, -0.0, 1.0])
    | st.text(max_size=3)
    | st.datetimes(timezones=st.timezones() | st.just(None))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)
ALIKE = st.one_of([st.just(kind) for kind in (SCALARS, st.text(max_size=2), st.integers(0, 3), VALUES)])


def exactly(value: Any) -> Any:
    """Return something that is equal for values that are the same in every way, and for them alone."""
    if isinstance(value, dict):
        return dict, {key: exactly(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [exactly(item) for item in value]
    return type(value), repr(value)


@pytest.mark.parametrize("coded", [True, False])
@given(data=st.data())
def test_a_table_gives_back_the_records_that_it_was_made_of(coded: bool, data: st.DataObject) -> None:
    columns = {key: data.draw(ALIKE) for key in ("x", "y")}
    record = st.fixed_dictionaries({}, optional=columns)
    records = data.draw(st.lists(record, max_size=8))
    if coded:
        table = Table.of(records)
    else:
        with hardly_coded():
            table = Table.of(records)
    assert exactly(list(table)) == exactly(records)
    assert exactly([table[row] for row in range(len(table))]) == exactly(records)
