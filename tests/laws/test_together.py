"""Segments that are asked together hold the contacts that they hold alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.engines.duckdb import DuckDb
from tests.laws.strategies import SCHEMA, account_queries, accounts_near
from tests.laws.test_small_worlds import ALL, CONTACTS, DATASET, EVENTS, JOIN, LAST, NOW, TEXTS


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


OPENED = "SELECT e.contact_id FROM event_data AS e WHERE e.event_type = 'open'"
OF_OTHERS = "SELECT k.contact_id FROM contact_data AS k JOIN event_data AS e ON k.contact_id = e.contact_id"
SUBQUERIES = [
    f"{ALL} {'NOT ' if negated else ''}(contact_id {in_or_not} ({subquery}))"
    for negated in (False, True)
    for in_or_not in ("IN", "NOT IN")
    for subquery in (
        OPENED,
        f"{OPENED} AND e.timestamp >= TIMESTAMPADD(day, -7, NOW())",
        f"{OPENED} AND e.timestamp > TIMESTAMPADD(day, -7, NOW()) AND e.timestamp < NOW()",
        f"{OPENED} AND e.data:payload.value = 'x'",
        f"{OPENED} AND e.contact_id != 'c3'",
        "SELECT contact_id FROM event_data WHERE event_type = 'bounce'",
        "SELECT contact_id FROM contact_data WHERE age > 1",
        f"{OF_OTHERS} WHERE k.age > 1 AND e.event_type = 'open'",
        f"{OF_OTHERS} WHERE k.age > 1 OR e.data:payload.value = 1",
        f"{OF_OTHERS} WHERE e.timestamp < k.birthday",
    )
]
OTHERS = [
    f"{ALL} contact_id IN ({OPENED} AND e.contact_id NOT IN ({OPENED} AND e.data:payload.value = 'x'))",
    f"{ALL} plan = 'a' OR contact_id NOT IN ({OPENED}) AND contact_id IN (SELECT contact_id FROM event_data)",
    f"{JOIN} WHERE e.event_type = 'click' AND c.contact_id NOT IN ({OPENED})",
    f"{JOIN} WHERE e.timestamp <= TIMESTAMPADD(day, -7, NOW()) AND e.data:payload.value IS NOT NULL",
    f"{LAST} WHERE e.event_type = 'open' AND c.plan = 'a' HAVING last_event < NOW()",
    f"{LAST} WHERE e.data:payload.value = 1 HAVING last_event <= NOW() OR c.updated_at IS NULL",
]
OF_EVENTS = [*(text for text in TEXTS if "event" in text), *SUBQUERIES, *OTHERS]


def _in_tables() -> Dataset:
    engine = DuckDb()
    engine.put(SCHEMA, CONTACTS, EVENTS)
    return Dataset.of(engine._connection, schema=SCHEMA)


def _of_its_own() -> Dataset:
    return Dataset.of(CONTACTS, EVENTS, schema=SCHEMA)


def test_a_pass_over_records_finds_who_is_in_each_segment_of_a_small_world() -> None:
    segments = {text: Segment(text, SCHEMA) for text in OF_EVENTS}
    assert SegmentSet(segments).ids(DATASET, now=NOW) == {
        text: list(segment.ids(DATASET, now=NOW)) for text, segment in segments.items()
    }


@pytest.mark.parametrize("made", [_in_tables, _of_its_own])
def test_an_engine_finds_in_one_scan_who_is_in_each_segment_of_a_small_world(made: Any) -> None:
    together = SegmentSet({text: Segment(text, SCHEMA) for text in OF_EVENTS})
    expected = together.ids(DATASET, now=NOW)
    with made() as dataset:
        assert together.ids(dataset, now=NOW) == expected
        assert together.counts(dataset, now=NOW) == {text: len(ids) for text, ids in expected.items()}
        for text, preview in together.preview(dataset, now=NOW, sample=2).items():
            assert [one["contact_id"] for one in preview.sample] == expected[text][:2]
            assert preview.count == len(expected[text])


@settings(max_examples=6, deadline=None)
@given(data=st.data(), now=nows())
def test_an_engine_finds_in_one_scan_whom_the_interpreter_finds(data: st.DataObject, now: datetime) -> None:
    queries = data.draw(st.lists(account_queries(), min_size=1, max_size=3))
    account = data.draw(accounts_near(queries[0], now))
    together = SegmentSet(
        {str(number): Segment(to_text(query), SCHEMA) for number, query in enumerate(queries)}
    )
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    with Dataset.of(dataset.contacts, dataset.events, schema=SCHEMA) as held:
        expected = together.ids(Dataset(held.contacts, held.events, SCHEMA), now=now)
        assert together.ids(held, now=now) == expected
