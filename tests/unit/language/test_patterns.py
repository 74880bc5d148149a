"""LIKE patterns, against a naive matcher that tries everything."""

from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.patterns import read_pattern
from sql_seg.testing.constants import patterns, texts

V1, V2 = Dialect
ANY_TEXT, ANY_ONE = "any text", "any one character"


def parts(pattern: str, dialect: Dialect) -> list[str]:
    """Return a pattern as its parts, by the words of the reference: an oracle that shares no code."""
    read, rest = [], pattern
    while rest:
        if dialect is V1 and rest.startswith("%%"):
            read.append("%")
            rest = rest[2:]
        else:
            special = {"%": ANY_TEXT, "_": ANY_ONE} if dialect is V2 else {"%": ANY_TEXT}
            read.append(special.get(rest[0], rest[0]))
            rest = rest[1:]
    return read


def naive(pattern: str, value: str, dialect: Dialect) -> bool:
    read = parts(pattern, dialect)

    @cache
    def fits(part: int, position: int) -> bool:
        if part == len(read):
            return position == len(value)
        if read[part] == ANY_TEXT:
            return any(fits(part + 1, end) for end in range(position, len(value) + 1))
        stands = position < len(value) and read[part] in (ANY_ONE, value[position])
        return stands and fits(part + 1, position + 1)

    return fits(0, 0)


def like(value: str, pattern: str, dialect: Dialect) -> bool:
    return read_pattern(pattern, dialect).matches(value)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", [""], ["a"]),
        ("max", ["max"], ["Max", "maxi", "max "]),
        ("%", ["", "a", "\n"], []),
        ("max%", ["max", "maxi"], ["amax", "Max"]),
        ("%max", ["max", "amax"], ["maxi"]),
        ("%max%", ["max", "amaxi"], ["ma"]),
        ("a%a", ["aa", "aba"], ["a"]),
        ("a%b%a", ["aba", "abba", "a b a"], ["ab", "aab"]),
        ("100%%", ["100%"], ["100", "100x", "100%%"]),
        ("100%%%", ["100%", "100% off"], ["100", "100x"]),
        ("%%%100", ["%100", "%x100"], ["x%100"]),
        ("%%%%", ["%%"], ["", "%", "%%%"]),
        ("max%%", ["max%"], ["max", "maximilian"]),
        ("a_b", ["a_b"], ["axb"]),
        ("a\\%", ["a\\", "a\\x"], ["a%"]),
    ],
)
def test_v1(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [like(value, pattern, V1) for value in yes + no] == [True] * len(yes) + [False] * len(no)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", [""], ["a"]),
        ("_", ["a", "é", "\n", "\N{GRINNING FACE}"], ["", "ab"]),
        ("a_b", ["axb", "a_b"], ["ab", "axxb"]),
        ("__%", ["ab", "abc"], ["a"]),
        ("%_", ["a", "ab"], [""]),
        ("%_b_%", ["abc", "aabcc"], ["ab", "bc"]),
        ("%%", ["", "a"], []),
        ("100\\%", ["100\\", "100\\x"], ["100", "100%"]),
        ("a\\_b", ["a\\_b", "a\\xb"], ["a_b", "a\\b"]),
        ("a\\\\b", ["a\\\\b"], ["ab", "a\\b"]),
        ("a\\b", ["a\\b"], ["ab"]),
        ("a\\", ["a\\"], ["a"]),
        ("\\\\%", ["\\\\", "\\\\x"], ["%", "\\"]),
        ("%a_c%", ["abc", "aabxabc"], ["ac", "abd"]),
        ("e\N{COMBINING ACUTE ACCENT}", ["e\N{COMBINING ACUTE ACCENT}"], ["é"]),
    ],
)
def test_v2(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [like(value, pattern, V2) for value in yes + no] == [True] * len(yes) + [False] * len(no)


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_as_a_naive_matcher(dialect: Dialect, data: st.DataObject) -> None:
    pattern = data.draw(patterns(dialect) | st.text("ab%_\\", max_size=7))
    value = data.draw(
        st.text("ab%_\\", max_size=9) | texts() | st.just(pattern) | st.just(pattern.replace("%", "ab"))
    )
    assert like(value, pattern, dialect) is naive(pattern, value, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@given(value=texts())
def test_a_text_without_specials_is_like_itself_alone(dialect: Dialect, value: str) -> None:
    if not set(value) & set("%_\\"):
        assert like(value, value, dialect)
        assert not like(value + "x", value, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        ("%a" * 1000 + "%", "a" * 1000, True),
        ("%a" * 1000 + "%", "a" * 999, False),
        ("%a" * 1000 + "b", "a" * 100_000, False),
        ("%x" + "%a" * 500 + "%", "a" * 100_000, False),
        ("a%" * 1000, "a" * 100_000, True),
        ("%" + "a" * 1000 + "%", "a" * 999 + "b", False),
        ("%" + "a" * 100 + "b%", "a" * 100_000, False),
    ],
)
def test_no_pattern_explodes(pattern: str, value: str, matches: bool, dialect: Dialect) -> None:
    start = time.process_time()
    assert like(value, pattern, dialect) is matches
    assert time.process_time() - start < 2


def test_any_one_characters_do_not_explode() -> None:
    start = time.process_time()
    assert not like("a" * 2000, "%" + "a_" * 200 + "b%", V2)
    assert not like("ab" * 2000, "%a_b%", V2)
    assert like("x" * 5000, "%" + "_" * 5000, V2)
    assert time.process_time() - start < 2


def test_a_thousand_percent_signs() -> None:
    assert like("%" * 500, "%" * 1000, V1)
    assert like("anything", "%" * 1000, V2)
    assert like("anything", "%" * 999, V1) is False
