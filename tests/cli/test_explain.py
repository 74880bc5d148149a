from __future__ import annotations

import json

from click.testing import Result

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

NOW = ("--now", "2026-11-23")
WHO = "silva0@gmail.com"


def explain(query: str, record: object, *options: object) -> Result:
    return run("explain", "-q", query, "--record", json.dumps(record), *NOW, *options)


def test_a_null_is_told_and_what_would_bring_the_contact_in() -> None:
    result = explain("first_name != 'Dave'", {"email": "a@x.com"})
    assert result.exit_code == FINE
    assert result.stdout.splitlines() == [
        "a@x.com is not in the segment at 2026-11-23T00:00:00Z",
        "  first_name is NULL, so `first_name != 'Dave'` is NULL: the contact is left out",
        "",
        "> NULL   first_name != 'Dave'",
        "           first_name is NULL",
        "",
        "It would be in if one of these were so:",
        "  - first_name were 'Ada'; it is NULL",
    ]


def test_the_nearest_event_is_told_and_why_it_does_not_do() -> None:
    events = [
        {"event_type": "open", "timestamp": "2026-09-01T08:00:00Z"},
        {"event_type": "click", "timestamp": "2026-11-20T08:00:00Z"},
    ]
    query = "event_type = 'open' AND event_timestamp > NOW() - INTERVAL 30 DAY"
    lines = explain(query, {"email": "a@x.com", "events": events}, "--output-format", "text").stdout
    said = " ".join(lines.split())
    assert "none of the contact's 2 events meets it; the nearest is open of 2026-09-01T08:00:00Z" in said
    assert "so `event_timestamp > NOW() - INTERVAL 30 DAY` is FALSE" in said
    assert "timestamp of the event open of 2026-09-01T08:00:00Z were" in said


def test_of_a_directory_each_segment_has_its_line() -> None:
    result = run(
        "explain", EXAMPLES / "segments", "--contact", WHO.upper(), "--contacts", CONTACTS,
        "--events", EVENTS, "--fields", FIELDS, *NOW,
    )  # fmt: skip
    assert result.exit_code == FINE
    lines = result.stdout.splitlines()
    assert lines[0] == f"{WHO} is in 1 of 6 segments at 2026-11-23T00:00:00Z"
    assert lines[1].startswith("in   sent_but_never_opened.sql: none of the contact's 2 events")
    assert sum(line.startswith("out  ") for line in lines) == 5


def test_json_has_the_tree_and_the_changes() -> None:
    result = explain(
        "city = 'a' AND country = 'US'", {"city": "a", "country": "us"}, "--output-format", "json"
    )
    form = json.loads(result.stdout)
    assert form["is_member"] is False
    assert form["conditions"]["truth"] == "FALSE"
    first, second = form["conditions"]["children"]
    assert (first["text"], first["decides"], first["seen"]) == ("country = 'US'", True, {"country": "us"})
    assert (second["truth"], second["decides"]) == ("TRUE", False)
    assert form["changes"] == [[{"name": "country", "before": "us", "after": "US", "event": None}]]


def test_what_cannot_be_explained_is_said() -> None:
    nobody = run("explain", "-q", "city = 'x'", "--contact", "no@x.com", "--contacts", CONTACTS)
    assert nobody.exit_code == COULD_NOT_RUN
    assert "no contact has the id or the address 'no@x.com'" in nobody.stderr
    assert explain("city = ", {}).exit_code == QUERY_ERRORS
    assert run("explain", "-q", "city = 'x'").exit_code == COULD_NOT_RUN
    both = run("explain", "-q", "city = 'x'", "--record", "{}", "--contacts", CONTACTS)
    assert "--contacts is about an account, and --record stands in place of it" in both.stderr
    for text, said in [("[]", "no object"), ("{", "no JSON"), ('{"age": {}}', "age"), ("@/nope", "/nope")]:
        result = run("explain", "-q", "city = 'x'", "--record", text)
        assert result.exit_code == COULD_NOT_RUN
        assert said in result.stderr


def test_an_address_that_nobody_has_is_answered_with_the_nearest() -> None:
    for wanted in ("tom.oneil@gmail.com", "TOM.ONEIL1@gmial.com", "tom.oneil1"):
        nobody = run("explain", "-q", "city = 'x'", "--contact", wanted, "--contacts", CONTACTS)
        assert nobody.exit_code == COULD_NOT_RUN
        assert "did you mean tom.oneil1@gmail.com" in nobody.stderr
