from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from sql_seg import Dataset, Segment
from sql_seg.columnar.evaluator import _ContactScan

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTACTS: list[dict[str, Any]] = [
    {
        "contact_id": str(number),
        "email": f"person{number}@{'gmail.com' if number % 3 else 'example.com'}",
        "country": ("US", None, "CA")[number % 3],
        "city": ("Denver", "Boulder")[number % 2],
        "updated_at": NOW - timedelta(days=number),
    }
    for number in range(12)
]
EVENTS: list[dict[str, Any]] = [
    {
        "contact_id": str(number % 9),
        "event_source": "mail",
        "event_type": ("open", "click", "processed")[number % 3],
        "timestamp": NOW - timedelta(days=number),
        "data": {"payload": {"unique_args": {"singlesend_id": str(number % 4)}, "city": "Denver"}},
    }
    for number in range(60)
]
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)
ALL = "SELECT contact_id, updated_at FROM contact_data WHERE "
OPENS = (
    "(SELECT contact_id FROM event_data "
    "WHERE event_type = 'open' AND timestamp > TIMESTAMPADD(day, -7, NOW()))"
)
LAST = (
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_type = 'open' HAVING last_event "
)

IN_COLUMNS = [
    "country = 'US'",
    "NOT (country = 'US' OR email LIKE '%1@gmail.com')",
    ALL + "updated_at > TIMESTAMPADD(day, -7, NOW()) AND country IS NULL",
    ALL + "concat(city, country) != 'DenverUS' AND LENGTH(email) > 5",
    JOIN + "e.event_type = 'open' AND e.timestamp > TIMESTAMPADD(day, -7, NOW())",
    JOIN + "c.country = 'US' AND e.data:payload.unique_args.singlesend_id = '1'",
    ALL + f"contact_id IN {OPENS}",
    ALL + f"contact_id NOT IN {OPENS}",
    ALL + "city IN (SELECT city FROM contact_data WHERE email = 'person2@gmail.com')",
    ALL + "country NOT IN (SELECT event_type FROM event_data WHERE data:payload.city = 'Denver')",
    LAST + "< TIMESTAMPADD(day, -3, NOW())",
    LAST + "BETWEEN TIMESTAMPADD(day, -9, NOW()) AND TIMESTAMPADD(day, -2, NOW())",
]
"""What people ask for: columns alone tell."""

IN_ROWS = [
    JOIN + "e.timestamp >= c.updated_at AND e.event_type = 'open'",
    JOIN.replace("WHERE", "JOIN event_data AS f ON c.contact_id = f.contact_id WHERE")
    + "e.timestamp < f.timestamp",
    LAST.replace("= 'open'", "!= LOWER(c.city)") + "< TIMESTAMPADD(day, -3, NOW())",
]
"""What ties a contact to an event, or one event to another."""


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(CONTACTS, EVENTS)


def by_rows(query: str) -> list[str | None]:
    found = list(Segment(query).ids(CONTACTS, EVENTS, now=NOW))
    assert 0 < len(found) < len(CONTACTS)
    return found


@pytest.fixture
def no_rows() -> Iterator[None]:
    with patch.object(_ContactScan, "_row_by_row", side_effect=AssertionError("asked row by row")):
        yield


@pytest.mark.usefixtures("no_rows")
@pytest.mark.parametrize("query", IN_COLUMNS)
def test_columns_alone_tell(query: str, dataset: Dataset) -> None:
    assert list(Segment(query).ids(dataset, now=NOW)) == by_rows(query)


@pytest.mark.parametrize("query", IN_ROWS)
def test_what_ties_rows_together_is_asked_of_rows(query: str, dataset: Dataset) -> None:
    assert list(Segment(query).ids(dataset, now=NOW)) == by_rows(query)


def test_a_dataset_remembers_what_it_was_asked(dataset: Dataset) -> None:
    segment = Segment(IN_COLUMNS[4])
    first = list(segment.ids(dataset, now=NOW))
    with patch.object(_ContactScan, "_with_event", side_effect=AssertionError("asked again")):
        assert list(segment.ids(dataset, now=NOW)) == first


def test_nobody_is_in_a_subquery_of_no_events(dataset: Dataset) -> None:
    subquery = "(SELECT contact_id FROM event_data WHERE event_type = 'bounce')"
    assert Segment(ALL + f"contact_id NOT IN {subquery}").count(dataset, now=NOW) == len(CONTACTS)
    assert Segment(ALL + f"contact_id IN {subquery}").count(dataset, now=NOW) == 0


def test_a_subquery_in_a_subquery_asks_of_its_own_contacts(dataset: Dataset) -> None:
    joined = (
        "(SELECT d.contact_id FROM contact_data AS d JOIN event_data AS e ON d.contact_id = e.contact_id)"
    )
    query = ALL + f"contact_id IN (SELECT contact_id FROM contact_data WHERE contact_id IN {joined})"
    assert list(Segment(query).ids(dataset, now=NOW)) == by_rows(query)


def test_sums_may_stand_in_a_subquery(dataset: Dataset) -> None:
    joined = "event_data AS e JOIN event_data AS f ON e.contact_id = f.contact_id"
    condition = "LENGTH(e.contact_id) + LENGTH(f.event_type) = 5 AND e.timestamp < f.timestamp"
    query = ALL + f"contact_id IN (SELECT e.contact_id FROM {joined} WHERE {condition})"
    assert list(Segment(query).ids(dataset, now=NOW)) == by_rows(query)


def test_contacts_with_one_id_share_their_events() -> None:
    twice = [CONTACTS[0], CONTACTS[1], CONTACTS[0], {"email": "nobody@example.com"}]
    dataset = Dataset(twice, EVENTS)
    opened = Segment(JOIN + "e.event_type = 'open'")
    assert list(opened.ids(dataset, now=NOW)) == ["0", "0"]
    never = Segment(ALL + "contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')")
    assert list(never.ids(dataset, now=NOW)) == ["1"]
    last = Segment(LAST + "> TIMESTAMPADD(day, -1, NOW())")
    assert list(last.ids(dataset, now=NOW)) == ["0", "0"]


def test_nobody_and_nothing_have_no_members() -> None:
    for dataset in (Dataset([]), Dataset(CONTACTS)):
        for query in (*IN_COLUMNS[4:6], IN_COLUMNS[-1], IN_ROWS[0]):
            assert Segment(query).count(dataset, now=NOW) == 0
