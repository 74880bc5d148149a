from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FINE, QUERY_ERRORS, run

UGLY = 'email="x"and(((city is null)))'
PRETTY = "email = 'x' AND city IS NULL\n"
COMMENTED = "select contact_id, updated_at -- all\nfrom contact_data"


@pytest.fixture
def ugly(tmp_path: Path) -> Path:
    path = tmp_path / "ugly.sql"
    path.write_bytes(UGLY.encode())
    return path


def test_a_file_is_rewritten_and_named(ugly: Path) -> None:
    result = run("format", ugly)
    assert (result.exit_code, result.stdout) == (FINE, "")
    assert result.stderr == f"{ugly}: reformatted\n"
    assert ugly.read_bytes() == PRETTY.encode()


def test_a_second_time_changes_nothing(ugly: Path) -> None:
    run("format", ugly)
    before = ugly.stat()
    result = run("format", ugly)
    assert (result.exit_code, result.stdout, result.stderr) == (FINE, "", "")
    assert (ugly.stat().st_ino, ugly.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_query_and_standard_input_are_printed() -> None:
    assert run("format", "-q", UGLY).stdout == PRETTY
    assert run("format", "-", stdin=UGLY).stdout == PRETTY
    assert run("format", "-", "-q", "city = 'x'", stdin=UGLY).stdout == f"{PRETTY}city = 'x'\n"


def test_long_queries_have_a_line_for_each_part() -> None:
    query = "SELECT contact_id, updated_at FROM contact_data WHERE " + " AND ".join(["city = 'x'"] * 9)
    result = run("format", "-q", query)
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "SELECT contact_id, updated_at",
        "FROM contact_data",
        "WHERE city = 'x'",
        "  AND city = 'x'",
    ]


def test_check_changes_nothing(ugly: Path) -> None:
    result = run("format", "--check", ugly)
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert result.stderr == f"{ugly}: would be reformatted\n1 text would be reformatted\n"
    assert ugly.read_text() == UGLY
    assert run("format", "--check", "-q", PRETTY).exit_code == FINE


def test_diff_changes_nothing(ugly: Path) -> None:
    result = run("format", "--diff", ugly)
    assert result.exit_code == FINE
    assert f"-{UGLY}\n\\ No newline at end of file\n+{PRETTY}" in result.stdout
    assert ugly.read_text() == UGLY
    assert run("format", "--diff", "--check", ugly).exit_code == QUERY_ERRORS
    assert run("format", "--diff", "-q", PRETTY).stdout == ""


def test_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "commented.sql"
    path.write_text(COMMENTED)
    assert run("format", path).exit_code == FINE
    assert path.read_text() == "SELECT contact_id, updated_at -- all\nFROM contact_data\n"
    assert run("format", "--check", path).exit_code == FINE


def test_the_width_may_be_asked_for() -> None:
    query = "country = 'US' AND city = 'Denver'"
    assert run("format", "-q", query, "--width", "20").stdout == "country = 'US'\nAND city = 'Denver'\n"
    assert run("format", "-q", query, "--width", "3").exit_code == COULD_NOT_RUN


def test_a_text_that_does_not_parse_is_left_as_it_is_and_the_others_are_not(
    ugly: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sql"
    broken.write_text("email = ")
    result = run("format", broken, ugly)
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "error[unexpected-end]" in result.stderr
    assert (broken.read_text(), ugly.read_text()) == ("email = ", PRETTY)


def test_mixed_line_ends_become_line_feeds_and_a_byte_order_mark_goes(tmp_path: Path) -> None:
    mixed, marked = tmp_path / "mixed.sql", tmp_path / "marked.sql"
    mixed.write_bytes(b"email = 'x'\r\n\n")
    marked.write_bytes(b"\xef\xbb\xbfemail = 'x'\n")
    assert run("format", "--check", mixed).exit_code == QUERY_ERRORS
    assert run("format", "--check", marked).exit_code == QUERY_ERRORS
    assert run("format", mixed, marked).exit_code == FINE
    assert mixed.read_bytes() == marked.read_bytes() == b"email = 'x'\n"


def test_line_breaks_inside_a_text_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(b"city='a\r\nb'\n")
    run("format", path)
    assert path.read_bytes() == b"city = 'a\r\nb'\n"


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(ugly: Path, tmp_path: Path) -> None:
    ugly.chmod(0o640)
    link = tmp_path / "link.sql"
    link.symlink_to(ugly)
    assert run("format", link).exit_code == FINE
    assert link.is_symlink()
    assert (ugly.read_text(), ugly.stat().st_mode & 0o777) == (PRETTY, 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.sql", "ugly.sql"]


def test_a_failed_rewriting_leaves_the_file_whole(ugly: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    result = run("format", ugly)
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr == f"Error: {ugly}: cannot be written: No space left on device\n"
    assert ugly.read_text() == UGLY
    assert list(ugly.parent.iterdir()) == [ugly]


def test_what_is_no_file_is_not_rewritten(tmp_path: Path) -> None:
    assert run("format", tmp_path).exit_code == COULD_NOT_RUN
    assert run("format", tmp_path / "missing.sql").exit_code == COULD_NOT_RUN
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=[UGLY])
    writer.start()
    result = run("format", pipe)
    writer.join()
    assert result.exit_code == COULD_NOT_RUN
    assert "is no regular file" in result.stderr
    assert stat.S_ISFIFO(pipe.stat().st_mode)


LONG = "first_name = 'Ann' AND city = 'Oslo' AND country = 'NO'"
LAID_OUT = ["first_name = 'Ann'", "AND city = 'Oslo'", "AND country = 'NO'"]
IN_QUOTES = "'" + LONG.replace("'", "''") + "'"


def below(indent: int, header: str) -> str:
    return "\n".join([header, *(" " * indent + line for line in LAID_OUT)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'query_dsl: "{LONG}" # all\nname: x\n', f"query_dsl: {below(2, '|- # all')}\nname: x\n"),
        (f"query_dsl: {IN_QUOTES}\n", f"query_dsl: {below(2, '|-')}\n"),
        (f"query_dsl: {LONG}\nname: x\n", f"query_dsl: {below(2, '|-')}\nname: x\n"),
        (f"query_dsl: > # n\n  {LONG}\n\nname: x\n", f"query_dsl: {below(2, '| # n')}\n\nname: x\n"),
        (f"query_dsl: >-\n    {LONG}", f"query_dsl: {below(2, '|-')}"),
        (f"- name: x\n  query_dsl: >-\n   {LONG}\n", f"- name: x\n  query_dsl: {below(4, '|-')}\n"),
        (f'- {{query_dsl: "{LONG}"}}\n', '- {query_dsl: "' + "\\n".join(LAID_OUT) + '"}\n'),
        ("query_dsl: 'a=1' # n\n", "query_dsl: 'a = 1' # n\n"),
        ("query_dsl: 'city=''x'''\n", "query_dsl: 'city = ''x'''\n"),
        ("query_dsl: \"city='x'\"\n", "query_dsl: \"city = 'x'\"\n"),
        ("- query_dsl: &q 'a=1'\n- query_dsl: *q\n", "- query_dsl: &q 'a = 1'\n- query_dsl: *q\n"),
        ("query_dsl: !!str a=1\n", "query_dsl: !!str a = 1\n"),
        ("query_dsl: >\n  a=1\n  and b=2\n", "query_dsl: |\n  a = 1 AND b = 2\n"),
        ("query_dsl: 'a=1\n\n  and b=2'\n", "query_dsl: 'a = 1 AND b = 2'\n"),
        ("query_dsl: 'a=1\n  and b=2'\r\nname: x\r\n", "query_dsl: 'a = 1 AND b = 2'\r\nname: x\r\n"),
    ],
)
def test_yaml_scalars_of_all_kinds_are_formatted_and_a_second_time_changes_nothing(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(before.encode())
    result = run("format", "--width", "40", path)
    assert (result.exit_code, result.stderr) == (FINE, f"{path}: reformatted\n")
    assert path.read_bytes().decode() == after
    assert run("format", "--width", "40", "--check", path).exit_code == FINE


def test_a_check_ends_with_a_sum(ugly: Path, tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(PRETTY)
    (tmp_path / "b.json").write_text('{"query_dsl": "a = 1"}')
    last = run("format", "--check", tmp_path).stderr.splitlines()[-1]
    assert last == "1 text would be reformatted, 2 texts are formatted"
    ugly.unlink()
    assert run("format", "--check", tmp_path).stderr == "2 texts are formatted\n"


def test_the_width_of_the_settings_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sql-seg.toml").write_text("width = 30\n")
    assert run("format", "-q", LONG).stdout.splitlines() == LAID_OUT
    assert run("format", "-q", LONG, "--width", "90").stdout == f"{LONG}\n"


def test_the_examples_are_formatted() -> None:
    assert run("format", "--check", EXAMPLES / "segments").exit_code == FINE


def test_a_file_of_windows_keeps_its_line_ends(tmp_path: Path) -> None:
    long = "SELECT contact_id, updated_at FROM contact_data -- all\r\nWHERE city = 'a' AND country = 'b'\r\n"
    sql, yaml = tmp_path / "a.sql", tmp_path / "b.yaml"
    sql.write_bytes(long.encode())
    yaml.write_bytes(b"name: a\r\nquery_dsl: |\r\n  select contact_id, updated_at\r\n  from contact_data\r\n")
    assert run("format", sql, yaml).exit_code == FINE
    for file in (sql, yaml):
        content = file.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 2
    assert run("format", "--check", sql, yaml).exit_code == FINE
