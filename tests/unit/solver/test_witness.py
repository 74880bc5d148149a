"""Golden records: small, and easy to read."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg import CheckError, Segment
from sql_seg.solver import Found, Impossible, NotFound, Record, witness
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW, joined, last, opened, where

ID = "contact-1"


def found(query: str, *, inside: bool = True) -> Record:
    outcome = witness(query, inside=inside, schema=SCHEMA, now=NOW)
    assert isinstance(outcome, Found)
    return outcome.record


def at(day: int, month: int = 3, year: int = 2026, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "contact"),
    [
        ("email LIKE '%gmail.com'", {"email": "ada@gmail.com"}),
        (" AND ".join(f"email LIKE '%{letter}%'" for letter in "abcdefghijkl"), {"email": "abcdefghijkl"}),
        ("email LIKE '%@gmail.com' AND email NOT LIKE 'ada%'", {"email": "a@gmail.com"}),
        ("country = 'US' AND age >= 21 AND plan != 'free'", {"country": "US", "age": 21, "plan": "a"}),
        ("age > 21 AND age < 22", {"age": 21.5}),
        ("age NOT IN (1, 2) AND age IS NOT NULL", {"age": 0}),
        ("city IN ('Rome', 'Oslo') AND city != 'Oslo'", {"city": "Rome"}),
        ("LOWER(first_name) = 'bob' AND first_name != 'bob'", {"first_name": "Bob"}),
        ("city LIKE '%ab%' AND city LIKE 'b%' AND LENGTH(city) = 5", {"city": "baaab"}),
        (where("plan LIKE '_-_'"), {"plan": "a-a"}),
        (where("ARRAY_CONTAINS(list_ids, ['A', 'B'])"), {"list_ids": ["A"]}),
        ("CONTAINS(list_ids, 'A') AND CONTAINS(list_ids, 'B')", {"list_ids": ["A", "B"]}),
        ("NOT CONTAINS(list_ids, 'A')", {"list_ids": []}),
        ("updated_at >= NOW() - INTERVAL 30 DAY", {"updated_at": at(30)}),
        (
            "created_at < TIMESTAMP '2020-01-01'",
            {"created_at": datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)},
        ),
        ("CONCAT(first_name, last_name) = 'Bob' AND last_name = 'b'", {"first_name": "Bo", "last_name": "b"}),
        ("age * 2 + 1 = 7", {"age": 3}),
        ("-age % 7 = -3", {"age": 3}),
        ("age > score AND score = 3", {"score": 3, "age": 4}),
        ("country IS NULL OR country = 'US'", {}),
        ("contact_id = 'x'", {"contact_id": "x"}),
        ("TRUE", {}),
    ],
)
def test_a_contact_that_is_in(query: str, contact: dict[str, Any]) -> None:
    record = found(query)
    assert record.contact == contact
    assert not record.events
    assert not record.others
    assert Segment(query, SCHEMA).matches(record.contact, now=NOW)


@pytest.mark.parametrize(
    ("query", "contact"),
    [
        ("country = 'US'", {}),
        ("country IS NULL", {"country": "NO"}),
        ("updated_at >= NOW()", {"updated_at": at(30)}),
        ("list_ids IS NULL OR CONTAINS(list_ids, 'A')", {"list_ids": []}),
        (where("(age > 3) IS NOT TRUE"), {"age": 4}),
    ],
)
def test_a_contact_that_is_out(query: str, contact: dict[str, Any]) -> None:
    assert found(query, inside=False) == Record(contact)


def test_an_event_for_a_join() -> None:
    record = found(joined("e.event_type = 'open' AND e.timestamp >= '2026-03-01' AND c.city = 'Oslo'"))
    assert record.contact == {"contact_id": ID, "city": "Oslo"}
    assert record.events == (
        {"contact_id": ID, "event_source": "mail", "event_type": "open", "timestamp": at(30)},
    )


def test_one_event_for_two_joins_where_it_can_be() -> None:
    assert len(found(joined("e.event_type = 'open' AND f.timestamp < '2026-03-01'", "f")).events) == 1
    assert len(found(joined("e.event_type = 'open' AND f.event_type = 'click'", "f")).events) == 2


def test_the_data_of_an_event() -> None:
    query = joined("e.data:payload.unique_args.send = 'x' AND e.data:payload.n > 3 AND e.data:ok = TRUE")
    (event,) = found(query).events
    assert event["data"] == {"payload": {"unique_args": {"send": "x"}, "n": 4}, "ok": True}
    (event,) = found("event_data['send'] = 'x' AND CONTAINS(event_data, 'url')").events
    assert event["data"] == {"payload": {"unique_args": {"send": "x", "url": "a"}}}


def test_a_path_through_another() -> None:
    query = joined("e.data:payload IS NOT NULL AND e.data:payload.n = 3 AND e.data:payload.x IS NULL")
    (event,) = found(query).events
    assert event["data"] == {"payload": {"n": 3}}
    (event,) = found(joined("e.data:payload IS NOT NULL")).events
    assert event["data"] == {"payload": 1}


def test_events_that_must_not_be() -> None:
    query = joined(f"e.event_type = 'processed' AND c.contact_id NOT IN {opened()}")
    assert [event["event_type"] for event in found(query).events] == ["processed"]
    assert found(where(f"contact_id NOT IN {opened()}")) == Record({"contact_id": ID})


def test_v1_asks_once_of_a_contact_without_events() -> None:
    assert found("event_type IS NULL") == Record({})
    assert len(found("NOT event_type = 'click'").events) == 1


def test_the_last_event() -> None:
    (event,) = found(last("last < '2026-01-01'")).events
    assert event["timestamp"] == datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert found(last("last < '2026-01-01'"), inside=False) == Record({})


def test_other_contacts() -> None:
    query = where("country = 'CA' AND email IN (SELECT email FROM contact_data WHERE country = 'US')")
    record = found(query)
    assert record == Record(
        {"contact_id": "contact-1", "country": "CA", "email": "ada@example.com"},
        others=(Record({"contact_id": "contact-2", "country": "US", "email": "ada@example.com"}),),
    )
    assert list(Segment(query, SCHEMA).ids(record.dataset(SCHEMA), now=NOW)) == ["contact-1"]


def test_usual_values_are_taken_where_they_can_be() -> None:
    record = found(
        where("email NOT IN (SELECT email FROM contact_data WHERE country = 'US') AND email > 'b'")
    )
    assert record.contact["email"] == "grace@example.org"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("city = 'a' AND city = 'b'", "no value of city meets all that is asked of it"),
        ("updated_at IS NULL", "no value of updated_at meets all that is asked of it"),
        (
            "city = 'a' AND age = 3 AND (age < 2 OR city LIKE 'b%')",
            "in each case, age or city has no value that meets all that is asked of it",
        ),
        (
            joined("e.event_type = 'open' AND e.event_type LIKE 'c%'"),
            "no value of event_type meets all that is asked of it",
        ),
        (where("NOT ARRAY_CONTAINS(list_ids, NULL)"), "its conditions contradict each other"),
        (
            joined("e.data:payload = 'a' AND e.data:payload.x = 'a'"),
            "no value of payload meets all that is asked of it",
        ),
        (
            joined("e.data IS NULL AND e.data:payload IS NOT NULL"),
            "no value of data meets all that is asked of it",
        ),
        (
            "event_data IS NULL AND event_data['x'] = 'a'",
            "no value of data meets all that is asked of it",
        ),
        ("FALSE", "its conditions contradict each other"),
        (
            joined(f"e.event_type = 'open' AND c.contact_id NOT IN {opened()}"),
            "no value of event_type meets all that is asked of it",
        ),
    ],
)
def test_nobody_can_be_in(query: str, reason: str) -> None:
    assert witness(query, schema=SCHEMA, now=NOW) == Impossible(reason)


def test_everybody_is_in() -> None:
    assert isinstance(witness("TRUE", inside=False), Impossible)
    assert isinstance(witness("age > 3 OR age <= 3 OR age IS NULL", inside=False, schema=SCHEMA), Impossible)


def test_what_is_not_found_may_be() -> None:
    assert isinstance(witness("age * age = 2 AND age > 0", schema=SCHEMA), NotFound)


@pytest.mark.parametrize(
    "query",
    [
        "LOWER(event_source) != event_source",
        "line != event_source AND LOWER(line) = event_source",
        "line LIKE 'Q%' AND LENGTH(line) = LENGTH(whatsapp) AND whatsapp LIKE '__a%'",
        "CONCAT(line, whatsapp) LIKE '%qzq%' AND line LIKE 'Z%' AND whatsapp LIKE 'Z%'",
    ],
)
def test_that_there_is_none_is_not_claimed_where_values_depend_on_each_other(query: str) -> None:
    assert not isinstance(witness(query, schema=SCHEMA, now=NOW), Impossible)


def test_two_contacts_with_ids_alike_are_not_said_to_be_impossible() -> None:
    first = "SELECT contact_id, updated_at FROM contact_data WHERE contact_id LIKE 'a_'"
    second = "SELECT city FROM contact_data WHERE contact_id LIKE 'a_' AND city = 'Oslo'"
    query = f"{first} AND city != 'Oslo' AND 'Oslo' IN ({second})"
    assert not isinstance(witness(query, schema=SCHEMA, now=NOW), Impossible)


def test_a_query_that_is_not_valid() -> None:
    with pytest.raises(CheckError):
        witness("age = 'x'", schema=SCHEMA)


def test_a_moment_has_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        witness("age = 3", schema=SCHEMA, now=datetime(2026, 1, 1))


def test_hypothesis_is_not_loaded() -> None:
    code = "import sql_seg.solver, sys; print('hypothesis' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"


APART = "(e.event_type = 'open' AND e.timestamp < '2026-02-01' OR e.event_type = 'click')"
"""Of such events, the last need not be the one whose type is the largest text."""


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (last("MAX(c.city) IS NULL AND MAX(c.country) IS NULL AND last > '2026-01-01'"), 1),
        (last("MAX(c.city) IS NULL AND MAX(e.event_type) = 'open' AND last >= '2026-02-01'", APART), 2),
    ],
)
def test_some_maxima_are_null_and_others_are_not(query: str, number: int) -> None:
    assert len(found(query).events) == number
