"""Segments that are asked together hold the contacts that they hold alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data(), now=nows())
def test_segments_asked_together_hold_whom_they_hold_alone(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    queries = data.draw(st.lists(account_queries(dialect), min_size=1, max_size=3)) * 2
    account = data.draw(accounts_near(queries[0], now))
    segments = {str(number): Segment(to_text(query), SCHEMA) for number, query in enumerate(queries)}
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    assert SegmentSet(segments).ids(dataset, now=now) == {
        name: list(segment.ids(account.contacts, account.events, now=now))
        for name, segment in segments.items()
    }
