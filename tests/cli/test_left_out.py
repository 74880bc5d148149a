"""What is left out of folders, and which findings are hidden, counted or known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

TRAP = "city != 'Oslo'"
V2 = "SELECT contact_id, updated_at FROM contact_data\nWHERE "
NOTE = "note: the pattern {} leaves out nothing\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str = TRAP) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def checked(*arguments: object) -> list[str]:
    """Return the files in which something was found."""
    result = run("check", *(arguments or (".",)), "--output-format", "json")
    return [form["file"] for form in json.loads(result.stdout)]


def test_hidden_and_vendored_folders_are_left_out() -> None:
    for folder in (".git", ".venv", "node_modules", "vendor", "build", "deep/node_modules/x", "mine"):
        write(f"{folder}/a.sql")
    assert checked() == ["mine/a.sql"]
    assert checked("node_modules") == ["node_modules/a.sql"]
    write("sql-seg.toml", "exclude = ['mine/']")
    assert checked() == ["build/a.sql", "deep/node_modules/x/a.sql", "node_modules/a.sql", "vendor/a.sql"]


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        (["old/"], ["a.sql", "new/a.sql", "new/b_draft.sql"]),
        (["*_draft.sql"], ["a.sql", "new/a.sql", "old/a.sql"]),
        (["/a.sql"], ["new/a.sql", "new/b_draft.sql", "old/a.sql"]),
        (["**/old/**", "new"], ["a.sql"]),
        (["*.sql", "!new/*.sql"], ["new/a.sql", "new/b_draft.sql"]),
    ],
)
def test_globs_are_those_of_gitignore(globs: list[str], left: list[str]) -> None:
    for file in ("a.sql", "new/a.sql", "new/b_draft.sql", "old/a.sql"):
        write(file)
    assert checked(".", *(f"--extend-exclude={glob}" for glob in globs)) == left
    write("sql-seg.toml", f"extend-exclude = {json.dumps(globs)}")
    assert checked() == left
    assert checked(".", "--isolated") == ["a.sql", "new/a.sql", "new/b_draft.sql", "old/a.sql"]


def test_globs_are_seen_from_the_file_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    write("sql-seg.toml", "extend-exclude = ['/sub/old/']")
    for file in ("sub/old/a.sql", "sub/new/a.sql", "sub/sub/old/a.sql"):
        write(file)
    monkeypatch.chdir("sub")
    assert checked() == ["new/a.sql", "sub/old/a.sql"]
    assert checked(".", "--extend-exclude", "/sub/old/") == ["new/a.sql"]


def test_a_file_that_is_named_is_read_unless_that_is_forced() -> None:
    write("sql-seg.toml", "extend-exclude = ['old/']")
    write("old/a.sql")
    assert checked("old/a.sql") == ["old/a.sql"]
    assert checked("old") == ["old/a.sql"]
    result = run("check", "old/a.sql", "--force-exclude")
    assert (result.exit_code, result.stdout) == (FINE, "0 queries checked\n")
    assert result.stderr == "note: 1 file is excluded by the settings, and left out\n"
    write("node_modules/a.sql")
    assert checked("node_modules/a.sql", "--force-exclude") == []
    write("sql-seg.toml", "force-exclude = true")
    assert checked("node_modules/a.sql") == []


def test_what_git_ignores_is_left_out() -> None:
    Path(".git").mkdir()
    write(".gitignore", "# a comment\nout/\n*.tmp.sql\n\n[broken\n")
    write("sub/.gitignore", "!keep.tmp.sql\n/local.sql\n")
    for file in (
        "a.sql",
        "b.tmp.sql",
        "out/a.sql",
        "sub/a.sql",
        "sub/keep.tmp.sql",
        "sub/local.sql",
        "local.sql",
    ):
        write(file)
    write("sub/deep/local.sql")
    assert checked() == ["a.sql", "local.sql", "sub/a.sql", "sub/deep/local.sql", "sub/keep.tmp.sql"]
    assert checked("sub") == ["sub/a.sql", "sub/deep/local.sql", "sub/keep.tmp.sql"]
    assert checked("out") == ["out/a.sql"]
    write("sql-seg.toml", "respect-gitignore = false")
    assert "out/a.sql" in checked()


def test_all_commands_leave_the_same_out() -> None:
    write("sql-seg.toml", "extend-exclude = ['old/']")
    write("old/a.sql", "city =")
    write("old/a.test.json", "{}")
    write("new/a.sql", f"{V2}{TRAP}\n")
    write("new/a.test.json", '{"in": [{"city": "Rome"}]}')
    write("c.csv", "EMAIL,CITY\na@b.c,Rome\n")
    for arguments in (
        ["format", "."],
        ["parse", "."],
        ["example", "."],
        ["test", "."],
        ["preview", ".", "--contacts", "c.csv"],
    ):
        assert run(*arguments).exit_code == FINE, arguments


def test_a_pattern_that_matches_nothing_is_told() -> None:
    write("a.sql")
    write("sub/a.sql")
    assert NOTE.format("nope/") in run("check", ".", "--extend-exclude", "nope/").stderr
    assert NOTE.format("nope/") in run("check", "sub", "--extend-exclude", "nope/").stderr
    ignores = "[per-file-ignores]\n'*.sgql' = ['ALL']\n[per-segment-ignores]\nGone = ['ALL']"
    write("sql-seg.toml", f"extend-exclude = ['nope/', 'sub/']\n{ignores}")
    assert run("check", ".").stderr.splitlines() == [
        "note: the pattern nope/ leaves out nothing",
        "note: the pattern *.sgql of per-file-ignores matches no file",
        "note: the name Gone of per-segment-ignores is no segment's",
    ]
    assert run("check", "sub").stderr == ""
    assert run("check", "a.sql").stderr == ""


def test_a_pattern_that_is_none_is_an_error() -> None:
    assert "'[b-a]' is no glob" in run("check", ".", "--exclude", "[b-a]").stderr
    write("sql-seg.toml", "exclude = ['[b-a]']")
    assert "exclude: '[b-a]' is no glob" in run("check", ".").stderr


def codes(text: str, *options: str) -> list[str]:
    result = run("check", "-q", text, "--output-format", "json", *options)
    return [item["code"] for form in json.loads(result.stdout) for item in form["diagnostics"]]


TRAP_CODE, UNUSED = "null-blind-inequality", "unused-noqa"


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("-- noqa: null-blind-inequality", []),
        ("-- noqa", []),
        ("--NOQA:null-blind-inequality", []),
        ("-- noqa: null-blind-inequality because it is meant so", []),
        ("-- why -- noqa: null-blind-inequality", ["comment"]),
        ("-- why -- noqa", []),
        ("-- noqa: null-blind-inequality, never-null", [UNUSED]),
        ("-- noqa: never-null", [TRAP_CODE, UNUSED]),
        ("-- noqa: nul-blind-inequality", [TRAP_CODE, UNUSED]),
        ("/* noqa */", [TRAP_CODE]),
        ("-- noqap", [TRAP_CODE, "comment"]),
    ],
)
def test_a_comment_hides_what_it_names_and_is_no_finding_itself(comment: str, found: list[str]) -> None:
    assert sorted(codes(f"{V2}{TRAP} {comment}")) == sorted(found)


def test_a_comment_hides_findings_that_touch_its_line_alone() -> None:
    assert codes(f"{V2}{TRAP}\n  AND country != 'NO' -- noqa") == [TRAP_CODE]
    assert codes(f"{V2}city !=\n   -- noqa\n 'Oslo'") == []
    assert codes(f"{V2}city IS NULL -- noqa") == [UNUSED]


def test_another_comment_beside_is_still_told() -> None:
    text = f"{V2}{TRAP} -- noqa\n-- why"
    result = run("check", "-q", text, "--output-format", "concise")
    assert [line.split(" ", 1)[0] for line in result.stdout.splitlines()] == ["<query>:3:1:"]


def test_errors_are_never_hidden() -> None:
    assert codes(f"{V2}citty = 'Oslo' -- noqa") == ["unknown-column"]
    assert codes(f"{V2}citty = 'Oslo' -- noqa: unknown-column") == ["unknown-column", UNUSED]
    assert codes(f"{V2}city = -- noqa") == ["unexpected-end"]


def test_text_that_looks_like_a_comment_hides_nothing() -> None:
    assert codes(f"{V2}city != '-- noqa'") == [TRAP_CODE]


def test_a_comment_that_hides_nothing_is_fixed() -> None:
    write("a.sql", f"{V2}{TRAP} -- noqa: null-blind-inequality, never-null\n  AND country = 'NO'  -- noqa\n")
    assert run("check", "a.sql", "--fix").exit_code == FINE
    assert Path("a.sql").read_text() == f"{V2}{TRAP} -- noqa: null-blind-inequality\n  AND country = 'NO'\n"


def test_comments_are_written_beside_all_findings() -> None:
    text = f"{V2}{TRAP}\n  AND country <> 'NO' -- noqa: never-null\n  AND first_name != 'a\nb'\n"
    write("a.sql", text)
    result = run("check", "a.sql", "--add-noqa")
    assert (result.exit_code, result.stdout.splitlines()[-1].split(": ")[1][:9]) == (FINE, "no errors")
    assert Path("a.sql").read_text() == (
        f"{V2}{TRAP}  -- noqa: null-blind-inequality\n"
        "  AND country <> 'NO' -- noqa: never-null, null-blind-inequality, undocumented-construct\n"
        "  AND first_name != 'a\nb'  -- noqa: null-blind-inequality\n"
    )
    assert "4 hidden" in result.stdout
    assert [code for code in codes(Path("a.sql").read_text()) if code != UNUSED] == []


def test_where_comments_cannot_stand_settings_are_named() -> None:
    write("v1.sql")
    write("s.json", json.dumps({"name": "a", "query_dsl": TRAP}))
    result = run("check", "v1.sql", "s.json", "--add-noqa")
    assert "v1.sql: comments are for v2 queries; here, use per-file-ignores in the settings" in result.stderr
    assert (
        "s.json: comments are for .sql files; here, use per-segment-ignores in the settings" in result.stderr
    )
    assert (Path("v1.sql").read_text(), "noqa" in Path("s.json").read_text()) == (TRAP, False)
    write(
        "sql-seg.toml",
        "[per-file-ignores]\n'v1.sql' = ['ALL']\n[per-segment-ignores]\na = ['null-blind-inequality']",
    )
    assert run("check", ".").stdout == "2 queries checked: no errors\n"


def test_known_findings_are_counted_not_shown() -> None:
    write("a.sql", "citty = 'Oslo'")
    write("b.sql")
    write("s.json", json.dumps([{"name": "x" * 101, "query_dsl": TRAP}]))
    assert run("check", ".").exit_code == QUERY_ERRORS
    result = run("check", ".", "--write-baseline", "known.json")
    assert (result.exit_code, result.stderr) == (FINE, "known.json: 4 findings written\n")
    result = run("check", ".", "--baseline", "known.json")
    assert (result.exit_code, result.stdout) == (FINE, "3 queries checked: no errors, 4 known\n")
    write("b.sql", f"\n\n{TRAP}\nAND country != 'NO'")
    result = run("check", ".", "--baseline", "known.json")
    assert result.stdout.count("warning[") == 1
    assert "country is NULL" in result.stdout
    assert run("check", ".", "--baseline", "known.json", "--error-on-warnings").exit_code == QUERY_ERRORS


def test_what_is_fixed_is_no_longer_known() -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    write("a.sql")
    write("b.sql", "country != 'NO'")
    run("check", ".", "--write-baseline", "known.json")
    write("a.sql", "city = 'Oslo'")
    result = run("check", "a.sql")
    assert result.stderr == "note: 1 finding fixed, and taken off known.json\n"
    assert [entry["file"] for entry in json.loads(Path("known.json").read_text())["findings"]] == ["b.sql"]
    write("a.sql")
    assert "null-blind-inequality" in run("check", "a.sql").stdout
    assert run("check", "b.sql").stdout == "1 query checked: no errors, 1 known\n"


def known_codes() -> list[str]:
    return [entry["code"] for entry in json.loads(Path("known.json").read_text())["findings"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff",),
        ("--select", "unused-noqa"),
        ("--ignore", "null-blind-inequality"),
        ("--ignore", "ALL"),
    ],
)
def test_what_was_not_looked_for_stays_known(arguments: tuple[str, ...]) -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    write("a.sql", "city <> 'Oslo' AND country != 'NO'")
    run("check", ".", "--write-baseline", "known.json")
    before = known_codes()
    result = run("check", ".", *arguments)
    assert "taken off" not in result.stderr
    assert known_codes() == before
    assert run("check", ".").stdout == f"1 query checked: no errors, {len(before)} known\n"


def test_infos_that_are_hidden_stay_known() -> None:
    write("a.sql", "created_at > TIMESTAMP '2026-01-31T18:00:00'")
    run("check", "a.sql", "--show-info", "--write-baseline", "known.json")
    assert known_codes() == ["date-without-offset"]
    run("check", "a.sql", "--baseline", "known.json")
    assert known_codes() == ["date-without-offset"]


def test_warnings_of_a_query_that_became_invalid_stay_known() -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    write("a.sql")
    run("check", ".", "--write-baseline", "known.json")
    write("a.sql", f"{TRAP} AND")
    assert run("check", ".").exit_code == QUERY_ERRORS
    write("a.sql")
    assert run("check", ".").stdout == "1 query checked: no errors, 1 known\n"


def test_limits_over_all_segments_stay_known_where_one_file_is_named() -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    for name in ("a.json", "b.json"):
        write(name, json.dumps({"name": "VIP", "query_dsl": "city = 'Oslo'"}))
    run("check", ".", "--write-baseline", "known.json")
    assert known_codes() == ["duplicate-segment-name"]
    run("check", "a.json")
    run("check", "b.json")
    assert run("check", ".").stdout == "2 queries checked: no errors, 1 known\n"


def test_a_finding_stays_known_where_its_line_is_laid_out_anew() -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    select = "select contact_id, updated_at from contact_data"
    query = f"{select} where country='NO' and {TRAP} and postal_code='0150'"
    write("a.sql", f"{query}\n")
    run("check", ".", "--write-baseline", "known.json")
    run("format", ".")
    assert run("check", ".").stdout == "1 query checked: no errors, 1 known\n"
    write("a.sql", f"{query} and first_name != 'Bo'\n")
    assert run("check", ".").stdout.count("warning[") == 1


def test_a_finding_stays_known_where_another_of_its_line_is_fixed() -> None:
    write("sql-seg.toml", "baseline = 'known.json'")
    write("a.sql", "city <> 'Oslo' AND country != 'NO'")
    run("check", ".", "--write-baseline", "known.json")
    count = len(known_codes())
    result = run("check", ".", "--fix")
    assert "warning[" not in result.stdout
    assert len(known_codes()) == count - 1
    assert run("check", ".").stdout == f"1 query checked: no errors, {count - 1} known\n"


def test_the_same_finding_twice_is_known_as_often_as_it_was_there() -> None:
    segment = {"query_dsl": TRAP}
    write("a.json", json.dumps([segment, segment]))
    run("check", "a.json", "--write-baseline", "known.json")
    write("a.json", json.dumps([segment, segment, segment]))
    result = run("check", "a.json", "--baseline", "known.json")
    assert result.stdout.count("warning[") == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2}', '{"version": 1, "findings": [3]}'])
def test_what_is_no_baseline(text: str) -> None:
    write("known.json", text)
    write("a.sql")
    result = run("check", "a.sql", "--baseline", "known.json")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert result.stderr.startswith("Error: known.json: ")


def test_a_file_that_cannot_be_read_is_no_known_finding() -> None:
    write("a.json", "{")
    assert run("check", "a.json", "--write-baseline", "known.json").exit_code == COULD_NOT_RUN
    assert json.loads(Path("known.json").read_text())["findings"] == []


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def test_what_interrupted_writes_leave_is_removed_and_never_read() -> None:
    left = Path(f".a.sql.sql-seg-tmp-{dead_process()}-x1y2z3")
    alive = Path(f".a.sql.sql-seg-tmp-{os.getppid()}-x1y2z3")
    other = Path(".a.sql.sql-seg-tmp-notes")
    for path in (left, alive, other):
        write(str(path), "city =")
    write("a.sql", "city = 'Oslo'\n")
    result = run("check", str(left))
    assert result.exit_code == COULD_NOT_RUN
    assert "is left from a write that was interrupted" in result.stdout
    assert run("format", str(alive)).exit_code == COULD_NOT_RUN
    assert run("check", ".").stdout == "1 query checked: no errors\n"
    assert [path.exists() for path in (left, alive, other)] == [False, True, True]


def test_a_write_removes_what_earlier_ones_have_left() -> None:
    write("a.sql", "city <> 'Oslo' OR city IS NULL")
    left = Path(f".a.sql.sql-seg-tmp-{dead_process()}-x1y2z3")
    write(str(left))
    run("check", "a.sql", "--fix")
    assert sorted(path.name for path in Path().iterdir()) == ["a.sql"]
