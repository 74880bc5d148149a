"""Contacts, events and datasets: what an account may hold, near what a query asks for."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql_seg.engines.dataset import Dataset
from sql_seg.language.schema import CONTACT_COLUMNS, EVENT_TYPES, SENDGRID
from sql_seg.segments.segment import Segment
from sql_seg.syntax.parsing import parse
from sql_seg.testing import contacts, datasets, events, nows, schemas
from sql_seg.testing.records import accounts
from tests.unit.testing.collected import examples, simplest

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
SCHEMA = SENDGRID.with_fields(
    [{"name": "Age", "field_type": "Number"}, {"name": "born", "field_type": "Date"}]
)


BOTH = pytest.mark.parametrize("realistic", [True, False])
ADDRESS = re.compile(r"[^@\s]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
FIRST, LAST = datetime(2001, 1, 1, tzinfo=UTC), NOW


@BOTH
def test_a_contact_is_as_sendgrid_stores_it(realistic: bool) -> None:
    never_null = {column.key for column in CONTACT_COLUMNS if not column.nullable}
    for contact in examples(contacts(SCHEMA, realistic=realistic), 100):
        Dataset([contact], schema=SCHEMA)
        assert all(contact[key] is not None for key in never_null)
        for key, value in contact.items():
            length = SCHEMA.contact_data.columns[key].length
            assert length is None or value is None or len(value) <= length
        assert contact.get("email") is None or contact["email"] == contact["email"].lower()


@BOTH
def test_one_that_is_not_stored_may_lack_anything(realistic: bool) -> None:
    drawn = examples(contacts(SCHEMA, stored=False, realistic=realistic), 150)
    Dataset([{**contact, "contact_id": str(number)} for number, contact in enumerate(drawn)], schema=SCHEMA)
    for key in SCHEMA.contact_data.columns:
        assert any(key not in contact for contact in drawn)
        assert any(key in contact and contact[key] is None for contact in drawn)
        assert any(contact.get(key) is not None for contact in drawn)


@pytest.mark.parametrize(
    "text",
    [
        "age > 21",
        "age >= 21 AND age < 65",
        "first_name = 'Anne'",
        "email LIKE '%@gmail.com'",
        "LENGTH(city) > 12",
        "created_at > NOW() - INTERVAL 30 DAY",
        "born = TIMESTAMP '2000-02-29'",
        "CONTAINS(list_ids, 'newsletter')",
        "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 1 MONTH",
        "event_data['url'] = 'x'",
    ],
)
@BOTH
def test_near_a_query_many_are_in_and_many_are_not(text: str, realistic: bool) -> None:
    query = parse(text)
    segment = Segment(text, SCHEMA)
    met: Counter[bool] = Counter()
    for account in examples(accounts(SCHEMA, near=query, now=NOW, realistic=realistic), 75):
        members = list(segment.ids(account.contacts, account.events, now=NOW))
        met.update(contact["contact_id"] in members for contact in account.contacts)
    assert met[True] > 0.01 * met.total(), met
    assert met[False] > 0.12 * met.total(), met


def values(column: str, text: str, *, realistic: bool, count: int = 400) -> list[Any]:
    drawn = examples(contacts(SCHEMA, near=parse(text), now=NOW, realistic=realistic), count)
    return [contact.get(column) for contact in drawn]


@BOTH
def test_numbers_are_on_both_sides_of_a_bound(realistic: bool) -> None:
    assert {20, 21, 22} <= set(values("age", "age >= 21", realistic=realistic))


@BOTH
def test_moments_are_on_both_sides_of_a_window(realistic: bool) -> None:
    edge = datetime(2024, 2, 29, 12, tzinfo=UTC)
    beside = {edge - timedelta(microseconds=1), edge, edge + timedelta(microseconds=1)}
    assert beside <= set(values("born", "born > NOW() - INTERVAL 1 MONTH", realistic=realistic))
    v2 = "SELECT contact_id, updated_at FROM contact_data WHERE born > TIMESTAMPADD(month, -1, NOW())"
    assert beside <= set(values("born", v2, realistic=realistic))


@BOTH
def test_texts_are_in_other_case_longer_and_shorter(realistic: bool) -> None:
    assert {"Anne", "anne", "ANNE", "Annea", "Ann"} <= set(
        values("first_name", "first_name = 'Anne'", realistic=realistic)
    )


def test_null_is_none_or_absent() -> None:
    drawn = examples(contacts(SCHEMA, near=parse("age = 1")), 100)
    assert any("age" not in contact for contact in drawn)
    assert any("age" in contact and contact["age"] is None for contact in drawn)


@BOTH
def test_events_are_rows_of_a_contact(realistic: bool) -> None:
    drawn = examples(events("42", near=parse("event_data['url'] = 'x'"), realistic=realistic), 100)
    dataset = Dataset([{"contact_id": "42"}], drawn)
    assert all(event["contact_id"] == "42" for event in drawn)
    assert len(dataset.events) == len(drawn) - dataset.report.events.repeats
    assert any("url" in str(event.get("data")) for event in drawn)


def test_datasets_hold_contacts_with_events() -> None:
    drawn = examples(datasets(SCHEMA), 25)
    assert all(dataset.schema == SCHEMA for dataset in drawn)
    assert {len(dataset) for dataset in drawn} == {1, 2, 3, 4}
    assert any(dataset.events for dataset in drawn)
    (small, *_) = examples(datasets(max_contacts=1, max_events=0), 1)
    assert (len(small), len(small.events)) == (1, 0)


def test_moments_are_aware_of_several_zones_and_hold_leap_days() -> None:
    drawn = examples(nows(), 100)
    assert len({moment.utcoffset() for moment in drawn}) > 2
    assert any((moment.month, moment.day) == (2, 29) for moment in drawn)


def test_schemas_have_fields_of_every_type() -> None:
    drawn = examples(schemas(), 60)
    assert len({column.type for schema in drawn for column in schema.custom_fields}) == 3
    assert any(not schema.custom_fields for schema in drawn)


def test_the_simplest() -> None:
    epoch = datetime(2024, 1, 1, tzinfo=UTC)
    assert simplest(contacts(realistic=False)) == {
        "contact_id": "a",
        "alternate_emails": [],
        "list_ids": [],
        "created_at": epoch,
        "updated_at": epoch,
        "email_domains": [],
    }
    assert simplest(contacts(stored=False)) == {}
    assert simplest(events(realistic=False)) == {"contact_id": "1", "event_type": "open", "timestamp": epoch}
    assert simplest(contacts())["email"] == "ada@gmail.com"
    segment = Segment("age >= 21", SCHEMA)
    near = contacts(SCHEMA, near=segment.query, stored=False)
    assert simplest(near, lambda contact: segment.matches(contact)) == {"age": 21}


@pytest.mark.parametrize("text", [None, "email LIKE '%@gmail.com'", "created_at > NOW() - INTERVAL 30 DAY"])
def test_realistic_contacts_are_people(text: str | None) -> None:
    near = None if text is None else parse(text)
    for contact in examples(contacts(SCHEMA, near=near, now=NOW), 100):
        emails = [
            email for email in (contact.get("email"), *contact["alternate_emails"]) if email is not None
        ]
        assert all(ADDRESS.fullmatch(email) for email in emails)
        assert len(set(emails)) == len(emails)
        assert contact["email_domains"] == list(dict.fromkeys(email.split("@")[1] for email in emails))
        assert FIRST <= contact["created_at"] <= contact["updated_at"] <= LAST
        assert uuid.UUID(contact["contact_id"])
        texts = [value for value in contact.values() if isinstance(value, str)]
        assert all(text.isprintable() and text == text.strip() != "" for text in texts)
        assert FIRST <= (contact.get("born") or NOW) <= LAST
        assert abs(contact.get("age") or 0) <= 10**9


def test_realistic_contacts_are_not_all_the_same() -> None:
    drawn = examples(contacts(SCHEMA), 75)
    for column in ("email", "created_at", "country", "plan"):
        if column in SCHEMA.contact_data.columns:
            assert len({contact.get(column) for contact in drawn}) > 3, column


def test_realistic_events_are_the_webhooks() -> None:
    for event in examples(events("1", near=parse("event_data['url'] = 'x'"), now=NOW), 100):
        assert event["event_type"] in EVENT_TYPES
        assert event.get("event_source", "mail") == "mail"
        assert FIRST <= event["timestamp"] <= LAST
        assert ADDRESS.fullmatch(event.get("data", {}).get("payload", {}).get("email", "a@example.com"))


def test_anything_that_is_allowed_is_still_drawn() -> None:
    drawn = examples(contacts(SCHEMA, realistic=False), 200)
    emails = {contact.get("email") or "a@example.com" for contact in drawn}
    assert not all(ADDRESS.fullmatch(email) for email in emails)
    assert any(contact["created_at"] > contact["updated_at"] for contact in drawn)
    assert any(contact["created_at"].year < 2001 for contact in drawn)
