"""The table for people who come from ruff and sqlfluff: each command and option in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sql_seg.cli import main
from sql_seg.cli.other_tools import COMMANDS as COMMANDS_OF_OTHERS
from sql_seg.cli.other_tools import OPTIONS
from sql_seg.linting import rule_of
from sql_seg.workspace.settings_values import OUTPUT_FORMATS
from tests.cli.running import COULD_NOT_RUN, run

TABLE = Path(__file__).parents[1] / "docs" / "coming-from-ruff-and-sqlfluff.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| you want")
]
COMMANDS = [code for row in ROWS for code in re.findall(r"`sql-seg ([^`]+)`", row[2])]


def test_each_row_has_three_cells() -> None:
    assert len(ROWS) > 30
    assert all(len(row) == 3 for row in ROWS)
    assert all(row[2].strip() for row in ROWS)


@pytest.mark.parametrize("text", sorted(set(COMMANDS)))
def test_each_command_has_the_options_that_are_named(text: str) -> None:
    name, *words = text.split()
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command is not None
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in words if word.startswith("--")} <= known


def test_formats_and_rules_that_are_named_are_there() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert {"github", "gitlab", "sarif", "junit", "json", "json-lines", "concise"} <= set(OUTPUT_FORMATS)
    assert "`unused-noqa`" in text
    assert rule_of("unused-noqa") is not None


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_options_of_other_tools_are_answered(option: str) -> None:
    answer = OPTIONS[option]
    result = run("check", option)
    assert result.exit_code == COULD_NOT_RUN
    assert f"there is no option {option}: {answer}" in result.stderr
    named = [word.strip(":;,.") for word in answer.split() if word.startswith("--")]
    known = {opt for command in ("check", "format") for opt in options_of(command)}
    assert set(named) <= known


@pytest.mark.parametrize("command", sorted(COMMANDS_OF_OTHERS))
def test_commands_of_other_tools_are_answered(command: str) -> None:
    result = run(command)
    assert result.exit_code == COULD_NOT_RUN
    assert f"there is no command {command!r}; {COMMANDS_OF_OTHERS[command]}" in result.stderr


def test_quiet_is_no_single_letter() -> None:
    assert "To be quiet, write --quiet" in run("check", "-q").stderr


def options_of(name: str) -> set[str]:
    """Return the options of a command."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return {opt for parameter in command.params for opt in (*parameter.opts, *parameter.secondary_opts)}
