"""--fix, --unsafe-fixes and --diff: what is changed where, and what is then said."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from sql_seg.workspace import writing
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run, run_process

BEFORE = "first_name <> 'Dave' OR first_name IS NULL"
SAFE = "first_name != 'Dave' OR first_name IS NULL"
TRAP = "first_name != 'Dave'"
UNSAFE = "first_name != 'Dave' OR first_name IS NULL"
HOPELESS = "citty <> 'Oslo'"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sgql"
    path.write_text(BEFORE + "\n")
    return path


def test_a_file_is_fixed_in_place(file: Path) -> None:
    result = run("check", file, "--fix")
    assert (result.exit_code, result.stdout) == (FINE, "1 query checked: no errors; 1 fixed\n")
    assert file.read_text() == SAFE + "\n"
    again = run("check", file, "--fix")
    assert again.stdout == "1 query checked: no errors\n"


def test_without_fix_nothing_changes_but_people_learn_of_it(file: Path) -> None:
    result = run("check", file, "--unsafe-fixes")
    assert file.read_text() == BEFORE + "\n"
    assert result.stdout.endswith("1 query checked: no errors, 1 warning; 1 fixable with --fix\n")


def test_unsafe_fixes_are_applied_only_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text(TRAP)
    result = run("check", file)
    assert result.stdout.endswith("1 warning; 1 fixable with --fix --unsafe-fixes\n")
    result = run("check", file, "--fix")
    assert result.stdout.endswith("1 warning; 1 fixable with --unsafe-fixes\n")
    assert file.read_text() == TRAP
    result = run("check", file, "--fix", "--unsafe-fixes")
    assert result.stdout == "1 query checked: no errors; 1 fixed\n"
    assert file.read_text() == UNSAFE


def test_what_is_ignored_is_not_fixed(file: Path) -> None:
    assert run("check", file, "--fix", "--ignore", "undocumented-construct").exit_code == FINE
    assert file.read_text() == BEFORE + "\n"


def test_line_ends_the_byte_order_mark_and_the_mode_stay(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbffirst_name <> 'Dave'\r\nOR\tfirst_name IS NULL\r\n")
    file.chmod(0o640)
    run("check", file, "--fix")
    assert file.read_bytes() == b"\xef\xbb\xbffirst_name != 'Dave'\r\nOR\tfirst_name IS NULL\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_left_is_reported_as_it_then_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("first_name <> 'Dave'\nAND city IS NOT NULL")
    result = run("check", file, "--fix", "--output-format", "json")
    ((trap,),) = [form["diagnostics"] for form in json.loads(result.stdout)]
    assert trap["code"] == "null-blind-inequality"
    assert file.read_text().startswith("first_name != 'Dave'")


def test_standard_input_and_arguments_are_printed_and_findings_go_to_standard_error() -> None:
    result = run("check", "--fix", "-", stdin=BEFORE)
    assert (result.exit_code, result.stdout) == (FINE, SAFE)
    assert result.stderr == "1 query checked: no errors; 1 fixed\n"
    result = run("check", "--fix", "-q", BEFORE, "-q", HOPELESS)
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, f"{SAFE}\n{HOPELESS}\n")
    assert "error[unknown-column]" in result.stderr


def test_standard_input_comes_out_byte_by_byte() -> None:
    text = b"\xef\xbb\xbffirst_name = 'D\xc3\xa4ve'\r\n\n"
    assert run("check", "--fix", "-", stdin=text).stdout_bytes == text


def test_machines_read_findings_from_standard_error_then() -> None:
    result = run("check", "--fix", "-", "--output-format", "json", stdin=TRAP)
    assert result.stdout == TRAP
    assert json.loads(result.stderr)[0]["diagnostics"][0]["code"] == "null-blind-inequality"


def test_the_diff_shows_what_would_change_and_changes_nothing(file: Path) -> None:
    for options in (["--diff"], ["--diff", "--fix"]):
        result = run("check", file, *options)
        assert result.exit_code == QUERY_ERRORS
        assert result.stdout == (f"--- {file}\n+++ {file} (fixed)\n@@ -1 +1 @@\n-{BEFORE}\n+{SAFE}\n")
        assert result.stderr == "1 query checked: no errors; 1 would be fixed\n"
        assert file.read_text() == BEFORE + "\n"


def test_nothing_to_change_is_no_diff(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(TRAP)
    result = run("check", tmp_path / "a.sql", "--diff")
    assert (result.exit_code, result.stdout) == (FINE, "")
    assert run("check", tmp_path / "a.sql", "--diff", "--unsafe-fixes").exit_code == QUERY_ERRORS


def test_a_diff_does_not_hide_errors_that_nothing_mends() -> None:
    result = run("check", "--diff", "-q", "nope = 'Oslo' AND never = 3")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "2 errors" in result.stderr


def test_the_diff_of_a_text_without_a_line_end_says_so() -> None:
    assert run("check", "--diff", "-q", BEFORE).stdout.count("\n\\ No newline at end of file\n") == 2


def test_a_file_that_cannot_be_written_is_left_and_reported(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sql_seg.whole_files._may_write", lambda _path: False)
    result = run("check", file, "--fix")
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr == f"Error: {file}: cannot be written: it is read-only\n"
    assert "warning[undocumented-construct]" in result.stdout
    assert file.read_text() == BEFORE + "\n"


def test_a_file_that_has_changed_meanwhile_is_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_rewrite = writing.rewrite

    def somebody_else_is_faster(path: Path, before: bytes, after: bytes) -> None:
        path.write_text("city = 'Oslo'")
        really_rewrite(path, before, after)

    monkeypatch.setattr("sql_seg.workspace.writing.rewrite", somebody_else_is_faster)
    result = run("check", file, "--fix")
    assert result.exit_code == COULD_NOT_RUN
    assert "has changed while it was read" in result.stderr
    assert file.read_text() == "city = 'Oslo'"
    assert list(file.parent.iterdir()) == [file]


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.parent / "link.sql"
    link.symlink_to(file.name)
    run("check", link, "--fix")
    assert link.is_symlink()
    assert file.read_text() == SAFE + "\n"


def test_a_pipe_is_not_rewritten(tmp_path: Path) -> None:
    result = run_process("check", "--fix", "/dev/stdin", stdin=None, input=BEFORE)
    assert result.returncode in (FINE, COULD_NOT_RUN)
    assert "Traceback" not in result.stderr


def test_several_files_are_fixed_in_one_go_whatever_one_of_them_is(file: Path) -> None:
    (file.parent / "b.sql").write_bytes(b"\xff")
    (file.parent / "c.sql").write_text(BEFORE)
    result = run("check", file.parent, "--fix")
    assert result.exit_code == COULD_NOT_RUN
    assert "error[unreadable-file]: is not UTF-8 text" in result.stdout
    assert result.stdout.endswith("\n\n2 queries checked: no errors, 1 not read; 2 fixed\n")
    assert (file.parent / "c.sql").read_text() == SAFE


def test_a_text_that_is_too_long_is_never_cut(tmp_path: Path) -> None:
    long = BEFORE + " " * (1 << 20)
    (tmp_path / "a.sql").write_text(long)
    assert run("check", tmp_path / "a.sql", "--fix", "--unsafe-fixes").exit_code == QUERY_ERRORS
    assert (tmp_path / "a.sql").read_text() == long


def test_queries_are_fixed_inside_segment_files(tmp_path: Path) -> None:
    file = tmp_path / "segments.json"
    forms = [
        {"name": "one", "query_dsl": BEFORE},
        {"name": "two \u00fc", "query_dsl": 'city <> "a\\"b" OR city IS NULL'},
    ]
    file.write_text(json.dumps(forms, indent=4))
    result = run("check", file, "--fix")
    assert (result.exit_code, result.stdout) == (FINE, "2 queries checked: no errors; 2 fixed\n")
    forms[0]["query_dsl"], forms[1]["query_dsl"] = SAFE, 'city != "a\\"b" OR city IS NULL'
    assert file.read_text() == json.dumps(forms, indent=4)


def test_a_query_in_a_folded_scalar_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "segment.yaml"
    file.write_text(f"name: one\nquery_dsl: >\n  {BEFORE}\n")
    result = run("check", file, "--fix")
    assert (result.exit_code, result.stderr) == (FINE, "")
    assert file.read_text() == f"name: one\nquery_dsl: |\n  {SAFE}\n"
