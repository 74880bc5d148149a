from __future__ import annotations

import json
from pathlib import Path

from sql_seg import from_json, parse
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE city = 'Zürich'"


def test_the_json_form_of_a_query(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(QUERY)
    for result in (
        run("parse", "-q", QUERY),
        run("parse", tmp_path / "a.sql"),
        run("parse", "-", stdin=QUERY),
    ):
        assert result.exit_code == FINE
        assert from_json(json.loads(result.stdout)) == parse(QUERY)


def test_it_is_ascii() -> None:
    assert run("parse", "-q", QUERY).stdout.isascii()


def test_a_text_that_does_not_parse() -> None:
    result = run("parse", "-q", "email =")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "error[unexpected-end]" in result.stderr
    assert "<query>:1:8" in result.stderr


def test_names_and_types_are_not_its_business() -> None:
    assert run("parse", "-q", "nope = 3").exit_code == FINE


def test_several_queries_are_shown_with_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(QUERY)
    (tmp_path / "b.json").write_text('{"name": "Bs", "query_dsl": "city ="}')
    result = run("parse", tmp_path, "-q", "city IS NULL")
    assert result.exit_code == QUERY_ERRORS
    segments = json.loads(result.stdout)["segments"]
    assert [segment["name"] for segment in segments] == [
        "a.sql", "b.json: Bs", "city IS NULL",
    ]  # fmt: skip
    assert from_json(segments[0]["query"]) == parse(QUERY)
    assert segments[1]["query"] is None
    assert "error[unexpected-end]" in segments[1]["errors"][0]


def test_what_is_not_there() -> None:
    result = run("parse", "a.sql", "b.sql")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr == "Error: a.sql: no such file\nb.sql: no such file\n"
