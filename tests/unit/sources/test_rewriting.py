"""Fixes of queries, as changes of the files that they stand in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics import Edit, Fix, Safety, replacement
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.diagnostics.source import Span
from sql_seg.sources import CannotRewriteError, QuerySource, queries_in, rewrite


def read(file: str, suffix: str) -> QuerySource:
    (query,) = queries_in(file, f"segment.{suffix}")
    return query


def fixed(file: str, suffix: str, old: str, new: str) -> str | None:
    """Return a file after a fix of its query that writes ``new`` for ``old``; None if it cannot be."""
    query = read(file, suffix)
    start = query.text.index(old)
    fix = replacement(Span(start, start + len(old)), new, "Write it so", Safety.SAFE)
    edits = query.source_map.to_file_edits(fix)
    return None if edits is None else apply_fixes(file, [Fix("", edits)])


@pytest.mark.parametrize(
    ("file", "suffix", "old", "new", "after"),
    [
        ("a = 1", "sql", "1", '"\n2"', 'a = "\n2"'),
        ('{"query_dsl": "a = 1", "n": 1}', "json", "1", "2", '{"query_dsl": "a = 2", "n": 1}'),
        (r'{"query_dsl": "a = \"x\""}', "json", '"x"', "'x'", '{"query_dsl": "a = \'x\'"}'),
        ('{"query_dsl": "a = x"}', "json", "x", '"\n\\é', r'{"query_dsl": "a = \"\n\\é"}'),
        (r'{"query_dsl": "\u00e9 = x"}', "json", "x", "é", r'{"query_dsl": "\u00e9 = \u00e9"}'),
        ("query_dsl: a = 1 # one", "yaml", "1", "2", "query_dsl: a = 2 # one"),
        ("query_dsl: a = 1\n  AND b = 2", "yaml", "a = 1 AND", "c = 1 OR", "query_dsl: c = 1 OR b = 2"),
        ("- query_dsl: |\n    a = 1\n  n: 1", "yaml", "1", "2", "- query_dsl: |\n    a = 2\n  n: 1"),
        ("query_dsl: |\n  a = 1\n  AND b", "yaml", "b", "(b\n c)", "query_dsl: |\n  a = 1\n  AND (b\n   c)"),
        ("query_dsl: |\n  a = 1\n  AND b", "yaml", "1\nAND", "1 AND", "query_dsl: |\n  a = 1 AND b"),
        ("{query_dsl: a = 1}", "yaml", "1", "2", "{query_dsl: a = 2}"),
    ],
)
def test_a_fix_changes_the_file_at_its_place_alone(
    file: str, suffix: str, old: str, new: str, after: str
) -> None:
    assert fixed(file, suffix, old, new) == after


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("query_dsl: a = 1", "1", "1 # 2"),
        ("query_dsl: a = 1", "1", "b: c"),
        ("query_dsl: a = 1", "1", "1\n"),
        ("query_dsl: a = 1", "a = 1", "1"),
        ("query_dsl: a = 1", "a", "'a'"),
        ("{query_dsl: a = 1}", "1", "f(1, 2)"),
        ("query_dsl: |\n  a = 1", "a", " a"),
        ("query_dsl: |\n  a = 1", "1", "\x07"),
        ("query_dsl: 'a = 1'", "1", "2"),
        ("query_dsl: >\n  a = 1", "1", "2"),
    ],
)
def test_what_a_yaml_scalar_cannot_say_is_not_written(file: str, old: str, new: str) -> None:
    assert fixed(file, "yaml", old, new) is None


@pytest.mark.parametrize("suffix", ["sql", "json", "yaml"])
@given(
    before=st.text("ab '\"\\é\n", min_size=1, max_size=20),
    after=st.text("ab '\"\\é😀\n", max_size=20),
    name=st.text(),
)
def test_a_rewritten_file_has_the_new_query_and_all_else_as_it_was(
    suffix: str, before: str, after: str, name: str
) -> None:
    file = before
    if suffix == "json":
        file = json.dumps({"name": name, "query_dsl": before})
    if suffix == "yaml":
        lines = f"x{before}".split("\n")
        file = "\n".join(["query_dsl: |", *(f"  {line}" for line in lines), "name: x", ""])
    query = read(file, suffix)
    changed = rewrite(file, [(query, after)])
    again = read(changed, suffix)
    assert (again.text, again.name) == (after, query.name)


def test_several_queries_of_one_file() -> None:
    file = '[{"query_dsl": "a = 1"}, {"query_dsl": "b = 2"}, {"query_dsl": "c = 3"}]'
    one, _, three = queries_in(file, "s.json")
    changed = rewrite(file, [(one, "a = 10 AND x"), (three, "c")])
    assert changed == '[{"query_dsl": "a = 10 AND x"}, {"query_dsl": "b = 2"}, {"query_dsl": "c"}]'
    assert rewrite(file, []) == file


def test_a_query_that_two_segments_share_is_changed_once() -> None:
    file = "- query_dsl: &q |\n    a = 1\n- query_dsl: *q\n"
    changed = rewrite(file, [(query, "a = 2\n") for query in queries_in(file, "s.yaml")])
    assert changed == file.replace("1", "2")


def test_what_cannot_be_changed_is_left_to_people() -> None:
    file = "name: x\nquery_dsl: 'a = 1'\n"
    query = read(file, "yaml")
    assert rewrite(file, [(query, query.text)]) == file
    with pytest.raises(
        CannotRewriteError, match=r"^segment.yaml, line 2: the query cannot be changed here; "
    ):
        rewrite(file, [(query, "a = \x7f")])


@given(
    text=st.text("ab'\"\\é😀#:>|-&*!%@{}[], \n", max_size=20),
    style=st.sampled_from(
        ["'x'", '"x"', "x", "|\n    x", ">-\n    x", "&q 'x'", "!!str x", "'x' # n", "> # n\n    x"]
    ),
    in_flow=st.booleans(),
    goes_on=st.booleans(),
)
def test_any_text_is_written_in_place_of_any_scalar(
    text: str, style: str, in_flow: bool, goes_on: bool
) -> None:
    in_flow = in_flow and "\n" not in style and "#" not in style
    before = f"- {{query_dsl: {style}, name: y}}" if in_flow else f"- name: y\n  query_dsl: {style}"
    file = before + ("\n- name: z\n  query_dsl: a\n" if goes_on else "")
    one, *others = queries_in(file, "s.yaml")
    again, *rest = queries_in(rewrite(file, [(one, text)]), "s.yaml")
    assert (again.text, again.name) == (text, "y")
    assert [query.text for query in rest] == [query.text for query in others]


def test_edits_of_one_fix_are_changed_together() -> None:
    query = read(r'{"query_dsl": "\"a\" = 1"}', "json")
    fix = Fix("Both", (Edit(Span(0, 3), "b"), Edit(Span(6, 7), "2")))
    assert query.source_map.to_file_edits(fix) == (Edit(Span(15, 20), "b"), Edit(Span(23, 24), "2"))
