"""The one "now" of an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sql_seg.language.timestamps import the_moment

EAST = timezone(timedelta(hours=5))


def test_it_is_in_utc() -> None:
    assert the_moment(datetime(2026, 11, 23, 5, tzinfo=EAST)) == datetime(2026, 11, 23, tzinfo=UTC)


def test_none_is_this_moment() -> None:
    before = datetime.now(UTC)
    assert before <= the_moment(None) <= datetime.now(UTC)


def test_a_naive_datetime_names_no_instant() -> None:
    with pytest.raises(ValueError, match="must be an aware datetime"):
        the_moment(datetime(2026, 11, 23))


def test_an_instant_before_the_year_1() -> None:
    with pytest.raises(ValueError, match="outside the years"):
        the_moment(datetime(1, 1, 1, tzinfo=EAST))


@pytest.mark.parametrize("now", ["2026-11-23", 1795000000])
def test_what_is_no_datetime(now: Any) -> None:
    with pytest.raises(TypeError, match=r"not (str|int)"):
        the_moment(now)
