"""Pipes, terminals and full disks: every end is an exit code, and none a traceback."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import CONTACTS, COULD_NOT_RUN, FINE, QUERY_ERRORS, run, run_process

INTERRUPTED, READER_GONE = 130, 141
BEFORE_2030 = "updated_at < TIMESTAMP '2030-01-01T00:00:00Z'"
EVERYBODY = ("preview", "-q", "email IS NOT NULL", "--contacts", CONTACTS)

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@contextmanager
def pipe_without_reader() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "-q", "email = 3"),
        ("format", "-q", "email = 'x'"),
        ("parse", "-q", "email = 'x'"),
        EVERYBODY,
        (*EVERYBODY, "--output-format", "json"),
        (*EVERYBODY, "--output-format", "csv"),
    ],
    ids=" ".join,
)
def test_a_reader_that_has_gone(arguments: tuple[str, ...]) -> None:
    with pipe_without_reader() as writer:
        result = run_process(*arguments, stdout=writer)
    assert (result.returncode, result.stderr) == (READER_GONE, "")


@needs_full
@pytest.mark.parametrize(
    "arguments", [("check", "-q", "email = 3"), EVERYBODY, ("--help",), ("check", "--help")]
)
def test_a_full_disk(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        result = run_process(*arguments, stdout=full)
    assert result.returncode == COULD_NOT_RUN
    assert result.stderr == "Error: cannot write to standard output: No space left on device\n"


@needs_full
@pytest.mark.parametrize(
    "arguments", [("check", "missing.sql"), ("check", "--nope"), ("format", "-q", "email =", "missing.sql")]
)
def test_a_full_standard_error(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        assert run_process(*arguments, stderr=full).returncode == COULD_NOT_RUN


def shell(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "sql_seg", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_closed_streams() -> None:
    result = shell(">&-", "check", "-q", "email = 'x'")
    assert (result.returncode, result.stderr) == (COULD_NOT_RUN, "Error: standard output is closed\n")
    result = shell("2>&-", "check", "-q", "email = 3")
    assert (result.returncode, "1 error" in result.stdout) == (QUERY_ERRORS, True)
    assert shell("2>&-", "check", "missing.sql").returncode == COULD_NOT_RUN
    result = shell("<&-", "check", "-")
    assert (result.returncode, result.stderr) == (COULD_NOT_RUN, "")
    assert "error[unreadable-file]: is closed\n --> <stdin>:1:1" in result.stdout


def heed_interruptions() -> None:
    """Let a process be interrupted even where the tests themselves run in the background, and are not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c() -> None:
    command = [sys.executable, "-m", "sql_seg", "check", "-q", "email = 3", "-"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interruptions,
    ) as process:
        assert process.stdin is not None
        # The process is sure to read once it has taken more than a pipe holds.
        process.stdin.write(b" " * 200_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate()
    assert process.returncode == INTERRUPTED
    assert stderr.strip() == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_cannot_show_everything(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    result = run_process("check", "-q", "ąemail = '東'", env=environment)
    assert (result.returncode, result.stderr) == (QUERY_ERRORS, "")
    assert "\\u0105email" in result.stdout
    result = run_process("preview", "-q", "city = '東京'", "--contacts", CONTACTS, env=environment)
    assert result.returncode == FINE
    assert "\\u6771\\u4eac" in result.stdout


def test_csv_is_utf8_everywhere() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    result = run_process(*EVERYBODY, "--output-format", "csv", env=environment)
    assert result.returncode == FINE
    assert "東京" in result.stdout


def test_a_query_argument_that_is_no_text() -> None:
    result = run("check", "-q", "email = '\udcff'")
    assert result.exit_code == COULD_NOT_RUN
    assert "error[unreadable-file]: is not UTF-8 text\n --> <query>:1:10" in result.stdout


def test_a_file_name_that_is_no_text() -> None:
    result = run("check", "\udcff.sql")
    assert result.exit_code == COULD_NOT_RUN
    assert "error[unreadable-file]: no such file\n --> \N{REPLACEMENT CHARACTER}.sql:1:1" in result.stdout


def on_terminal(*arguments: str, columns: int, **environment: str) -> str:
    """Run a command whose standard output is a terminal, and return what the terminal got."""
    master, slave = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color"} | environment
    result = run_process(*arguments, stdout=slave, env=environment)
    os.close(slave)
    pieces = []
    try:
        while piece := os.read(master, 65536):
            pieces.append(piece)
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(master)
    assert (result.returncode, result.stderr) == (FINE, "")
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [1, 10, 40, 120, 500])
def test_a_table_fits_its_terminal(columns: int) -> None:
    query = (
        f"country = 'US' AND city IS NOT NULL AND {BEFORE_2030} "
        "AND NOT CONTAINS(alternate_emails, 'ann@example.com')"
    )
    shown = on_terminal(
        "preview", "-q", query, "--contacts", CONTACTS, "--sample", "3", columns=columns, NO_COLOR="1"
    )
    headline, _, header, *rows, last = shown.splitlines()
    assert "of 500 contacts" in headline
    assert "email" in header or columns < 10
    assert last.endswith(" more")
    whole = columns >= 500
    assert ("contact_id" in header) == whole or columns >= 120
    assert ("for want of room" in shown) == (not whole and columns < 120)
    if columns >= 10:
        table = [row for row in rows if "for want of room" not in row]
        plain = [row.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "") for row in table]
        assert max(map(len, plain)) <= columns


def test_names_of_segments_go_on_in_the_next_line(tmp_path: Path) -> None:
    name = f"{'a' * 60} {'b' * 30}"
    (tmp_path / "s.json").write_text(json.dumps([{"name": name, "query_dsl": "email != ''"}] * 2))
    shown = on_terminal("preview", str(tmp_path / "s.json"), "--contacts", CONTACTS, columns=50, NO_COLOR="1")
    _headline, _, plain = re.sub("\x1b.*?m", "", shown).partition("\n")
    assert max(map(len, plain.splitlines())) <= 50
    assert (plain.count("a"), plain.count("b")) >= (120, 60)
    assert plain.count("500   100.0%") == 2


def test_times_are_shown_whole_or_not_at_all() -> None:
    for columns in (30, 60, 75, 90):
        shown = on_terminal(
            "preview", "-q", f"{BEFORE_2030} AND first_name IS NOT NULL", "--contacts", CONTACTS,
            "--sample", "1", columns=columns,
        )  # fmt: skip
        assert (
            "2026-10-19T09:03:49Z" in shown
            or "room: updated_at" in shown
            or "updated_at, contact_id" in shown
        )


def test_no_color() -> None:
    arguments = ("preview", "-q", "first_name IS NULL", "--contacts", CONTACTS, "--sample", "1")
    assert "\x1b[3" not in on_terminal(*arguments, columns=80, NO_COLOR="1")
    assert "\x1b" not in run(*arguments).stdout
