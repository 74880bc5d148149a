"""What is given to CI services: its commands run, and take the options that they are given."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TRAP = "city != 'Oslo'"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bin_folder = folder / ".bin"
    bin_folder.mkdir(exist_ok=True)
    program = bin_folder / "sql-seg"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sql_seg "$@"\n')
    program.chmod(0o755)
    path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "a.sql").write_text(TRAP)
    (tmp_path / "segments" / "a.test.json").write_text('{"in": [{"city": "Rome"}]}')
    return tmp_path


def test_the_action_for_github_checks_and_tests(folder: Path) -> None:
    action = read("action.yml")
    inputs = {name: given["default"] for name, given in action["inputs"].items()}
    check, test = action["runs"]["steps"][-2:]
    values = {"PATHS": "segments", "ARGUMENTS": inputs["arguments"], "SARIF": "r.sarif"}
    assert set(check["env"]) == set(values)
    result = shell(check["run"], folder, **values)
    assert (result.returncode, result.stdout[:9]) == (0, "::warning")
    assert (folder / "r.sarif").is_file()
    result = shell(check["run"], folder, **values | {"ARGUMENTS": "--error-on-warnings", "SARIF": ""})
    assert result.returncode == 1
    assert shell(test["run"], folder, PATHS="segments").returncode == 0
    (folder / "segments" / "a.test.json").write_text('{"in": [{"city": "Oslo"}]}')
    assert shell(test["run"], folder, PATHS="segments").returncode == 1


def test_the_template_for_gitlab_checks_and_tests(folder: Path) -> None:
    job = read("docs/gitlab-ci.yml")["sql-seg"]
    script = job["script"][-1]
    result = shell(script, folder, SQL_SEG_PATHS="segments")
    assert result.returncode == 0, result.stderr
    for report in job["artifacts"]["reports"].values():
        assert (folder / report).is_file()
    (folder / "segments" / "a.sql").write_text("city =")
    result = shell(script, folder, SQL_SEG_PATHS="segments")
    assert result.returncode == 1
    assert "unexpected-end" in (folder / "gl-code-quality-report.json").read_text()
    assert "the query has errors" in (folder / "sql-seg-tests.xml").read_text()


def test_the_extra_all_has_every_other_but_spark_which_takes_half_a_gigabyte() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(project["optional-dependencies"]) - {"all", "spark"}
    (everything,) = project["optional-dependencies"]["all"]
    assert set(everything.removeprefix("sql-seg[").removesuffix("]").split(",")) == extras
