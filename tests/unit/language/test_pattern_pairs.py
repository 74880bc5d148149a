"""What LIKE patterns have to do with each other."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.analysis.ordered import EVERYTHING
from sql_seg.analysis.possible_values import Values
from sql_seg.language.datatypes import Dialect
from sql_seg.language.patterns import Pattern, cannot_both, includes, read_pattern

TEXTS = ["".join(letters) for size in range(5) for letters in product("ab", repeat=size)]
patterns = st.text("ab%_", max_size=5).map(lambda text: read_pattern(text, Dialect.V2))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("%", "abc"),
        ("%a.com", "%@a.com"),
        ("a%", "ab%"),
        ("%b%", "a%b_c"),
        ("%a%b%", "xaxbx%"),
        ("_b", "ab"),
        ("a_c", "a_c"),
        ("%", "%_%"),
    ],
)
def test_a_pattern_that_matches_all_that_another_does(wide: str, narrow: str) -> None:
    assert includes(read_pattern(wide, Dialect.V2), read_pattern(narrow, Dialect.V2))


@pytest.mark.parametrize(("wide", "narrow"), [("a%", "%a"), ("%ab%", "%a%b%"), ("_", "%"), ("a", "a%")])
def test_a_pattern_that_does_not(wide: str, narrow: str) -> None:
    assert not includes(read_pattern(wide, Dialect.V2), read_pattern(narrow, Dialect.V2))


@pytest.mark.parametrize(
    ("one", "other"), [("a%", "b%"), ("%a", "%b"), ("_", "__"), ("a_%", "_b"), ("%_b", "%ac")]
)
def test_patterns_that_exclude_each_other(one: str, other: str) -> None:
    exclusive = (one, other) != ("a_%", "_b")
    assert cannot_both(read_pattern(one, Dialect.V2), read_pattern(other, Dialect.V2)) is exclusive


@given(one=patterns, other=patterns, third=patterns)
def test_no_text_speaks_against_an_answer(one, other, third) -> None:  # type: ignore[no-untyped-def]
    for text in TEXTS:
        here, there = one.matches(text), other.matches(text)
        assert here or not there or not includes(one, other)
        assert not (here and there and cannot_both(one, other))
        if here and there and not third.matches(text):
            assert not of([one]).intersection(of([other])).intersection(of([], [third])).is_empty


def of(like: list[Pattern], unlike: list[Pattern] = []) -> Values:  # noqa: B006 -- it is not changed
    return Values(False, EVERYTHING, frozenset(like), frozenset(unlike))
