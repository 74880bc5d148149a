"""Segments in JSON: each character of a query has its place in the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.source import Span
from sql_seg.diagnostics.source_map import SourceMap
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.sources import queries_in


def source_map_of(file: str) -> SourceMap:
    (query,) = queries_in(file, "segment.json")
    return query.source_map


def place_of(file: str, part: str) -> tuple[int, int, int, int]:
    """Return line, column, end line and end column of a part of a query."""
    source_map = source_map_of(file)
    start = source_map.text.index(part)
    begin, end = source_map.positions(Span(start, start + len(part)))
    return (*begin, *end)


def problems_or_none(file: str) -> list[FileProblem]:
    try:
        queries_in(file, "segment.json")
    except SegmentFileError as error:
        return error.problems
    return []


def problems_of(file: str) -> list[FileProblem]:
    problems = problems_or_none(file)
    assert problems
    return problems


def test_a_query_without_escapes() -> None:
    assert place_of('{"query_dsl": "age > 30"}', "age") == (1, 16, 1, 19)


def test_a_query_in_a_later_line() -> None:
    assert place_of('{\n  "name": "n",\n  "query_dsl": "age > 30"\n}', "30") == (3, 23, 3, 25)


@pytest.mark.parametrize(
    ("literal", "part", "column", "end_column"),
    [
        (r"a = 1\nAND b", "AND", 8, 11),
        (r"a = \"x\" AND b", "x", 7, 8),
        (r"a = \"x\" AND b", '"x"', 5, 10),
        (r"\t\ta", "a", 5, 6),
        (r"a\\b", "b", 4, 5),
        (r"a\\u0041", "u0041", 4, 9),
        (r"\/a", "a", 3, 4),
        (r"\u00e9 = a", "a", 10, 11),
        (r"\u00e9 = a", "é", 1, 7),
        (r"\ud83d\ude00 = a", "a", 16, 17),
        (r"\uD83D\uDE00 = a", "😀", 1, 13),
        ("😀 = a", "a", 5, 6),
        ("名 = a", "=", 3, 4),
    ],
)
def test_columns_are_those_of_the_raw_literal(literal: str, part: str, column: int, end_column: int) -> None:
    file = f'{{"query_dsl":\n"{literal}"}}'
    assert place_of(file, part) == (2, column + 1, 2, end_column + 1)


def test_line_breaks_of_the_file_are_of_any_kind() -> None:
    for line_break in ("\n", "\r\n", "\r"):
        assert place_of(f'{{{line_break}"query_dsl": "a"}}', "a")[:2] == (2, 15)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
def test_each_character_of_a_query_stands_where_it_is_said_to_stand(text: str, data: st.DataObject) -> None:
    def written(character: str) -> str:
        return json.dumps(character, ensure_ascii=data.draw(st.booleans()))[1:-1]

    file = '{"query_dsl":"' + "".join(map(written, text)) + '"}'
    source_map = source_map_of(file)
    assert source_map.text == text
    for offset, character in enumerate(text):
        start, end = source_map.span_in_file(Span(offset, offset + 1))
        assert json.loads(f'"{file[start:end]}"') == character


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_what_else_a_segment_holds_does_not_matter(other: object, indented: bool) -> None:
    file = json.dumps({"_": other, "query_dsl": "a = 1", "__": other}, indent=2 if indented else None)
    assert source_map_of(file).text == "a = 1"


@given(st.text() | st.text('{}[]":,\\u0123abcd tfnl-.eE\n'))
def test_what_is_not_json_is_refused_at_a_place_and_what_is_json_is_read(text: str) -> None:
    file = f'[{{"query_dsl": "a = 1"}}, {text}'
    assert all(line >= 1 and column >= 1 for line, column, _ in problems_or_none(file))
    try:
        json.loads(file)
    except ValueError:
        assert problems_of(file)
    else:
        is_refused = any("is not JSON" in message for *_, message in problems_or_none(file))
        assert not is_refused or "NaN" in file or "Infinity" in file


@pytest.mark.parametrize(
    ("file", "line", "column", "message"),
    [
        ("", 1, 1, "is not JSON: expected a value, found the end of the file"),
        ("\n\nnope", 3, 1, "is not JSON: expected a value, found nope"),
        ("{'query_dsl': 'a'}", 1, 2, 'is not JSON: expected a key in "double quotes", found \''),
        ('{"query_dsl" "a"}', 1, 14, 'is not JSON: expected a colon after the key, found "'),
        ('{"query_dsl": "a"\n "name": "b"}', 2, 2, 'is not JSON: expected a comma or }, found "'),
        ('{"query_dsl": "a",}', 1, 19, 'is not JSON: expected a key in "double quotes", found }'),
        ('[{"query_dsl": "a"},]', 1, 21, "is not JSON: expected a value, found ]"),
        ('[{"query_dsl": "a"} 1]', 1, 21, "is not JSON: expected a comma or ], found 1"),
        ('{"query_dsl": "a"} // b', 1, 20, "is not JSON: found / after its end"),
        ('{"query_dsl": "a', 1, 15, "is not JSON: a text that does not end"),
        ('{"query_dsl": "a\nb"}', 1, 17, "is not JSON: a line break inside a text; write \\n"),
        ('{"query_dsl": "a\tb"}', 1, 17, "is not JSON: a tab inside a text; write \\t"),
        ('{"query_dsl": "a\x01"}', 1, 17, "is not JSON: a control character inside a text"),
        (r'{"query_dsl": "a\%"}', 1, 17, r"is not JSON: \% is no escape; write \\ for " + "\\"),
        (r'{"query_dsl": "a\u12"}', 1, 17, r"is not JSON: \u is no escape; write \\ for " + "\\"),
        ('{"n": NaN}', 1, 7, "is not JSON: expected a value, found NaN"),
        ('{"n": 01}', 1, 7, "is not JSON: expected a value, found 01"),
        (r'{"query_dsl": "a\ud83d"}', 1, 17, "has half of a surrogate pair, which is no character"),
        (r'{"name": "\ude00"}', 1, 11, "has half of a surrogate pair, which is no character"),
    ],
)
def test_what_is_not_json(file: str, line: int, column: int, message: str) -> None:
    (problem,) = problems_of(file)
    assert problem == (line, column, message)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening: str) -> None:
    ((line, column, message),) = problems_of(opening * 100_000)
    assert (line, message) == (1, "nests deeper than 200 levels")
    assert column == 200 * len(opening) + 1


def test_a_long_text_is_read_in_no_time() -> None:
    text = 'x = "é" \n' * 100_000
    assert source_map_of(json.dumps({"query_dsl": text})).text == text
    assert problems_of('{"query_dsl": "' + "\\n" * 500_000)
