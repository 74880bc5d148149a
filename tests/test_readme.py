"""All that the documents show: code runs, and prints what they say."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from contextlib import redirect_stdout
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

import sql_seg
from sql_seg.cli import main
from sql_seg.syntax import nodes
from sql_seg.workspace.settings import read_settings
from sql_seg.workspace.settings_values import READERS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / name
    for name in (
        "README.md",
        "docs/command-line.md",
        "docs/json.md",
        "docs/performance.md",
        "docs/tutorials/notebook.md",
    )
]
"""Without the rules, which are generated, and held to what the rules say."""


class Block(NamedTuple):
    """A code block of a document."""

    place: str
    language: str
    text: str


def blocks(language: str) -> list[Block]:
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(f"{path.name}:{line}", match[1], match[2]))
    return [block for block in found if block.language == language or not language]


def by_place(block: Block) -> str:
    return block.place


@pytest.fixture(autouse=True)
def in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_there_are_no_other_code_blocks() -> None:
    assert {block.language for block in blocks("")} == {"console", "python", "json", "toml", "yaml"}


@pytest.mark.parametrize("block", blocks("console"), ids=by_place)
def test_a_command_prints_what_is_shown(block: Block) -> None:
    command, _, expected = re.sub(r"\\\n> *", "", block.text).partition("\n")
    prompt, program, *arguments = shlex.split(command)
    assert (prompt, program) == ("$", "sql-seg")
    result = CliRunner(catch_exceptions=False).invoke(main, arguments)
    assert result.output == expected


@pytest.mark.parametrize("block", blocks("python"), ids=by_place)
def test_python_prints_what_its_comments_say(block: Block) -> None:
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(block.text, block.place, "exec"), {})
    expected = re.findall(r"^print\(.*\)  # (.*)$", block.text, re.MULTILINE)
    assert expected
    assert printed.getvalue().splitlines() == expected


@pytest.mark.parametrize("block", blocks("json"), ids=by_place)
def test_json_is_a_query(block: Block) -> None:
    form = json.loads(block.text)
    assert sql_seg.to_json(sql_seg.from_json(form)) == form


@pytest.mark.parametrize("block", blocks("toml"), ids=by_place)
def test_settings_are_settings(block: Block, tmp_path: Path) -> None:
    shared = "[tool.sql-seg]" in block.text
    file = tmp_path / ("pyproject.toml" if shared else "sql-seg.toml")
    file.write_text(block.text)
    table = tomllib.loads(block.text)
    if not shared:
        assert set(table) == set(READERS)
    assert read_settings(file).per_file_ignores


@pytest.mark.parametrize("block", blocks("yaml"), ids=by_place)
def test_hooks_are_those_that_there_are(block: Block) -> None:
    yaml = pytest.importorskip("yaml")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = yaml.safe_load(block.text)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in hooks]


def test_every_node_is_in_the_description_of_the_json_form() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|(.*)\|$", (ROOT / "docs/json.md").read_text(), re.MULTILINE)
    described = {
        name: re.findall(r"`(\w+)`:", description)
        for names, description in rows
        for name in re.findall(r"\w+", names)
    }
    abstract = {nodes.Node, nodes.Expression, nodes.Query}
    kinds = [k for k in vars(nodes).values() if isinstance(k, type) and issubclass(k, nodes.Node)]
    real = {
        kind.__name__: [field.name for field in fields(kind) if field.name not in ("span", "text")]
        for kind in kinds
        if kind not in abstract
    }
    assert described == real


def test_every_option_is_in_the_description_of_the_command_line() -> None:
    text = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    for name in main.list_commands(None):  # type: ignore[arg-type]  # it needs no context
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert f"## `sql-seg {name} " in text
        options = {option for parameter in command.params for option in parameter.opts if option[0] == "-"}
        assert {option for option in options - {"--query"} if f"{option}" not in text} == set()


def test_every_public_name_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    inner = {"Preview", "Query", "CheckedQuery"}  # what people are given, and need not name
    assert [name for name in sql_seg.__all__ if f"`{name}" not in text and name not in inner] == []


def test_every_link_leads_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_commands_of_make_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
