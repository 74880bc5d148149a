"""The wheel: built, and installed where nothing else of this project is."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    result = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an empty environment that has the wheel, and the dependencies of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install = ["install", "--no-deps", "--quiet", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "--python", python, *install, wheel, cwd=folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    for dependency in ("click", "rich", "markdown_it", "mdurl", "pygments"):
        (packages / dependency).symlink_to(Path(sysconfig.get_path("purelib")) / dependency)
    return python


def test_it_holds_the_tables_and_the_marker_of_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = "sql_seg/syntax/parsing/tables"
    assert {f"{tables}/v1.py", f"{tables}/v2.py", "sql_seg/py.typed"} <= names


def test_it_holds_nothing_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sql_seg"}


def test_the_installed_library_parses(python: Path, tmp_path: Path) -> None:
    program = """
import json, sys, sql_seg
texts = ["email LIKE '%x'", "SELECT contact_id, updated_at FROM contact_data"]
print(json.dumps([sql_seg.__file__, sys.path, *(sql_seg.to_text(sql_seg.parse(text)) for text in texts)]))
"""
    place, path, *texts = json.loads(run(python, "-c", program, cwd=tmp_path))
    assert texts == ["email LIKE '%x'", "SELECT contact_id, updated_at FROM contact_data"]
    assert Path(place).is_relative_to(python.parent.parent)
    assert str(ROOT) not in path


def test_the_installed_library_evaluates(python: Path, tmp_path: Path) -> None:
    program = """
import sql_seg
segment = sql_seg.Segment("email LIKE '%@gmail.com' AND NOT CONTAINS(list_ids, 'x')")
print(segment.matches({"email": "ann@gmail.com", "list_ids": ["y"]}))
"""
    assert run(python, "-c", program, cwd=tmp_path) == "True\n"


def test_the_installed_command_runs(python: Path, tmp_path: Path) -> None:
    check = ["check", "-q", "email = 'x'", "--output-format", "json"]
    for command in ([python.with_name("sql-seg")], [python, "-m", "sql_seg"]):
        (entry,) = json.loads(run(*command, *check, cwd=tmp_path))
        assert entry["valid"]
