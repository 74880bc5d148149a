from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sql_seg.errors import RecordError
from sql_seg.records.events import event_row
from tests.unit.engines.account import load

from .account import Write, ndjson, rows, utc

OPEN: dict[str, Any] = {
    "email": "ann@example.com",
    "timestamp": 1700000000,
    "event": "open",
    "sg_event_id": "e-1",
    "smtp-id": "<1@example>",
    "category": ["news"],
    "singlesend_id": "send-1",
    "campaign": "spring",
    "Weight": 3,
}

OPEN_ROW: dict[str, Any] = {
    "event_source": "mail",
    "event_type": "open",
    "timestamp": utc(2023, 11, 14, 22, 13, 20),
    "data": {
        "payload": {
            "email": "ann@example.com",
            "timestamp": 1700000000,
            "event": "open",
            "sg_event_id": "e-1",
            "smtp-id": "<1@example>",
            "category": ["news"],
            "singlesend_id": "send-1",
            "unique_args": {"campaign": "spring", "Weight": 3, "singlesend_id": "send-1"},
        }
    },
}

WEBHOOK_KEYS = """
    email, timestamp, event, contact_id, smtp-id, useragent, ip, sg_event_id, sg_message_id, reason, status,
    response, tls, url, url_offset, attempt, category, type, asm_group_id, pool, marketing_campaign_id,
    marketing_campaign_name, marketing_campaign_version, marketing_campaign_split_id, singlesend_id,
    singlesend_name, mc_stats, phase_id, send_at, sg_template_id, sg_template_name, template_id,
    template_version_id, template_hash, sg_content_type, sg_machine_open, sg_user_id, post_type, newsletter,
    cert_err, bounce_classification
""".replace(",", "").split()


def _event(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**OPEN, **changes}.items() if value is not None}


@pytest.fixture
def contacts(write: Write) -> Path:
    return write(
        "contacts.csv",
        rows(
            "EMAIL,CONTACT_ID,ALTERNATE_EMAILS",
            "Ann@example.com,1,",
            "bob@example.com,2,Bob@alt.example;ann@example.com",
        ),
    )


def test_a_webhook_object_becomes_a_row() -> None:
    assert event_row(OPEN) == OPEN_ROW


def test_the_webhooks_own_keys_are_the_payload_and_all_others_unique_arguments() -> None:
    item = dict.fromkeys(WEBHOOK_KEYS, "1700000000") | {"other": 1, "send-at": 2, "Email": 3}
    payload = event_row(item)["data"]["payload"]
    assert set(payload) == {*WEBHOOK_KEYS, "unique_args"}
    assert payload["unique_args"] == {"other": 1, "send-at": 2, "Email": 3, "singlesend_id": "1700000000"}


def test_without_unique_arguments_there_is_an_empty_object() -> None:
    row = event_row({"event": "open", "email": "a@x.example", "timestamp": 1})
    assert row["data"]["payload"]["unique_args"] == {}


def test_a_contact_id_is_kept_as_it_is() -> None:
    assert event_row({"event": "open", "contact_id": "9", "timestamp": 1})["contact_id"] == "9"
    assert "contact_id" not in event_row(OPEN)


@pytest.mark.parametrize(
    ("timestamp", "instant"),
    [
        (0, utc(1970, 1, 1)),
        (1700000000, utc(2023, 11, 14, 22, 13, 20)),
        (1700000000.25, utc(2023, 11, 14, 22, 13, 20, 250_000)),
        (1700000000250, utc(2023, 11, 14, 22, 13, 20, 250_000)),
        ("1700000000", utc(2023, 11, 14, 22, 13, 20)),
        ("1700000000250", utc(2023, 11, 14, 22, 13, 20, 250_000)),
        ("2023-11-14T22:13:20Z", utc(2023, 11, 14, 22, 13, 20)),
        (99_999_999_999, utc(5138, 11, 16, 9, 46, 39)),
        (100_000_000_000, utc(1973, 3, 3, 9, 46, 40)),
        (datetime(2023, 11, 14, tzinfo=timezone(timedelta(hours=2))), utc(2023, 11, 13, 22)),
    ],
)
def test_timestamps_are_told_apart_by_their_magnitude(timestamp: Any, instant: datetime) -> None:
    assert event_row(_event(timestamp=timestamp))["timestamp"] == instant
    assert (
        event_row({"event_type": "open", "contact_id": "1", "timestamp": timestamp})["timestamp"] == instant
    )


def test_a_row_of_event_data_is_taken_as_it_is() -> None:
    row = {"contact_id": "1", "event_source": "mail", "event_type": "open", "data": {"payload": {"a": 1}}}
    expected = {**row, "timestamp": utc(2024, 1, 2)}
    assert event_row({**row, "timestamp": utc(2024, 1, 2)}) == expected
    assert event_row({**row, "event_timestamp": "2024-01-02"}) == expected


def test_what_a_row_lacks_is_null() -> None:
    row = event_row({"event_type": "open", "timestamp": 1, "contact_id": "1", "data": None})
    assert row == {"event_type": "open", "timestamp": utc(1970, 1, 1, 0, 0, 1), "contact_id": "1"}


def test_an_object_with_event_is_a_webhook_object_whatever_else_it_has() -> None:
    row = event_row(_event(event_type="x"))
    assert row["event_type"] == "open"
    assert row["data"]["payload"]["unique_args"]["event_type"] == "x"


def test_names_match_without_regard_to_case() -> None:
    row = event_row({"EVENT": "open", "Email": "a@x.example", "TimeStamp": 0, "Campaign": 1})
    assert row["data"]["payload"] == {
        "event": "open",
        "email": "a@x.example",
        "timestamp": 0,
        "unique_args": {"Campaign": 1},
    }


BAD_EVENTS = [
    ({"email": "a@x.example", "timestamp": 1}, "event", "has neither event nor event_type"),
    (_event(event=""), "event", "has no event"),
    (_event(event=7), "event", "7 is not a text"),
    ({"event": "open", "email": "a@x.example"}, "timestamp", "has no timestamp"),
    ({"event_type": "open", "contact_id": "1"}, "timestamp", "has no timestamp"),
    (
        {"event_type": "open", "contact_id": "1", "event_timestamp": "x"},
        "event_timestamp",
        "'x' is not a timest",
    ),
    (_event(timestamp=True), "timestamp", "True is not a timestamp"),
    (_event(timestamp="yesterday"), "timestamp", "'yesterday' is not a timestamp"),
    (_event(timestamp=[1]), "timestamp", "is not a timestamp"),
    (_event(timestamp=1e18), "timestamp", "is not a timestamp"),
    ({"event": "open", "timestamp": 1}, "email", "has neither an email nor a contact_id"),
    ({"event": "open", "timestamp": 1, "email": "", "contact_id": ""}, "email", "has neither an email"),
    (_event(email=["a"]), "email", "is not a text"),
    (_event(contact_id=5), "contact_id", "5 is not a text"),
    (
        {"event_type": "open", "timestamp": 1, "contact_id": "1", "event_source": 4},
        "event_source",
        "4 is not",
    ),
]


@pytest.mark.parametrize(("item", "key", "message"), BAD_EVENTS)
def test_an_event_needs_its_type_its_time_and_its_contact(
    contacts: Path, write: Write, item: Any, key: str, message: str
) -> None:
    with pytest.raises(RecordError, match=message) as caught:
        event_row(item)
    assert caught.value.key == key
    assert caught.value.expected is not None
    path = write("e.ndjson", ndjson(OPEN, item))
    with pytest.raises(RecordError, match=message) as caught:
        load(contacts, events=path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (str(path), 2, key)


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(RecordError, match="with a time zone"):
        event_row(_event(timestamp=datetime(2024, 1, 1)))
    with pytest.raises(RecordError, match="in the years 1 to 9999"):
        event_row(_event(timestamp=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([OPEN, _event(sg_event_id="e-2")]),
        json.dumps([OPEN, _event(sg_event_id="e-2")], indent=2),
        ndjson(OPEN, _event(sg_event_id="e-2")),
        ndjson([OPEN], [_event(sg_event_id="e-2")]),
    ],
)
@pytest.mark.parametrize("name", ["events.json", "events.ndjson.gz"])
def test_events_come_as_a_list_or_as_lines(contacts: Path, write: Write, text: str, name: str) -> None:
    first, second = load(contacts, events=write(name, text)).events
    assert first == {**OPEN_ROW, "contact_id": "1"}
    assert second["data"]["payload"]["sg_event_id"] == "e-2"


def test_events_may_be_split_into_several_files(contacts: Path, write: Write) -> None:
    path = write("e1.ndjson", ndjson(OPEN))
    write("e2.ndjson", ndjson(_event(sg_event_id="e-2")))
    assert len(load(contacts, events=str(path.with_name("e*.ndjson"))).events) == 2


def test_events_of_event_data_come_as_csv(contacts: Path, write: Write) -> None:
    data = '"{""payload"": {""unique_args"": {""singlesend_id"": ""s""}}}"'
    path = write(
        "events.csv",
        rows(
            "CONTACT_ID,event_source,Event_Type,EVENT_TIMESTAMP,data",
            f"2,mail,open,2024-01-02T03:04:05Z,{data}",
            "1,,click,1700000000,",
        ),
    )
    assert load(contacts, events=path).events == [
        {
            "contact_id": "2",
            "event_source": "mail",
            "event_type": "open",
            "timestamp": utc(2024, 1, 2, 3, 4, 5),
            "data": {"payload": {"unique_args": {"singlesend_id": "s"}}},
        },
        {"contact_id": "1", "event_type": "click", "timestamp": utc(2023, 11, 14, 22, 13, 20)},
    ]


def test_events_as_csv_need_a_type_and_sound_json(contacts: Path, write: Write) -> None:
    with pytest.raises(RecordError, match="row 1: the header has neither EVENT nor EVENT_TYPE"):
        load(contacts, events=write("a.csv", rows("EMAIL,TIMESTAMP", "a,1")))
    path = write("b.csv", rows("CONTACT_ID,EVENT_TYPE,TIMESTAMP,Data", "1,open,1,{", "1,open,1,{}"))
    with pytest.raises(RecordError, match="row 2, column Data: malformed JSON at column 2"):
        load(contacts, events=path)
    assert len(load(contacts, events=path, on_error="skip").events) == 1


def _contact_ids(contacts: Path, write: Write, *items: Any) -> list[str]:
    return [event["contact_id"] for event in load(contacts, events=write("e.json", ndjson(*items))).events]


def test_an_address_is_matched_in_lower_case_against_emails_then_alternate_emails(
    contacts: Path, write: Write
) -> None:
    items = [
        {"event": "open", "timestamp": 1, "email": address}
        for address in ("ANN@example.com", "bob@ALT.example", "Bob@Example.com")
    ]
    assert _contact_ids(contacts, write, *items) == ["1", "2", "2"]


def test_a_contact_id_goes_before_the_address(contacts: Path, write: Write) -> None:
    assert _contact_ids(contacts, write, _event(contact_id="2")) == ["2"]
    assert _contact_ids(contacts, write, _event(contact_id="unknown")) == []


def test_a_row_may_have_an_address_instead_of_an_id(contacts: Path, write: Write) -> None:
    row = {"event_type": "open", "timestamp": 1, "email": "bob@example.com"}
    assert _contact_ids(contacts, write, row) == ["2"]


def test_events_of_strangers_are_left_out_and_counted(contacts: Path, write: Write) -> None:
    stranger = _event(email="who@example.com", sg_event_id="e-9")
    loaded = load(contacts, events=write("e.json", ndjson(OPEN, stranger, stranger)))
    assert len(loaded.events) == 1
    tally = loaded.report.events
    assert (tally.kept, tally.strangers, tally.repeats) == (1, 1, 1)
    assert loaded.report.warnings == ["dropped 1 repeated event", "left out 1 event of no known contact"]


def test_repeats_are_dropped_across_files_and_counted(contacts: Path, write: Write) -> None:
    path = write("e.json", ndjson(OPEN, OPEN, OPEN))
    loaded = load(contacts, events=[path, path])
    assert len(loaded.events) == 1
    assert loaded.report.events.repeats == 5


def test_one_id_on_different_events_makes_no_repeats(contacts: Path, write: Write) -> None:
    path = write("e.json", ndjson(OPEN, _event(email="bob@example.com"), _event(event="click")))
    assert len(load(contacts, events=path).events) == 3


def test_without_sg_event_id_nothing_is_a_repeat(contacts: Path, write: Write) -> None:
    anonymous = _event(sg_event_id=None)
    odd = _event(sg_event_id="")
    assert len(load(contacts, events=write("e.json", ndjson(anonymous, anonymous, odd, odd))).events) == 4


def test_a_bad_event_is_no_first_of_its_repeats(contacts: Path, write: Write) -> None:
    path = write("e.json", ndjson(_event(timestamp="x"), OPEN))
    assert len(load(contacts, events=path, on_error="skip").events) == 1


@pytest.mark.parametrize("on_error", ["skip", "null"])
def test_bad_events_are_skipped_and_nothing_else_is_lost(contacts: Path, write: Write, on_error: Any) -> None:
    lines = [json.dumps(item) for item, *_ in BAD_EVENTS] + ["{", "7", '"x"', "null", '{"event": NaN}']
    good = [json.dumps(_event(sg_event_id=f"g{number}")) for number in range(len(lines))]
    path = write("e.ndjson", rows(*(line for pair in zip(good, lines, strict=True) for line in pair)))
    loaded = load(contacts, events=path, on_error=on_error)
    assert len(loaded.events) == len(good)
    assert [problem.row for problem in loaded.report.problems] == [2 * n for n in range(1, len(lines) + 1)]
    assert loaded.report.events.skipped == len(lines)
    assert loaded.report.warnings == [f"left out {len(lines)} bad event rows"]


def test_unknown_event_types_are_kept(contacts: Path, write: Write) -> None:
    (event,) = load(contacts, events=write("e.json", ndjson(_event(event="teleported")))).events
    assert event["event_type"] == "teleported"


def test_no_events_are_no_error(contacts: Path, write: Write) -> None:
    loaded = load(contacts, events=write("e.json", "[]"))
    assert loaded.events == []
    assert loaded.report.notes[-1].endswith("e.json: has no events")
