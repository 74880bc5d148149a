"""The hooks for pre-commit: what it is told runs, and takes the files that it is given."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import FINE, QUERY_ERRORS, run

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).parents[1]
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


def run_hook(name: str, *files: Path) -> tuple[int, str]:
    program, *arguments = shlex.split(HOOKS[name]["entry"])
    assert program == "sql-seg"
    result = run(*arguments, *files)
    return result.exit_code, result.stdout


def test_there_is_one_for_each_job() -> None:
    assert list(HOOKS) == ["sql-seg-check", "sql-seg-format"]
    assert {hook["language"] for hook in HOOKS.values()} == {"python"}


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_they_are_for_queries(hook: dict[str, Any]) -> None:
    for name, wanted in {"a.sql": True, "x/b.sgql": True, "a.sql.bak": False, "nosql": False}.items():
        assert (re.search(hook["files"], name) is not None) == wanted


def test_the_check_fails_where_queries_do(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.sql", tmp_path / "bad.sql"
    good.write_text("email LIKE '%@example.com'\n")
    bad.write_text("email = 3\n")
    assert run_hook("sql-seg-check", good)[0] == FINE
    code, output = run_hook("sql-seg-check", good, bad)
    assert code == QUERY_ERRORS
    assert "type-mismatch" in output


def test_formatting_changes_the_files(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("email like '%@example.com'")
    assert run_hook("sql-seg-format", file)[0] == FINE
    assert file.read_text() == "email LIKE '%@example.com'\n"
