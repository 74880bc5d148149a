"""Values of a set, near its boundaries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql_seg.analysis.ordered import EVERYTHING, OrderedSet, compared, points
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.solver.points import near, stretches

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def above(value: Any) -> OrderedSet:
    return compared(Comparator.GT, value)


def below(value: Any) -> OrderedSet:
    return compared(Comparator.LT, value)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (above(21), {22, 31}),
        (compared(Comparator.GE, 21), {21, 22}),
        (above(21).intersection(below(22)), {21.5}),
        (below(0), {-1, -10}),
        (points([3, 7]), {3, 7}),
        (EVERYTHING, {0, 1, -1}),
        (compared(Comparator.NE, 1), {0, 2}),
    ],
)
def test_numbers(values: OrderedSet, wanted: set[float]) -> None:
    found = near(values, DataType.NUMBER, 1)
    assert wanted <= set(found)
    assert all(values.holds(value) for value in found)


def test_moments() -> None:
    found = near(above(NOW), DataType.TIMESTAMP, NOW)
    steps = [timedelta(seconds=1), timedelta(days=1), timedelta(microseconds=1)]
    assert set(found) == {NOW + step for step in steps}
    assert near(EVERYTHING, DataType.TIMESTAMP, NOW)[0] == NOW


@pytest.mark.parametrize(
    ("values", "end"), [(above(LAST - timedelta(hours=1)), LAST), (below(FIRST + timedelta(hours=1)), FIRST)]
)
def test_moments_at_the_ends_of_time(values: OrderedSet, end: datetime) -> None:
    assert end in near(values, DataType.TIMESTAMP, NOW)


def test_of_many_stretches_the_first_and_the_last() -> None:
    found = list(stretches(points(range(100))))
    assert len(found) == 8
    assert found[0] == ((0, 0), (0, 1))
    assert found[-1] == ((99, 0), (99, 1))
