"""An option that another one makes meaningless is refused, and never dropped without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sql_seg.cli import main
from sql_seg.server import Server

from .running import CONTACTS, COULD_NOT_RUN, EVENTS, FIELDS, FINE, run

QUERY = ("-q", "city = 'x'")
MANY = (*QUERY, "-q", "city = 'y'")
PREVIEW = ("preview", *QUERY, "--contacts", CONTACTS)

VALUES = {
    "--contacts": CONTACTS,
    "--events": EVENTS,
    "--list": f"vip={CONTACTS}",
    "--fields": FIELDS,
    "--on-error": "skip",
    "--empty": "null",
    "--delimiter": ",",
    "--encoding": "utf-8",
    "--memory-limit": "1GiB",
    "--account": "account.duckdb",
    "--sample": "0",
    "--output-format": "json",
    "--output-file": "out",
    "--baseline": "base",
    "--stdin-filename": "x.sql",
}
"""Something to give options that take a value."""

FILES = ["--contacts", "--events", "--list", "--fields", "--on-error", "--empty", "--delimiter", "--encoding"]

IDLE = [
    (("preview", *QUERY, "--account", "x.duckdb"), FILES),
    (("explain", *QUERY, "--record", "{}"), [*FILES[:3], *FILES[4:], "--memory-limit", "--account"]),
    (
        (*PREVIEW, "--engine", "spark"),
        ["--on-error", "--empty", "--delimiter", "--encoding", "--memory-limit"],
    ),
    ((*PREVIEW, "-o", "x.csv"), ["--output-format", "--sample"]),
    ((*PREVIEW, "--output-format", "csv"), ["--sample"]),
    ((*PREVIEW, "--funnel"), ["--sample"]),
    ((*PREVIEW, "--at", "2026-01-01"), ["--sample"]),
    (("preview", *MANY, "--contacts", CONTACTS), ["--sample"]),
    (("check", *QUERY), ["--stdin-filename"]),
    (("check", *QUERY, "--diff"), ["--output-format", "--output-file", "--statistics"]),
    (("check", *QUERY, "--write-baseline", "x"), ["--baseline"]),
    (("format", *QUERY), ["--stdin-filename"]),
    (("push", "segments"), ["--force"]),
    (("mcp",), ["--events", "--list", "--on-error"]),
    (("serve",), ["--events", "--list"]),
    (("rule", "--output-format", "markdown"), []),
    (("test", "segments", "--coverage", "--output-format", "junit"), []),
]
"""What a command is given, and the options that would count for nothing beside it."""


def _cases() -> Iterator[tuple[tuple[str, ...], str | None]]:
    for arguments, names in IDLE:
        yield from ((arguments, name) for name in names or (None,))


@pytest.mark.parametrize(("arguments", "name"), list(_cases()))
def test_an_idle_option_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], name: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    options = [] if name is None else [name, VALUES[name]] if name in VALUES else [name]
    result = run(*arguments, *options)
    assert result.exit_code == COULD_NOT_RUN
    said = result.stderr.partition("Error: ")[2]
    assert said.startswith("--")
    assert name is None or said.startswith(name)
    assert not list(tmp_path.iterdir())


def _commands(option: str) -> list[str]:
    context = click.Context(main)
    found = []
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        if any(option in parameter.opts for parameter in command.params):
            found.append(name)
    return found


@pytest.mark.parametrize("option", [name for name in FILES if name != "--contacts"])
@pytest.mark.parametrize("command", _commands("--account"))
def test_no_command_takes_options_of_files_beside_an_account(
    tmp_path: Path, command: str, option: str
) -> None:
    segment = tmp_path / "x.json"
    segment.write_text(
        '{"query_dsl": "SELECT contact_id, updated_at FROM contact_data", "contacts_count": 1}'
    )
    more = {"explain": ["--contact", "x"], "timeline": ["--from", "2026-01-01"]}.get(command, [])
    result = run(command, segment, *more, "--account", tmp_path / "a.duckdb", option, VALUES[option])
    assert result.exit_code == COULD_NOT_RUN
    assert f"Error: {option} is about files, and --account stands in place of them" in result.stderr


def test_what_counts_is_taken(tmp_path: Path) -> None:
    account = tmp_path / "a.duckdb"
    assert run("load", "--contacts", CONTACTS, "--quiet", "-o", account).exit_code == FINE
    for options in (
        ["--memory-limit", "1GiB"],
        ["--sample", "1"],
        ["--output-format", "json", "--sample", "0"],
    ):
        assert run("preview", *QUERY, "--account", account, *options).exit_code == FINE
    assert run("check", "-", "--stdin-filename", "x.sql", stdin="city = 'x'").exit_code == FINE


@pytest.mark.parametrize("more", [MANY, (*QUERY, "--at", "2026-01-01")])
def test_any_csv_may_begin_with_a_byte_order_mark(more: tuple[str, ...]) -> None:
    options = ("preview", *more, "--contacts", CONTACTS, "--output-format", "csv")
    plain, marked = run(*options), run(*options, "--bom")
    assert marked.stdout_bytes == b"\xef\xbb\xbf" + plain.stdout_bytes


def test_what_an_emulator_starts_with_waits_for_a_reset_where_it_goes_on(tmp_path: Path) -> None:
    path = str(tmp_path / "account.db")
    with Server(db=path):
        pass
    nowhere = ("--host", "203.0.113.1")  # an address that no machine has
    result = run("serve", "--db", path, "--contacts", CONTACTS, *nowhere)
    said = f"note: {path} has an account already: what is given to start with comes with a reset"
    assert said in result.stderr
    assert "note" not in run("serve", "--db", path, *nowhere).stderr
