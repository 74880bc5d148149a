"""JSON as it comes: objects that wrap records, values one after the other, and Email Activity's export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sql_seg import RecordError

from .account import Write, load, rows

C = {"email": "a@b.example"}
E = {"email": "a@b.example", "event": "open", "timestamp": 1715050143}


@pytest.mark.parametrize(
    "wrapped",
    [
        {"contacts": [C]},
        {"recipients": [C]},
        {"results": [C]},
        {"name": "a segment", "contacts_sample": [C]},
        {"result": {"a@b.example": {"contact": C}, "x@y.example": {"error": "not found"}}},
    ],
)
def test_contacts_are_read_out_of_what_wraps_them(write: Write, wrapped: Any) -> None:
    assert [contact["email"] for contact in load(write("c.json", json.dumps(wrapped))).contacts] == [
        "a@b.example"
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (json.dumps({"events": [E, E]}), 2),
        (json.dumps({"0": E, "1": E}), 2),
        (json.dumps({"body": json.dumps([E])}), 1),
        (json.dumps(E) + json.dumps(E), 2),
        (json.dumps([E]) + json.dumps([E]), 2),
        ((json.dumps([E]) + ",\n") * 3, 3),
        ((json.dumps(E) + ",\n") * 3, 3),
        (json.dumps(E, indent=1) + "\n" + json.dumps(E, indent=1), 2),
    ],
)
def test_events_are_read_out_of_what_wraps_or_follows_them(write: Write, text: str, number: int) -> None:
    contacts = write("c.csv", rows("EMAIL", "a@b.example"))
    assert len(load(contacts, events=write("e.json", text)).events) == number


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"status": "ready", "urls": ["u"]},
            "is the job of an export.*download the files that its urls name",
        ),
        ({"messages": [{}]}, "Email Activity's messages, which are summaries of mails, not events"),
        ({"foo": 1, "bar": 2}, "no contact .*; it has foo, bar; read are a list of objects"),
    ],
)
def test_what_holds_no_records_says_so_and_advises_no_skipping(
    write: Write, value: Any, message: str
) -> None:
    with pytest.raises(RecordError, match=message) as caught:
        load(write("c.json", json.dumps(value)))
    assert caught.value.expected is None


def test_the_export_of_email_activity_is_events(write: Write) -> None:
    header = "processed,message_id,event,email,originating_ip,user_agent,categories,unique_args"
    row = '2024-05-07 02:49:03,m1,open,A@b.example,1.1.1.1,Moz,"[""a""]","{""k"":""v""}"'
    contacts = write("c.csv", rows("EMAIL", "a@b.example"))
    (event,) = load(contacts, events=write("e.csv", rows(header, row))).events
    payload = event["data"]["payload"]
    assert (event["event_type"], event["contact_id"]) == ("open", "a@b.example")
    assert (payload["sg_message_id"], payload["category"], payload["unique_args"]) == (
        "m1",
        ["a"],
        {"k": "v"},
    )


TWICE = '{"contact_id": "a", "email": "a@b.example", "city": "Rome", "city": "Oslo"}'


@pytest.mark.parametrize(
    ("name", "text"),
    [("c.ndjson", TWICE), ("c.json", f"[{TWICE}]"), ("w.json", f'{{"contacts": [{TWICE}]}}')],
)
def test_of_a_key_twice_in_an_object_the_first_counts_and_it_is_told(
    write: Write, name: str, text: str
) -> None:
    loaded = load(write(name, text))
    assert loaded.contacts[0]["city"] == "Rome"
    (warning,) = loaded.report.warnings
    assert warning.endswith(
        f"{name}: of the first 1 object, 1 has a key twice with two values, such as 'city': the first counts"
    )


def test_a_key_twice_with_one_value_is_no_matter(write: Write) -> None:
    assert load(write("c.ndjson", TWICE.replace("Oslo", "Rome"))).report.warnings == []


def test_of_a_key_twice_in_events_rows_and_counts_take_the_first(write: Write) -> None:
    row = 'a,open,2024-01-01T00:00:00Z,"{""payload"": {""k"": ""1"", ""k"": ""2""}}"'
    loaded = load(
        write("c.csv", rows("CONTACT_ID,EMAIL", "a,a@b.example")),
        events=write("e.csv", rows("contact_id,event_type,timestamp,data", row)),
    )
    assert [event["data"] for event in loaded.events] == [{"payload": {"k": "1"}}]
