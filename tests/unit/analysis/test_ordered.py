"""Sets of values as the places where membership changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.analysis.ordered import EVERYTHING, NOTHING, OrderedSet, compared, points, starting_with
from sql_seg.language.operators import Comparator

VALUES = [number / 2 for number in range(-2, 13)]
TEXTS = [
    "",
    "a",
    "a\0",
    "ab",
    "abc",
    "b",
    "c\U0010ffff",
    "c\U0010ffffz",
    "d",
    "\U0010ffff",
    "\ud7ff",
    "\ue000",
]

sets = st.recursive(
    st.builds(compared, st.sampled_from(Comparator), st.integers(0, 5))
    | st.builds(points, st.lists(st.integers(0, 5), max_size=3))
    | st.sampled_from([EVERYTHING, NOTHING]),
    lambda inner: (
        st.builds(OrderedSet.union, inner, inner) | st.builds(OrderedSet.intersection, inner, inner)
    ),
    max_leaves=5,
)


def holds(values: OrderedSet, value: object) -> bool:
    return not values.intersection(points([value])).is_empty


@pytest.mark.parametrize(
    ("operator", "inside"),
    [("=", [2]), ("!=", [1, 3]), ("<", [1]), ("<=", [1, 2]), (">", [3]), (">=", [2, 3])],
)
def test_a_comparison_holds_what_it_says(operator: str, inside: list[int]) -> None:
    assert [value for value in (1, 2, 3) if holds(compared(Comparator(operator), 2), value)] == inside


@given(one=sets, other=sets)
def test_operations_are_those_of_sets(one: OrderedSet, other: OrderedSet) -> None:
    for value in VALUES:
        here, there = holds(one, value), holds(other, value)
        assert holds(one.union(other), value) is (here or there)
        assert holds(one.intersection(other), value) is (here and there)
        assert holds(one.without(other), value) is (here and not there)
        assert holds(one.complement(), value) is not here


@given(one=sets, other=sets)
def test_equal_sets_are_written_alike(one: OrderedSet, other: OrderedSet) -> None:
    assert one.union(other) == other.union(one)
    assert one.intersection(one.complement()) == NOTHING
    assert one.union(one.complement()) == EVERYTHING


@given(values=sets, most=st.integers(0, 4))
def test_a_widened_set_loses_nothing(values: OrderedSet, most: int) -> None:
    wide = values.widened(most)
    assert len(wide.cuts) <= max(2, most)
    assert all(holds(wide, value) for value in VALUES if holds(values, value))


@given(values=sets)
def test_among_integers_the_same_integers_remain(values: OrderedSet) -> None:
    integers = values.among_integers()
    assert all(holds(integers, n) is holds(values, n) for n in range(-1, 7))
    between = compared(Comparator.GT, 2).intersection(compared(Comparator.LT, 3))
    assert between.among_integers().is_empty


def test_finite_sets_know_their_members() -> None:
    assert points([3, 1, 1]).members == (1, 3)
    assert points([3, 1]).is_finite
    assert NOTHING.is_finite
    assert not compared(Comparator.LT, 3).is_finite
    assert not points([3]).complement().is_finite


@pytest.mark.parametrize("prefix", ["", "a", "ab", "c\U0010ffff", "\U0010ffff", "\ud7ff"])
def test_texts_with_a_prefix_are_an_interval(prefix: str) -> None:
    assert [text for text in TEXTS if holds(starting_with(prefix), text)] == [
        text for text in TEXTS if text.startswith(prefix)
    ]
