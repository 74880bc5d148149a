"""What would bring one contact in, or out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql_seg.errors import NeedsDatasetError
from sql_seg.solver import NotFound, Turned, smallest_changes
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW, joined, last, opened, where

OPENED = {"contact_id": "1", "event_type": "open", "timestamp": NOW - timedelta(days=40)}
CLICKED = {"contact_id": "1", "event_type": "click", "timestamp": NOW - timedelta(days=2)}
EVENTS = [OPENED, CLICKED]
MADE = {"event_type": "open", "timestamp": NOW - timedelta(days=1), "event_source": "mail"}
COME = {"contact_id": "1", **MADE}


def day(number: int, seconds: int = 0) -> datetime:
    return NOW - timedelta(days=number, seconds=seconds)


Told = list[tuple[Any, ...]]
CASES: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]], list[Told]]] = {
    "both parts of AND": (
        "country = 'US' AND age > 21",
        {"country": "NO", "age": 20},
        [],
        [[("country", "NO", "US"), ("age", 20, 22)]],
    ),
    "either part of AND": (
        "country = 'US' AND age > 21",
        {"country": "US", "age": 30},
        [],
        [[("country", "US", "NO")], [("age", 30, 21)]],
    ),
    "a missing value": ("age >= 18", {}, [], [[("age", None, 18)]]),
    "a pattern keeps what it may": (
        "email LIKE '%@gmail.com'",
        {"email": "ada@x.com"},
        [],
        [[("email", "ada@x.com", "ada@gmail.com")]],
    ),
    "one of a list more": (
        "CONTAINS(list_ids, 'a') AND CONTAINS(list_ids, 'b')",
        {"list_ids": ["b", "c"]},
        [],
        [[("list_ids", ["b", "c"], ["b", "c", "a"])]],
    ),
    "the nearest moment": (
        "updated_at >= NOW() - INTERVAL 30 DAY",
        {"updated_at": day(40)},
        [],
        [[("updated_at", day(40), day(30))]],
    ),
    "arithmetic": ("age * 2 > 6", {"age": 1}, [], [[("age", 1, 4)]]),
    "one event changed, or one that comes": (
        "event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY",
        {"contact_id": "1"},
        EVENTS,
        [
            [("event_type", "click", "open", 1)],
            [("timestamp", day(40), day(30, -1), 0)],
            [("", None, MADE, 2)],
        ],
    ),
    "an event less": (
        where(f"contact_id IN {opened()}"),
        {"contact_id": "1"},
        [OPENED],
        [[("event_type", "open", "click", 0)]],
    ),
    "a column and an event": (
        where(f"contact_id NOT IN {opened()} AND city = 'a'"),
        {"contact_id": "1", "city": "b"},
        EVENTS,
        [[("city", "b", "a"), ("event_type", "open", "click", 0)]],
    ),
    "the last event": (
        last("last < '2026-02-01'"),
        {"contact_id": "1"},
        EVENTS,
        [[("timestamp", day(40), datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), 0)]],
    ),
    "a path": (
        joined("e.data:payload.x = 'a' AND e.data:payload.n > 3"),
        {"contact_id": "1"},
        [{**OPENED, "data": {"payload": {"x": "a"}}}],
        [
            [("data.payload.n", None, 4, 0)],
            [("", None, {**MADE, "data": {"payload": {"x": "a", "n": 4}}}, 1)],
        ],
    ),
}


@pytest.mark.parametrize(("query", "contact", "events", "expected"), CASES.values(), ids=CASES)
def test_the_smallest_changes(
    query: str, contact: dict[str, Any], events: list[dict[str, Any]], expected: list[Told]
) -> None:
    found = smallest_changes(query, contact, events, schema=SCHEMA, now=NOW)
    assert isinstance(found, tuple)
    told = [
        [
            (change.name, change.before, change.after, *([] if change.event is None else [change.event]))
            for change in turned.changes
        ]
        for turned in found
    ]
    assert told == expected


def test_the_record_after_the_changes() -> None:
    (first, *_) = _turned("event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY", [])
    assert first.record.events == (COME,)
    (removed, *_) = _turned("event_timestamp < NOW()", [CLICKED], most=1)
    assert removed.record.contact == {"contact_id": "1"}


def _turned(query: str, events: list[dict[str, Any]], **given: Any) -> tuple[Turned, ...]:
    found = smallest_changes(query, {"contact_id": "1"}, events, schema=SCHEMA, now=NOW, **given)
    assert isinstance(found, tuple)
    return found


def test_where_nothing_turns_the_answer() -> None:
    found = smallest_changes("age > 1 AND age < 1", {"age": 1}, schema=SCHEMA, now=NOW)
    assert isinstance(found, NotFound)
    assert found.reason == "no 3 changes were found that turn the answer"


def test_too_few_steps() -> None:
    condition = " AND ".join(f"custom_{i} = 'a{i}'" for i in range(40))
    lenient = SCHEMA.as_lenient()
    found = smallest_changes(condition, {}, schema=lenient, now=NOW, most=5)
    assert isinstance(found, NotFound)
    assert found.reason.startswith("gave up after 500,000 steps")


def test_other_contacts_must_be_known() -> None:
    with pytest.raises(NeedsDatasetError):
        smallest_changes(where("city IN (SELECT city FROM contact_data WHERE age > 1)"), {}, schema=SCHEMA)
