from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

SMALL = """EMAIL,FIRST_NAME,CREATED_AT,UPDATED_AT,CONTACT_ID,AGE
ada@x.com,Ada,2024-01-01,2025-01-01,c1,36
bob@x.com,,2024-01-01,2025-01-02,c2,
eve@x.com,Eve,2024-01-01,2025-01-03,c3,7
"""
ALL = "SELECT contact_id, updated_at FROM contact_data"
LISTS = [
    part
    for n, file in ((1, "newsletter"), (2, "customers"))
    for part in ("--list", f"115715d0-0000-4000-8000-00000000000{n}={EXAMPLES}/lists/{file}.csv")
]
ACCOUNT = [
    "--contacts",
    CONTACTS,
    "--fields",
    FIELDS,
    "--events",
    EVENTS,
    *LISTS,
    "--now",
    "2026-11-23T12:00Z",
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "segments"
    path.mkdir()
    return path


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write queries, and as JSON what is none; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
    return folder


def preview(place: Path, contacts: Path, *options: object) -> Result:
    return run("preview", place, "--contacts", contacts, "--now", "2025-06-01", *options)


def as_json(place: Path, contacts: Path, *options: object, code: int = FINE) -> dict[str, Any]:
    result = preview(place, contacts, "--output-format", "json", *options)
    assert result.exit_code == code, result.stderr
    form: dict[str, Any] = json.loads(result.stdout)
    return form


def counts(place: Path, contacts: Path, *options: object, code: int = FINE) -> dict[str, int | None]:
    return {one["name"]: one["count"] for one in as_json(place, contacts, *options, code=code)["segments"]}


def test_the_examples_are_counted_as_each_alone() -> None:
    result = run("preview", EXAMPLES / "segments", *ACCOUNT, "--output-format", "json", "--sample", 3)
    assert result.exit_code == FINE
    form = json.loads(result.stdout)
    files = sorted((EXAMPLES / "segments").glob("*.sql"))
    assert [one["name"] for one in form["segments"]] == [path.name for path in files]
    for one, path in zip(form["segments"], files, strict=True):
        alone = json.loads(run("preview", path, *ACCOUNT, "--output-format", "json", "--sample", 3).stdout)
        assert one["file"] == str(path)
        assert (one["count"], one["sample"]) == (alone["count"], alone["sample"])
        assert (form["total"], form["now"]) == (alone["total"], alone["now"])
        assert one["share"] == one["count"] / 500


def test_the_table_has_a_line_for_each_segment(small: Path, folder: Path) -> None:
    write(folder, {"b.sql": ALL, "a.sgql": "age > 7", "deep/c.sql": "age > 99", "notes.txt": "no query"})
    result = preview(folder, small, "--now", "2025-06-01T12:30:00.5Z")
    assert result.exit_code == FINE
    assert result.stdout.splitlines() == [
        "3 segments over 3 contacts at 2025-06-01T12:30:00Z",
        "",
        " segment      members    share",
        "───────────────────────────────",
        " a.sgql             1    33.3%",
        " b.sql              3   100.0%",
        " deep/c.sql         0     0.0%",
    ]


def test_a_directory_with_one_segment_is_a_table_too(small: Path, folder: Path) -> None:
    assert preview(write(folder, {"a.sql": ALL}), small).stdout.startswith("1 segment over 3 contacts")


def test_csv_has_a_line_for_each_segment(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": ALL, "b.sql": "agee > 7", 'c,"d.sql': "age > 7"})
    result = preview(folder, small, "--output-format", "csv")
    assert result.exit_code == QUERY_ERRORS
    assert list(csv.reader(StringIO(result.stdout))) == [
        ["name", "count", "share"],
        ["a.sql", "3", "1.0"],
        ["b.sql", "", ""],
        ['c,"d.sql', "1", repr(1 / 3)],
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("age >", "unexpected-end"),
        ("SELECT contact_id FROM contact_data", "select-list"),
        ("agee > 7", "unknown-column"),
    ],
)
def test_a_query_with_errors_is_told_and_the_others_are_counted(
    small: Path, folder: Path, query: str, code: str
) -> None:
    write(folder, {"bad.sql": query, "good.sql": "age > 7"})
    result = preview(folder, small)
    assert result.exit_code == QUERY_ERRORS
    assert [line.split() for line in result.stdout.splitlines()[4:]] == [
        ["bad.sql", "error"],
        ["good.sql", "1", "33.3%"],
    ]
    assert f"error[{code}]" in result.stderr
    assert f"--> {folder}/bad.sql:1:" in result.stderr
    bad, good = as_json(folder, small, code=QUERY_ERRORS)["segments"]
    assert (bad["count"], bad["share"], bad["sample"]) == (None, None, [])
    assert bad["errors"][0].startswith(f"{folder}/bad.sql:1:")
    assert f"error[{code}]" in bad["errors"][0]
    assert (good["count"], good["errors"]) == (1, [])


def test_what_to_do_about_unknown_columns_is_said_once(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": "agee > 7", "b.sql": "agee > 8", "c.sql": ALL})
    assert preview(folder, small).stderr.count("note: the contacts have no such column") == 1


def test_where_all_queries_have_errors_there_is_no_answer(folder: Path) -> None:
    write(folder, {"a.sql": "age >", "b.sql": "email = 3"})
    result = preview(folder, Path("missing.csv"))
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert result.stderr.count("error[") == 2
    assert "missing.csv" not in result.stderr


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_counted(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": ALL, "b.json": {"name": "b", "query_dsl": 3}, "c.sql": "age >"})
    result = preview(folder, small)
    assert result.exit_code == COULD_NOT_RUN
    assert "a.sql" in result.stdout
    assert f"{folder}/b.json, line 1, column 28: query_dsl is the number 3" in result.stderr


def test_a_file_with_one_segment_is_previewed_as_its_query(small: Path, tmp_path: Path) -> None:
    write(tmp_path, {"one.json": {"name": "Old", "query_dsl": "age > 7"}, "one.sql": "age > 7"})
    assert preview(tmp_path / "one.json", small).stdout == preview(tmp_path / "one.sql", small).stdout


def test_a_file_of_yaml(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    write(tmp_path, {"s.yaml": "- {name: Old, query_dsl: age > 7}\n- {name: All, query_dsl: email != ''}\n"})
    assert counts(tmp_path / "s.yaml", small) == {"Old": 1, "All": 3}


def test_segments_are_called_by_their_files_and_names(small: Path, folder: Path) -> None:
    segments = [
        {"name": "Old", "query_dsl": "age > 7"},
        {"name": "Old", "query_dsl": "age > 70"},
        {"query_dsl": ALL},
        {"query_dsl": "email = 'ada@x.com'"},
    ]
    write(folder, {"a/s.json": {"results": segments}, "b.sql": ALL})
    assert counts(folder, small) == {
        "a/s.json: Old": 1, "a/s.json: Old #2": 0, "a/s.json": 3, "a/s.json #2": 1, "b.sql": 3,
    }  # fmt: skip
    assert counts(folder / "a" / "s.json", small) == {"Old": 1, "Old #2": 0, "s.json": 3, "s.json #2": 1}


def test_both_dialects_stand_side_by_side(small: Path, folder: Path) -> None:
    segments = [
        {"name": "v1", "query_dsl": "first_name LIKE '_da'"},
        {"name": "v2", "query_dsl": f"{ALL} WHERE first_name LIKE '_da'", "query_version": "2"},
    ]
    write(folder, {"s.json": segments})
    assert counts(folder, small) == {"s.json: v1": 0, "s.json: v2": 1}


def test_members_of_a_segment_with_a_parent_list_are_on_it(small: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("EMAIL\nada@x.com\nbob@x.com\n")
    segments = [
        {"name": "on it", "query_dsl": "age > 1", "parent_list_ids": ["L1"]},
        {"name": "anyone", "query_dsl": "age > 1", "parent_list_ids": []},
    ]
    write(tmp_path, {"s.json": segments, "one.json": segments[0]})
    options = ["--list", f"L1={tmp_path}/list.csv"]
    assert counts(tmp_path / "s.json", small, *options) == {"on it": 1, "anyone": 2}
    assert as_json(tmp_path / "one.json", small, *options)["count"] == 1


def test_a_list_that_nothing_is_known_of_is_a_warning(small: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("EMAIL\nada@x.com\n")
    segments = [
        {"name": "a", "query_dsl": "age > 1", "parent_list_ids": ["L1"]},
        {"name": "b", "query_dsl": "age > 1", "parent_list_ids": ["L2"]},
        {"name": "c", "query_dsl": "CONTAINS(list_ids, 'L1') AND CONTAINS(list_ids, 'L2')"},
    ]
    write(tmp_path, {"s.json": segments})
    asked = preview(tmp_path / "s.json", small).stderr
    assert "warning: a and 2 more ask for list_ids, but the contacts come without: give the exports" in asked
    asked = preview(tmp_path / "s.json", small, "--list", f"L1={tmp_path}/list.csv").stderr
    assert [line for line in asked.splitlines() if line.startswith("warning")] == [
        "warning: b and 1 more ask for list L2, which no contact is on: give its export with --list L2=FILE"
    ]


def test_events_are_needed_if_any_query_asks_for_them(small: Path, folder: Path) -> None:
    write(
        folder,
        {"a.sql": ALL, "b.sql": "event_type = 'open'", "c.sql": "event_type = 'click'", "d.sql": "x ="},
    )
    result = preview(folder, small)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "b.sql and 1 more ask for events: give them with --events FILE" in result.stderr
    assert "d.sql:1:" in result.stderr
    events = folder.parent / "events.json"
    events.write_text('[{"event": "open", "timestamp": 1748736000, "email": "eve@x.com"}]')
    expected = {"a.sql": 3, "b.sql": 1, "c.sql": 0, "d.sql": None}
    assert counts(folder, small, "--events", events, code=QUERY_ERRORS) == expected


def test_the_queries_use_decides_the_types_of_custom_fields(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": "age IS NULL", "b.sql": "age > '35'"})
    assert counts(folder, small) == {"a.sql": 1, "b.sql": 2}


def test_where_the_uses_disagree_the_values_decide(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": "age > '35'", "b.sql": "age > 35", "c.sql": "age >= 36"})
    form = as_json(folder, small, code=QUERY_ERRORS)
    assert [one["count"] for one in form["segments"]] == [None, 1, 1]
    assert "error[type-mismatch]" in form["segments"][0]["errors"][0]
    assert (
        "age is used as VARCHAR by a.sql, as NUMBER by b.sql: say with --fields FILE which it is"
        in (form["warnings"])
    )


def test_leniently_what_they_disagree_on_is_text_beside_definitions(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": "age > '35'", "b.sql": "age > 35"})
    fields = folder.parent / "fields.json"
    fields.write_text('{"custom_fields": []}')
    options = ["--fields", fields, "--lenient"]
    assert counts(folder, small, *options, code=QUERY_ERRORS) == {"a.sql": 2, "b.sql": None}


def test_a_bad_value_is_told_with_the_query_that_it_does_not_fit(small: Path, folder: Path) -> None:
    small.write_text(SMALL.replace(",36", ",old"))
    write(folder, {"a.sql": ALL, "b.sql": "age > 7"})
    result = preview(folder, small)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "'old' is not a number (b.sql uses AGE as NUMBER)" in result.stderr


def test_warnings_about_the_data_come_once(small: Path, folder: Path) -> None:
    small.write_text(SMALL + "joe@x.com,Joe,2024-01-01,2025-01-03,c4,old\n")
    write(folder, {"a.sql": "age > 7", "b.sql": "age > 8"})
    options = ["--on-error", "null"]
    assert preview(folder, small, *options).stderr.count("is not a number") == 1
    form = as_json(folder, small, *options)
    assert sum("is not a number" in warning for warning in form["warnings"]) == 1
    assert [one["warnings"] for one in form["segments"]] == [[], []]


def test_warnings_about_queries_are_counted_in_the_table_and_said_in_json(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": "first_name != 'Ada'", "b.sql": ALL})
    result = preview(folder, small)
    assert result.stdout.splitlines()[2].split() == ["segment", "members", "share", "warnings"]
    assert " a.sql           1    33.3%          1" in result.stdout
    assert result.stderr == "note: 1 query with warnings: sql-seg check says which\n"
    first, second = as_json(folder, small)["segments"]
    assert [warning.split(" contacts")[0] for warning in first["warnings"]] == [
        f"{folder}/a.sql:1:1: warning[null-blind-inequality]"
    ]
    assert second["warnings"] == []


def test_samples_are_in_json_alone(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": ALL})
    (segment,) = as_json(folder, small, "--sample", 2)["segments"]
    assert [contact["contact_id"] for contact in segment["sample"]] == ["c1", "c2"]
    (segment,) = as_json(folder, small, "--sample", 0)["segments"]
    assert (segment["count"], segment["sample"]) == (3, [])
    assert "ada@x.com" not in preview(folder, small).stdout


def test_no_contacts(small: Path, folder: Path) -> None:
    small.write_text(SMALL.splitlines()[0] + "\n")
    write(folder, {"a.sql": "age > 7"})
    assert preview(folder, small).stdout.splitlines() == [
        "1 segment over 0 contacts at 2025-06-01T00:00:00Z",
        "",
        " segment   members   share",
        "───────────────────────────",
        " a.sql           0",
    ]
    (segment,) = as_json(folder, small)["segments"]
    assert (segment["count"], segment["share"]) == (0, None)
    assert preview(folder, small, "--output-format", "csv").stdout == "name,count,share\na.sql,0,\n"


def test_a_directory_without_queries(small: Path, folder: Path) -> None:
    write(folder, {"notes.txt": "age > 7", ".hidden.sql": "age > 7"})
    result = preview(folder, small)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert f"{folder}: has no files that end in .sql or .sgql, nor segments" in result.stderr


def test_a_directory_and_texts_are_shown_together(small: Path, folder: Path) -> None:
    write(folder, {"a.sql": ALL})
    queries = ["-q", "age > 7", "-q", "age\n> 7", "-q", "x" * 100 + " = 'y'"]
    names = ["a.sql", "age > 7", "age > 7 #2", "x" * 79 + "…"]
    expected = dict(zip(names, [3, 1, 1, None], strict=True))
    assert counts(folder, small, *queries, code=QUERY_ERRORS) == expected


def test_names_cannot_speak_to_the_terminal(small: Path, tmp_path: Path) -> None:
    names = ["\x1b[31m[bold]red\nalert", "東京"]
    write(tmp_path, {"s.json": [{"name": name, "query_dsl": ALL} for name in names]})
    shown = preview(tmp_path / "s.json", small).stdout
    assert "\x1b" not in shown
    assert "[31m[bold]red" in shown
    assert "東京" in shown
    assert list(counts(tmp_path / "s.json", small)) == names
