"""Queries in pieces, as a report shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.reporting.contents import Finding
from sql_seg.reporting.highlighting import Piece, pieces_of


def finding(start: int, end: int) -> Finding:
    return Finding("warning", "x", 1, 1, start, end, "odd", "", "")


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
    pieces = pieces_of("a = b", "v1", [finding(0, 5), finding(4, 5)])
    assert [piece.text for piece in pieces if piece.finding] == ["a = ", "b"]
    assert {piece.severity for piece in pieces} == {"warning"}


@pytest.mark.parametrize("dialect", ["v1", "v2"])
@given(text=st.text(max_size=30), start=st.integers(0, 30), length=st.integers(0, 30))
def test_the_pieces_make_up_the_text(dialect: str, text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    pieces = pieces_of(text, dialect, [finding(start, start + length)])
    assert "".join(piece.text for piece in pieces) == text
