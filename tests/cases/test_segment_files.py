"""Files of segments as people have them, and files that only look like it."""

# ruff: noqa: E501 -- the texts of files stay on one line

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

QUERY = "city IS NULL"
LIST = "115715d0-0000-4000-8000-000000000001"
OTHER = "115715d0-0000-4000-8000-000000000002"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("contacts.csv").write_text("EMAIL,CITY\na@x.com,\nb@x.com,Oslo\nc@x.com,\n")
    Path("list.csv").write_text("EMAIL\na@x.com\nb@x.com\n")
    return tmp_path


def count(file: str, *options: str) -> int:
    result = run("preview", file, "--contacts", "contacts.csv", "--output-format", "json", *options)
    assert result.exit_code == FINE, result.stderr
    number = json.loads(result.stdout)["count"]
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize(
    "value",
    [
        {"name": "a", "query_dsl": QUERY},
        [{"name": "a", "query_dsl": QUERY}],
        {"segments": [{"name": "a", "query_dsl": QUERY}]},
        {"Segments": [{"name": "a", "query_dsl": QUERY}], "version": 3},
        {"results": [{"name": "a", "query_dsl": QUERY, "parent_list_id": ""}], "_metadata": {}},
        {"query": QUERY},
        {
            "id": LIST,
            "name": "a",
            "query_dsl": QUERY,
            "query_version": "2.0"[:1],
            "contacts_count": 2,
            "contacts_sample": [{"email": "a@x.com", "query": {"a": 1}}],
            "parent_list_ids": None,
        }
        | {"query_dsl": f"SELECT contact_id, updated_at FROM contact_data WHERE {QUERY}"},
    ],
)
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_every_shape_of_a_segment_is_read(value: Any, suffix: str) -> None:
    Path(f"s.{suffix}").write_text(json.dumps(value))  # JSON is YAML, too
    assert count(f"s.{suffix}") == 2


def test_segments_in_yaml_as_people_write_them() -> None:
    Path("s.yml").write_text(
        "segments:\n  - name: Nowhere\n    query_dsl: |\n      city IS NULL\n    parent_list_id:\n"
    )
    assert count("s.yml") == 2


@pytest.mark.parametrize("suffix", ["json", "yaml"])
@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({"parent_list_id": LIST}, 1),
        ({"parent_list_id": ""}, 2),
        ({"parent_list_id": None}, 2),
        ({"parent_list_ids": [LIST]}, 1),
        ({"parent_list_ids": []}, 2),
        ({"parent_list_ids": None, "parent_list_id": LIST}, 1),
        ({"parent_list_ids": [LIST], "parent_list_id": LIST}, 1),
        ({"PARENT_LIST_ID": LIST}, 1),
    ],
)
def test_the_parent_list_of_either_generation_counts(lists: Any, expected: int, suffix: str) -> None:
    Path(f"s.{suffix}").write_text(json.dumps({"name": "a", "query_dsl": QUERY, **lists}))
    assert count(f"s.{suffix}", "--list", f"{LIST}=list.csv") == expected
    assert run("check", f"s.{suffix}").stdout == "1 query checked: no errors\n"


@pytest.mark.parametrize("lists", [{"parent_list_id": "Newsletter"}, {"parent_list_ids": ["Newsletter"]}])
def test_what_is_no_list_id_is_told(lists: Any) -> None:
    Path("s.json").write_text(json.dumps({"name": "a", "query_dsl": QUERY, **lists}))
    assert "malformed-list-id" in run("check", "s.json", "--output-format", "concise").stdout


@pytest.mark.parametrize("value", [3, [LIST], {"id": LIST}, True])
def test_a_parent_list_is_one_text(value: Any) -> None:
    Path("s.json").write_text(json.dumps({"name": "a", "query_dsl": QUERY, "parent_list_id": value}))
    result = run("check", "s.json", "--output-format", "concise")
    assert result.exit_code == COULD_NOT_RUN
    assert "parent_list_id is " in result.stdout


def test_two_different_parent_lists_are_too_many() -> None:
    lists = {"parent_list_ids": [LIST], "parent_list_id": OTHER}
    Path("s.json").write_text(json.dumps({"name": "a", "query_dsl": QUERY, **lists}))
    assert "too-many-parent-lists" in run("check", "s.json", "--output-format", "concise").stdout


OTHER_FILES: dict[str, str] = {
    "openapi.json": json.dumps(
        {
            "openapi": "3.1.0",
            "components": {"schemas": {"Segment": {"properties": {"query_dsl": {"type": "string"}}}}},
        }
    ),
    "openapi.yaml": "openapi: 3.1.0\ncomponents:\n  schemas:\n    S:\n      properties:\n        query_dsl: {type: string}\n",
    "terraform.tfstate.json": json.dumps(
        {"version": 4, "resources": [{"instances": [{"attributes": {"query_dsl": "city IS NULL"}}]}]}
    ),
    "cassette.yaml": 'interactions:\n- request:\n    body: \'{"query_dsl": "city IS NULL"}\'\nversion: 1\n',
    "recorded.json": json.dumps([{"request": {"body": {"query_dsl": "city IS NULL"}}, "response": {}}]),
    "results.json": json.dumps({"results": [{"test": "query_dsl"}]}),
    "graphql.json": json.dumps({"query": "query { segments { query_dsl } }"}),
    "001_create.sql": "-- a migration\nCREATE TABLE segments (query_dsl text);\n",
    "002_alter.sql": "/* more */ ALTER TABLE segments ADD COLUMN name text;",
    "003_fill.sql": "BEGIN;\nINSERT INTO segments VALUES ('city IS NULL');\nCOMMIT;",
    "004_change.sql": "UPDATE segments SET query_dsl = 'x'",
    "005_delete.sql": "delete from segments",
    "006_rights.sql": "GRANT SELECT ON segments TO reader;",
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_files_of_a_folder_that_hold_no_segments_are_left_alone_with_a_note(name: str) -> None:
    folder = Path("folder")
    folder.mkdir()
    (folder / name).write_text(OTHER_FILES[name])
    (folder / "a.sql").write_text(QUERY)
    for command in ("check", "format", "parse"):
        result = run(command, "folder")
        assert result.exit_code == FINE, result.output
        assert f"note: folder/{name}: left alone: " in result.stderr
    assert run("preview", "folder", "--contacts", "contacts.csv").exit_code == FINE


@pytest.mark.parametrize("name", [name for name in OTHER_FILES if "graphql" not in name])
def test_such_a_file_that_is_named_is_an_error(name: str) -> None:
    Path(name).write_text(OTHER_FILES[name])
    result = run("check", name)
    if name.endswith(".sql"):
        assert result.exit_code == QUERY_ERRORS
    else:
        assert result.exit_code == COULD_NOT_RUN
        assert "looked for an object with query_dsl" in result.stdout


def test_the_keys_that_a_file_has_are_shown() -> None:
    Path("x.json").write_text(OTHER_FILES["openapi.json"])
    assert "its keys are openapi, components\n" in run("check", "x.json").stdout


def test_files_that_do_not_mention_segments_are_passed_over_in_silence() -> None:
    folder = Path("folder")
    folder.mkdir()
    (folder / "a.sql").write_text(QUERY)
    (folder / "package.json").write_text('{"name": "x"}')
    (folder / "values.yaml").write_text("query: sum(rate(x[5m]))\n")
    (folder / "search.json").write_text('{"query": {"match_all": {}}}')
    result = run("check", "folder")
    assert (result.exit_code, result.stderr) == (FINE, "")


@pytest.mark.parametrize(
    "text", ["update = 'x'", "set IS NULL", "delete LIKE 'a%'", "create IN ('x')", "begin", "use"]
)
def test_a_column_may_be_called_as_sql_words_are(text: str) -> None:
    folder = Path("folder")
    folder.mkdir()
    (folder / "a.sql").write_text(text)
    assert "left alone" not in run("check", "folder", "--lenient").stderr


def test_a_segment_with_a_mistake_is_never_left_alone() -> None:
    folder = Path("folder")
    folder.mkdir()
    (folder / "a.json").write_text('{"name": "a", "query_dsl": 3}')
    (folder / "b.json").write_text('[{"query_dsl": "city IS NULL"}, {"name": "no query"}]')
    (folder / "c.json").write_text('{"query_dsl": "city IS NULL"')
    (folder / "d.sql").write_text("SELEC contact_id FROM contact_data")
    result = run("check", "folder", "--output-format", "concise")
    assert result.exit_code == COULD_NOT_RUN
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "folder/d.sql", "folder/a.json", "folder/b.json", "folder/c.json",
    ]  # fmt: skip


def test_segments_over_standard_input() -> None:
    answer = json.dumps(
        {"results": [{"name": "a", "query_dsl": QUERY}, {"name": "b", "query_dsl": "city = 'Oslo'"}]}
    )
    result = run("preview", "-", "--contacts", "contacts.csv", "--output-format", "csv", stdin=answer)
    assert result.stdout == "name,count,share\na,2,0.6666666666666666\nb,1,0.3333333333333333\n"
    assert run("check", "-", stdin='{"and": []}').exit_code == QUERY_ERRORS


@pytest.mark.parametrize(
    ("definitions", "reason"),
    [
        ({"id": "e1_T", "name": "plan", "field_type": "Text"}, ""),
        ([{"id": "e1_T", "name": "plan", "field_type": "Text"}], ""),
        ({"id": 1, "name": "plan", "type": "text"}, "the type 'text', as the legacy API has it"),
        (
            {"custom_fields": [{"id": 1, "name": "plan", "type": "number"}]},
            "the type 'number', as the legacy API",
        ),
        ({"fields": []}, "must be an object with the key custom_fields"),
        ({"name": "plan"}, "this has the keys name"),
    ],
)
def test_field_definitions(definitions: Any, reason: str) -> None:
    Path("fields.json").write_text(json.dumps(definitions))
    result = run("check", "-q", "plan = 'free'", "--fields", "fields.json")
    assert result.exit_code == (COULD_NOT_RUN if reason else FINE)
    assert reason in result.stderr


def test_exports_of_lists_beside_a_query_that_asks_for_none() -> None:
    options = ("--contacts", "contacts.csv", "--list", f"{LIST}=list.csv")
    assert run("preview", "-q", "email IS NOT NULL", *options).stdout.startswith("3 of 3 contacts")
