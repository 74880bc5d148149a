"""The shape of the code: layers, sizes, and what an import costs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sql_seg

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "sql_seg").rglob("*.py"))
MOST_LINES = 450


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads in a fresh interpreter."""
    result = run(sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')")
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_each_layer_knows_only_those_below_it() -> None:
    result = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT / "sql_seg")))
def test_no_module_is_two_things(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_module_is_left_that_no_other_names() -> None:
    """What a move leaves behind is in the way of whoever changes what it was moved to."""
    words = {module: set(re.findall(r"\w+", module.read_text(encoding="utf-8"))) for module in MODULES}
    named = [module for module in MODULES if not module.stem.startswith("__")]
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    left = [
        str(module.relative_to(ROOT))
        for module in named
        if module.stem not in settings
        and not any(module.stem in words[other] for other in MODULES if other != module)
    ]
    assert left == []


WRITTEN_AND_MEANT = {"Between", "Column", "InSubquery"}
"""Names that the syntax tree shares with what its nodes come to: a term, or a column of the schema."""


def test_no_two_classes_have_one_name() -> None:
    """Nor have two names of types: who reads a name need not ask which of two things it is here."""
    homes: dict[str, list[str]] = {}
    for module in MODULES:
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            match node:
                case ast.ClassDef(name) | ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                    if name[0].isupper() and not name.isupper():
                        homes.setdefault(name, []).append(str(module.relative_to(ROOT)))
    shared = {name: places for name, places in homes.items() if len(places) > 1}
    assert {name: places for name, places in shared.items() if name not in WRITTEN_AND_MEANT} == {}
    assert set(shared) == WRITTEN_AND_MEANT


def test_importing_the_library_loads_neither_the_command_line_nor_its_packages() -> None:
    loaded = loaded_by("import sql_seg")
    assert "sql_seg" in loaded
    for package in ("rich", "click", "sql_seg.cli", "hypothesis", "interegular"):
        assert not {name for name in loaded if name == package or name.startswith(f"{package}.")}


def test_the_public_names_come_from_the_top() -> None:
    public = """
        parse diagnose check to_text to_json from_json to_predicate Segment Schema SENDGRID Dataset Diagnostic
        SqlSegError QueryError QuerySyntaxError CheckError RecordError NeedsDatasetError
    """
    assert set(public.split()) <= set(sql_seg.__all__)
    for name in sql_seg.__all__:
        assert hasattr(sql_seg, name)


def test_every_module_says_its_one_job() -> None:
    for module in MODULES:
        assert module.read_text(encoding="utf-8").startswith('"""'), module


PUTS_IN_PLACE = {"replace", "rename", "mkstemp", "NamedTemporaryFile", "TemporaryDirectory", "mkdtemp"}
WRITES = {"write_text", "write_bytes"}
ELSEWHERE = {
    "whole_files.py": "it is how files are written",
    "engines/duckdb/connection.py": "a folder of the connection's own, which goes with it",
    "engines/duckdb/clean_copies.py": "inside the connection's folder",
    "engines/duckdb/event_cells.py": "inside the connection's folder",
    "engines/duckdb/sniffing.py": "inside the connection's folder",
    "engines/duckdb/taking.py": "inside the connection's folder",
}
"""Modules that write files by themselves, and why that is right."""


def writes_by_itself(call: ast.Call) -> bool:
    """Return whether a call writes a file, or puts one in its place, without ``whole_files``."""
    if not isinstance(call.func, ast.Attribute):
        return isinstance(call.func, ast.Name) and (call.func.id in PUTS_IN_PLACE - {"replace"})
    called, arguments = call.func.attr, call.args
    if called in {"replace", "rename"}:  # of a path: a text's has two arguments, a node's has names
        return len(arguments) == 1 and not call.keywords
    if called == "open":
        modes = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
        return any(isinstance(mode, str) and set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)
    return called in PUTS_IN_PLACE | WRITES


def test_files_are_written_whole_or_not_at_all_by_one_module() -> None:
    found = set()
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Call) and writes_by_itself(node) for node in ast.walk(tree)):
            found.add(module.relative_to(ROOT / "sql_seg").as_posix())
    # what is written into a part or a scratch folder is written into what they give
    assert found == {*ELSEWHERE, *INSIDE_A_PART}


INSIDE_A_PART = {
    "engines/duckdb/members.py": "with whole_file(path) as part",
    "engines/duckdb/stored.py": "with scratch_folder(path) as folder",
    "workspace/writing.py": "with whole_file(path) as part",
}
