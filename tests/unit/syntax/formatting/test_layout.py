"""Documents become lines: broken only where they do not fit, and never behind a comment's back."""

from __future__ import annotations

import pytest

from sql_seg.syntax.formatting.layout import (
    Comment,
    Concat,
    Doc,
    Filled,
    Group,
    Indented,
    Line,
    flat,
    render,
)


def call(*arguments: Doc) -> Group:
    parts: list[Doc] = []
    for index, argument in enumerate(arguments):
        parts += [Line()] if index else []
        parts += [argument, "," if index < len(arguments) - 1 else ""]
    return Group("f(", Indented(Line(""), *parts), Line(""), ")")


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (None, ["f(aaaa, bbbb)"]),
        (13, ["f(aaaa, bbbb)"]),
        (12, ["f(", "  aaaa,", "  bbbb", ")"]),
        (1, ["f(", "  aaaa,", "  bbbb", ")"]),
    ],
)
def test_a_group_breaks_only_where_it_does_not_fit(width: int | None, lines: list[str]) -> None:
    assert render(call("aaaa", "bbbb"), width).splitlines() == lines


def test_an_inner_group_that_fits_stays_on_its_line() -> None:
    document = call("aaaaaaaa", call("b", "c"))
    assert render(document, 12).splitlines() == ["f(", "  aaaaaaaa,", "  f(b, c)", ")"]


def test_what_follows_up_to_the_next_break_must_fit_too() -> None:
    assert render(Concat(call("a", "b"), " = 1"), 11) == "f(a, b) = 1"
    assert render(Concat(call("a", "b"), " = 1"), 10).splitlines() == ["f(", "  a,", "  b", ") = 1"]


def test_a_filled_part_has_as_many_items_on_a_line_as_fit() -> None:
    items = Filled([f"{number}," for number in range(10)])
    assert render(Group("(", Indented(Line(""), items), Line(""), ")"), 12).splitlines() == [
        "(",
        "  0, 1, 2,",
        "  3, 4, 5,",
        "  6, 7, 8,",
        "  9,",
        ")",
    ]


def test_nothing_follows_a_comment_that_ends_its_line() -> None:
    document = Concat("a ", Comment("-- why", own_line=False, ends_line=True), " = 1")
    assert render(document, None) == "a -- why\n= 1"
    assert render(Group(document), 80) == "a -- why\n= 1"


def test_a_comment_on_its_own_line_begins_one_and_breaks_what_is_around_it() -> None:
    why = Comment("-- why", own_line=True, ends_line=True)
    assert render(call("a", Concat(why, "b")), 80).splitlines() == ["f(", "  a,", "  -- why", "  b", ")"]


def test_a_comment_inside_a_line_breaks_nothing() -> None:
    assert (
        flat(call("a", Concat(Comment("/* x */", own_line=False, ends_line=False), " b")))
        == "f(a, /* x */ b)"
    )
