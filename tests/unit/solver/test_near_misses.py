"""Golden pairs: one in the segment, one just out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg.solver import Impossible, NearMiss, near_miss
from sql_seg.solver.choices import Seeded
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW, joined, opened


def just(query: str) -> NearMiss:
    found = near_miss(query, schema=SCHEMA, now=NOW)
    assert isinstance(found, NearMiss)
    return found


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("age >= 21 AND age < 65", {"age": 21}, {"age": 20}),
        ("email LIKE '%@gmail.com'", {"email": "ada@gmail.com"}, {"email": "ada@example.com"}),
        (
            "country = 'US' AND plan = 'pro'",
            {"country": "US", "plan": "pro"},
            {"country": "NO", "plan": "pro"},
        ),
        ("country IS NULL", {}, {"country": "NO"}),
        ("country IS NOT NULL", {"country": "NO"}, {}),
        ("CONTAINS(list_ids, 'A')", {"list_ids": ["A"]}, {"list_ids": []}),
        (
            "updated_at >= NOW() - INTERVAL 1 DAY",
            {"updated_at": NOW.replace(day=30)},
            {"updated_at": datetime(2026, 3, 30, 11, 59, 59, tzinfo=UTC)},
        ),
    ],
)
def test_one_value_makes_the_difference(query: str, inside: dict[str, Any], outside: dict[str, Any]) -> None:
    found = just(query)
    assert (found.inside.contact, found.outside.contact) == (inside, outside)


def test_one_field_of_an_event_makes_the_difference() -> None:
    found = just(joined("e.event_type = 'open' AND e.timestamp >= '2026-03-01'"))
    (inside,), (outside,) = found.inside.events, found.outside.events
    assert {name for name in inside if inside[name] != outside[name]} == {"event_type"}


def test_one_more_event_makes_the_difference() -> None:
    found = just(joined(f"e.event_type = 'processed' AND c.contact_id NOT IN {opened()}"))
    assert [event["event_type"] for event in found.inside.events] == ["processed"]
    assert sorted(event["event_type"] for event in found.outside.events) == ["open", "processed"]


def test_other_choices_give_other_pairs() -> None:
    query = "country = 'US' AND age >= 21 AND plan != 'free'"
    found = [near_miss(query, schema=SCHEMA, now=NOW, choices=Seeded(seed)) for seed in range(12)]
    differing = set()
    for pair in found:
        assert isinstance(pair, NearMiss)
        inside, outside = pair.inside.contact, pair.outside.contact
        (name,) = {name for name in {**inside, **outside} if inside.get(name) != outside.get(name)}
        differing.add(name)
    assert differing == {"country", "age", "plan"}


@pytest.mark.parametrize("query", ["age = 1 AND age = 2", "TRUE"])
def test_nobody_is_just_out_where_nobody_is_in_or_everybody(query: str) -> None:
    assert isinstance(near_miss(query, schema=SCHEMA), Impossible)


def test_the_events_are_those_of_the_contact() -> None:
    joined = "contact_data AS c JOIN event_data AS e ON c.contact_id = e.contact_id"
    pair = near_miss(f"SELECT c.contact_id, c.updated_at FROM {joined} WHERE c.contact_id = 'a'", now=NOW)
    assert isinstance(pair, NearMiss)
    for record in (pair.inside, pair.outside):
        assert {event["contact_id"] for event in record.events} <= {record.contact["contact_id"]}
    assert pair.outside.events
