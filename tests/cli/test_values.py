"""``${name}`` in queries: a value that differs between environments, understood by all commands alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sql_seg.server import Server
from tests.cli.running import run

START = "SELECT contact_id, updated_at FROM contact_data WHERE "
SETTINGS = """
[environments.production.values]
city = "'Oslo'"
cities = "('Oslo', 'Bergen')"
days = "30"
start = "Os"
column = "place"

[environments.staging.values]
city = "'Bergen'"
cities = "('Bergen')"
days = "7"
start = "Be"
"""
CONTACTS = "email,city,contact_id\na@b.co,Oslo,1\nc@d.co,Bergen,2\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sql-seg.toml").write_text(SETTINGS)
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    return tmp_path


def put(folder: Path, where: str, name: str = "one.sql") -> Path:
    (folder / name).write_text(START + where)
    return Path(name)


def checked(*arguments: object) -> Any:
    result = run("check", *arguments, "--output-format", "json", "--quiet")
    return [item for query in json.loads(result.stdout) for item in query["diagnostics"]]


def counted(path: Path, environment: str) -> int:
    result = run(
        *("preview", path, "--contacts", "contacts.csv", "--environment", environment),
        *("--output-format", "json", "--now", "2026-01-01"),
    )
    assert result.exit_code == 0, result.stderr
    return int(json.loads(result.stdout)["count"])


def test_a_query_is_what_its_values_make_it(folder: Path) -> None:
    path = put(folder, "city = ${city} OR city IN ${cities} AND city LIKE '${start}%'\n")
    assert not [item for item in checked(path, "--environment", "production") if item["severity"] == "error"]
    assert (counted(path, "production"), counted(path, "staging")) == (1, 1)
    members = run("preview", path, "--contacts", "contacts.csv", "--environment", "staging").stdout
    assert "c@d.co" in members
    assert "a@b.co" not in members


def test_an_environment_is_chosen_by_option_setting_or_because_it_is_the_only_one(folder: Path) -> None:
    path = put(folder, "city = ${city}")
    (none,) = checked(path)
    assert none["code"] == "unknown-value"
    assert "no environment is chosen" in none["message"]
    assert "production, staging" in none["help"]
    assert (none["line"], none["column"], none["end_column"]) == (1, len(START) + 8, len(START) + 15)
    (folder / "sql-seg.toml").write_text('environment = "staging"\n' + SETTINGS)
    assert not checked(path)
    (folder / "sql-seg.toml").write_text("[environments.only.values]\ncity = \"'Oslo'\"\n")
    assert not checked(path)
    wrong = run("check", path, "--environment", "onyl")
    assert (wrong.exit_code, "no environment 'onyl'; did you mean only?" in wrong.stderr) == (2, True)


def test_a_name_without_a_value_is_an_error_that_teaches(folder: Path) -> None:
    path = put(folder, "city = ${citty}\n  AND country = ${nothing}\n")
    one, two = checked(path, "--environment", "staging")
    assert one["message"] == "${citty} has no value in the environment staging"
    assert one["help"].startswith("did you mean city?")
    assert "[environments.staging.values]" in two["help"]
    assert (two["line"], two["column"]) == (2, 17)
    assert run("check", path, "--environment", "staging").exit_code == 1
    for command in ("preview", "test", "parse", "example"):
        more = ("--contacts", "contacts.csv") if command == "preview" else ()
        refused = run(command, path, "--environment", "staging", *more)
        assert refused.exit_code in (1, 2)
        if command != "test":  # which has no test to run
            assert "did you mean city?" in refused.stdout + refused.stderr


def test_without_environments_the_parser_says_what_a_name_is(folder: Path) -> None:
    (folder / "sql-seg.toml").write_text("")
    (found,) = checked("-q", START + "city = ${city}")
    assert (found["code"], found["message"]) == ("unknown-value", "${city} has no value")
    assert [item["code"] for item in checked("-q", START + "city = '${city}' -- ${x}")] == ["comment"]


@pytest.mark.parametrize("name", ["one.sql", "one.json", "one.yaml"])
def test_places_are_those_of_the_file(folder: Path, name: str) -> None:
    query = START + "city = ${city} AND contry = 'NO' AND ${column} = 'x'"
    text = query if name.endswith(".sql") else json.dumps({"name": "a", "query_dsl": query})
    if name == "one.yaml":
        text = f"name: a\nquery_dsl: |\n  {query}\n"
    (folder / name).write_text(text)
    lines = text.splitlines()
    places = [
        lines[item["line"] - 1][item["column"] - 1 : item["end_column"] - 1]
        for item in checked(name, "--environment", "production")
        if item["code"] == "unknown-column"
    ]
    assert places == ["contry", "${column}"]
    shown = run("check", name, "--environment", "production").stdout
    assert "city = ${city} AND contry" in shown


def test_fixes_change_what_stands_around_values_and_never_the_values(folder: Path) -> None:
    path = put(folder, "city = ${city} AND contry = 'NO' AND city = NULL\n")
    run("check", path, "--fix", "--environment", "production")
    assert "${city}" in path.read_text()
    assert "'Oslo'" not in path.read_text()
    path = put(folder, "city = ${nothing} AND city = ${days}")
    (folder / "sql-seg.toml").write_text('[environments.x.values]\nnothing = "NULL"\ndays = "NULL"\n')
    before = path.read_text()
    run("check", path, "--fix", "--unsafe-fixes")
    assert path.read_text() == before


@pytest.mark.parametrize("name", ["one.sql", "one.yaml"])
def test_formatting_keeps_the_names(folder: Path, name: str) -> None:
    query = START.lower() + (
        "city=${city} and city in ${cities} and updated_at > "
        "timestampadd(day,-${days},current_timestamp) and ${unknown}=3 -- ${comment}"
    )
    (folder / name).write_text(query + "\n" if name == "one.sql" else f"query_dsl: |\n  {query}\n")
    assert run("format", name).exit_code == 0
    text = (folder / name).read_text()
    for part in ("city = ${city}", "IN ${cities}", "-${days}", "${unknown} = 3", "-- ${comment}", "WHERE"):
        assert part in text
    assert run("format", "--check", name).exit_code == 0


def test_segment_tests_run_with_the_values(folder: Path) -> None:
    put(folder, "city = ${city}")
    (folder / "one.test.json").write_text('{"in": [{"city": "Oslo"}], "out": [{"city": "Bergen"}]}')
    assert run("test", "one.sql", "--environment", "production").exit_code == 0
    failed = run("test", "one.sql", "--environment", "staging")
    assert failed.exit_code == 1
    (folder / "fields.json").write_text('{"custom_fields": []}')
    put(folder, "city = ${city} AND contry = 'NO'")
    wrong = run("test", "one.sql", "--environment", "staging", "--fields", "fields.json")
    assert f"one.sql:1:{len(START) + 20}" in wrong.stderr
    assert "city = ${city} AND contry" in wrong.stderr


def test_comments_that_hide_findings_are_written_beside_the_names(folder: Path) -> None:
    path = put(folder, "city != ${city}\n")
    assert run("check", path, "--environment", "staging", "--add-noqa").exit_code in (0, 2)
    assert "${city}" in path.read_text()


def test_the_editor_sees_what_the_commands_see(folder: Path) -> None:
    from sql_seg.lsp.features import OpenDocument
    from sql_seg.workspace.judging import judge_of
    from sql_seg.workspace.workspace import Workspace

    (folder / "sql-seg.toml").write_text('environment = "staging"\n' + SETTINGS)
    judge = judge_of(Workspace.open())
    text = START + "city = ${city} AND contry = 'NO' AND city = ${nothing}"
    (found,) = OpenDocument("one.sql", text, judge).findings()
    assert text[found.span.start : found.span.end] == "${nothing}"
    text = START + "city = ${city} AND contry = 'NO'"
    document = OpenDocument("one.sql", text, judge)
    (found,) = document.findings()
    assert text[found.span.start : found.span.end] == "contry"
    hover = document.hover(text.index("${city}") + 3)
    assert hover is not None
    assert "'Bergen'" in hover.text
    assert text[hover.span.start : hover.span.end] == "${city}"
    formatted = OpenDocument("one.sql", text.replace("AND", "and"), judge).formatted()
    assert formatted is not None
    assert "city = ${city} AND" in formatted
    at = text.index("${city}") + 2
    before = OpenDocument("one.sql", text[:at], judge)
    assert {item.text for item in before.completions(at, {})} >= {"city", "cities", "days", "start"}


def test_pushing_and_planning_put_in_the_same_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    segments = folder / "segments"
    segments.mkdir()
    (segments / "one.sql").write_text(f"-- name: One\n{START}city = ${{city}}\n")
    (segments / "one.test.json").write_text('{"in": [{"city": "Bergen"}]}')
    with Server(timing="instant") as server:
        to = (segments, "--url", server.url, "--environment")
        assert run("plan", *to, "staging").exit_code == 1
        failed = run("push", *to, "production", "--yes")
        assert (failed.exit_code, "expected in, but out" in failed.stderr) == (1, True)
        assert run("push", *to, "staging", "--yes").exit_code == 0
        (segment,) = server.emulator.account.store.all("segment").values()
        assert segment["query_dsl"] == START + "city = 'Bergen'"
        assert run("plan", *to, "staging").exit_code == 0
        (segments / "one.sql").write_text(f"-- name: One\n{START}city = ${{city}}\n  AND contry = 'NO'\n")
        (folder / "fields.json").write_text('{"custom_fields": []}')
        wrong = run("push", *to, "staging", "--yes", "--fields", "fields.json")
        assert wrong.exit_code == 1
        assert "one.sql:3:7" in wrong.stderr
        assert "city = ${city}" in (segments / "one.sql").read_text()
        (segments / "one.sql").write_text(f"-- name: One\n{START}city = ${{citty}}\n")
        unknown = run("plan", *to, "staging")
        assert (unknown.exit_code, "did you mean city?" in unknown.stderr) == (2, True)


def test_an_editor_whose_settings_name_no_environment_goes_on(folder: Path) -> None:
    from sql_seg.lsp.server import make_server

    (folder / "sql-seg.toml").write_text('environment = "onyl"\n' + SETTINGS)
    server: Any = make_server()
    told: list[str] = []
    server.window_show_message = lambda params: told.append(params.message)
    judge = server.judge(folder)
    assert told == ["the settings have no environment 'onyl'; there are production, staging"]
    assert judge.workspace.values is None


def test_an_upgraded_query_is_printed_with_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sql-seg.toml").write_text(SETTINGS)
    query, upgraded = "city = ${city}", f"{START}city = ${{city}}"
    (tmp_path / "a.sgql").write_text(f"{query}\n")
    (tmp_path / "s.json").write_text(json.dumps({"name": "s", "query_dsl": query}))
    for what in (["a.sgql"], ["s.json"], ["-q", query]):
        printed = run("upgrade", *what, "--environment", "production")
        assert (printed.exit_code, printed.stdout.strip()) == (0, upgraded), printed.stderr
    assert run("upgrade", "a.sgql", "--environment", "production", "--write").exit_code == 0
    assert (tmp_path / "a.sgql").read_text() == f"{upgraded}\n"


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "github", "gitlab", "junit"])
@pytest.mark.parametrize(
    "where", ["city = ${a} country", "city IS ${a}", "city ILIKE ${a}", "age == ${a} LIMIT 3"]
)
def test_no_output_shows_what_stands_in_for_a_name(tmp_path: Path, form: str, where: str) -> None:
    path = tmp_path / "one.sql"
    path.write_text(START + where)
    for command in (
        ("check", "--output-format", form),
        ("format",),
        ("format", "--check"),
        ("check", "--fix"),
    ):
        result = run(*command, path)
        shown = result.stdout + result.stderr
        assert not re.search(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]|\\ue0|7770|Q0Z", shown), shown
        assert result.exit_code in (0, 1)
