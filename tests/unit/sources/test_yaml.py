"""Segments in YAML: plain and ``|`` scalars know each place, others are pointed at as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.source import Span
from sql_seg.diagnostics.source_map import SourceMap
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.sources import QuerySource, queries_in


def read(file: str) -> list[QuerySource]:
    return queries_in(file, "segments.yaml")


def source_map_of(file: str) -> SourceMap:
    (query,) = read(file)
    return query.source_map


def place_of(file: str, part: str) -> tuple[int, int, int, int]:
    source_map = source_map_of(file)
    start = source_map.text.index(part)
    begin, end = source_map.positions(Span(start, start + len(part)))
    return (*begin, *end)


def file_of(source_map: SourceMap) -> str:
    """Return what the file holds where the query stands."""
    start, end = source_map.span_in_file(Span(0, 1))
    return source_map.file.text[start:end]


def problems_or_none(file: str) -> list[FileProblem]:
    try:
        read(file)
    except SegmentFileError as error:
        return error.problems
    return []


def problems_of(file: str) -> list[FileProblem]:
    problems = problems_or_none(file)
    assert problems
    return problems


def test_a_plain_scalar() -> None:
    assert place_of("name: x\nquery_dsl: age > 30 # grown-ups\n", "30") == (2, 18, 2, 20)


def test_a_plain_scalar_over_several_lines() -> None:
    file = "query_dsl: a = 1 \n   AND b = 2\n\n   AND c = 3\n"
    assert source_map_of(file).text == "a = 1 AND b = 2\nAND c = 3"
    assert place_of(file, "b = 2") == (2, 8, 2, 13)
    assert place_of(file, "c = 3") == (4, 8, 4, 13)


BELOW = "; write the query below `query_dsl: |`, where it needs no quotes"

LITERAL = """\
- name: x
  query_dsl: |
    SELECT contact_id
      FROM contact_data

    WHERE age > 30
- name: y
  query_dsl: a = 1
"""


def test_a_literal_scalar() -> None:
    query, _ = read(LITERAL)
    assert query.text == "SELECT contact_id\n  FROM contact_data\n\nWHERE age > 30\n"
    for part, place in {"SELECT": (3, 5), "FROM": (4, 7), "WHERE": (6, 5), "30": (6, 17)}.items():
        start = query.text.index(part)
        assert query.source_map.positions(Span(start, start))[0] == place


def test_the_end_of_a_literal_scalar_is_in_its_last_line() -> None:
    query, _ = read(LITERAL)
    end = len(query.text)
    assert query.source_map.positions(Span(end, end))[0] == (6, 19)


@pytest.mark.parametrize("header", ["|", "|-", "|+", "| # a comment", "|2", "|2-", "|-2"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_literal_scalars_of_all_kinds(header: str, line_break: str) -> None:
    file = f"query_dsl: {header}\n  a = 1\n    AND b = 2\n\n".replace("\n", line_break)
    assert place_of(file, "b") == (3, 9, 3, 10)


def test_a_literal_scalar_that_starts_with_a_blank_line() -> None:
    assert place_of("query_dsl: |\n\n \n  a = 1\n", "a") == (4, 3, 4, 4)


def test_a_literal_scalar_whose_own_first_line_is_indented() -> None:
    assert place_of("query_dsl: |2\n    a = 1\n  AND b\n", "a") == (2, 5, 2, 6)


@pytest.mark.parametrize(
    "scalar", ["'a = 1'", '"a = 1"', ">\n  a = 1", ">-\n  a\n  = 1", "!!str a = 1", "&x a = 1"]
)
def test_other_scalars_are_pointed_at(scalar: str) -> None:
    source_map = source_map_of(f"name: x\nquery_dsl: {scalar}\n")
    assert source_map.text.rstrip() == "a = 1"
    assert not source_map.is_exact
    assert source_map.positions(Span(4, 5))[0] == (2, 12)
    assert file_of(source_map) == scalar


def test_a_plain_scalar_between_braces() -> None:
    assert place_of("{name: x, query_dsl: a = 1}", "1") == (1, 26, 1, 27)


def test_several_documents_are_several_segments() -> None:
    assert [query.name for query in read("name: x\nquery_dsl: a\n---\nname: y\nquery_dsl: b\n")] == ["x", "y"]


def test_an_alias_stands_where_its_anchor_is() -> None:
    one, other = read("- query_dsl: &q |\n    a = 1\n- query_dsl: *q\n")
    assert one.text == other.text
    assert one.source_map.positions(Span(0, 1)) == other.source_map.positions(Span(0, 1))


_LINE = st.text("ab'\"=%:#|>- é名😀[]{}", max_size=12).map(str.rstrip)


@given(st.lists(_LINE, min_size=1), st.integers(1, 6), st.sampled_from(["\n", "\r\n"]))
def test_each_character_of_a_literal_scalar_stands_where_it_is_said_to_stand(
    lines: list[str], indent: int, line_break: str
) -> None:
    lines = ["x", *lines, "y"]
    file = line_break.join(["query_dsl: |", *(" " * indent + line for line in lines), ""])
    source_map = source_map_of(file)
    assert source_map.text == "\n".join(lines) + "\n"
    assert source_map.is_exact
    for offset, character in enumerate(source_map.text):
        start, _ = source_map.span_in_file(Span(offset, offset + 1))
        assert file[start].replace("\r", "\n") == character


@given(st.lists(st.text("ab'=%<> ", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_each_character_of_a_plain_scalar_stands_where_it_is_said_to_stand(lines: list[str]) -> None:
    file = "query_dsl: x" + "".join(f"\n  {line} " for line in lines)
    source_map = source_map_of(file)
    assert source_map.is_exact
    for offset, character in enumerate(source_map.text):
        start, _ = source_map.span_in_file(Span(offset, offset + 1))
        assert file[start] == character or (character == " " and file[start] == "\n")


@given(st.text())
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    file = f"query_dsl: {text}"
    assert all(line >= 1 and column >= 1 for line, column, _ in problems_or_none(file))
    for query in [] if problems_or_none(file) else read(file):
        start, end = query.source_map.span_in_file(Span(0, len(query.text)))
        assert 0 <= start <= end <= len(file)


@pytest.mark.parametrize(
    ("file", "line", "column", "message"),
    [
        ("a: b: c", 1, 5, "is not YAML: mapping values are not allowed here"),
        (
            "name: x\nquery_dsl: 'a' = b",
            2,
            16,
            f"is not YAML: expected <block end>, but found '<scalar>'{BELOW}",
        ),
        ("name: \x07", 1, 7, "is not YAML: the character U+0007 may not stand in it"),
        ("name: *x", 1, 7, "is not YAML: found undefined alias 'x'"),
        ("[" * 10_000, 1, 201, "nests deeper than 200 levels"),
        ("a: &x [*x]", 1, 4, "has an anchor inside of which its own alias stands"),
        ("<<: {a: 1}", 1, 1, "has a merge key (<<), which is not read; write the keys themselves"),
        ("[a]: 1", 1, 1, "has a key that is no text"),
        ("name: x\nname: y\nquery_dsl: a", 2, 1, "the key name is here twice"),
        ("name: 5\nquery_dsl: a", 1, 7, "name is the number 5, not a text; put it in quotes"),
        ("name: yes\nquery_dsl: a", 1, 7, "name is the truth value yes, not a text; put it in quotes"),
        ("name: 2026-01-31\nquery_dsl: a", 1, 7, "name is the date 2026-01-31, not a text; put it in quotes"),
        ("query_dsl:\nname: x", 1, 11, "query_dsl is null, not a text"),
        (
            "query_dsl: !!binary aaaa",
            1,
            12,
            "query_dsl is a value tagged tag:yaml.org,2002:binary, not a text",
        ),
        ("", 1, 1, "holds no segment"),
    ],
)
def test_what_is_wrong(file: str, line: int, column: int, message: str) -> None:
    assert problems_of(file) == [(line, column, message)]


def test_many_aliases_of_aliases_take_no_time() -> None:
    levels = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60))]
    assert read("\n".join([*levels, "query_dsl: a = 1"]))[0].text == "a = 1"


def test_reading_no_yaml_loads_no_pyyaml() -> None:
    script = """
import sys
from sql_seg.sources import queries_in
queries_in('{"query_dsl": "a"}', "x.json")
print("yaml" in sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"
