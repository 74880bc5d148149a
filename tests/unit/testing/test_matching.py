"""Contacts that are drawn for a query: what failing tests shrink to, and where there are none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg import Segment
from sql_seg.language.addresses import email_domains
from sql_seg.testing import Record, contacts_matching, contacts_not_matching, near_misses
from sql_seg.testing.people import is_address, is_usual
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW
from tests.unit.testing.collected import examples, simplest

OPENED = "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 1 DAY"


def asked(record: Record, *names: str) -> dict[str, Any]:
    """Return what a contact has of some columns."""
    return {name: record.contact[name] for name in names if name in record.contact}


def test_the_simplest_contact_that_is_in() -> None:
    query = "country IN ('US', 'CA') AND age >= 21 AND plan LIKE 'pro%'"
    record = simplest(contacts_matching(query, schema=SCHEMA, now=NOW))
    assert asked(record, "country", "age", "plan") == {"country": "CA", "age": 21, "plan": "pro"}
    assert record.events == ()


def test_the_simplest_contact_that_is_out() -> None:
    record = simplest(contacts_not_matching("age >= 21 AND plan = 'pro'", schema=SCHEMA, now=NOW))
    assert asked(record, "age", "plan") == {}


def test_the_simplest_event() -> None:
    (event,) = simplest(contacts_matching(OPENED, now=NOW)).events
    assert event == {
        "contact_id": "contact-1",
        "event_type": "open",
        "timestamp": datetime(2026, 3, 30, 12, tzinfo=UTC),
        "event_source": "mail",
    }


def test_what_a_failing_test_shrinks_to() -> None:
    strategy = contacts_matching("age >= 21", schema=SCHEMA, now=NOW)
    record = simplest(strategy, lambda record: record.contact["age"] > 21)
    assert asked(record, "age") == {"age": 22}


def test_the_simplest_near_miss() -> None:
    pair = simplest(near_misses("age >= 21 AND age < 65", schema=SCHEMA, now=NOW))
    assert (pair.inside.contact, pair.outside.contact) == ({"age": 21}, {"age": 20})


def test_contacts_are_such_as_sendgrid_stores() -> None:
    strategy = contacts_not_matching("country = 'US' AND created_at >= NOW()", now=NOW)
    never_null = {"contact_id", "created_at", "updated_at", "list_ids", "alternate_emails", "email_domains"}
    assert never_null <= simplest(strategy).contact.keys()


@pytest.mark.parametrize(
    ("strategy", "query", "message"),
    [
        (
            contacts_matching,
            "city = 'a' AND city = 'b'",
            "no contact can be in this segment: no value of city",
        ),
        (contacts_not_matching, "TRUE", "no contact can be out of this segment: its conditions contradict"),
        (near_misses, "TRUE", "no contact can be just out of this segment: "),
        (contacts_matching, "age * age = 2", "no contact in this segment was found in "),
    ],
)
def test_where_there_are_none_it_is_said_at_once(strategy: Any, query: str, message: str) -> None:
    with pytest.raises(ValueError, match="no contact") as caught:
        strategy(query, schema=SCHEMA, now=NOW)
    assert str(caught.value).startswith(message)


def test_the_simplest_contact_that_is_out_of_a_domain_has_an_address() -> None:
    query = "email LIKE '%@gmail.com' AND created_at > NOW() - INTERVAL 30 DAY OR email IS NULL"
    email = simplest(contacts_not_matching(query, schema=SCHEMA, now=NOW)).contact["email"]
    assert is_address(email)


def test_any_form_of_a_query_is_taken() -> None:
    segment = Segment("city = 'a'")
    for query in ("city = 'a'", segment, segment.checked, segment.query):
        assert simplest(contacts_matching(query)).contact["city"] == "a"


@pytest.mark.parametrize("strategy", [contacts_matching, contacts_not_matching])
@pytest.mark.parametrize(
    "query",
    [
        "email LIKE '%@gmail.com' AND created_at > NOW() - INTERVAL 30 DAY",
        "CONTAINS(email_domains, 'acme.com')",
        "country != 'US' AND first_name IS NOT NULL",
        OPENED,
        "age < 30 OR plan LIKE 'pro%'",
    ],
)
def test_realistic_contacts_are_made_where_there_are_some(strategy: Any, query: str) -> None:
    for record in examples(strategy(query, schema=SCHEMA, now=NOW), 40):
        contact = record.contact
        is_member = Segment(query, SCHEMA).matches(contact, record.events, now=NOW)
        assert is_member is (strategy is contacts_matching)
        given = (contact.get("email"), *contact["alternate_emails"])
        emails = [email for email in given if email is not None]
        assert all(is_address(email) for email in emails), contact
        assert contact["email_domains"] == email_domains(emails)
        assert contact["created_at"] <= contact["updated_at"]
        for key, value in contact.items():
            assert key == "contact_id" or is_usual(SCHEMA.contact_data.columns[key], value), (key, value)


def test_who_can_only_be_odd_is_odd_and_drawn() -> None:
    (record, *_) = examples(contacts_matching("email = 'No Address'", now=NOW), 5)
    assert record.contact["email"] == "No Address"


def test_anything_that_is_allowed_is_drawn_on_demand() -> None:
    drawn = examples(contacts_matching("country = 'US'", now=NOW, realistic=False), 100)
    assert not all(is_address(record.contact.get("email") or "a@example.com") for record in drawn)
