"""Ten questions that people ask of a segment, each answered by what is printed alone.

Each story has the question in a person's words, the command that somebody would try, and the lines of its
answer that close the case. All of them are of the example account: 500 contacts, at 23 November 2026.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

NOW = ("--now", "2026-11-23T00:00:00Z")
ACCOUNT = ("--contacts", CONTACTS, "--events", EVENTS, "--fields", FIELDS, *NOW)
NEWSLETTER, CUSTOMERS = (f"115715d0-0000-4000-8000-00000000000{number}" for number in (1, 2))
LISTS = ("--list", f"{NEWSLETTER}={EXAMPLES / 'lists' / 'newsletter.csv'}")
COUNTED = Path(__file__).parents[1] / "data" / "counted_segments"
OPENED = "event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY"


def answer(*arguments: object, exit_code: int = FINE) -> str:
    """Return all that a command says to who runs it, in lines of one space."""
    result = run(*arguments)
    assert result.exit_code == exit_code, result.output
    return "\n".join(" ".join(line.split()) for line in (result.stdout + result.stderr).splitlines())


def about(record: dict[str, Any]) -> tuple[object, ...]:
    return ("--record", json.dumps({"email": "ada@x.com", **record}), *NOW)


def opened(at: str) -> dict[str, Any]:
    return {"event_type": "open", "timestamp": at}


def test_1_we_have_hundreds_of_americans_why_does_the_segment_find_nobody() -> None:
    """The wrong case: the data writes the country in capitals."""
    said = answer("preview", "-q", "country = 'us'", *ACCOUNT)
    assert "0 of 500 contacts (0.0%)" in said
    assert "hint: no contact has country = 'us'; the data has 'US' (304)" in said


def test_2_everybody_but_the_americans_should_be_196_why_only_130() -> None:
    """The NULL trap: 66 contacts without a country are neither American nor not American."""
    said = answer("preview", "-q", "country != 'US'", "--funnel", *ACCOUNT)
    assert "130 of 500 contacts (26.0%)" in said
    assert "contacts whose country is NULL are left out" in said
    assert "country != 'US' 130 130 0 66" in said
    assert "to keep them, write (country != 'US' OR country IS NULL)" in said


def test_3_why_is_she_not_in_she_is_no_dave() -> None:
    """The NULL trap, of one contact: nobody knows her first name."""
    said = answer("explain", "-q", "first_name != 'Dave'", *about({"last_name": "Lovelace"}))
    assert "ada@x.com is not in the segment" in said
    assert "first_name is NULL, so `first_name != 'Dave'` is NULL: the contact is left out" in said


def test_4_the_count_is_so_small_which_condition_is_it() -> None:
    """The funnel: the states alone keep 94 out whom all other conditions let in."""
    said = answer("preview", EXAMPLES / "segments" / "us_mountain_states.sql", "--funnel", *ACCOUNT)
    assert "49 of 500 contacts (9.8%)" in said
    rows = [line.split() for line in said.splitlines()]
    decided = {
        " ".join(row[:-4]): int(row[-2]) for row in rows if all(map(str.isdigit, row[-4:])) and row[4:]
    }
    assert decided["state_province_region IN ('CO', 'UT', 'ID')"] == 94
    assert decided["country = 'US'"] == 16
    assert decided["any of these"] == 32


def test_5_he_opened_a_mail_last_month_why_is_he_out() -> None:
    """The event window: it was a second before the thirty days began."""
    said = answer("explain", "-q", OPENED, *about({"events": [opened("2026-10-23T23:59:59Z")]}))
    assert "the contact's one event, open of 2026-10-23T23:59:59Z, does not meet it" in said.replace(
        "\n", " "
    )
    assert "NOW() - INTERVAL 30 DAY is 2026-10-24T00:00:00Z" in said.replace("\n", " ")
    assert "It would be in if one of these were so:" in said


def test_6_nobody_is_on_our_list_but_the_newsletter_has_hundreds() -> None:
    """The wrong list: its id is not the newsletter's; and without any export, nobody is on any list."""
    query = f"CONTAINS(list_ids, '{CUSTOMERS}')"
    assert f"the query asks for list {CUSTOMERS}, which no contact is on" in answer(
        "preview", "-q", query, *ACCOUNT, *LISTS
    )
    without = answer("preview", "-q", query, *ACCOUNT)
    assert (
        "asks for list_ids, but the contacts come without: give the exports of lists with --list" in without
    )


def test_7_she_joined_on_31_october_in_new_york_why_is_she_in_november() -> None:
    """The edge of a time zone: moments are in UTC, and there it was November already."""
    query = "created_at >= TIMESTAMP '2026-11-01' AND created_at < TIMESTAMP '2026-12-01'"
    said = answer("explain", "-q", query, *about({"created_at": "2026-10-31T21:30:00-05:00"}))
    assert "ada@x.com is in the segment" in said
    assert "created_at is 2026-11-01T02:30:00Z" in said


def test_8_who_opened_something_is_zero_though_there_are_opens() -> None:
    """The wrong name of an event; the data says which there are."""
    said = answer("preview", "-q", "event_type = 'opened'", *ACCOUNT)
    assert "did you mean 'open'?" in said
    assert "there are bounce (36), click (58), delivered (635), open (293)" in said


def test_9_will_the_segment_of_recent_openers_run_dry_and_when() -> None:
    """Time: without new opens it loses its last members in the middle of December."""
    segment = EXAMPLES / "segments" / "opened_last_30_days.sql"
    span = ("--from", "2026-11-23", "--to", "2026-12-21", "--step", "week")
    lines = answer("timeline", segment, *ACCOUNT[:-2], *span).splitlines()
    assert [line.split()[1] for line in lines if line.startswith("2026-")] == ["89", "89", "89", "89", "0"]
    assert "2026-12-21 0 +0 -89" in lines


def test_10_sendgrid_says_309_and_the_export_has_304_who_is_right() -> None:
    """Drift: three of those that SendGrid shows have another country in the export, and one is not in it."""
    said = answer("drift", COUNTED / "americans.json", *ACCOUNT, exit_code=QUERY_ERRORS).replace("\n", " ")
    assert (
        "SendGrid counted 309 at 2026-11-14T00:00:00Z; the data has 304 of 500 contacts then: 5 fewer" in said
    )
    assert "3 of the 7 contacts that SendGrid shows have other values in the data" in said
    assert "country was 'US', and is 'DE' there" in said
    assert "is not in the data: gone@example.com" in said


def test_beside_the_ten_in_which_segments_is_she_and_why_not_in_the_others() -> None:
    said = answer("explain", EXAMPLES / "segments", "--contact", "silva0@gmail.com", *ACCOUNT)
    inside = [line.split()[1] for line in said.splitlines() if line.startswith("in ")]
    assert inside == ["sent_but_never_opened.sql:"]
    assert "so `plan IN ('pro', 'team', 'enterprise')` is FALSE" in said.replace("\n", " ")


def test_beside_the_ten_nobody_has_such_a_date() -> None:
    said = answer("preview", "-q", "last_order_at > TIMESTAMP '2030-01-01'", *ACCOUNT)
    assert (
        "hint: no contact has last_order_at > TIMESTAMP '2030-01-01': in the data last_order_at is "
        "2021-08-15T11:03:00Z to 2026-11-23T07:54:03Z"
    ) in said
    everyone = answer("preview", "-q", "last_order_at > TIMESTAMP '2020-01-01'", *ACCOUNT)
    assert "no contact has" not in everyone


def test_beside_the_ten_there_is_no_such_contact() -> None:
    said = answer(
        "explain", "-q", "country = 'US'", "--contact", "nobody@x.com", *ACCOUNT, exit_code=COULD_NOT_RUN
    )
    assert "give the contact's id, its email or an alternate email" in said
