"""Lines and columns as people count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.source import Position, Source


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\n", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\rb", 2, (2, 1)),
        ("a\r\r\nb", 4, (3, 1)),
        ("\N{GRINNING FACE}x", 1, (1, 2)),
        ("a\u2028b", 2, (1, 3)),
        ("a\x0bb\x0cc", 4, (1, 5)),
    ],
)
def test_position(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Source(text).position(offset) == Position(*place)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\nb\r\nc\rd", ["a", "b", "c", "d"]),
        ("a\n", ["a", ""]),
        ("\n\n", ["", "", ""]),
    ],
)
def test_lines_come_without_their_breaks(text: str, lines: list[str]) -> None:
    source = Source(text)
    assert [source.line(number) for number in range(1, len(lines) + 1)] == lines


@given(st.text("ab\r\n\té", max_size=20))
def test_a_position_finds_its_character(text: str) -> None:
    source = Source(text)
    for offset, character in enumerate(text):
        line, column = source.position(offset)
        if character not in "\r\n":
            assert source.line(line)[column - 1] == character
