"""Which timestamps can be moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sql_seg.language.datatypes import TimeUnit
from sql_seg.sql.reducing import shiftable

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("unit", TimeUnit)
def test_by_nothing_all_can_be_moved(unit: TimeUnit) -> None:
    assert shiftable(unit, 0) == (FIRST, LAST)


@pytest.mark.parametrize(
    ("amount", "bounds"),
    [
        (1, (FIRST, datetime(9999, 11, 30, 23, 59, 59, 999999, tzinfo=UTC))),
        (-1, (datetime(1, 2, 1, tzinfo=UTC), LAST)),
        (10_000 * 12, (LAST, FIRST)),
        (-10_000 * 12, (LAST, FIRST)),
    ],
)
def test_months_that_stay_within_the_years(amount: int, bounds: tuple[datetime, datetime]) -> None:
    assert shiftable(TimeUnit.MONTH, amount) == bounds
