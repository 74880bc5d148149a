"""What a parse and a check do not wait for: the modules that each of them imports, and no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARSE = """
    sql_seg sql_seg.datatypes sql_seg.diagnostics sql_seg.dialects sql_seg.frozen sql_seg.lazy
    sql_seg.literals sql_seg.nodes sql_seg.operators sql_seg.parsing sql_seg.parsing.automaton
    sql_seg.parsing.builder sql_seg.parsing.grammar sql_seg.parsing.parser sql_seg.parsing.tables
    sql_seg.parsing.tables.v1 sql_seg.parsing.tokens sql_seg.source sql_seg.trees
"""
ERRORS = """
    sql_seg.errors sql_seg.parsing.complaints sql_seg.parsing.errors sql_seg.parsing.expectations
    sql_seg.parsing.hints sql_seg.parsing.refused
"""
CHECK = """
    sql_seg.checked sql_seg.cli sql_seg.cli.check sql_seg.cli.exit_codes sql_seg.cli.inputs
    sql_seg.cli.judging sql_seg.cli.options sql_seg.cli.output sql_seg.cli.rewriting
    sql_seg.cli.selection sql_seg.cli.settings sql_seg.errors sql_seg.file_kinds sql_seg.fixing
    sql_seg.folders sql_seg.formatting sql_seg.formatting.json_form sql_seg.formatting.text sql_seg.functions
    sql_seg.moments sql_seg.patterns sql_seg.pipeline sql_seg.placement sql_seg.report
    sql_seg.report.code_frames sql_seg.report.concise_lines sql_seg.report.counting
    sql_seg.report.query_report sql_seg.report.terminal_text sql_seg.schema sql_seg.segment_files
    sql_seg.segment_files.limits sql_seg.segment_files.queries sql_seg.segment_files.reading
    sql_seg.segment_files.segments sql_seg.segment_files.tree sql_seg.traversal
"""
WHOLE = ("sql_seg.checking", "sql_seg.reasoning", "sql_seg.rules")
"""Packages that a check takes as they are."""

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


def ours(loaded: set[str]) -> set[str]:
    return {name for name in loaded if name.split(".")[0] == "sql_seg"}


def test_an_import_loads_hardly_anything(tmp_path: Path) -> None:
    loaded = loaded_by("import sql_seg", tmp_path)
    assert ours(loaded) == {"sql_seg", "sql_seg.lazy"}
    assert loaded.isdisjoint({"lark", "click", "rich", "dataclasses"})


def test_a_parse_loads_what_it_needs(tmp_path: Path) -> None:
    loaded = loaded_by("import sql_seg\nsql_seg.parse('a = 1')", tmp_path)
    assert ours(loaded) == set(PARSE.split())
    assert loaded.isdisjoint(
        {"lark", "click", "rich", "json", "dataclasses", "inspect", "pathlib", "decimal"}
    )


def test_an_error_loads_what_it_is_told_with(tmp_path: Path) -> None:
    failing = "import sql_seg\ntry: sql_seg.parse('a =')\nexcept sql_seg.QuerySyntaxError: pass"
    assert ours(loaded_by(failing, tmp_path)) == set(PARSE.split()) | set(ERRORS.split())


def test_a_check_loads_what_it_needs(tmp_path: Path) -> None:
    loaded = loaded_by(CHECKED, tmp_path)
    assert {name for name in ours(loaded) if not name.startswith(WHOLE)} == {*PARSE.split(), *CHECK.split()}
    assert loaded.isdisjoint({"lark", "rich", "yaml", "tomllib", "csv", "json", "dataclasses", "decimal"})
