"""What conditions tie together."""

from __future__ import annotations

from sql_seg.grouping import tied


def test_parts_tie_what_they_speak_of() -> None:
    alone, groups = tied("abcd", ["b", "x", "ca", "d", ""], set)
    assert alone == ["x", ""]
    assert groups == [(["a", "c"], ["ca"]), (["b"], ["b"]), (["d"], ["d"])]


def test_groups_that_are_tied_later_are_one() -> None:
    assert tied("abc", ["a", "cb", "ba"], set) == ([], [(["a", "b", "c"], ["a", "cb", "ba"])])


def test_what_nothing_speaks_of_stands_alone() -> None:
    assert tied("ab", ["a"], set) == ([], [(["a"], ["a"]), (["b"], [])])
