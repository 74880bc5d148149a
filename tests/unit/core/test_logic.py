from __future__ import annotations

import operator

import pytest

from sql_seg.core.logic import Truth, all_of, any_of, is_member, not_, strict, turned

T, F, N = True, False, None


@pytest.mark.parametrize(("value", "expected"), [(T, F), (F, T), (N, N)])
def test_not(value: Truth, expected: Truth) -> None:
    assert not_(value) is expected


@pytest.mark.parametrize(
    ("left", "right", "both", "either", "same"),
    [
        (T, T, T, T, T),
        (T, F, F, T, F),
        (T, N, N, T, N),
        (F, F, F, F, T),
        (F, N, F, N, N),
        (N, N, N, N, N),
    ],
)
def test_and_or_and_equality(left: Truth, right: Truth, both: Truth, either: Truth, same: Truth) -> None:
    for operands in ([left, right], [right, left]):
        assert all_of(operands) is both
        assert any_of(operands) is either
        assert strict(operator.eq, *operands) is same
        assert strict(operator.ne, *operands) is not_(same)


def test_not_where_it_is_negated() -> None:
    assert [turned(value, True) for value in (T, F, N)] == [F, T, N]
    assert [turned(value, False) for value in (T, F, N)] == [T, F, N]


def test_of_nothing() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


def test_a_function_of_null_is_null() -> None:
    assert strict(operator.add, 1, 2) == 3
    assert strict(operator.add, 1, None) is None
    assert strict(operator.add, None, None) is None


@pytest.mark.parametrize(
    ("value", "members", "or_null", "expected"),
    [
        ("a", {"a", "b"}, False, T),
        ("c", {"a", "b"}, False, F),
        ("a", {"a", "b"}, True, T),
        ("c", {"a", "b"}, True, N),
        (None, {"a"}, False, N),
        (None, set(), True, N),
        ("a", set(), True, N),
        ({"a": 1}, set(), True, N),
        ("a", set(), False, F),
        (None, set(), False, F),
    ],
)
def test_membership(value: object, members: set[str], or_null: bool, expected: Truth) -> None:
    assert is_member(value, members, or_null) is expected
