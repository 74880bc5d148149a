"""Smallest changes are true, none of them can be left out, and in a small world there are no others.

The world has a few values for each column and event; all contacts that differ from one in some of its parts
are asked, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import Segment
from sql_seg.solver import Turned, smallest_changes
from tests.corpus.cases import SCHEMA

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
COLUMNS: dict[str, list[Any]] = {
    "city": [None, "", "a", "b", "ab"],
    "age": [None, 0, 1, 2, 5],
    "birthday": [None, *(NOW - timedelta(days=days) for days in (0, 10, 40))],
}
TYPES = ["open", "click", "bounce"]
TIMES = [NOW - timedelta(days=days) for days in (1, 20, 50)]
EVENTS = [{"contact_id": "1", "event_type": kind, "timestamp": time} for kind in TYPES for time in TIMES]
MOST = 2

SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE"
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id WHERE"
)
LAST = JOIN.replace(" FROM", ", MAX(e.timestamp) AS last FROM", 1)
OPENED = "(SELECT contact_id FROM event_data WHERE event_type = 'open')"
BOUNCED = OPENED.replace("open", "bounce")
QUERIES = [
    "city = 'a' AND age > 1",
    "city != 'a' OR age IS NULL",
    "city LIKE 'a%' AND NOT age BETWEEN 1 AND 2",
    "city IN ('a', 'ab') AND age < 1",
    "LENGTH(city) = 2 OR age * 2 = 10",
    "birthday < NOW() - INTERVAL 30 DAY AND city IS NOT NULL",
    "event_type = 'open'",
    "event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY",
    "event_type = 'open' OR city = 'a'",
    "event_type IS NULL AND age = 1",
    "NOT event_type = 'click'",
    f"{SELECT} contact_id IN {OPENED} AND city = 'b'",
    f"{SELECT} contact_id NOT IN {OPENED} AND age >= 2",
    f"{JOIN} e.timestamp > c.birthday AND e.event_type = 'click'",
    f"{JOIN} e.event_type = 'open' AND c.contact_id NOT IN {BOUNCED}",
    f"{LAST} e.event_type != 'bounce' HAVING last < TIMESTAMPADD(day, -10, NOW())",
]

Contact = Mapping[str, Any]
Parts = frozenset[Any]


@pytest.mark.parametrize("query", QUERIES)
@settings(max_examples=6, deadline=None)
@given(
    contact=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in COLUMNS.items()}),
    events=st.lists(st.sampled_from(EVENTS), max_size=2),
)
def test_the_smallest_changes_are_all_there_are(
    query: str, contact: dict[str, Any], events: list[dict[str, Any]]
) -> None:
    segment = Segment(query, SCHEMA)
    contact = {"contact_id": "1", **contact}
    before = segment.matches(contact, events, now=NOW)
    found = smallest_changes(segment, contact, events, now=NOW, most=MOST)
    turned = found if isinstance(found, tuple) else ()
    parts = [parts_of(one) for one in turned]
    for one in turned:
        assert segment.matches(one.record.contact, one.record.events, now=NOW) is not before
    in_the_world = {
        changed
        for changed, other, others in differing(contact, events)
        if segment.matches(other, others, now=NOW) is not before
    }
    smallest = {changed for changed in in_the_world if not any(other < changed for other in in_the_world)}
    for changed in smallest:
        assert any(own <= changed for own in parts), changed
    for own in parts:
        assert not any(changed < own for changed in in_the_world)


def parts_of(turned: Turned) -> Parts:
    """Return what changed: columns by name, events by number, and those that come by how many they are."""
    return frozenset(change.name if change.event is None else change.event for change in turned.changes)


def differing(
    contact: Contact, events: list[dict[str, Any]]
) -> Iterator[tuple[Parts, dict[str, Any], list[dict[str, Any]]]]:
    """Yield all contacts of the world that differ in some parts at most, with these parts."""
    options: dict[Any, list[Any]] = {
        name: [value for value in values if value != contact[name]] for name, values in COLUMNS.items()
    }
    for index, event in enumerate(events):
        options[index] = [None, *(other for other in EVENTS if other != event)]
    options[len(events)] = EVENTS
    options[len(events) + 1] = EVENTS
    for size in range(1, MOST + 1):
        for chosen in combinations(options, size):
            if len(events) + 1 in chosen and len(events) not in chosen:
                continue
            for values in product(*(options[part] for part in chosen)):
                changed = dict(zip(chosen, values, strict=True))
                own = [changed.get(index, event) for index, event in enumerate(events)]
                come = [changed[part] for part in (len(events), len(events) + 1) if part in changed]
                columns = {name: value for name, value in changed.items() if isinstance(name, str)}
                yield frozenset(chosen), {**contact, **columns}, [e for e in [*own, *come] if e is not None]
