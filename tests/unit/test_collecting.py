"""The collector looks less often while a long query is worked on, and is left as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from sql_seg import QuerySyntaxError, parse, to_text
from sql_seg.collecting import LONG, SELDOM, collecting_seldom, seldom_collected


@pytest.fixture
def usual() -> Iterator[tuple[int, int, int]]:
    """Return thresholds as users have them, and give back those of the tests."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def long_query() -> str:
    return " OR ".join(f"city = 'city {number}'" for number in range(LONG // 10))


def test_it_looks_less_often_at_a_long_text_and_is_never_off(usual: tuple[int, int, int]) -> None:
    with collecting_seldom("x" * (LONG + 1)):
        new, young, old = gc.get_threshold()
        assert new > 10_000
        assert young > 10
        assert old == usual[2]
        assert gc.isenabled()
    assert gc.get_threshold() == usual


def test_of_a_short_text_nothing_changes(usual: tuple[int, int, int]) -> None:
    with collecting_seldom("x" * LONG):
        assert gc.get_threshold() == usual


def test_whoever_leaves_last_puts_it_back(usual: tuple[int, int, int]) -> None:
    with collecting_seldom(long_query()):
        with collecting_seldom(parse(long_query())):
            pass
        assert gc.get_threshold() != usual
    assert gc.get_threshold() == usual


def test_an_error_puts_it_back(usual: tuple[int, int, int]) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(long_query() + " OR")
    assert gc.get_threshold() == usual
    assert to_text(parse(long_query())) == long_query()
    assert gc.get_threshold() == usual


def test_higher_thresholds_and_none_at_all_stay(usual: tuple[int, int, int]) -> None:
    for chosen in ((10**6, 10**3, 10), (0, 10, 10)):
        gc.set_threshold(*chosen)
        with collecting_seldom(long_query()):
            assert gc.get_threshold() == chosen
        assert gc.get_threshold() == chosen


def test_thresholds_that_are_set_meanwhile_stay(usual: tuple[int, int, int]) -> None:
    with collecting_seldom(long_query()):
        gc.set_threshold(5_000, 10, 10)
    assert gc.get_threshold() == (5_000, 10, 10)


def test_a_function_takes_its_text_by_name_too(usual: tuple[int, int, int]) -> None:
    @seldom_collected
    def thresholds(text: str) -> tuple[int, int, int]:
        return gc.get_threshold()

    assert thresholds(text="short") == usual
    assert thresholds(text=long_query())[0] > 10_000
    assert parse(text="city = 'x'") == parse("city = 'x'")


def test_work_on_many_queries_is_collected_seldom_too(usual: tuple[int, int, int]) -> None:
    met: list[tuple[int, int, int]] = []

    @SELDOM
    def work() -> None:
        met.append(gc.get_threshold())

    work()
    assert met[0][0] > 10_000
    assert gc.get_threshold() == usual
