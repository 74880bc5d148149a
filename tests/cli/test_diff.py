"""``sql-seg diff``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FIELDS, FINE, run

DIFFERENT = 1
NOW = ("--now", "2026-11-23T12:00Z")


def test_a_difference_is_shown_with_what_decided() -> None:
    result = run("diff", "-q", "country != 'US'", "-q", "NOT (country = 'US' AND country IS NOT NULL)")
    assert result.exit_code == DIFFERENT
    assert result.stdout.splitlines() == [
        "different: this contact is in the second query alone",
        "  {}",
        "in the second query: country IS NOT NULL is FALSE (country is NULL)",
        "not in the first query: country != 'US' is NULL (country is NULL)",
    ]


def test_an_event_that_makes_the_difference(tmp_path: Path) -> None:
    other = tmp_path / "other.sql"
    text = (EXAMPLES / "segments/opened_last_30_days.sql").read_text()
    other.write_text(text.replace("day, -30", "month, -1"))
    result = run("diff", EXAMPLES / "segments/opened_last_30_days.sql", other, *NOW)
    assert result.exit_code == DIFFERENT
    assert f"this contact is in {other} alone" in result.stdout
    assert '"timestamp": "2026-10-23T12:00:00Z"' in result.stdout


def test_the_same_and_why() -> None:
    result = run("diff", "-q", "city IN ('a', 'b')", "-q", "city = 'b' OR city = 'a'")
    assert (result.exit_code, result.stdout) == (
        FINE,
        "the same: the queries say the same, in another order or with other words\n",
    )
    assert run("diff", "-q", "city='a'", "-q", "city = 'a'").stdout == (
        "the same: the queries say the same in the same words\n"
    )


def test_no_difference_is_found_and_that_is_no_proof() -> None:
    result = run("diff", "-q", "num_orders * 2 > 6", "-q", "num_orders > 3", "--fields", FIELDS)
    assert result.exit_code == FINE
    assert result.stdout.startswith("the same on everything tried, which is no proof (")


def test_as_json() -> None:
    result = run(
        "diff",
        "-q",
        "num_orders > 3",
        "-q",
        "num_orders >= 3",
        "--fields",
        FIELDS,
        *NOW,
        "--output-format",
        "json",
    )
    assert json.loads(result.stdout) == {
        "now": "2026-11-23T12:00:00Z",
        "verdict": "different",
        "only_in": "second",
        "contact": {"num_orders": 3},
        "others": [],
        "first": "num_orders > 3 is FALSE (num_orders is 3)",
        "second": "num_orders >= 3 is TRUE (num_orders is 3)",
    }
    same = json.loads(run("diff", "-q", "TRUE", "-q", "TRUE", *NOW, "--output-format", "json").stdout)
    assert (same["verdict"], same["reason"]) == ("same", "the queries say the same in the same words")


def test_other_contacts_are_shown() -> None:
    query = "SELECT contact_id, updated_at FROM contact_data WHERE "
    own = query + "country = 'US' AND email IS NOT NULL"
    anyone = query + "email IN (SELECT email FROM contact_data WHERE country = 'US')"
    result = run("diff", "-q", own, "-q", anyone)
    assert result.exit_code == DIFFERENT
    assert "  beside\n" in result.stdout


def test_what_cannot_be_answered(tmp_path: Path) -> None:
    result = run("diff", "-q", "num_orders > 3", "-q", "email =")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "error[unknown-column]" in result.stderr
    assert "--fields FILE" in result.stderr
    assert "error[unexpected-end]" in result.stderr
    for arguments in (["-q", "TRUE"], ["-q", "TRUE", "-q", "TRUE", "-q", "TRUE"], []):
        result = run("diff", *arguments)
        assert result.exit_code == COULD_NOT_RUN
        assert "give two queries" in result.stderr
    assert run("diff", tmp_path / "none.sql", "-q", "TRUE").exit_code == COULD_NOT_RUN
    result = run("diff", "-q", "size > 3", "-q", "size = 'a'", "--lenient")
    assert result.exit_code == COULD_NOT_RUN
    assert "the one query reads size as NUMBER, the other as STRING" in result.stderr


def test_one_file_beside_several_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "now.sgql").write_text("country = 'US'")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "now.sgql").write_text("country = 'CA'")
    (folder / "other.sgql").write_text("country = 'CA'")
    lines = run("diff", tmp_path / "now.sgql", folder).stdout.splitlines()
    assert lines[0] == f"now.sgql: different: this contact is in {tmp_path / 'now.sgql'} alone"
    assert lines[-1] == "other.sgql: is in the second place alone"
    alone = run("diff", "-q", "city = 'x'", folder, "--output-format", "json").stdout
    assert json.loads(alone)["only_in_second"] == ["city = 'x'"]
