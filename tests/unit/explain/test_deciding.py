"""Which conditions decided, and how that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql_seg import SENDGRID, Dataset, NeedsDatasetError, RecordError, Segment
from sql_seg.explain import ConditionReason, EventReason

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPEN = {"event_type": "open", "email": "a@x.com", "timestamp": NOW - timedelta(days=40)}
CLICK = {"event_type": "click", "email": "a@x.com", "timestamp": NOW - timedelta(days=1)}
FROM = "SELECT contact_id, updated_at FROM contact_data WHERE"
JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE"
)
LAST = JOINED.replace("c.updated_at", "c.updated_at, MAX(e.timestamp) AS last")


def said(query: str, contact: dict[str, Any], *events: dict[str, Any]) -> str:
    return str(Segment(query, SENDGRID.as_lenient()).decided_by(contact, events, now=NOW))


@pytest.mark.parametrize(
    ("query", "contact", "expected"),
    [
        ("country = 'US'", {}, "out: country = 'US' is NULL (country is NULL)"),
        ("country = 'US'", {"country": None}, "out: country = 'US' is NULL (country is NULL)"),
        ("country = 'US'", {"country": "CA"}, "out: country = 'US' is FALSE (country is 'CA')"),
        ("country = 'US'", {"country": "US"}, "in: country = 'US' is TRUE (country is 'US')"),
        ("country = 'US' AND age > 3", {"country": "US"}, "out: age > 3 is NULL (age is NULL)"),
        ("country = 'US' OR age > 3", {"age": 4}, "in: age > 3 is TRUE (age is 4)"),
        ("(city = 'a' OR city = 'b') AND age > 3", {}, "out: age > 3 is NULL (age is NULL)"),
        (
            "country = 'US' OR age > 3",
            {"age": 1},
            "out: country = 'US' is NULL (country is NULL); age > 3 is FALSE (age is 1)",
        ),
        ("NOT (age > 3 AND city = 'x')", {"age": 1}, "in: age > 3 is FALSE (age is 1)"),
        ("age NOT BETWEEN 1 AND 3", {"age": 2}, "out: age NOT BETWEEN 1 AND 3 is FALSE (age is 2)"),
        ("city NOT IN ('a')", {"city": "b"}, "in: city NOT IN ('a') is TRUE (city is 'b')"),
        (f"{FROM} (age > 3) IS NOT TRUE", {}, "in: (age > 3) IS NOT TRUE is TRUE (age is NULL)"),
        (f"{FROM} (age > 3) IS FALSE", {}, "out: age > 3 is NULL (age is NULL)"),
        ("CONTAINS(list_ids, 'x')", {"list_ids": ["a"]}, None),
        (f"{FROM[:-6]}", {}, "in"),
        (f"{FROM} FALSE", {}, "out: FALSE is FALSE"),
    ],
)
def test_of_a_contact(query: str, contact: dict[str, Any], expected: str | None) -> None:
    if expected is None:
        expected = "out: CONTAINS(list_ids, 'x') is FALSE (list_ids is ['a'])"
    assert said(query, contact) == expected


def test_a_moment_made_of_now_is_shown() -> None:
    created = NOW - timedelta(days=31)
    assert said("created_at >= NOW() - INTERVAL 30 DAY", {"created_at": created}) == (
        "out: created_at >= NOW() - INTERVAL 30 DAY is FALSE "
        "(created_at is 2026-10-23T12:00:00Z, NOW() - INTERVAL 30 DAY is 2026-10-24T12:00:00Z)"
    )


RECENT = f"{JOINED} e.event_source = 'mail' AND e.event_type = 'open' AND e.timestamp >= '2026-11-01'"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "out: the contact has no events"),
        (
            [{**CLICK, "event_source": "mail"}],
            "out: the contact's 1 event did not meet e.event_type = 'open'",
        ),
        ([CLICK, CLICK], "out: none of the contact's 2 events met e.event_source = 'mail'"),
        (
            [{**event, "event_source": "mail"} for event in (OPEN, CLICK, CLICK)],
            "out: of the contact's 3 events, 1 met e.event_type = 'open', and none of these e.timestamp >=",
        ),
        (
            [OPEN, {**OPEN, "event_source": "mail", "timestamp": NOW}],
            "in: an event met e.event_source = 'mail' and e.event_type = 'open' and e.timestamp >=",
        ),
    ],
)
def test_of_events(events: list[dict[str, Any]], expected: str) -> None:
    assert said(RECENT, {}, *events).startswith(expected)


def test_between_is_one_condition_on_an_event() -> None:
    query = f"{JOINED} e.timestamp BETWEEN '2026-11-01' AND '2026-11-02'"
    assert said(query, {}, OPEN, CLICK) == (
        "out: none of the contact's 2 events met e.timestamp BETWEEN '2026-11-01' AND '2026-11-02'"
    )


def test_what_is_said_of_the_contact_is_told_from_what_is_said_of_its_events() -> None:
    query = f"{JOINED} c.country = 'US' AND e.event_type = 'open'"
    assert said(query, {}, OPEN) == "out: c.country = 'US' is NULL (country is NULL)"
    assert said(query, {"country": "US"}, CLICK) == (
        "out: the contact's 1 event did not meet e.event_type = 'open' (e.event_type is 'click')"
    )


def test_a_subquery_for_the_own_id_is_about_the_own_events() -> None:
    query = f"{FROM} contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')"
    assert said(query, {}, OPEN) == "out: an event met event_type = 'open' (event_type is 'open')"
    assert said(query, {}) == "in: the contact has no events"


def test_joins_ask_for_events_of_their_own() -> None:
    query = (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e ON c.contact_id = "
        "e.contact_id JOIN event_data AS f ON c.contact_id = f.contact_id WHERE e.timestamp > f.timestamp"
    )
    assert said(query, {}, OPEN) == (
        "out: the 1 choice of 2 events did not meet e.timestamp > f.timestamp "
        "(e.timestamp is 2026-10-14T12:00:00Z, f.timestamp is 2026-10-14T12:00:00Z)"
    )
    assert said(query, {}, OPEN, CLICK).startswith("in: 2 events met e.timestamp > f.timestamp (")


def test_of_the_last_event() -> None:
    query = f"{LAST} e.event_type = 'open' HAVING last < '2026-11-01'"
    assert (
        said(query, {}, OPEN) == "in: last < '2026-11-01' is TRUE (MAX(e.timestamp) is 2026-10-14T12:00:00Z)"
    )
    assert said(query, {}, OPEN, {**OPEN, "timestamp": NOW}).startswith("out: last < '2026-11-01' is FALSE")
    assert said(query, {}, CLICK).startswith("out: the contact's 1 event did not meet e.event_type = 'open'")


def test_a_v1_contact_without_events_is_judged_with_null() -> None:
    assert said("event_type IS NULL", {}) == (
        "in: the contact has no events, so event fields are NULL, and event_type IS NULL (event_type is NULL)"
    )
    assert said("event_type = 'open' OR city = 'x'", {}) == (
        "out: the contact has no events; city = 'x' is NULL (city is NULL)"
    )


def test_over_a_dataset_others_may_count() -> None:
    dataset = Dataset([{"contact_id": "a", "city": "Oslo"}, {"contact_id": "b", "city": "Rome"}])
    segment = Segment(f"{FROM} city IN (SELECT city FROM contact_data WHERE contact_id = 'b')")
    assert str(segment.decided_by(dataset.contacts[0], dataset=dataset, now=NOW)) == (
        "out: city IN (SELECT city FROM contact_data WHERE contact_id = 'b') is FALSE "
        "(city is 'Oslo'; the subquery yields 1 value)"
    )
    with pytest.raises(NeedsDatasetError):
        segment.decided_by({"contact_id": "a"}, now=NOW)


def test_the_reasons_have_attributes() -> None:
    text = "country = 'US' AND event_type = 'open'"
    condition, events = Segment(text).decided_by({"country": "US"}, [OPEN], now=NOW).reasons
    assert isinstance(condition, ConditionReason)
    assert (text[slice(*condition.span)], condition.verdict) == ("country = 'US'", True)
    assert [(seen.name, seen.value) for seen in condition.seen] == [("country", "US")]
    assert isinstance(events, EventReason)
    assert (events.verdict, events.events, [step.text for step in events.steps]) == (
        True,
        1,
        ["event_type = 'open'"],
    )


def test_long_texts_and_values_are_cut() -> None:
    reason = said(f"city IN ({', '.join(map(repr, 'abcdefghijklmnopqrstuvwxyz'))})", {"city": "x" * 1000})
    assert len(reason) < 200


def test_a_wrong_value_is_named() -> None:
    with pytest.raises(RecordError, match="the column created_at holds a datetime"):
        Segment("created_at > TIMESTAMP '2024-01-01'").decided_by({"created_at": "2024"}, now=NOW)
