"""The table for people who come from ruff and sqlfluff: each command and option in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sql_seg.cli import main
from sql_seg.linting import rule_of
from sql_seg.workspace.settings_values import OUTPUT_FORMATS

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
