from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sql_seg.core import scalars
from sql_seg.language import arithmetic
from sql_seg.language.datatypes import TimeUnit
from sql_seg.language.functions import FUNCTIONS

LARGEST = 1.7976931348623157e308
SMALLEST = 5e-324


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (2**53, 2**53),
        (2**53 + 1, 2.0**53),
        (-(2**53) - 1, -(2.0**53)),
        (2**53 + 3, 2.0**53 + 4),
        (0.1, 0.1),
    ],
)
def test_numbers_are_doubles(value: float, expected: float) -> None:
    assert arithmetic.double(value) == expected


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_an_integer_past_all_doubles_is_an_error(value: int) -> None:
    with pytest.raises(OverflowError):
        arithmetic.double(value)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(1, 2, 3.0), (0.1, 0.2, 0.30000000000000004), (2**53, 1, 2.0**53), (LARGEST, LARGEST, None)],
)
def test_sums(left: float, right: float, expected: float | None) -> None:
    assert arithmetic.add(left, right) == expected
    assert arithmetic.subtract(left, -right) == expected
    negative = None if expected is None else -expected
    assert arithmetic.subtract(-left, right) == negative


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (3, 4, 12.0),
        (2**52, 4, 2.0**54),
        (94906267, 94906267, 9007199515875288.0),
        (LARGEST, 2, None),
        (SMALLEST, 0.1, 0),
    ],
)
def test_products(left: float, right: float, expected: float | None) -> None:
    assert arithmetic.multiply(left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 2, 0.5),
        (7, 7, 1.0),
        (1, 0, None),
        (0, 0, None),
        (1, 0.0, None),
        (1, -0.0, None),
        (LARGEST, 0.5, None),
    ],
)
def test_quotients_are_real(left: float, right: float, expected: float | None) -> None:
    assert arithmetic.divide(left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (10, 7, 3),
        (-10, 7, -3),
        (10, -7, 3),
        (-10, -7, -3),
        (5.5, 2, 1.5),
        (-5.5, 2, -1.5),
        (1, 0, None),
        (1, -0.0, None),
        (2**53 + 1, 2, 0),
        (LARGEST, 3, math.fmod(LARGEST, 3)),
    ],
)
def test_a_remainder_has_the_sign_of_the_dividend(left: float, right: float, expected: float | None) -> None:
    assert arithmetic.modulo(left, right) == expected


def test_results_are_floats() -> None:
    for function in (
        arithmetic.add,
        arithmetic.subtract,
        arithmetic.multiply,
        arithmetic.divide,
        arithmetic.modulo,
    ):
        assert type(function(6, 3)) is float


# timestamps


@pytest.mark.parametrize(
    ("start", "unit", "amount", "expected"),
    [
        ("2024-01-31", "month", 1, "2024-02-29"),
        ("2023-01-31", "month", 1, "2023-02-28"),
        ("2024-03-31", "month", -1, "2024-02-29"),
        ("2024-05-31T23:59:59.999999", "month", 1, "2024-06-30T23:59:59.999999"),
        ("2024-01-31", "month", 13, "2025-02-28"),
        ("2024-12-15", "month", 1, "2025-01-15"),
        ("2024-01-15", "month", -1, "2023-12-15"),
        ("2024-01-15", "month", -0, "2024-01-15"),
        ("2024-02-29", "year", 1, "2025-02-28"),
        ("2024-02-29", "year", 4, "2028-02-29"),
        ("2000-02-29", "year", -100, "1900-02-28"),
        ("2024-02-28", "day", 1, "2024-02-29"),
        ("2024-02-28", "week", 2, "2024-03-13"),
        ("2024-12-31T23:59:59", "second", 1, "2025-01-01"),
        ("2024-01-01", "minute", -1, "2023-12-31T23:59"),
        ("2024-01-01", "hour", 25, "2024-01-02T01:00"),
    ],
)
def test_moving_a_moment(start: str, unit: str, amount: int, expected: str) -> None:
    assert scalars.shift(moment(start), TimeUnit(unit), amount) == moment(expected)


@pytest.mark.parametrize("unit", TimeUnit)
def test_a_moment_outside_the_years_1_to_9999_is_null(unit: TimeUnit) -> None:
    assert scalars.shift(datetime.max.replace(tzinfo=UTC), unit, 1) is None
    assert scalars.shift(datetime.min.replace(tzinfo=UTC), unit, -1) is None
    for amount in (2**53, -(2**53), 10**12):
        assert scalars.shift(moment("2024-01-01"), unit, amount) is None


def test_months_are_those_of_utc() -> None:
    zone = timezone(timedelta(hours=9))
    assert scalars.shift(datetime(2024, 3, 31, 8, tzinfo=zone), TimeUnit.MONTH, -1) == moment(
        "2024-02-29T23:00"
    )


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(TypeError):
        scalars.shift(datetime(2024, 1, 1), TimeUnit.DAY, 1)


# texts


@pytest.mark.parametrize(
    ("text", "length"),
    [("Ann", 3), ("Straße", 6), ("e\N{COMBINING ACUTE ACCENT}", 2), ("\N{GRINNING FACE}", 1), ("", 0)],
)
def test_text_functions(text: str, length: int) -> None:
    of_length, of_concat = FUNCTIONS["LENGTH"].evaluate, FUNCTIONS["CONCAT"].evaluate
    assert of_length is not None
    assert of_concat is not None
    assert of_length(text) == length
    assert of_concat(text, "", text) == text * 2


# JSON

DATA = {
    "payload": {
        "text": "a",
        "time": "2024-02-29T12:00:00Z",
        "number": 3,
        "large": 2**53 + 1,
        "yes": True,
        "null": None,
        "list": [1],
        "both": "payload's",
        "unique_args": {"a-b": "c", "both": "args'", "null": "args'"},
    }
}


@pytest.mark.parametrize("data", [None, "payload", 5, [], {}, {"payload": None}, {"payload": "text"}])
def test_a_key_of_nothing_is_null(data: Any) -> None:
    assert scalars.read_key(data, "text") is None
    assert not scalars.has_key(data, "text")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("text", "a"),
        ("number", "3"),
        ("yes", "true"),
        ("null", "args'"),
        ("list", None),
        ("unique_args", None),
        ("a-b", "c"),
        ("both", "payload's"),
        ("missing", None),
    ],
)
def test_v1_s_map_is_flat_and_of_texts(key: str, expected: str | None) -> None:
    assert scalars.read_key(DATA, key) == expected
    assert scalars.has_key(DATA, key) is (expected is not None)
