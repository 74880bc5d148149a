"""What keeps a run from its end: no room, a signal, a damaged or changing file. Nothing half-done is left."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sql_seg.engines.duckdb.connection import Connection
from tests.cli.running import COULD_NOT_RUN, FINE, run, run_process

QUERY = ("-q", "age >= 0")
LARGE, SMALL = 150_000, 300


def contacts_in(folder: Path, rows: int = SMALL) -> Path:
    path = folder / "contacts.csv"
    lines = (f"user{number}@mail.example,{number},{number % 90}\n" for number in range(rows))
    path.write_text("EMAIL,CONTACT_ID,AGE\n" + "".join(lines))
    return path


def no_room() -> None:
    """Let no file grow beyond a few bytes: what a full disk is to whoever writes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "output",
    ["out.csv", "out.ndjson", "out.parquet", "out.xlsx", "account.duckdb", "account"],
)
def test_where_there_is_no_room_what_was_there_stays(tmp_path: Path, output: str) -> None:
    contacts = contacts_in(tmp_path, 5000)
    target = tmp_path / output
    if output.startswith("out"):
        target.write_text("as it was")
    command = ("preview", *QUERY) if output.startswith("out") else ("load",)
    before = names_in(tmp_path)
    result = run_process(*command, "--contacts", contacts, "-o", target, preexec_fn=no_room)
    assert result.returncode == COULD_NOT_RUN
    assert f"Error: {target}: cannot be written: File too large" in result.stderr
    assert "Traceback" not in result.stderr
    assert names_in(tmp_path) == before
    if output.startswith("out"):
        assert target.read_text() == "as it was"


def hardly_any_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))


OLD = "first_name <> 'Dave' OR first_name IS NULL\n"
TEST = '{"in": [{"contact_id": "1", "first_name": "Ann"}]}'


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("found.txt", "check segment.sql --output-file found.txt"),
        ("known.json", "check segment.sql --write-baseline known.json"),
        ("segment.sql", "check segment.sql --fix --unsafe-fixes"),
        ("segment.sql", "format segment.sql"),
        ("report.html", "report segment.sql --contacts contacts.csv -o report.html"),
        ("tests.txt", "test segment.sql --output-file tests.txt"),
        (
            "plot.svg",
            "timeline segment.sql --contacts contacts.csv --from 2026-01-01 --to 2026-01-02 --svg plot.svg",
        ),
    ],
)
def test_each_command_that_writes_keeps_what_was_there(tmp_path: Path, written: str, command: str) -> None:
    contacts_in(tmp_path)
    (tmp_path / "segment.sql").write_text(OLD)
    (tmp_path / "segment.test.json").write_text(TEST)
    (tmp_path / written).write_text(OLD)
    before = names_in(tmp_path)
    result = run_process(*command.split(), cwd=tmp_path, preexec_fn=hardly_any_room)
    assert result.returncode == COULD_NOT_RUN, result.stdout + result.stderr
    assert f"{written}: cannot be written: File too large" in result.stderr
    assert "Traceback" not in result.stderr
    assert (names_in(tmp_path), (tmp_path / written).read_text()) == (before, OLD)


def test_what_is_written_to_standard_output_stands_behind_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "segment.sql").write_text(OLD)
    with (tmp_path / "out.txt").open("w") as out:
        out.write("before\n")
        out.flush()
        command = ("check", "segment.sql", "--output-format", "concise", "--output-file", "/dev/stdout")
        result = run_process(*command, cwd=tmp_path, stdout=out)
        out.write("after\n")
    lines = (tmp_path / "out.txt").read_text().splitlines()
    assert result.returncode == FINE, result.stderr
    assert (lines[0], lines[-1]) == ("before", "after")
    assert any(line.startswith("segment.sql:1:") for line in lines)


def started(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sql_seg", *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )


def is_under_way(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a command has begun, and not only Python: it catches SIGTERM then."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():  # no Linux
        return True
    caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def once(process: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or the process has ended before that."""
    end = time.monotonic() + 60
    while not is_so() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


@pytest.mark.parametrize(("command", "output"), [("preview", "out.csv"), ("load", "account.duckdb")])
def test_killed_while_it_writes_the_file_is_the_old_one_or_whole(
    tmp_path: Path, command: str, output: str
) -> None:
    contacts = contacts_in(tmp_path, LARGE)
    target = tmp_path / output
    target.write_text("as it was")
    query = QUERY if command == "preview" else ()
    with started(command, *query, "--contacts", contacts, "-o", target) as process:
        once(process, lambda: any(tmp_path.glob(f".{output}.*")))
        process.kill()
    if target.read_bytes() != b"as it was":
        again = ("--account", target) if command == "load" else ("--contacts", target)
        assert f"{LARGE:,} of {LARGE:,}" in run("preview", *QUERY, *again).stdout


@pytest.mark.parametrize(
    ("command", "output", "writes", "sent_signal"),
    [
        ("preview", "out.csv", False, signal.SIGINT),
        ("preview", "out.csv", True, signal.SIGINT),
        ("preview", "out.csv", True, signal.SIGTERM),
        ("preview", "out.xlsx", True, signal.SIGTERM),
        ("load", "account.duckdb", False, signal.SIGTERM),
        ("load", "account.duckdb", True, signal.SIGINT),
        ("load", "account", True, signal.SIGTERM),
    ],
)
def test_ctrl_c_and_sigterm_end_it_at_once_and_leave_nothing(
    tmp_path: Path, command: str, output: str, writes: bool, sent_signal: signal.Signals
) -> None:
    contacts = contacts_in(tmp_path, LARGE)
    query = QUERY if command == "preview" else ()
    with started(command, *query, "--contacts", contacts, "-o", tmp_path / output) as process:
        if writes:
            once(process, lambda: any(tmp_path.glob(f".{output}.*")))
        else:
            once(process, lambda: is_under_way(process))
            time.sleep(0.5)
        process.send_signal(sent_signal)
        sent = time.monotonic()
        _, stderr = process.communicate(timeout=60)
    # a shell shows both of the first as 130, or 143
    assert process.returncode in (128 + sent_signal, -sent_signal, FINE)
    assert (b"Traceback" in stderr, b"Error" in stderr) == (False, False)
    assert time.monotonic() - sent < 10
    done = [output] if b" in " + bytes(tmp_path / output) in stderr else []
    assert names_in(tmp_path) == sorted(["contacts.csv", *done])


@pytest.mark.skipif(os.getuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    contacts = contacts_in(tmp_path)
    contacts.chmod(0)
    result = run("preview", *QUERY, "--contacts", contacts)
    assert result.exit_code == COULD_NOT_RUN
    assert f"Error: {contacts}: cannot be read: Permission denied" in result.output


@pytest.mark.parametrize("command", ["preview", "load"])
def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = contacts_in(tmp_path)
    rows = Connection.rows

    def and_it_grows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
        found = rows(connection, sql)
        if "read_csv" in sql:
            with contacts.open("a") as more:
                more.write("late@mail.example,late,1\n")
        return found

    monkeypatch.setattr(Connection, "rows", and_it_grows)
    arguments = ("-o", tmp_path / "account") if command == "load" else QUERY
    result = run(command, *arguments, "--contacts", contacts)
    assert result.exit_code == COULD_NOT_RUN
    assert f"Error: {contacts}: has changed while it was read: try again once it is whole" in result.output
    assert names_in(tmp_path) == ["contacts.csv"]


@pytest.mark.parametrize("command", ["preview", "load"])
def test_no_output_takes_the_place_of_an_input(tmp_path: Path, command: str) -> None:
    contacts = contacts_in(tmp_path)
    before = contacts.read_bytes()
    for given in (contacts, tmp_path / "c*.csv"):
        query = QUERY if command == "preview" else ()
        result = run(command, *query, "--contacts", given, "-o", tmp_path / "." / "contacts.csv")
        assert result.exit_code == COULD_NOT_RUN
        assert "is one of the files that are read: write into another file" in result.output
    assert contacts.read_bytes() == before


@pytest.mark.parametrize("command", ["preview", "load"])
def test_a_folder_that_is_not_there(tmp_path: Path, command: str) -> None:
    query = QUERY if command == "preview" else ()
    output = tmp_path / "none" / "out.csv"
    result = run(command, *query, "--contacts", contacts_in(tmp_path), "-o", output)
    assert result.exit_code == COULD_NOT_RUN
    assert f"Error: {output}: there is no folder {output.parent}" in result.output


# accounts that were loaded


def loaded(folder: Path, name: str) -> Path:
    path = folder / name
    assert run("load", "--contacts", contacts_in(folder), "-o", path).exit_code == FINE
    assert run("preview", *QUERY, "--account", path).exit_code == FINE
    return path


@pytest.mark.parametrize("kept", [0.05, 0.5])
def test_half_a_database_is_damaged(tmp_path: Path, kept: float) -> None:
    path = loaded(tmp_path, "account.duckdb")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    result = run("preview", *QUERY, "--account", path)
    assert (result.exit_code, result.output) == (
        COULD_NOT_RUN,
        f"Error: {path}: is damaged: load the files again\n",
    )


def without_contacts(folder: Path) -> None:
    (folder / "contact_data.parquet").unlink()


def half_the_events(folder: Path) -> None:
    path = folder / "event_data.parquet"
    path.write_bytes(path.read_bytes()[:50])


def about(content: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "about.json").write_text(content)

    return write


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (without_contacts, "is damaged: load the files again"),
        (half_the_events, "is damaged: load the files again"),
        (about('{"form": 1}'), "is damaged: load the files again"),
        (about(json.dumps({"form": 99})), "was written by another version: load the files again"),
        (about('{"fo'), 'is no account that "sql-seg load" has written'),
        (about("[]"), 'is no account that "sql-seg load" has written'),
    ],
)
def test_a_damaged_folder(tmp_path: Path, harm: Callable[[Path], None], message: str) -> None:
    path = loaded(tmp_path, "account")
    harm(path)
    result = run("preview", *QUERY, "--account", path)
    assert (result.exit_code, result.output) == (COULD_NOT_RUN, f"Error: {path}: {message}\n")


KILLED = """
import click, os, signal
from sql_seg import cli

@click.command()
def command():
    exec("os.kill(os.getpid(), signal.SIGTERM)\\nwhile True: pass", globals())

cli._Commands.get_command = lambda *_: command
cli.main(["parse"])
"""


@pytest.mark.parametrize("in_another_way", [False, True])
def test_sigterm_has_its_exit_code_wherever_it_comes(in_another_way: bool) -> None:
    code = KILLED
    if in_another_way:  # as what is cut off while it is imported
        body = "try:\n        exec"
        code = code.replace("exec", body, 1).replace(
            "globals())", "globals())\n    except BaseException: raise ImportError", 1
        )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert ended.returncode == 128 + signal.SIGTERM, ended.stderr
