"""The hooks for pre-commit: what they name runs, and takes the files that it is given."""

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
    assert list(HOOKS) == ["sql-seg-check", "sql-seg-format", "sql-seg-test"]
    assert {hook["language"] for hook in HOOKS.values()} == {"python"}


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_they_are_for_queries(hook: dict[str, Any]) -> None:
    for name, wanted in {"a.sql": True, "x/b.sgql": True, "a.sql.bak": False, "nosql": False}.items():
        assert (re.search(hook["files"], name) is not None) == wanted


@pytest.mark.parametrize("name", ["sql-seg-check", "sql-seg-format"])
def test_of_json_and_yaml_they_take_what_holds_segments(name: str, tmp_path: Path) -> None:
    package, segment = tmp_path / "package.json", tmp_path / "segment.yaml"
    package.write_text('{"name": "x"}')
    segment.write_text("name: Ours\nquery_dsl: email IS NULL\n")
    assert re.search(HOOKS[name]["files"], str(segment))
    assert re.search(HOOKS[name]["exclude"], "a/vip.test.yaml")
    assert run_hook(name, package)[0] == FINE
    assert run_hook(name, package, segment)[0] == FINE
    segment.write_text("name: Ours\nquery_dsl: email IS\n")
    assert run_hook(name, package, segment)[0] == QUERY_ERRORS


def test_tests_run_for_segments_and_their_tests(tmp_path: Path) -> None:
    segment, tests, other = tmp_path / "a.sql", tmp_path / "a.test.json", tmp_path / "b.sql"
    segment.write_text("city = 'Oslo'")
    tests.write_text('{"in": [{"city": "Oslo"}]}')
    other.write_text("city = 'Rome'")
    assert run_hook("sql-seg-test", segment, tests)[0] == FINE
    assert run_hook("sql-seg-test", other)[0] == FINE
    tests.write_text('{"in": [{"city": "Rome"}]}')
    assert run_hook("sql-seg-test", segment)[0] == QUERY_ERRORS


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
