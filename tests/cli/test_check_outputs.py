"""Formats, colours, counts, and segments in files, as ``check`` has them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path

import pytest

from sql_seg.diagnostics.formats import FORMATS
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

BAD = "email = 3"
TRAP = "first_name != 'Dave'"
GOOD = "email LIKE '%@example.com'"


def long_query(values: int) -> str:
    return "country IN (" + ", ".join(f"'C{number}'" for number in range(values)) + ")"


def segment(name: str, query: str, **more: object) -> dict[str, object]:
    return {"name": name, "query_dsl": query, **more}


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_says_what_is_wrong_and_no_more(output_format: str) -> None:
    result = run("check", "-q", BAD, "--output-format", output_format)
    assert (result.exit_code, result.stderr) == (QUERY_ERRORS, "")
    assert "type-mismatch" in result.stdout
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n")
    fine = run("check", "-q", GOOD, "--output-format", output_format)
    assert (fine.exit_code, fine.stderr) == (FINE, "")
    assert "type-mismatch" not in fine.stdout


def test_formats_of_machines_are_what_they_are_called() -> None:
    arguments = ("check", "-q", BAD, "-q", TRAP, "--output-format")
    assert [len(form["diagnostics"]) for form in json.loads(run(*arguments, "json").stdout)] == [1, 1]
    lines = run(*arguments, "json-lines").stdout.splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["type-mismatch", "null-blind-inequality"]
    assert run(*arguments, "github").stdout.startswith("::error ")
    assert [item["severity"] for item in json.loads(run(*arguments, "gitlab").stdout)] == ["major", "minor"]
    (log,) = json.loads(run(*arguments, "sarif").stdout)["runs"]
    driver = log["tool"]["driver"]
    assert driver["version"] == version("sql-seg")
    assert all("fullDescription" in rule for rule in driver["rules"])
    assert ET.fromstring(run(*arguments, "junit").stdout).get("failures") == "1"


@pytest.mark.parametrize("output_format", ["junit", "sarif", "gitlab", "json"])
def test_documents_are_utf_8_whatever_the_terminal_is(output_format: str) -> None:
    command = [sys.executable, "-m", "sql_seg", "check", "-q", "citty = 'Zürich'", "-q", "city\n='Zürich' é"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    result = subprocess.run(
        [*command, "--output-format", output_format], env=environment, capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (QUERY_ERRORS, b"")
    assert "unknown-column" in result.stdout.decode("utf-8")


def test_colours_are_for_terminals_and_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("check", "-q", BAD, "--color")
    assert "\x1b[" not in run("check", "-q", BAD).stdout
    assert "\x1b[" in run(*arguments, "always").stdout
    monkeypatch.setattr("sql_seg.cli.output.is_terminal", lambda _stream: True)
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert "\x1b[" in run(*arguments, "auto").stdout
    assert "\x1b[" not in run(*arguments, "never").stdout
    assert "\x1b[" not in run(*arguments, "auto", "--output-format", "json").stdout
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[" in run(*arguments, "auto").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(*arguments, "auto").stdout
    assert "\x1b[" in run(*arguments, "always").stdout
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in run(*arguments, "auto").stdout


def test_colours_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    for value, is_colorful in (("1", True), ("true", True), ("0", False), ("", False)):
        monkeypatch.setenv("FORCE_COLOR", value)
        assert ("\x1b[" in run("check", "-q", BAD).stdout) is is_colorful
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" not in run("check", "-q", BAD, "--color", "never").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check", "-q", BAD).stdout


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_findings_and_help_fit_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    query = f"{long_query(40)} AND {BAD} AND country != 'US'"
    lines = run("check", "-q", query).stdout.splitlines()
    assert max(len(line) for line in lines if not line.startswith("1 query checked")) <= columns
    assert any("…" in line for line in lines)
    helped = run("check", "--help").stdout.splitlines()
    is_long_option = re.compile(r" +-\S+( / -\S+)?$").match
    assert max(len(line) for line in helped if not is_long_option(line)) <= columns
    assert max(map(len, helped)) > columns - 12


def test_findings_in_a_pipe_keep_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    query = f"{long_query(10)} AND {BAD}"
    assert f"1 | {query}" in run("check", "-q", query).stdout.splitlines()


def test_statistics_stand_in_place_of_the_findings() -> None:
    result = run("check", "-q", BAD, "-q", TRAP, "-q", TRAP, "--statistics")
    assert result.exit_code == QUERY_ERRORS
    first, second, *rest = result.stdout.splitlines()
    assert first.split()[:2] == ["2", "null-blind-inequality"]
    assert second.split()[:2] == ["1", "type-mismatch"]
    assert rest[-1].startswith("3 queries checked: 1 error, 2 warnings")
    counts = json.loads(run("check", "-q", BAD, "--statistics", "--output-format", "json").stdout)
    assert [(count["code"], count["count"]) for count in counts] == [("type-mismatch", 1)]
    assert run("check", "-q", GOOD, "--statistics").stdout == "1 query checked: no errors\n"


def test_not_every_format_has_statistics() -> None:
    result = run("check", "-q", BAD, "--statistics", "--output-format", "sarif")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "full, concise, json" in result.stderr


def test_segments_are_checked_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "segments.json"
    file.write_text(json.dumps([segment("one", GOOD), segment("two", BAD)], indent=1))
    result = run("check", file)
    assert result.exit_code == QUERY_ERRORS
    assert f'{file}:8:17 in "two"' in result.stdout
    assert "2 queries checked: 1 error" in result.stdout


def test_the_dialect_of_a_segment_is_what_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "segment.json"
    file.write_text(json.dumps(segment("one", GOOD, query_version="2")))
    assert run("check", file).exit_code == QUERY_ERRORS
    assert run("check", file, "--dialect", "v1").exit_code == FINE


def test_the_limits_are_over_all_files_together(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(segment("same", GOOD)))
    (tmp_path / "b.json").write_text(json.dumps(segment("same", TRAP)))
    arguments = ("check", tmp_path, "--output-format", "concise")
    result = run(*arguments)
    assert result.exit_code == QUERY_ERRORS
    assert [line.split()[1] for line in result.stdout.splitlines()] == [
        "error[duplicate-segment-name]",
        "warning[null-blind-inequality]",
    ]
    result = run(*arguments, "--ignore", "duplicate-segment-name")
    assert (result.exit_code, len(result.stdout.splitlines())) == (FINE, 1)
    assert run("check", tmp_path / "a.json").exit_code == FINE


def test_a_directory_may_hold_all_kinds_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(GOOD)
    (tmp_path / "b.json").write_text(json.dumps([segment("b", GOOD), segment("c", GOOD)]))
    (tmp_path / "package.json").write_text('{"name": "not a segment"}')
    (tmp_path / "binary.json").write_bytes(b"\xff\x00")
    assert run("check", tmp_path).stdout == "3 queries checked: no errors\n"
    (tmp_path / "a.sql").unlink()
    (tmp_path / "b.json").unlink()
    result = run("check", tmp_path)
    assert result.exit_code == COULD_NOT_RUN
    assert "has no files that end in .sql or .sgql, nor segments in JSON or YAML" in result.stdout


def test_a_segment_file_that_is_none_is_named_with_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"name": "a"},\n {"name": 3, "query_dsl": 4}]')
    (tmp_path / "b.sql").write_text(GOOD)
    result = run("check", tmp_path / "a.json", tmp_path / "b.sql")
    assert result.exit_code == COULD_NOT_RUN
    assert "error[unreadable-file]: the segment has no query_dsl\n" in result.stdout
    assert f" --> {tmp_path}/a.json:1:2\n" in result.stdout
    assert f"{tmp_path}/a.json:2:11" in result.stdout
    assert result.stdout.endswith("\n\n1 query checked: no errors, 1 not read\n")


def test_segment_files_may_be_larger_than_a_query(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([segment("a" * 50, GOOD), {"query_dsl": GOOD, "note": "x" * (1 << 21)}]))
    assert run("check", file).stdout == "2 queries checked: no errors\n"
