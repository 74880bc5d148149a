"""The guides: the files, commands and code of each are one project, run from the top to the end.

A block with a name behind its language, such as ``json vip.test.json``, is a file. What stands in ``console``
is run and prints what is shown; other ``python`` is run and prints what its comments behind ``print(…)`` say.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from sql_seg.cli import main

DOCS = Path(__file__).parents[1] / "docs"
TUTORIALS = [f"tutorials/{name}.md" for name in ("ci", "counting", "notebook", "properties", "moving-to-v2")]
GUIDES = pytest.mark.parametrize("guide", ["testing.md", "migration.md", *TUTORIALS])
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A code block of the guide; ``file`` is the file that it shows, if it is one."""

    line: int
    language: str
    file: str | None
    text: str


def blocks(guide: str) -> list[Block]:
    text = (DOCS / guide).read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, found.start()) + 1, found[1], found[2], found[3])
        for found in FENCE.finditer(text)
    ]


def said(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "sql-seg":
        return CliRunner(catch_exceptions=False).invoke(main, arguments).output
    assert program == "pytest", command
    options = ["-p", "no:cacheprovider", "--color=no"]
    # Where it finds CI, pytest shows more.
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        env={**environment, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout


def untimed(output: str) -> str:
    return re.sub(r" in [0-9.]+s$", "", output, flags=re.MULTILINE)


def printed(block: Block) -> list[str]:
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(block.text, f"guide:{block.line}", "exec"), {"__name__": "guide"})
    return output.getvalue().splitlines()


PATIENT = """
from hypothesis import HealthCheck, settings
settings.register_profile(
    "patient", deadline=3000, max_examples={examples}, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
"""
"""What keeps a busy machine from failing an example that is slow there: fifteen times the usual deadline."""


@GUIDES
def test_the_guide_is_so(guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conftest.py").write_text(PATIENT.format(examples=15))
    for block in blocks(guide):
        if block.file is not None:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            prompt, _, expected = block.text.partition("\n")
            assert untimed(said(prompt.removeprefix("$ "))) == untimed(expected), block.line
        else:
            assert block.language == "python", block.line
            assert printed(block) == re.findall(r"^ *print\(.*\)  # (.*)$", block.text, re.MULTILINE)


PROPERTIES = ("test_suppression.py", "test_messages.py", "test_any_coupon.py", "test_every_coupon.py")


@pytest.mark.parametrize("time", [1, 2])
def test_no_property_of_the_guide_fails_on_a_cold_checkout(time: int, tmp_path: Path) -> None:
    """Without what Hypothesis remembers, and with other examples each time; the first are the slow ones."""
    (tmp_path / "conftest.py").write_text(PATIENT.format(examples=25))
    for block in blocks("testing.md"):
        if block.file is not None and block.file.endswith(".py"):
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    assert not (tmp_path / ".hypothesis").exists()
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *PROPERTIES],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert result.returncode == 0, result.stdout


def test_every_tutorial_is_run_and_is_on_the_site() -> None:
    assert sorted(TUTORIALS) == sorted(f"tutorials/{path.name}" for path in (DOCS / "tutorials").glob("*.md"))
    site = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")
    assert [name for name in TUTORIALS if f": {name}" not in site] == []


def headings_of(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}


@GUIDES
def test_every_link_of_the_guide_leads_somewhere(guide: str) -> None:
    for target in re.findall(r"\]\(([^):]+)\)", (DOCS / guide).read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        path = (DOCS / guide).parent / name if name else DOCS / guide
        assert path.exists(), target
        assert not heading or heading in headings_of(path), target
