"""Code frames and their texts fit the terminal, and what people see as one character stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics import Safety, formats
from sql_seg.diagnostics.formats import terminal_text
from sql_seg.diagnostics.formats.terminal_text import graphemes, pieces, width, wrapped
from tests.unit.diagnostics.formats.made import alone, found

COLUMNS = [40, 80, 120]
FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
FLAG = "\N{REGIONAL INDICATOR SYMBOL LETTER N}\N{REGIONAL INDICATOR SYMBOL LETTER O}"
THUMB = "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}"
HEART = "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"
ACCENTED = "e\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
CHARACTERS = {FAMILY: 2, FLAG: 2, THUMB: 2, HEART: 2, ACCENTED: 1, "名": 2, "a": 1, "é": 1}


def frame_of(text: str, part: str, columns: int, **more: object) -> list[str]:
    made = alone(text, found(text, part, **more))  # type: ignore[arg-type]
    return formats.render("full", [made], width=columns).splitlines()


def below_carets(lines: list[str]) -> str:
    """Return what stands in the line above, in the cells where the carets are."""
    number = next(index for index, line in enumerate(lines) if line.rstrip().endswith("^"))
    carets, code = lines[number], lines[number - 1]
    shown, cell = "", 0
    for start, end, cells in graphemes(code):
        if carets[cell : cell + cells] == "^" * cells and cells:
            shown += code[start:end]
        cell += cells
    assert carets.count("^") == width(shown)
    return shown


@pytest.mark.parametrize(("character", "cells"), CHARACTERS.items())
def test_what_people_see_as_one_character_is_one(character: str, cells: int) -> None:
    assert graphemes(character) == [(0, len(character), cells)]
    assert graphemes(character + "b") == [
        (0, len(character), cells),
        (len(character), len(character) + 1, 1),
    ]


STRANGE = [
    FAMILY,
    FLAG,
    THUMB,
    HEART,
    ACCENTED,
    "\u200d",
    "\u0301",
    "\u3099",
    "\u1100",
    "\u0947",
    "\n",
    "\ufe0f",
]
PLAIN = ["a", " ", "é", "…", "\u201c", "\u540d", "\u304b", "\u30ab", "\uac00", FLAG[0], THUMB[-1]]


@given(st.lists(st.sampled_from(STRANGE + PLAIN), min_size=1, max_size=9).map("".join))
def test_plain_characters_are_counted_as_those_are_that_may_join(text: str) -> None:
    every = terminal_text._joined(text)
    if not text.isascii():
        assert graphemes(text) == every
        assert width(text) == sum(cells for _, _, cells in every)


def test_flags_are_pairs() -> None:
    assert [end - start for start, end, _ in graphemes(FLAG * 2)] == [2, 2]


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("padding", ["x", "名", FAMILY, FLAG, THUMB, ACCENTED, HEART, "\t", "a 名"])
def test_a_long_line_is_cut_on_both_sides(columns: int, padding: str) -> None:
    text = f"'{padding * 90}' = 'here {FAMILY}' AND '{padding * 90}'"
    lines = frame_of(text, f"here {FAMILY}", columns)
    assert max(map(width, lines)) <= columns
    code = lines[3].removeprefix("1 | ")
    assert code.startswith("…")
    assert code.endswith("…")
    assert width(code) >= columns - 4 - 4
    assert below_carets(lines) == f"here {FAMILY}"


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_ends_of_a_line_are_shown_as_far_as_there_is_room(columns: int) -> None:
    text = "first = 1 AND " + "x" * 500 + " AND last = 1"
    start, end = frame_of(text, "first", columns), frame_of(text, "last = 1", columns)
    assert start[3].startswith("1 | first = 1 AND x")
    assert start[3].endswith("…")
    assert end[3].startswith("1 | …x")
    assert end[3].endswith("x AND last = 1")
    assert {width(start[3]), width(end[3])} == {columns}
    assert (below_carets(start), below_carets(end)) == ("first", "last = 1")


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_place_that_is_longer_than_the_terminal_is_shown_from_its_start(columns: int) -> None:
    long = "名y" * 100
    lines = frame_of(f"age = 1 AND {long} AND age = 2", long, columns)
    assert max(map(width, lines)) <= columns
    shown = below_carets(lines)
    assert long.startswith(shown)
    assert width(shown) > columns // 2


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_line_that_fits_is_shown_whole(columns: int) -> None:
    text = "x" * (columns - 8) + " end"
    assert frame_of(text, "end", columns)[3] == f"1 | {text}"
    assert frame_of(f"{text}.", "end", columns)[3] != f"1 | {text}."


@pytest.mark.parametrize("columns", COLUMNS)
def test_messages_help_and_fixes_go_on_in_the_next_line(columns: int) -> None:
    said = "write what you mean here, in words that are as short as they can be, 名名名 or longer " * 2
    lines = frame_of(
        "age = b", "b", columns, message=said.strip(), help=said.strip(), fix=(said.strip(), Safety.SAFE),
        sendgrid=said.strip(),
    )  # fmt: skip
    assert max(map(width, lines)) <= columns
    assert " ".join(" ".join(lines).split()).count("or longer write what") == 4


@pytest.mark.parametrize("columns", COLUMNS)
def test_messages_of_labels_fit(columns: int) -> None:
    text = "aa = 1 AND bb = 2 AND cc = 3"
    said = "this is the same condition as another one, said in other words"
    lines = frame_of(text, "cc = 3", columns, labels=(("aa", said), ("bb", said)))
    assert max(map(width, lines)) <= columns
    assert " ".join(" ".join(lines).replace("|", " ").split()).count(said) == 2


def test_a_word_without_blanks_breaks_between_characters() -> None:
    assert list(wrapped("名" * 5, 4, 6)) == ["名名", "名名名"]
    assert pieces(FAMILY * 3, 4, 3) == [FAMILY * 2, FAMILY]


def test_without_a_terminal_texts_stay_in_their_lines() -> None:
    text = "age = b"
    said = "word " * 60
    (line,) = [
        line
        for line in formats.render("full", [alone(text, found(text, "b", help=said))]).splitlines()
        if "help" in line
    ]
    assert line.endswith(said)


def test_a_joiner_that_joins_nothing_is_seen() -> None:
    shown = frame_of("pass\N{ZERO WIDTH JOINER}word = 1", "word", 80)
    assert shown[3] == "1 | pass\N{REPLACEMENT CHARACTER}word = 1"
    assert below_carets(shown) == "word"


TEXTS = st.lists(
    st.sampled_from([*CHARACTERS, "\t", "\x1b", " "])
    | st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"),
    max_size=60,
).map("".join)


@given(TEXTS, TEXTS, TEXTS, st.integers(30, 200))
def test_any_text_fits_any_terminal(before: str, part: str, after: str, columns: int) -> None:
    lines = frame_of(f"{before}<{part}>{after}", f"<{part}>", columns)
    assert max(width(line) for line in lines if "-->" not in line) <= columns
    assert below_carets(lines).startswith("<")
