"""Queries in pieces, as a report shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.reporting.contents import ReportedFinding
from sql_seg.reporting.highlighting import HighlightedLine, Piece, lines_of, pieces_of


def finding(start: int, end: int, severity: str = "warning") -> ReportedFinding:
    return ReportedFinding(severity, "x", 1, 1, start, end, "odd", "", "")


def test_keywords_texts_numbers_and_comments_are_told_apart() -> None:
    assert pieces_of("age > 18 AND city = 'x' -- c", "v2", []) == [
        Piece("age > ", ""),
        Piece("18", "number"),
        Piece(" ", ""),
        Piece("AND", "keyword"),
        Piece(" city = ", ""),
        Piece("'x'", "text"),
        Piece(" ", ""),
        Piece("-- c", "comment"),
    ]


def test_of_findings_inside_each_other_the_inner_one_is_shown() -> None:
    pieces = pieces_of("a = b", "v1", [finding(0, 5, "info"), finding(4, 5)])
    assert pieces == [Piece("a = ", "", "info"), Piece("b", "", "warning")]


def test_a_finding_stands_under_the_line_that_it_starts_in() -> None:
    first, second, past = finding(0, 5), finding(6, 7), finding(20, 21)
    lines = lines_of("a = \nb", "v1", [past, second, first])
    assert ["".join(piece.text for piece in line.pieces) for line in lines] == ["a = \n", "b"]
    assert [line.findings for line in lines] == [(first,), (past, second)]


def test_what_a_line_is_indented_by_is_not_marked() -> None:
    lines = lines_of("a =\n  b", "v1", [finding(0, 7)])
    assert lines[1].pieces == (Piece("  ", ""), Piece("b", "", "warning"))


def test_a_query_without_text_has_its_findings_all_the_same() -> None:
    assert lines_of("", "v2", [finding(0, 0)]) == [HighlightedLine((), (finding(0, 0),))]


@pytest.mark.parametrize("dialect", ["v1", "v2"])
@given(text=st.text(max_size=30), start=st.integers(0, 30), length=st.integers(0, 30))
def test_the_pieces_make_up_the_text(dialect: str, text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    found = finding(start, start + length)
    assert "".join(piece.text for piece in pieces_of(text, dialect, [found])) == text
    lines = lines_of(text, dialect, [found])
    assert "".join(piece.text for line in lines for piece in line.pieces) == text
    assert [each for line in lines for each in line.findings] == [found]
