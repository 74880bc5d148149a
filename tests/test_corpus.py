"""The corpus: every block of tests/corpus is so. Its README.md says how a case is written."""

from __future__ import annotations

import re

import pytest

from sql_seg import QueryError, parse
from sql_seg.language.datatypes import Dialect
from sql_seg.language.functions import FUNCTIONS
from sql_seg.syntax.nodes import Call, walk
from tests.corpus.cases import FOLDER, Case, cases, cases_in, files, wrong_members

CASES = [case for file in files() for case in cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    expected = {kind: block.text for kind, block in case.expected.items()}
    assert all(expected.values()), "an empty block: run python -m tests.corpus.fill"
    assert case.said() == expected.get("diagnostics", "")
    if "text" in expected:
        assert case.canonical() == expected["text"]
    if "members" in expected:
        assert wrong_members(case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_canonical_text_is_the_same_query(case: Case) -> None:
    try:
        query = parse(case.framed, case.dialect)
    except QueryError:
        return
    canonical = case.canonical()
    framed = Case(case.name, canonical, case.dialect, case.condition).framed
    assert parse(framed, case.dialect) == query


@pytest.mark.parametrize("dialect", Dialect)
def test_every_function_has_a_case_with_members(dialect: Dialect) -> None:
    called: set[str] = set()
    for case in CASES:
        if "members" in case.expected:
            query = parse(case.framed, case.dialect)
            if query.dialect is dialect:
                called |= {node.name for node in walk(query) if isinstance(node, Call)}
    assert {name for name, function in FUNCTIONS.items() if dialect in function.provenance} - called == set()


def test_the_readme_names_every_file() -> None:
    named = re.findall(r"^\| \[([\w.]+)\]", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == [file.name for file in files()]


def test_a_wrong_line_is_found() -> None:
    text = '```sql v1\nage > 1\n```\n```members\nTRUE {}\nin {"age": 2}\nFALSE {"age": 3}\nNULL {}\n```\n'
    (case,) = cases_in(text, "example")
    assert [line.split("  #")[0] for line in wrong_members(case)] == ["TRUE {}", 'FALSE {"age": 3}']
