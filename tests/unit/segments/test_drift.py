"""What SendGrid counted beside what the data says: each cause of a difference is said, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg import Dataset, RecordError, Segment
from sql_seg.segments.drift import IN, MISSING, OUT, Drift

AT = datetime(2026, 11, 14, tzinfo=UTC)
LATER = datetime(2026, 11, 14, 0, 30, tzinfo=UTC)
COUNTED = {"sample_updated_at": "2026-11-14T00:00:00Z", "next_sample_update": "2026-11-14T01:00:00Z"}
OPENED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE e.event_type = 'open' AND e.timestamp >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"
)
ADA = {
    "contact_id": "1",
    "email": "ada@x.com",
    "country": "US",
    "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
}
BOB = {
    "contact_id": "2",
    "email": "bob@x.com",
    "country": "DE",
    "updated_at": datetime(2026, 11, 14, tzinfo=UTC),
}
CYD = {"contact_id": "3", "email": "cyd@x.com", "updated_at": datetime(2026, 11, 2, tzinfo=UTC)}


def opened(contact: str, day: int) -> dict[str, Any]:
    return {"contact_id": contact, "event_type": "open", "timestamp": datetime(2026, 11, day, tzinfo=UTC)}


def shown(contact: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a contact as SendGrid's sample shows it."""
    form = {key: value for key, value in contact.items() if key not in ("contact_id", "updated_at")}
    return {"id": contact["contact_id"], "list_ids": [], "segment_ids": [], **form, **changes}


@contextmanager
def in_memory(contacts: list[dict[str, Any]], events: list[dict[str, Any]]) -> Iterator[Dataset]:
    yield Dataset(contacts, events)


@contextmanager
def in_duckdb(contacts: list[dict[str, Any]], events: list[dict[str, Any]]) -> Iterator[Dataset]:
    dataset = Dataset(contacts, events)
    with Dataset.of(dataset.contacts, dataset.events, schema=dataset.schema) as held:
        yield held


Home = Callable[..., Any]


@pytest.fixture(params=[in_memory, in_duckdb])
def home(request: pytest.FixtureRequest) -> Home:
    made: Home = request.param
    return made


def drift(
    home: Home,
    query: str,
    sample: list[dict[str, Any]],
    *,
    contacts: list[dict[str, Any]] | None = None,
    events: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> Drift:
    reported = {"contacts_count": len(sample), "contacts_sample": sample, **COUNTED, **changes}
    with home([ADA, BOB, CYD] if contacts is None else contacts, events or []) as dataset:
        return Segment(query, dataset.schema).drift(dataset, reported, now=LATER)


def test_nothing_differs(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA)])
    assert found.agrees
    assert (found.now, found.there, found.here, found.total, found.causes) == (AT, 1, 1, 3, ())
    assert [one.verdict for one in found.sample] == [IN]


def test_who_changed_is_told_with_what_changed_and_the_condition(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA), shown(BOB, country="US")])
    (out,) = found.that_are(OUT)
    assert out.who == "bob@x.com"
    assert out.conditions == ("country = 'US'",)
    assert out.changed == ("country was 'US', and is 'DE' there",)
    assert out.reason == "country is 'DE', so `country = 'US'` is FALSE"
    assert found.causes == (
        (
            "1 of the 2 contacts that SendGrid shows has other values in the data: of bob@x.com, country was "
            "'US', and is 'DE' there"
        ),
        "`country = 'US'` keeps 1 of the 2 out that SendGrid shows",
    )


def test_who_is_not_in_the_data_is_named(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA), {"id": "9", "email": "new@x.com", "country": "US"}])
    assert [one.who for one in found.that_are(MISSING)] == ["new@x.com"]
    assert "1 of the 2 contacts that SendGrid shows is not in the data: new@x.com" in found.causes


def test_a_contact_is_also_known_by_its_address(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA, id="another-id")])
    assert [one.verdict for one in found.sample] == [IN]


def test_a_null_that_keeps_somebody_out_is_told(home: Home) -> None:
    found = drift(home, "country != 'DE'", [shown(ADA), shown(CYD)])
    (out,) = found.that_are(OUT)
    assert out.reason == "country is NULL, so `country != 'DE'` is NULL: the contact is left out"
    assert any(
        "left out by the query even with the values that it shows: cyd@x.com" in it for it in found.causes
    )


def test_data_that_is_older_than_the_count(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA)], contacts=[ADA, CYD], contacts_count=2)
    assert [cause for cause in found.causes if "older than the count" in cause] == [
        (
            "the data is older than the count: no contact was changed after 2026-11-02T00:00:00Z, and "
            "whoever came or changed since is not in it"
        )
    ]


def test_data_that_is_newer_than_the_count(home: Home) -> None:
    new = {**BOB, "contact_id": "4", "country": "US", "updated_at": datetime(2026, 11, 20, tzinfo=UTC)}
    found = drift(home, "country = 'US'", [shown(ADA)], contacts=[ADA, BOB, new])
    assert found.only_here == ("4",)
    assert found.causes == (
        (
            "1 contact was changed after the count, and 1 of them are members by what they are now: what "
            "they were then is not in the data"
        ),
        "1 member is here and not at SendGrid: 4",
    )


def test_a_segment_that_was_changed_and_a_count_that_is_late(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(BOB)], updated_at="2026-11-14T00:10:00Z")
    assert found.causes[0] == (
        "the segment was changed at 2026-11-14T00:10:00Z, after the count of 2026-11-14T00:00:00Z, which may "
        "be of an earlier query"
    )
    late = drift(home, "country = 'US'", [shown(BOB)], next_sample_update="2026-11-14T00:20:00Z")
    assert late.causes[0].startswith("SendGrid meant to count again at 2026-11-14T00:20:00Z")


def test_a_segment_that_was_never_counted(home: Home) -> None:
    found = drift(home, "country = 'US'", [], sample_updated_at=None)
    assert found.now == LATER
    assert found.causes[0] == "SendGrid has not counted the segment yet: its JSON has no sample_updated_at"


def test_events_that_the_data_lacks(home: Home) -> None:
    events = [opened("1", 10), opened("3", 12)]
    found = drift(home, OPENED, [shown(ADA), shown(BOB)], events=events)
    (out,) = found.that_are(OUT)
    assert not out.has_events
    assert (
        "1 of the 2 contacts that SendGrid shows is without any event in the data: bob@x.com" in found.causes
    )
    assert (
        "the first event of the data is of 2026-11-10T00:00:00Z, and the query asks back to "
        "2026-10-15T00:00:00Z: what happened before is not in it"
    ) in found.causes
    assert (
        "the last event of the data is of 2026-11-12T00:00:00Z, before the count: what happened since is not "
        "in it"
    ) in found.causes


def test_events_that_came_after_the_count(home: Home) -> None:
    found = drift(home, OPENED, [], events=[opened("1", 1), opened("1", 20)])
    assert any("events after the count, up to 2026-11-20T00:00:00Z" in cause for cause in found.causes)


def test_no_cause_is_made_up(home: Home) -> None:
    found = drift(home, "country = 'US'", [shown(ADA)], contacts_count=2)
    assert found.causes == ("nothing that the segment's JSON or the data say explains it",)
    assert found.only_here is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ([], "segment is"),
        ({}, "contacts_count is None"),
        ({"contacts_count": "3"}, "contacts_count is '3', not a number of contacts"),
        ({"contacts_count": 1, "contacts_sample": {}}, "contacts_sample is"),
        ({"contacts_count": 1, "contacts_sample": [3]}, "contacts_sample: a contact is a JSON object"),
        ({"contacts_count": 1, "sample_updated_at": "soon"}, "sample_updated_at is 'soon', not a time"),
        ({"contacts_count": 1, "contacts_sample": [{"email": ["a"]}]}, "contacts_sample: email is"),
    ],
)
def test_a_report_of_another_shape_is_refused(form: Any, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        Segment("country = 'US'").drift(Dataset([ADA]), form)


def test_json_has_all_of_it() -> None:
    form = drift(in_memory, "country = 'US'", [shown(BOB, country="US")]).to_json()
    assert form["now"] == "2026-11-14T00:00:00Z"
    assert (form["agrees"], form["there"], form["here"], form["total"]) == (False, 1, 1, 3)
    assert form["only_here"] == ["1"]
    assert form["sample"][0]["verdict"] == "not in"
    assert form["sample"][0]["conditions"] == ["country = 'US'"]
