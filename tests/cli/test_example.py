"""``sql-seg example``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

NOW = ("--now", "2026-11-23T12:00Z")
SEGMENTS = sorted((EXAMPLES / "segments").glob("*.sql"))


def test_one_that_is_in_and_one_that_is_just_out() -> None:
    result = run("example", "-q", "country = 'US' AND num_orders >= 3", "--fields", FIELDS, *NOW)
    assert result.exit_code == FINE
    assert json.loads(result.stdout) == {
        "now": "2026-11-23T12:00:00Z",
        "fields": {"custom_fields": [{"id": "w2_N", "name": "num_orders", "field_type": "Number"}]},
        "in": [
            {
                "case": "country = 'US' is TRUE (country is 'US'); num_orders >= 3 is TRUE (num_orders is 3)",
                "country": "US",
                "num_orders": 3,
            }
        ],
        "out": [
            {"case": "country = 'US' is FALSE (country is 'NO')", "country": "NO", "num_orders": 3},
        ],
    }


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda path: path.name)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_it_is_a_file_for_segment_tests_that_hold(segment: Path, seed: int | None, tmp_path: Path) -> None:
    shutil.copy(segment, tmp_path)
    choice = () if seed is None else ("--seed", seed)
    result = run("example", segment, "--fields", FIELDS, *NOW, *choice)
    assert result.exit_code == FINE
    (tmp_path / f"{segment.stem}.test.json").write_text(result.stdout)
    tested = run("test", tmp_path)
    assert tested.exit_code == FINE, tested.output
    assert "2 tests of 1 file: 2 hold" in tested.stdout


def test_other_contacts_are_in_the_file_too(tmp_path: Path) -> None:
    query = (
        "SELECT contact_id, updated_at FROM contact_data "
        "WHERE country = 'CA' AND email IN (SELECT email FROM contact_data WHERE country = 'US')"
    )
    (tmp_path / "a.sql").write_text(query)
    result = run("example", tmp_path / "a.sql", *NOW)
    assert [contact["country"] for contact in json.loads(result.stdout)["in"]] == ["CA"]
    (tmp_path / "a.test.json").write_text(result.stdout)
    assert run("test", tmp_path).exit_code == FINE


def test_an_empty_text_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("city = ''")
    result = run("example", tmp_path / "a.sql", *NOW)
    assert json.loads(result.stdout)["empty"] == "string"
    (tmp_path / "a.test.json").write_text(result.stdout)
    assert run("test", tmp_path).exit_code == FINE


def test_nobody_can_be_in() -> None:
    result = run("example", "-q", "city = 'a' AND city = 'b'", *NOW)
    assert result.exit_code == QUERY_ERRORS
    assert "in" not in json.loads(result.stdout)
    assert (
        result.stderr == "no contact can be in this segment: no value of city meets all that is asked of it\n"
    )


def test_everybody_is_in() -> None:
    result = run("example", "-q", "TRUE", *NOW)
    assert result.exit_code == QUERY_ERRORS
    assert "every contact is in this segment" in result.stderr


def test_what_cannot_be_read() -> None:
    result = run("example", "-q", "num_orders > 3")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "--fields FILE" in result.stderr
    assert run("example").exit_code == COULD_NOT_RUN
    assert run("example", "none.sql").exit_code == COULD_NOT_RUN
