"""LOWER and UPPER by Unicode's simple case mapping."""

from __future__ import annotations

import pytest

from sql_seg.language.case_mapping import CASES, lower, upper

EVERY = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]


@pytest.mark.parametrize(
    ("text", "small", "capital"),
    [
        ("Ann", "ann", "ANN"),
        ("Straße", "straße", "STRAßE"),
        ("İ", "i", "İ"),
        ("ı", "ı", "I"),
        ("ΟΔΟΣ", "οδοσ", "ΟΔΟΣ"),
        ("οδος", "οδος", "ΟΔΟΣ"),
        ("ŉﬁ", "ŉﬁ", "ŉﬁ"),
        ("ᾳ", "ᾳ", "ᾼ"),
        ("ǆ", "ǆ", "Ǆ"),
        ("e\N{COMBINING ACUTE ACCENT}", "e\N{COMBINING ACUTE ACCENT}", "E\N{COMBINING ACUTE ACCENT}"),
        ("\N{GRINNING FACE}", "\N{GRINNING FACE}", "\N{GRINNING FACE}"),
        ("", "", ""),
    ],
)
def test_texts_in_each_case(text: str, small: str, capital: str) -> None:
    assert lower(text) == small
    assert upper(text) == capital


@pytest.mark.parametrize("name", CASES)
def test_every_code_point_becomes_one_and_stays_that(name: str) -> None:
    change = CASES[name]
    changed = [change(character) for character in EVERY]
    assert {len(character) for character in changed} == {1}
    assert [change(character) for character in changed] == changed


@pytest.mark.parametrize("name", CASES)
def test_a_text_is_changed_code_point_by_code_point(name: str) -> None:
    text = "".join(EVERY)
    assert CASES[name](text) == "".join(map(CASES[name], EVERY))
