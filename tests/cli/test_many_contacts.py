"""What is asked of many contacts at once: funnels, overlaps, timelines."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, QUERY_ERRORS, run

ACCOUNT = ("--contacts", CONTACTS, "--events", EVENTS, "--fields", FIELDS)
NOW = ("--now", "2026-11-23")
SEGMENTS = EXAMPLES / "segments"
TIMELINE = ("timeline", SEGMENTS / "opened_last_30_days.sql")
QUERY = ("timeline", "-q", "city = 'x'")


def test_the_funnel_is_a_table_with_a_tree() -> None:
    result = run("preview", SEGMENTS / "us_mountain_states.sql", "--funnel", *ACCOUNT, *NOW)
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "49 of 500 contacts (9.8%) at 2026-11-23T00:00:00Z"
    assert lines[4].split() == ["country", "=", "'US'", "304", "304", "16", "66"]
    assert lines[7].startswith("   plan IN")
    assert lines[-1].split()[-4:] == ["386", "49", "16", "0"]


def test_what_empties_a_segment_is_named() -> None:
    together = run("preview", "-q", "country = 'US' AND city = 'Toronto'", "--funnel", *ACCOUNT, *NOW)
    assert together.stdout.splitlines()[-3:] == [
        "no contact meets all of these, though some meet all but any one of them:",
        "  - country = 'US'",
        "  - city = 'Toronto'",
    ]
    alone = run("preview", "-q", "country = 'us' AND city = 'Denver'", "--funnel", *ACCOUNT, *NOW)
    assert alone.stdout.splitlines()[-3:] == [
        "no contact meets country = 'us'",
        "",
        "hint: no contact has country = 'us'; the data has 'US' (304)",
    ]


def test_a_preview_of_nobody_hints_at_why() -> None:
    result = run("preview", "-q", "country = 'us'", *ACCOUNT, *NOW)
    assert "hint: no contact has country = 'us'; the data has 'US' (304)" in result.stderr
    assert "--funnel" in result.stderr


def test_overlap_is_written_as_json_and_csv() -> None:
    form = json.loads(run("overlap", SEGMENTS, *ACCOUNT, *NOW, "--output-format", "json").stdout)
    assert (form["total"], form["in_no_segment"], len(form["pairs"])) == (500, 269, 15)
    found = run("overlap", SEGMENTS, *ACCOUNT, *NOW, "--output-format", "csv").stdout
    rows = list(csv.DictReader(StringIO(found)))
    assert rows[-1]["both"] == "14"
    assert {row["relation"] for row in rows} == {"equal", "disjoint", "overlapping"}


def test_what_always_holds_is_said() -> None:
    queries = ("-q", "country = 'US'", "-q", "country IN ('US', 'CA')", "-q", "country = 'CA'")
    lines = run("overlap", *queries, "--contacts", CONTACTS, *NOW).stdout.splitlines()
    assert "country = 'US' is always contained in country IN ('US', 'CA')" in lines
    assert "country = 'US' and country = 'CA' always share no contact" in lines


def test_a_timeline_is_written_as_json_csv_and_svg(tmp_path: Path) -> None:
    arguments = ("timeline", SEGMENTS / "opened_last_30_days.sql", *ACCOUNT, "--from", "2026-11-14")
    plot = tmp_path / "plot.svg"
    found = run(*arguments, "--to", "2026-11-16", "--output-format", "csv", "--svg", plot).stdout
    assert [row["count"] for row in csv.DictReader(StringIO(found))] == ["147", "107", "89"]
    assert ElementTree.fromstring(plot.read_text(encoding="utf-8")).tag.endswith("svg")
    form = json.loads(run(*arguments, "--to", "2026-11-15", "--output-format", "json").stdout)
    first, second = form["instants"]
    assert (first["left"], len(second["left"]), second["entered"]) == ([], 40, [])
    at = run(
        "preview", SEGMENTS / "opened_last_30_days.sql", *ACCOUNT, "--at", "2026-11-15", "--at", "2026-11-14"
    )
    assert at.stdout.splitlines()[-1].endswith("+0 -40")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*QUERY, "--from", "2026-01-02", "--to", "2026-01-01"), COULD_NOT_RUN, "before"),
        ((*QUERY, "--from", "2020-01-01", "--to", "2026-01-01"), COULD_NOT_RUN, "larger"),
        (("timeline", SEGMENTS, "--from", "2026-01-01", "--to", "2026-01-02"), COULD_NOT_RUN, "one segment"),
        (("preview", SEGMENTS, "--funnel"), COULD_NOT_RUN, "one segment"),
        (("preview", SEGMENTS, "--at", "2026-01-01"), COULD_NOT_RUN, "one segment"),
        (("preview", "-q", "city = 'x'", "--at", "soon"), COULD_NOT_RUN, "no time"),
        (("overlap", "-q", "city = "), QUERY_ERRORS, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(arguments: tuple[object, ...], code: int, said: str) -> None:
    result = run(*arguments, "--contacts", CONTACTS)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_timeline_without_an_end_ends_now(tmp_path: Path) -> None:
    settings = tmp_path / "sql-seg.toml"
    settings.write_text('now = "2026-11-23T12:00:00Z"\n')
    arguments = (*TIMELINE, *ACCOUNT, "--config", settings, "--output-format", "csv")
    lines = run(*arguments, "--from", "2026-11-21").stdout.splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == [
        f"2026-11-{day}T00:00:00Z" for day in (21, 22, 23)
    ]
    late = run(*arguments, "--from", "2026-12-01")
    assert late.exit_code == COULD_NOT_RUN
    assert "--from is later than now: give the last moment with --to" in late.stderr


def test_a_funnel_says_what_the_data_lacks_once() -> None:
    query = "plan = 'pro' AND event_type = 'open' AND event_data['nokey'] = 'x' AND CONTAINS(list_ids, 'x')"
    account = ("--contacts", CONTACTS, "--events", EVENTS, "--lenient")
    result = run("preview", "-q", query, *account, "--funnel")
    both = result.stdout + result.stderr
    assert both.count("nokey of events") == 1
    assert both.count("asks for list_ids") == 1
    assert both.count("left out 35 events") == 1
