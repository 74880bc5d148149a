"""What a parse and a check do not wait for: the rooms that each of them enters, and no others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PARSE = {"sql_seg", "diagnostics", "frozen", "language", "lazy", "markup", "provenance", "syntax", "trees"}
PARSE |= {"collecting"}
"""The rooms that a parse enters."""
ERROR = PARSE | {"errors", "wording"}
CHECK = ERROR | {
    "analysis",
    "checking",
    "cli",
    "core",
    "file_kinds",
    "linting",
    "sources",
    "whole_files",
    "workspace",
}
HEAVY = {"lark", "rich", "yaml", "tomllib", "csv", "json", "dataclasses", "decimal"}

CHECKED = """
from sql_seg.cli import main
main(["check", "-q", "email LIKE '%x'"], standalone_mode=False)
"""


def loaded_by(program: str, folder: Path) -> set[str]:
    """Return the modules that a program loads in a fresh interpreter."""
    printed = "\nimport sys\nprint(*sys.modules, sep='\\n')"
    result = subprocess.run(
        [sys.executable, "-c", program + printed], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def rooms(loaded: set[str]) -> set[str]:
    """Return the rooms that modules are in: their packages, or themselves."""
    names = [name.split(".") for name in loaded]
    return {name[1] if len(name) > 1 else name[0] for name in names if name[0] == "sql_seg"}


def test_an_import_loads_hardly_anything(tmp_path: Path) -> None:
    loaded = loaded_by("import sql_seg", tmp_path)
    assert rooms(loaded) == {"sql_seg", "lazy"}
    assert loaded.isdisjoint({"lark", "click", "rich", "dataclasses"})


def test_a_parse_loads_what_it_needs(tmp_path: Path) -> None:
    loaded = loaded_by("import sql_seg\nsql_seg.parse('a = 1')", tmp_path)
    assert rooms(loaded) <= PARSE
    assert loaded.isdisjoint(HEAVY | {"click", "inspect", "pathlib"})
    assert "sql_seg.syntax.parsing.tables.v2" not in loaded
    assert "sql_seg.syntax.parsing.complaints" not in loaded


def test_an_error_loads_what_it_is_told_with(tmp_path: Path) -> None:
    failing = "import sql_seg\ntry: sql_seg.parse('a =')\nexcept sql_seg.QuerySyntaxError: pass"
    assert rooms(loaded_by(failing, tmp_path)) <= ERROR


def test_a_check_loads_what_it_needs(tmp_path: Path) -> None:
    loaded = loaded_by(CHECKED, tmp_path)
    assert rooms(loaded) <= CHECK
    assert loaded.isdisjoint(HEAVY)


def test_a_check_of_an_accounts_fields_reads_nothing_else_of_records(tmp_path: Path) -> None:
    field = {"id": "e1_T", "name": "plan", "field_type": "Text"}
    (tmp_path / "fields.json").write_text(json.dumps({"custom_fields": [field]}))
    (tmp_path / "a.sql").write_text("SELECT contact_id, updated_at FROM contact_data WHERE plan != '\u540d'")
    program = CHECKED.replace("-q\", \"email LIKE '%x'", 'a.sql", "--fields", "fields.json')
    loaded = loaded_by(program, tmp_path)
    assert rooms(loaded) <= CHECK | {"records"}
    assert loaded.isdisjoint(HEAVY - {"json"})
    assert {name for name in loaded if name.startswith("sql_seg.records.")} == {
        "sql_seg.records.field_definitions",
        "sql_seg.records.json_text",
        "sql_seg.records.text_files",
    }


def test_python_ends_without_a_last_look_at_all_that_is_alive(tmp_path: Path) -> None:
    """An object in a circle would be collected at the end; what is frozen is not looked at."""
    program = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 1000))  # runs last
from sql_seg.cli import main
main(["check", "-q", "email LIKE '%x'"])
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "True"


def test_a_check_makes_only_what_it_needs(tmp_path: Path) -> None:
    counting = """
from sql_seg.frozen import _Makers
made = []
make = _Makers.__missing__
_Makers.__missing__ = lambda self, kind: made.append(kind.__name__) or make(self, kind)
"""
    result = subprocess.run(
        [sys.executable, "-c", f"{counting}{CHECKED}{CHECKED}print(made)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    made = eval(result.stdout.splitlines()[-1])
    assert sorted(made) == ["Column", "Like", "Predicate", "String"]
