"""Whatever a fix writes has no error of its own: of any text, and safe or not."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from hypothesis import given

from sql_seg import SENDGRID, Diagnostic, Schema, diagnose
from sql_seg.diagnostics import Fix
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.testing import InvalidQueryText, invalid_query_texts
from tests.corpus.cases import cases, files
from tests.laws.strategies import SCHEMA, noise

TESTS = Path(__file__).parent.parent
SCHEMAS: dict[str, Schema] = {"the fields of the tests": SCHEMA, "lenient": SENDGRID.as_lenient()}


def errors_of_its_own(text: str, fix: Fix, before: list[Diagnostic], schema: Schema) -> list[str]:
    """Return the errors that a fix writes: they touch what it wrote, and were not there before."""
    known = {(item.code, item.message) for item in before}
    written: list[tuple[int, int]] = []
    moved = 0
    for edit in sorted(fix.edits, key=lambda edit: edit.span):
        start = edit.span.start + moved
        written.append((start, start + len(edit.text)))
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return [
        f"{text!r} -> {fix.message}: {item}"
        for item in diagnose(apply_fixes(text, [fix]), schema)
        if item.is_error and (item.code, item.message) not in known
        if any(item.span.start < end and start < item.span.end for start, end in written)
    ]


def wrong_fixes(text: str) -> list[str]:
    """Return what is wrong with the fixes of a text."""
    return [
        wrong
        for schema in SCHEMAS.values()
        for found in [diagnose(text, schema, infos=True)]
        for item in found
        if item.fix is not None
        for wrong in errors_of_its_own(text, item.fix, found, schema)
    ]


@cache
def texts_of_cases() -> list[str]:
    """Return all texts in the tests of inputs that people had: what is no query has no fix."""
    files = sorted((TESTS / "cases").glob("*.py"))
    constants = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    texts = [
        node.value for node in constants if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    select = "SELECT contact_id, updated_at FROM contact_data WHERE "
    return list(dict.fromkeys(form for text in texts for form in (text, select + text) if len(form) < 400))


def test_no_fix_of_the_corpus_writes_an_error() -> None:
    assert [wrong for file in files() for case in cases(file) for wrong in wrong_fixes(case.framed)] == []


def test_no_fix_of_what_people_had_writes_an_error() -> None:
    fixed = [text for text in texts_of_cases() if any(item.fix for item in diagnose(text, SCHEMA))]
    assert len(fixed) > 50, "there are fixes to be tried"
    assert [wrong for text in texts_of_cases() for wrong in wrong_fixes(text)] == []


@given(invalid_query_texts())
def test_no_fix_of_a_text_with_a_known_mistake_writes_an_error(drawn: InvalidQueryText) -> None:
    assert wrong_fixes(drawn.text) == []


@given(noise())
def test_no_fix_of_any_text_writes_an_error(text: str) -> None:
    assert wrong_fixes(text) == []
