"""Questions to a column as a whole give what each of its values gives."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.columns import masks
from sql_seg.columns.bands import Bands
from sql_seg.columns.later import Later
from sql_seg.columns.vectors import CodedVector, PlainVector, TimeVector


class Asking:
    """A test of single values that counts of how many it was asked."""

    def __init__(self, test: Callable[[Any], bool], *, of_null: bool = False) -> None:
        self._test = test
        self._of_null = of_null
        self.asked = 0

    def __call__(self, values: Sequence[Any], /) -> bytes:
        self.asked += len(values)
        return bytes([self._of_null if value is None else self._test(value) for value in values])

    without_null = __call__


def rows(mask: masks.Mask, length: int) -> list[int]:
    return list(masks.rows_of(mask, length))


@given(flags=st.lists(st.booleans(), max_size=60), some=st.floats(0, 1))
def test_the_rows_of_a_mask(flags: list[bool], some: float) -> None:
    flags = [flag and number % 20 < some * 20 for number, flag in enumerate(flags)]
    mask = masks.of_flags(bytes(flags))
    expected = [row for row, flag in enumerate(flags) if flag]
    assert rows(mask, len(flags)) == expected
    assert list(masks.chosen([str(row) for row in range(len(flags))], mask)) == [str(row) for row in expected]


@given(
    codes=st.lists(st.integers(0, 2999), max_size=50),
    passing=st.sets(st.integers(0, 2999)),
    modulus=st.integers(1, 300),
)
def test_codes_of_two_bytes(codes: list[int], passing: set[int], modulus: int) -> None:
    vector = CodedVector(array("H", codes), list(range(3000)))

    def passes(value: int) -> bool:
        return value in passing or value % 300 == modulus

    expected = [row for row, code in enumerate(codes) if passes(code)]
    assert rows(vector.mask(Asking(passes)), len(codes)) == expected


TIMES = st.lists(st.none() | st.integers(-3, 3) | st.integers(-(2**62), 2**62), max_size=40)


@given(
    times=TIMES, low=st.integers(-4, 4), high=st.integers(-4, 2**62), of_null=st.booleans(), data=st.data()
)
def test_times_asked_again_and_again(
    times: list[int | None], low: int, high: int, of_null: bool, data: st.DataObject
) -> None:
    vector = TimeVector.of(times)
    among = data.draw(st.none() | st.lists(st.booleans(), min_size=len(times), max_size=len(times)))

    def passes(time: int) -> bool:
        return low <= time < high or time == high + 2

    wanted = [row for row, time in enumerate(times) if (of_null if time is None else passes(time))]
    expected = wanted if among is None else [row for row in wanted if among[row]]
    limits = None if among is None else masks.of_flags(bytes(among))
    for _ in range(3):
        test = Asking(passes, of_null=of_null)
        found = vector.mask_of_microseconds(test, [low, high, high + 2], limits)
        assert rows(found, len(times)) == expected


def test_bands_ask_hardly_any_number() -> None:
    numbers = [number * 7919 % 100_003 for number in range(50_000)]
    bands = Bands(numbers)
    test = Asking(lambda number: number >= 60_000)
    found, unsure = bands.mask(test, [60_000])
    assert test.asked < 300
    assert unsure.bit_count() < 1_000
    assert all(numbers[row] >= 60_000 for row in masks.rows_of(found, len(numbers)))
    assert (found | unsure).bit_count() > sum(number >= 60_000 for number in numbers) - 1


EMAILS = st.none() | st.lists(st.sampled_from(["@", "a", "b.c", ""]), max_size=5).map("".join)


@given(emails=st.lists(EMAILS), ending=st.text("@abc.", max_size=4).filter(lambda text: "@" not in text[1:]))
def test_texts_asked_how_they_end(emails: list[str | None], ending: str) -> None:
    vector = PlainVector(emails)
    expected = [row for row, email in enumerate(emails) if email is not None and email.endswith(ending)]
    for _ in range(3):
        found = vector.mask_of_endings(Asking(lambda email: email.endswith(ending)))
        assert rows(found, len(emails)) == expected


def test_what_is_used_once_is_not_made() -> None:
    later: Later[list[int]] = Later()
    assert later.use(lambda: pytest.fail("made at the first use")) is None
    made = later.use(lambda: [1])
    assert made == [1]
    assert later.use(lambda: pytest.fail("made again")) is made
