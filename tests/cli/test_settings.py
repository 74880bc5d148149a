"""Settings in sql-seg.toml and pyproject.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sql_seg.workspace.folders import spec_of
from tests.cli.running import COULD_NOT_RUN, FIELDS, FINE, QUERY_ERRORS, run

NULL_TRAP = "first_name != 'Dave'"
UNEQUAL = "first_name <> 'Dave' OR first_name IS NULL"
QUERIES = ("-q", NULL_TRAP, "-q", UNEQUAL)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: object) -> list[str]:
    result = run("check", *(arguments or QUERIES), "--output-format", "json")
    assert result.stderr == ""
    return [item["code"] for form in json.loads(result.stdout) for item in form["diagnostics"]]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(("name", "table"), [("sql-seg.toml", ""), ("pyproject.toml", "[tool.sql-seg]\n")])
def test_a_file_beside_or_above_is_found(
    name: str, table: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / name, f'{table}ignore = ["undocumented-construct"]')
    assert found() == ["null-blind-inequality"]
    write(here / "a/b/c.sql", UNEQUAL)
    monkeypatch.chdir(here / "a/b")
    assert found() == ["null-blind-inequality"]


def test_the_nearest_file_alone_counts(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "pyproject.toml", "[tool.sql-seg]\nignore = ['ALL']")
    write(here / "inner/sql-seg.toml", "")
    assert found() == []
    monkeypatch.chdir(here / "inner")
    assert len(found()) == 2


def test_of_two_files_in_one_folder_its_own_counts(here: Path) -> None:
    write(here / "pyproject.toml", "[tool.sql-seg]\nignore = ['ALL']")
    write(here / "sql-seg.toml", "ignore = ['undocumented-construct']")
    assert found() == ["null-blind-inequality"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'",
        "[tool.ruff]\nselect = ['sql-seg']",
        "[tool.other",
        "[project]\nname = 'sql-seg'",
    ],
)
def test_a_project_that_says_nothing_of_sql_seg_is_passed_over(
    text: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "sql-seg.toml", "ignore = ['ALL']")
    write(here / "inner/pyproject.toml", text)
    monkeypatch.chdir(here / "inner")
    assert found() == []


def test_where_the_current_directory_has_none_those_of_the_named_files_count(here: Path) -> None:
    write(here / "team/sql-seg.toml", "fields = 'fields.json'\nextend-exclude = ['old/']")
    write(here / "team/fields.json", Path(FIELDS).read_text())
    write(here / "team/deep/a.sql", "num_orders > 3")
    write(here / "team/deep/old/b.sql", "num_orders >")
    write(here / "other/a.sql", "num_orders > 3")
    for places in (["team"], ["team/deep/a.sql"], ["team/deep/a.sql", "team"], [here / "team"]):
        assert run("check", *places).exit_code == FINE
    assert run("check", "other").exit_code == QUERY_ERRORS
    assert run("check", "team", "other").exit_code == QUERY_ERRORS
    assert run("check", "-q", "num_orders > 3").exit_code == QUERY_ERRORS
    write(here / "sql-seg.toml", "")
    assert run("check", "team/deep/a.sql").exit_code == QUERY_ERRORS


def test_folders_with_such_names_are_no_settings(here: Path) -> None:
    (here / "sql-seg.toml").mkdir()
    (here / "pyproject.toml").mkdir()
    assert len(found()) == 2


def test_a_file_can_be_named_and_files_can_be_left_alone(here: Path) -> None:
    write(here / "sql-seg.toml", "ignore = ['ALL']")
    write(here / "other/mine.toml", "ignore = ['null-blind-inequality']")
    assert found(*QUERIES, "--config", "other/mine.toml") == ["undocumented-construct"]
    assert len(found(*QUERIES, "--isolated")) == 2
    result = run("check", *QUERIES, "--config", "sql-seg.toml", "--isolated")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "not both" in result.stderr


def test_all_settings_together(here: Path) -> None:
    write(here / "fields.json", Path(FIELDS).read_text())
    write(here / "deep/a.sql", "num_orders > 3")
    write(
        here / "pyproject.toml",
        """
        [tool.sql-seg]
        select = ["ALL"]
        ignore = ["email-capitals"]
        strict = true
        dialect = "v1"
        fields = "fields.json"
        lenient = true
        output-format = "concise"

        [tool.sql-seg.per-file-ignores]
        "legacy/**" = ["ALL"]
        """,
    )
    result = run("check", "-q", UNEQUAL, "-q", "num_orders > 3 AND nope = 'x'", "-q", "email = 'A@b.c'")
    assert result.exit_code == QUERY_ERRORS
    assert [line.split()[1].split("[")[0] for line in result.stdout.splitlines()] == ["error", "warning"]
    assert "undocumented-construct" in result.stdout
    assert "assumed-column" in result.stdout


def test_paths_are_seen_from_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "conf/fields.json", Path(FIELDS).read_text())
    write(here / "conf/sql-seg.toml", "fields = 'fields.json'")
    assert run("check", "-q", "plan = 'free'", "--config", "conf/sql-seg.toml").exit_code == FINE
    (here / "conf/deep").mkdir()
    monkeypatch.chdir(here / "conf/deep")
    assert run("check", "-q", "plan = 'free'").exit_code == FINE
    (here / "conf/fields.json").unlink()
    result = run("check", "-q", "plan = 'free'")
    assert result.exit_code == COULD_NOT_RUN
    assert "../fields.json" in result.stderr


def test_the_command_line_overrules_a_file(here: Path) -> None:
    write(
        here / "sql-seg.toml",
        "select = ['undocumented-construct']\noutput-format = 'concise'\ndialect = 'v2'",
    )
    v1 = ("--dialect", "auto")
    assert found(*QUERIES, *v1) == ["undocumented-construct"]
    assert found(*QUERIES, *v1, "--select", "null-blind-inequality") == ["null-blind-inequality"]
    assert found(*QUERIES, *v1, "--ignore", "undocumented-construct") == []
    assert run("check", *QUERIES).exit_code == QUERY_ERRORS


def test_what_is_selected_on_the_command_line_sets_aside_what_a_file_ignores(here: Path) -> None:
    write(here / "sql-seg.toml", "ignore = ['null-blind-inequality']")
    assert found() == ["undocumented-construct"]
    assert found(*QUERIES, "--ignore", "undocumented-construct") == []
    assert len(found(*QUERIES, "--select", "ALL")) == 2


def test_rules_can_be_ignored_in_some_files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.sql", "old/a.sql", "old/deep/a.sql"):
        write(here / name, NULL_TRAP)
    write(here / "sql-seg.toml", "[per-file-ignores]\n'old/**' = ['null-blind-inequality']")
    ignored = {"a.sql": 1, "old/a.sql": 0, "./old/deep/../deep/a.sql": 0, here / "old/a.sql": 0}
    assert {name: len(found(name)) for name in ignored} == ignored
    assert len(found(".")) == 1
    monkeypatch.chdir(here / "old/deep")
    assert (len(found("a.sql")), len(found("../../a.sql"))) == (0, 1)
    assert len(found("a.sql", "--select", "null-blind-inequality")) == 0


def test_standard_input_may_stand_for_a_file(here: Path) -> None:
    write(here / "sql-seg.toml", "[per-file-ignores]\n'old/' = ['ALL']")
    options = ("check", "-", "--output-format", "concise")
    assert run(*options, stdin=NULL_TRAP).stdout.startswith("<stdin>:1:1: warning")
    named = (*options, "--stdin-filename")
    assert run(*named, "new/a.sql", stdin=NULL_TRAP).stdout.startswith("new/a.sql:1:1: warning")
    assert run(*named, "old/a.sql", stdin=NULL_TRAP).stdout == ""
    segment = json.dumps({"name": "one", "query_dsl": NULL_TRAP})
    assert run(*named, "new/a.json", stdin=segment).stdout.startswith("new/a.json:1:")


def test_errors_and_strictness_in_ignored_files(here: Path) -> None:
    write(here / "old/a.sql", "citty = 'x'")
    write(here / "old/b.sql", UNEQUAL)
    write(here / "sql-seg.toml", "strict = true\n[per-file-ignores]\n'old/' = ['undocumented-construct']")
    assert found("old") == ["unknown-column"]


@pytest.mark.parametrize(
    ("glob", "fits", "does_not"),
    [
        ("a.sql", ["a.sql", "x/y/a.sql", "a.sql/b"], ["ba.sql", "A.sql"]),
        ("*.sql", ["a.sql", "x/.sql", "x/a b.sql"], ["a.sgql", "a.sql.bak"]),
        ("x/*.sql", ["x/a.sql"], ["y/x/a.sql", "x/y/a.sql"]),
        ("x/**", ["x/a", "x/y/a"], ["x", "y/x/a", "xx/a"]),
        ("x/", ["x/a", "x/y/a", "y/x/a"], ["x"]),
        ("./x/*", ["x/a"], ["a"]),
        ("**/x/*.sql", ["x/a.sql", "y/z/x/a.sql"], ["xx/a.sql", "x/y/a.sql"]),
        ("x/**/a.sql", ["x/a.sql", "x/y/z/a.sql"], ["x/ya.sql"]),
        ("[ab]?.sql", ["a1.sql", "b2.sql"], ["c1.sql", "a.sql", "a12.sql"]),
        ("x/[!a]", ["x/b"], ["x/a"]),
        ("x/[]a]", ["x/]", "x/a"], ["x/b"]),
        ("a+(b)|.sql", ["a+(b)|.sql"], ["aa(b).sql"]),
        ("../*.sql", ["../a.sql"], ["a.sql"]),
    ],
)
def test_globs(glob: str, fits: list[str], does_not: list[str]) -> None:
    spec = spec_of([glob])
    assert [path for path in fits if not spec.match_file(path)] == []
    assert [path for path in does_not if spec.match_file(path)] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[", "is not TOML: "),
        ("ignore = ['ALL']\nignore = []", "is not TOML: "),
        ("a = " + "[" * 5000, "is not TOML: "),
        ("selekt = []", "there is no setting 'selekt'; did you mean select?"),
        ("zzz = []", "there is no setting 'zzz'; there are select, ignore, severity, strict, "),
        ("per_file_ignores = {}", "did you mean per-file-ignores?"),
        ("select = 'ALL'", "select must be a list of rules, not a text"),
        ("select = [1]", "select must be a list of rules, not a list of other things"),
        ("select = ['null-blind']", "select: there is no rule 'null-blind'"),
        (
            "ignore = ['emial-capitals']",
            "ignore: there is no rule 'emial-capitals': did you mean email-capitals?",
        ),
        (
            "ignore = ['unknown-column']",
            "ignore: unknown-column makes a query invalid, and cannot be ignored",
        ),
        ("strict = 'yes'", "strict must be true or false, not a text"),
        ("strict = 1", "strict must be true or false, not a number"),
        ("lenient = 2026-01-01", "lenient must be true or false, not a time"),
        ("dialect = 'v3'", "dialect must be auto, v1 or v2, not 'v3'"),
        ("dialect = true", "dialect must be auto, v1 or v2, not a truth value"),
        ("dialect = {}", "dialect must be auto, v1 or v2, not a table"),
        ("fields = ''", "fields is empty"),
        ("fields = []", "fields must be a text, not a list"),
        ("output-format = 'xml'", "output-format must be full, concise, json, "),
        (
            "per-file-ignores = []",
            "per-file-ignores must be a table of globs with lists of rules, not a list",
        ),
        ("[per-file-ignores]\n'a/*' = 'ALL'", "per-file-ignores.'a/*' must be a list of rules, not a text"),
        ("[per-file-ignores]\n'a/*' = ['nope']", "per-file-ignores.'a/*': there is no rule 'nope'"),
        ("[per-file-ignores]\n'[b-a]' = []", "per-file-ignores.'[b-a]' is no glob"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_file_and_key(text: str, reason: str, here: Path) -> None:
    write(here / "sql-seg.toml", text)
    result = run("check", "-q", NULL_TRAP)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr.startswith("Error: sql-seg.toml: ")
    assert reason in result.stderr
    assert run("check", "-q", NULL_TRAP, "--isolated").exit_code == FINE


def test_a_table_in_a_project_is_named_as_such(here: Path) -> None:
    write(here / "pyproject.toml", "[tool.sql-seg]\nstrict = 'x'")
    assert run("check", "-q", NULL_TRAP).stderr == (
        "Error: pyproject.toml: [tool.sql-seg]: strict must be true or false, not a text\n"
    )
    write(here / "pyproject.toml", "tool.sql-seg = 3")
    assert "[tool.sql-seg]: must be a table" in run("check", "-q", NULL_TRAP).stderr
    write(here / "pyproject.toml", "[tool.sql-seg\nstrict = true")
    assert "pyproject.toml: is not TOML: " in run("check", "-q", NULL_TRAP).stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"\xff", "is not UTF-8 text"),
        (b"\0", "is not TOML"),
        (b"#" * (1 << 20) + b"#", "is larger than 1 MiB"),
    ],
)
def test_a_named_file_that_cannot_be_read(content: bytes | None, reason: str, here: Path) -> None:
    if content is not None:
        (here / "mine.toml").write_bytes(content)
    result = run("check", "-q", NULL_TRAP, "--config", "mine.toml")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr.startswith("Error: mine.toml: ")
    assert reason in result.stderr


def test_a_folder_is_no_file_with_settings(here: Path) -> None:
    result = run("check", "-q", NULL_TRAP, "--config", ".")
    assert (result.exit_code, result.stderr) == (COULD_NOT_RUN, "Error: .: is a directory, not a file\n")
    assert run("check", "-q", NULL_TRAP, "--config", "").exit_code == COULD_NOT_RUN


def test_a_named_project_must_have_settings(here: Path) -> None:
    write(here / "pyproject.toml", "[project]")
    result = run("check", "-q", NULL_TRAP, "--config", "pyproject.toml")
    assert result.stderr == "Error: pyproject.toml: has no table [tool.sql-seg]\n"


def test_a_byte_order_mark_is_no_part_of_the_settings(here: Path) -> None:
    (here / "sql-seg.toml").write_bytes(b"\xef\xbb\xbfignore = ['ALL']")
    assert found() == []


def test_a_folder_that_is_gone_or_closed_has_no_settings(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    write(here / "sql-seg.toml", "ignore = ['ALL']")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", refuse)
        assert len(found()) == 2
    gone = here / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert len(found()) == 2
