"""What files give: queries with their names, dialects and parent lists, or a complaint with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Dialect, SqlSegError, diagnose
from sql_seg.errors import SegmentFileError
from sql_seg.sources import (
    SEGMENT_SUFFIXES,
    SUFFIXES,
    QuerySource,
    may_hold_segments,
    queries_in,
    query_alone,
    read_queries,
)

V2 = "SELECT contact_id, updated_at FROM contact_data"
LIST = "115715d0-0000-4000-8000-000000000001"


def read(value: Any, name: str = "segments.json") -> list[QuerySource]:
    return queries_in(json.dumps(value), name)


def complaints(value: Any) -> list[str]:
    content = value if isinstance(value, str | bytes) else json.dumps(value)
    with pytest.raises(SegmentFileError) as caught:
        queries_in(content, "s.json")
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1
    return [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["q.sql", "q.sgql", "q.SQL", "q.txt", "<stdin>"])
def test_a_file_of_another_kind_is_one_query(name: str) -> None:
    (query,) = queries_in("email = 'x'\n", name)
    assert (query.file, query.text, query.name, query.parent_list_ids) == (name, "email = 'x'\n", None, ())


@pytest.mark.parametrize("name", ["q.json", "q.yaml", "q.yml", "q.YML"])
def test_a_segment_file(name: str) -> None:
    (query,) = read({"name": "Ours", "query_dsl": "email = 'x'", "parent_list_ids": [LIST]}, name)
    assert (query.name, query.text, query.parent_list_ids) == ("Ours", "email = 'x'", (LIST,))


def test_one_object_a_list_or_an_answer() -> None:
    segment = {"name": "x", "query_dsl": "a = 1"}
    assert len(read(segment)) == 1
    assert len(read([segment, segment])) == 2
    assert len(read({"results": [segment, segment], "_metadata": {}})) == 2


def test_a_text_from_elsewhere_is_one_query() -> None:
    query = query_alone(V2, "<stdin>")
    assert (query.file, query.text, query.dialect, query.segment) == ("<stdin>", V2, Dialect.V2, None)


def test_a_segment_as_the_api_answers() -> None:
    answer = {
        "id": LIST,
        "name": "Ours",
        "query_dsl": V2,
        "contacts_count": 2,
        "contacts_sample": [{"email": "a@example.com", "query_dsl": 5}],
        "parent_list_ids": None,
        "query_version": "2",
        "status": {"query_validation": "VALID", "error_message": ""},
    }
    (query,) = read(answer)
    assert (query.name, query.dialect, query.parent_list_ids) == ("Ours", Dialect.V2, ())
    assert query.segment is not None
    assert query.segment.id == LIST


def test_keys_are_taken_without_regard_to_case() -> None:
    (query,) = read({"Name": "x", "QUERY_DSL": "a = 1"})
    assert (query.name, query.text) == ("x", "a = 1")


@pytest.mark.parametrize(
    ("fields", "text", "dialect"),
    [
        ({"query_version": "2"}, V2, Dialect.V2),
        ({"query_version": "2"}, "email = 'x'", Dialect.V2),
        ({"query_version": 2}, "email = 'x'", Dialect.V2),
        ({"query_version": ""}, "email = 'x'", Dialect.V1),
        ({"query_version": None}, "email = 'x'", Dialect.V1),
        ({}, "email = 'x'", Dialect.V1),
        ({}, V2, Dialect.V2),
        ({"query_version": ""}, V2, Dialect.V2),
    ],
)
def test_the_version_says_the_dialect_and_without_one_the_text(
    fields: dict[str, Any], text: str, dialect: Dialect
) -> None:
    (query,) = read({"query_dsl": text, **fields})
    assert query.dialect is dialect


def test_whoever_asks_may_say_the_dialect() -> None:
    content = json.dumps({"query_dsl": V2, "query_version": "2"})
    assert [query.dialect for query in queries_in(content, "q.json", Dialect.V1)] == [Dialect.V1]
    assert [query.dialect for query in queries_in(V2, "q.sql", Dialect.V1)] == [Dialect.V1]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (5, "the file is the number 5, not a segment or a list of segments"),
        ("a", "the file is a text, not a segment or a list of segments"),
        ([], "holds no segment"),
        ({"results": []}, "holds no segment"),
        ({"results": {}}, "results is an object, not a segment or a list of segments"),
        ([5], "expected a segment, an object with query_dsl; this is the number 5"),
        ({}, "the segment has no query_dsl"),
        ({"query_dsl": None}, "query_dsl is null, not a text"),
        ({"query_dsl": ["a"]}, "query_dsl is a list, not a text"),
        ({"query_dsl": "a", "name": {}}, "name is an object, not a text"),
        ({"query_dsl": "a", "name": True}, "name is the truth value true, not a text; put it in quotes"),
        ({"query_dsl": "a", "parent_list_ids": LIST}, "parent_list_ids is a text, not a list of texts"),
        ({"query_dsl": "a", "parent_list_ids": [1]}, "parent_list_ids holds the number 1, not texts alone"),
        ({"query_dsl": "a", "query_version": "3"}, 'query_version is "3"; it is "2", or empty for v1'),
        ({"query_dsl": "a", "query_version": []}, 'query_version is a list; it is "2", or empty for v1'),
    ],
)
def test_what_is_no_segment(value: Any, complaint: str) -> None:
    if value == "a":
        value = '"a"'
    assert complaints(value) == [complaint]


def test_a_key_given_twice_is_refused_if_it_matters() -> None:
    assert complaints('{"query_dsl": "a", "Query_DSL": "b"}') == ["the key Query_DSL is here twice"]
    assert queries_in('{"query_dsl": "a", "note": 1, "note": 2}', "s.json")


def test_an_answer_without_queries_says_where_they_are() -> None:
    (complaint,) = complaints({"results": [{"name": "x", "contacts_count": 3}]})
    assert complaint.startswith(
        "the segment has no query_dsl; the API gives it with GET /v3/marketing/segments"
    )


def test_all_that_is_wrong_is_said_at_once_with_its_places() -> None:
    content = '[\n  {"name": 5},\n  {"query_dsl": "a"},\n  7\n]'
    with pytest.raises(SegmentFileError) as caught:
        queries_in(content, "s.json")
    assert str(caught.value).splitlines() == [
        "s.json, line 2, column 3: the segment has no query_dsl",
        "s.json, line 2, column 12: name is the number 5, not a text; put it in quotes",
        "s.json, line 4, column 3: expected a segment, an object with query_dsl; this is the number 7",
    ]
    assert isinstance(caught.value, SqlSegError)
    assert caught.value.file == "s.json"


@pytest.mark.parametrize("name", ["q.json", "q.yaml", "q.sql"])
def test_a_byte_order_mark_is_left_off_and_not_counted(name: str) -> None:
    text = '{"query_dsl": "a = 1"}'
    plain, marked = (queries_in(content, name) for content in (text.encode(), text.encode("utf-8-sig")))
    assert [query.text for query in plain] == [query.text for query in marked]
    assert plain[0].source_map.span == marked[0].source_map.span


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("a".encode("utf-16"), "q.sql: is UTF-16; save it as UTF-8"),
        (b"a\0b", "q.sql: is binary, not UTF-8 text"),
        ("a\né = 'Å".encode("latin-1"), "q.sql, line 2, column 1: is not UTF-8 text"),
        ("a\né = '".encode() + b"\xff", "q.sql, line 2, column 6: is not UTF-8 text"),
    ],
)
def test_what_is_not_utf8(content: bytes, complaint: str) -> None:
    with pytest.raises(SegmentFileError) as caught:
        queries_in(content, "q.sql")
    assert str(caught.value) == complaint


def test_files_on_disk(tmp_path: Path) -> None:
    file = tmp_path / "q.json"
    file.write_text('{"query_dsl": "a = 1"}')
    assert [query.text for query in read_queries(file)] == ["a = 1"]
    for path, complaint in ((tmp_path / "no.sql", "no such file"), (tmp_path, "is a directory, not a file")):
        with pytest.raises(SegmentFileError) as caught:
            read_queries(path)
        assert str(caught.value) == f"{path}: {complaint}"


def test_files_of_a_folder_that_are_about_something_else_are_told_apart() -> None:
    assert set(SEGMENT_SUFFIXES) < set(SUFFIXES)
    assert may_hold_segments(b'{"Query_DSL": 5}')
    assert not may_hold_segments(b'{"custom_fields": []}')


def test_diagnostics_get_their_places_in_the_file_and_keep_their_spans_in_the_query() -> None:
    (query,) = queries_in('{"name": "x",\n "query_dsl": "email = \\"a\\"\\nAND citty = \'x\'"}', "s.json")
    (found,) = [item for item in diagnose(query.text) if item.code == "unknown-column"]
    assert (found.line, found.column) == (2, 5)
    placed = query.source_map.placed(found)
    assert (placed.line, placed.column, placed.end_line, placed.end_column) == (2, 35, 2, 40)
    assert (placed.span, placed.fix) == (found.span, found.fix)
