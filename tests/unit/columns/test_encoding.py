from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sql_seg.columns import ABSENT, CodedVector, NumberVector, PlainVector, StructVector, TimeVector, encoded

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MANY = 2000


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([f"{number % 7}" for number in range(MANY)], CodedVector),
        ([f"{number}" for number in range(MANY)], PlainVector),
        ([number % 7 for number in range(MANY)], CodedVector),
        (range(MANY), NumberVector),
        ([number + 0.5 for number in range(MANY)], NumberVector),
        ([number if number % 2 else number + 0.5 for number in range(MANY)], PlainVector),
        ([2**70 + number for number in range(MANY)], PlainVector),
        ([NOON + timedelta(microseconds=number) for number in range(MANY)], TimeVector),
        ([NOON.replace(tzinfo=timezone(timedelta(hours=1)))] * MANY, PlainVector),
        ([["a", "b"], ["a"], []] * MANY, CodedVector),
        ([{"a": 1}, {}] * MANY, StructVector),
        ([{f"key{number}": number} for number in range(MANY)], PlainVector),
        ([object()], PlainVector),
        ([None, ABSENT], CodedVector),
        ([], CodedVector),
    ],
)
def test_the_form_of_a_column_follows_from_its_values(values: Any, form: type) -> None:
    vector = encoded(list(values))
    assert type(vector) is form
    assert list(vector) == list(values)
    assert len(vector) == len(values)


@pytest.mark.parametrize("form", [str, lambda number: number, lambda number: NOON + timedelta(hours=number)])
def test_none_and_absent_are_null_and_come_back_as_they_were(form: Any) -> None:
    values = [
        None if number % 5 == 0 else ABSENT if number % 5 == 1 else form(number) for number in range(MANY)
    ]
    vector = encoded(values)
    assert list(vector) == values
    assert [vector[row] for row in range(MANY)] == values
    assert vector.values() == [None if value is ABSENT else value for value in values]
    assert vector.null.bit_count() == 2 * MANY // 5


@pytest.mark.parametrize("alike", [[0.0, -0.0], [1, 1.0, True], ["a", ("a",), ["a"]], [[], ()]])
def test_equal_values_that_are_not_the_same_stay_apart(alike: list[Any]) -> None:
    assert list(map(repr, encoded(alike * 3))) == list(map(repr, alike * 3))


def test_texts_that_are_alike_share_a_byte_each() -> None:
    vector = encoded(["CO", "CA", None] * 1000)
    assert isinstance(vector, CodedVector)
    assert isinstance(vector.codes, bytes)


def test_what_comes_out_may_be_changed() -> None:
    for values in ([["a"]], [{"a": ["b"]}], [[{"a": 1}]]):
        vector = encoded(values)
        given = vector[0]
        given.clear()
        assert list(vector) == values != [given]
