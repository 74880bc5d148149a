from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

GOOD = "email LIKE '%gmail.com'"
BAD = "email = 3"


def test_a_valid_query_is_fine() -> None:
    result = run("check", "-q", GOOD)
    assert (result.exit_code, result.stdout, result.stderr) == (FINE, "1 query checked: no errors\n", "")


def test_an_error_has_a_frame_and_a_summary_on_standard_output() -> None:
    result = run("check", "-q", GOOD, "-q", BAD)
    assert result.exit_code == QUERY_ERRORS
    assert "--> <query>:1:1\n" in result.stdout
    assert "1 | email = 3\n  | ^^^^^^^^^\n" in result.stdout
    assert "\n2 queries checked: 1 error" in result.stdout
    assert result.stderr == ""


def test_a_warning_alone_is_fine() -> None:
    result = run("check", "--lenient", "-q", "plan = 'free'")
    assert result.exit_code == FINE
    assert "warning[assumed-column]" in result.stdout
    assert result.stdout.endswith("1 query checked: no errors, 1 warning\n")


def test_concise_has_a_line_for_each_finding_and_nothing_else() -> None:
    result = run("check", "-q", "email = 3 AND citty = 'x'", "-q", GOOD, "--output-format", "concise")
    lines = result.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "<query>:1:1:",
        "<query>:1:15:",
    ]
    assert all("error[" in line for line in lines)


def test_json_is_one_list_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("SELECT contact_id, updated_at\nFROM contact_data\nWHERE citty = 'x'")
    result = run("check", file, "-", "-q", GOOD, "--output-format", "json", stdin=BAD)
    assert result.exit_code == QUERY_ERRORS
    first, second, third = json.loads(result.stdout)
    assert (first["file"], first["dialect"], first["valid"]) == (str(file), "v2", False)
    (diagnostic,) = first["diagnostics"]
    place = [diagnostic[key] for key in ("line", "column", "end_line", "end_column")]
    assert place == [3, 7, 3, 12]
    assert (diagnostic["code"], diagnostic["severity"]) == ("unknown-column", "error")
    assert "did you mean city?" in diagnostic["help"]
    assert "citty" in diagnostic["message"]
    assert (second["file"], second["dialect"], second["valid"]) == ("<stdin>", "v1", False)
    assert third == {"file": "<query>", "segment": None, "dialect": "v1", "valid": True, "diagnostics": []}


def test_a_directory_stands_for_its_query_files_in_order(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sql")
    for name in ("b.sql", "a.SGQL", "deep/er/c.sgql", ".hidden/d.sql", "readme.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    result = run("check", tmp_path, "--output-format", "json")
    files = [Path(form["file"]).relative_to(tmp_path) for form in json.loads(result.stdout)]
    assert files == [Path("a.SGQL"), Path("b.sql"), Path("deep/er/c.sgql")]


def test_a_file_that_is_named_twice_is_checked_once(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(GOOD)
    result = run("check", tmp_path / "a.sql", tmp_path / "a.sql")
    assert result.stdout == "1 query checked: no errors\n"


def test_the_examples_are_valid_with_their_fields() -> None:
    result = run("check", EXAMPLES / "segments", "--fields", FIELDS)
    assert (result.exit_code, result.stdout) == (FINE, "6 queries checked: no errors\n")


def test_an_unknown_column_points_to_the_options_that_know_more() -> None:
    without = run("check", "-q", "plan = 'free'")
    assert "--fields FILE" in without.stdout
    assert "--lenient" in without.stdout
    assert "--fields" not in run("check", "-q", "plann = 'free'", "--fields", FIELDS).stdout
    assert run("check", "-q", "plan = 'free'", "--fields", FIELDS).exit_code == FINE


def test_the_dialect_can_be_given() -> None:
    assert run("check", "-q", GOOD, "--dialect", "v1").exit_code == FINE
    result = run("check", "-q", GOOD, "--dialect", "v2", "--output-format", "json")
    assert result.exit_code == QUERY_ERRORS
    assert json.loads(result.stdout)[0]["dialect"] == "v2"


def test_what_cannot_be_read_is_named_and_all_else_is_checked(tmp_path: Path) -> None:
    (tmp_path / "bad.sql").write_text(BAD)
    (tmp_path / "latin.sql").write_bytes(b"email = 'x'\nAND city = '\xfc'")
    (tmp_path / "binary.sql").write_bytes(b"\x00\x01")
    (tmp_path / "empty").mkdir()
    result = run(
        "check",
        *(tmp_path / name for name in ("missing.sql", "latin.sql", "binary.sql", "empty", "bad.sql")),
        "",
    )
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr == ""
    for place, reason in (
        ("missing.sql:1:1", "no such file"),
        ("latin.sql:2:13", "is not UTF-8 text"),
        ("binary.sql:1:1", "is binary, not UTF-8 text"),
        ("empty:1:1", "has no files that end in .sql or .sgql, nor segments in JSON or YAML"),
    ):
        assert f"error[unreadable-file]: {reason}\n --> {tmp_path}/{place}\n" in result.stdout
    assert "error[unreadable-file]: a file's name is empty\n" in result.stdout
    assert "bad.sql:1:1" in result.stdout
    assert "1 query checked: 1 error, 5 not read" in result.stdout


def test_json_stays_json_when_something_cannot_be_read() -> None:
    result = run("check", "missing.sql", "--output-format", "json")
    (entry,) = json.loads(result.stdout)
    assert result.exit_code == COULD_NOT_RUN
    assert (entry["file"], entry["dialect"], entry["valid"]) == ("missing.sql", None, False)
    assert [item["code"] for item in entry["diagnostics"]] == ["unreadable-file"]
    assert result.stderr == "Error: missing.sql: no such file\n"


def test_a_text_that_is_too_long_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "long.sql").write_text("é" * 2**20)
    result = run("check", tmp_path / "long.sql", "--output-format", "concise")
    assert result.exit_code == QUERY_ERRORS
    assert "text-too-long" in result.stdout


def test_a_byte_order_mark_is_no_part_of_the_query(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert run("check", tmp_path / "a.sql").exit_code == FINE


@pytest.mark.parametrize("command", ["check", "format", "parse"])
def test_without_a_query_nothing_is_read(command: str) -> None:
    result = run(command, stdin="email = 3")
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr.startswith("Usage: ")
    assert "- for standard input" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ("{", "malformed JSON"),
        ("null", "must be a list"),
        ("{}", "must be an object with the key custom_fields"),
        ('[{"name": "a-b", "field_type": "Text"}]', "is no custom field's name"),
        ('[{"name": "email", "field_type": "Text"}]', "has the name of a reserved field"),
        ('[{"name": "a", "field_type": "Blob"}]', "must be Text, Number or Date"),
    ],
)
def test_bad_field_definitions_name_their_file(content: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "fields.json").write_text(content)
    result = run("check", "-q", GOOD, "--fields", tmp_path / "fields.json")
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr.startswith(f"Error: {tmp_path / 'fields.json'}")
    assert reason in result.stderr


@pytest.mark.parametrize("path", ["missing.json", ".", "*.py"])
def test_field_definitions_that_are_no_one_file(path: str) -> None:
    result = run("check", "-q", GOOD, "--fields", path)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr.startswith(f"Error: {path}: ")


@pytest.mark.parametrize(
    "arguments",
    [["chekc"], ["check", "--nope"], ["check", "-q", "x", "--dialect", "v3"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr.startswith("Usage: ")
