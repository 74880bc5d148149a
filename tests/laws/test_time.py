"""A timeline is the previews at its instants; a verdict turns only at the instants that changes gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import Dataset, Segment
from sql_seg.segments.timeline import instants_between
from tests.corpus.cases import SCHEMA

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id WHERE "
)
LAST = JOIN.replace(" FROM", ", MAX(e.timestamp) AS last FROM", 1)
EVENTS = "SELECT contact_id FROM event_data WHERE"
SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE "
QUERIES = [
    "created_at > NOW() - INTERVAL 30 DAY",
    "created_at + INTERVAL 1 MONTH < NOW()",
    "NOT created_at BETWEEN NOW() - INTERVAL 2 DAY AND NOW() + INTERVAL 1 DAY",
    "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 1 MONTH",
    "NOW() >= TIMESTAMP '2026-02-28' OR city = 'x'",
    f"{SELECT}created_at = TIMESTAMPADD(day, -10, NOW())",
    f"{JOIN}e.timestamp > TIMESTAMPADD(month, -1, NOW()) AND e.event_type = 'click'",
    f"{JOIN}e.timestamp > TIMESTAMPADD(day, -3, c.created_at) AND e.timestamp < TIMESTAMPADD(day, -1, NOW())",
    f"{LAST}e.event_type != 'x' HAVING last < TIMESTAMPADD(day, -20, NOW())",
    f"{SELECT}contact_id NOT IN ({EVENTS} timestamp > TIMESTAMPADD(day, -9, NOW()))",
    "city = 'x'",
]  # fmt: skip


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(-80, 20).map(lambda hours: NOW + hours * timedelta(hours=12))


def records() -> st.SearchStrategy[tuple[dict[str, Any], list[dict[str, Any]]]]:
    contact = st.fixed_dictionaries({"contact_id": st.just("1"), "created_at": st.none() | moments()})
    event = st.fixed_dictionaries(
        {
            "contact_id": st.just("1"),
            "event_type": st.sampled_from(["open", "click"]),
            "timestamp": moments(),
        }
    )
    return st.tuples(contact, st.lists(event, max_size=3))


@pytest.mark.parametrize("query", QUERIES)
@settings(max_examples=12, deadline=None)
@given(record=records(), offsets=st.lists(st.integers(1, 120 * 24 * 60), max_size=40))
def test_a_verdict_turns_at_the_instants_of_changes_alone(
    query: str, record: tuple[dict[str, Any], list[dict[str, Any]]], offsets: list[int]
) -> None:
    contact, events = record
    segment = Segment(query, SCHEMA)
    turns = segment.changes(contact, events, now=NOW, most=100)
    verdict = segment.matches(contact, events, now=NOW)
    for turn in turns:
        assert segment.matches(contact, events, now=turn.at - timedelta(microseconds=1)) is verdict
        assert turn.is_member is not verdict
        verdict = turn.is_member
        assert segment.matches(contact, events, now=turn.at) is verdict
    for offset in offsets:
        moment = NOW + timedelta(minutes=offset)
        known = [turn.is_member for turn in turns if turn.at <= moment]
        expected = known[-1] if known else segment.matches(contact, events, now=NOW)
        assert segment.matches(contact, events, now=moment) is expected


@settings(max_examples=15, deadline=None)
@given(people=st.lists(records(), max_size=4), query=st.sampled_from(QUERIES))
def test_a_timeline_is_the_previews_of_its_instants(people: list[Any], query: str) -> None:
    contacts = [{**contact, "contact_id": str(at)} for at, (contact, _) in enumerate(people)]
    events = [{**event, "contact_id": str(at)} for at, (_, own) in enumerate(people) for event in own]
    dataset = Dataset(contacts, events, SCHEMA)
    segment = Segment(query, SCHEMA)
    instants = list(instants_between(NOW - 20 * DAY, NOW + 20 * DAY, "week"))
    timeline = segment.timeline(dataset, instants)
    before: set[Any] | None = None
    for instant in timeline.instants:
        members = set(segment.ids(dataset, now=instant.now))
        assert instant.count == segment.preview(dataset, now=instant.now).count == len(members)
        assert set(instant.entered) == (set() if before is None else members - before)
        assert set(instant.left) == (set() if before is None else before - members)
        before = members


@settings(max_examples=15, deadline=None)
@given(people=st.lists(records(), min_size=1, max_size=4), query=st.sampled_from(QUERIES))
def test_in_duckdb_a_timeline_is_the_same_and_turns_where_changes_say(people: list[Any], query: str) -> None:
    contacts = [{**contact, "contact_id": str(at)} for at, (contact, _) in enumerate(people)]
    events = [{**event, "contact_id": str(at)} for at, (_, own) in enumerate(people) for event in own]
    segment = Segment(query, SCHEMA)
    turns = [
        turn.at
        for contact in contacts
        for turn in segment.changes(
            contact, [one for one in events if one["contact_id"] == contact["contact_id"]], now=NOW
        )
    ]
    tick = timedelta(microseconds=1)
    around = {moment for at in turns[:6] for moment in (at - tick, at)}
    instants = sorted({NOW, *around, NOW + 20 * DAY})
    dataset = Dataset(contacts, events, SCHEMA)
    with Dataset.of(contacts, events, schema=SCHEMA) as held:
        assert segment.timeline(held, instants) == segment.timeline(dataset, instants)
        members = [set(segment.ids(held, now=instant)) for instant in instants]
    for (start, before), (end, after) in pairwise(zip(instants, members, strict=True)):
        if before != after:
            assert any(start < at <= end for at in turns)


def test_months_are_counted_from_the_first_instant() -> None:
    found = [moment.day for moment in instants_between(NOW, datetime(2026, 5, 1, tzinfo=UTC), "month")]
    assert found == [31, 28, 31, 30]
