"""``sql-seg drift``: SendGrid's counts of files of segments beside an export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, FIELDS, FINE, QUERY_ERRORS, run

FOLDER = Path(__file__).parents[1] / "data" / "counted_segments"
ACCOUNT = ("--contacts", CONTACTS, "--events", EVENTS, "--fields", FIELDS, "--now", "2026-11-15")


def test_a_segment_that_agrees_is_fine() -> None:
    result = run("drift", FOLDER / "canadians.json", *ACCOUNT)
    assert result.exit_code == FINE
    assert result.stdout.splitlines()[-1] == "nothing differs"


def test_json_has_each_contact_of_the_sample() -> None:
    found = json.loads(run("drift", FOLDER, *ACCOUNT, "--output-format", "json").stdout)["segments"]
    by_name = {form["file"].rpartition("/")[2]: form for form in found}
    americans = by_name["americans.json"]
    assert (americans["there"], americans["here"], americans["agrees"]) == (309, 304, False)
    verdicts = [one["verdict"] for one in americans["sample"]]
    assert verdicts == ["in"] * 3 + ["not in"] * 3 + ["not in the data"]
    assert by_name["canadians.json"]["causes"] == []


def test_segments_without_a_count_are_left_out_or_refused(tmp_path: Path) -> None:
    alone = tmp_path / "alone.sql"
    alone.write_text("country = 'US'", encoding="utf-8")
    refused = run("drift", alone, *ACCOUNT)
    assert refused.exit_code == COULD_NOT_RUN
    assert "GET /v3/marketing/segments/2.0/{id}" in refused.stderr
    both = run("drift", alone, FOLDER / "canadians.json", *ACCOUNT)
    assert both.exit_code == FINE
    assert "1 segment without SendGrid's count is left out" in both.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contacts_count": "many"}, "contacts_count is 'many'"),
        ({"contacts_sample": 3}, "contacts_sample is 3"),
        ({"sample_updated_at": "yesterday"}, "sample_updated_at is 'yesterday'"),
    ],
)
def test_a_count_that_is_none_is_said(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    form = json.loads((FOLDER / "canadians.json").read_text(encoding="utf-8"))
    odd = tmp_path / "odd.json"
    odd.write_text(json.dumps(form | changes), encoding="utf-8")
    result = run("drift", odd, *ACCOUNT)
    assert result.exit_code == COULD_NOT_RUN
    assert said in result.stderr


def test_a_query_with_errors_is_one() -> None:
    form = {"query_dsl": "cuntry = 'US'", "contacts_count": 1}
    result = run("drift", "-", *ACCOUNT, stdin=json.dumps(form))
    assert result.exit_code == QUERY_ERRORS
    assert "country" in result.stderr
