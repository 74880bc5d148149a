"""Texts that meet conditions, by a search over the conditions' states."""

from __future__ import annotations

from itertools import chain, islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.analysis.ordered import points
from sql_seg.language.datatypes import Dialect
from sql_seg.language.patterns import read_pattern
from sql_seg.solver.choices import Simplest
from sql_seg.solver.text_search import Beyond, Changed, Likes, Long, TextReader, TextSearch, is_accepted


def like(pattern: str, *, wanted: bool = True) -> Likes:
    read = [read_pattern(pattern, Dialect.V2)]
    return Likes(read) if wanted else Likes([], read)


@pytest.mark.parametrize(
    ("readers", "shortest"),
    [
        ([], ""),
        ([like("%gmail.com")], "gmail.com"),
        ([like("ab%"), like("%bc"), like("abc", wanted=False)], "abbc"),
        ([like("%a_c%"), like("%abc%", wanted=False)], "aac"),
        ([Beyond("b", 0), Beyond("c", 0, wanted=False)], "b"),
        ([Beyond("ab", 1)], "b"),
        ([Beyond("ab", 0, wanted=False), Beyond("a", 1)], "aa"),
        ([Changed(like("bob"), str.lower), like("bob", wanted=False)], "boB"),
        ([Long(points([3])), like("%x")], "xxx"),
    ],
)
def test_the_shortest_text(readers: list[TextReader], shortest: str) -> None:
    found = list(islice(TextSearch(readers, Simplest()).texts(), 3))
    assert found[0] == shortest
    assert all(is_accepted(text, readers) for text in found)


@pytest.mark.parametrize(
    "readers",
    [
        [like("%x"), like("%y")],
        [like("a%"), Beyond("b", 0)],
        [like("_"), like("%", wanted=False)],
        [Beyond("a", 1), Beyond("a\0", 0, wanted=False)],
    ],
)
def test_that_there_is_none_is_proven(readers: list[TextReader]) -> None:
    search = TextSearch(readers, Simplest())
    assert not list(search.texts())
    assert search.is_exhausted


def test_a_search_for_a_length_goes_no_further_than_that() -> None:
    assert Long(points([3])).step(2, "a") == 3
    assert Long(points([3])).step(3, "a") is None
    assert Long(points([10**12])).step(0, "a") is None
    assert not list(TextSearch([Long(points([10**12]))], Simplest()).texts())


PIECES = st.lists(st.sampled_from(["a", "b", "%", "_"]), max_size=5).map("".join)


@given(like=st.lists(PIECES, max_size=3), unlike=st.lists(PIECES, max_size=3))
def test_many_patterns_at_once_accept_what_each_of_them_does(like: list[str], unlike: list[str]) -> None:
    wanted, unwanted = ([read_pattern(text, Dialect.V2) for text in texts] for texts in (like, unlike))
    reader = Likes(wanted, unwanted)
    for text in map("".join, chain.from_iterable(product("abc", repeat=length) for length in range(5))):
        matches = all(p.matches(text) for p in wanted) and not any(p.matches(text) for p in unwanted)
        assert is_accepted(text, [reader]) is matches
