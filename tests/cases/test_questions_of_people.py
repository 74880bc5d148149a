"""Ten questions that people ask of a segment, each answered by what is printed alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import CONTACTS, EVENTS, EXAMPLES, FIELDS, FINE, run

NOW = ("--now", "2026-11-23T00:00:00Z")
LIST = "115715d0-0000-4000-8000-000000000001"
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id WHERE "
)


def opened(at: str) -> dict[str, Any]:
    return {"event_type": "open", "timestamp": at}


def explained(query: str, record: dict[str, Any], *options: object) -> str:
    record = {"email": "a@x.com", **record}
    result = run("explain", "-q", query, "--record", json.dumps(record), *NOW, *options)
    assert result.exit_code == FINE, result.stderr
    return " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("query", "record", "answer"),
    [
        ("first_name != 'Dave'", {}, "so `first_name != 'Dave'` is NULL: the contact is left out"),
        ("country = 'US'", {"country": "us"}, "country were 'US'; it is 'us'"),
        (f"CONTAINS(list_ids, '{LIST}')", {"list_ids": ["other"]}, "list_ids is ['other'], so"),
        (
            "event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY",
            {"events": [opened("2026-10-23T23:59:59Z")]},
            "event_timestamp is 2026-10-23T23:59:59Z and NOW() - INTERVAL 30 DAY is 2026-10-24T00:00:00Z",
        ),
        (
            JOIN + "e.event_type = 'click'",
            {"events": [opened("2026-11-01")]},
            "so `e.event_type = 'click'` is FALSE",
        ),
        (
            "created_at >= TIMESTAMP '2026-11-01'",
            {"created_at": "2026-10-31T20:00:00-05:00"},
            "a@x.com is in the segment",
        ),
        ("event_type = 'open'", {"events": []}, "the contact has no events"),
    ],
)  # fmt: skip
def test_why_one_contact_is_in_or_out(query: str, record: dict[str, Any], answer: str) -> None:
    assert answer in explained(query, record)


def test_why_a_segment_has_nobody() -> None:
    result = run("preview", "-q", "country = 'us'", "--contacts", CONTACTS, *NOW)
    assert "no contact has country = 'us'; the data has 'US' (304)" in result.stderr


def test_which_condition_keeps_most_contacts_out() -> None:
    segment = EXAMPLES / "segments" / "us_mountain_states.sql"
    result = run("preview", segment, "--funnel", "--contacts", CONTACTS, "--fields", FIELDS, *NOW)
    (line,) = [line for line in result.stdout.splitlines() if "state_province_region" in line]
    assert line.split()[-4:] == ["136", "111", "94", "44"]


def test_which_segments_somebody_is_in() -> None:
    result = run(
        "explain", EXAMPLES / "segments", "--contact", "silva0@gmail.com",
        "--contacts", CONTACTS, "--events", EVENTS, "--fields", FIELDS, *NOW,
    )  # fmt: skip
    inside = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("in ")]
    assert [Path(name.rstrip(":")).name for name in inside] == ["sent_but_never_opened.sql"]
