"""What a strategy gives: a fixed number of examples, the same on every run; and the simplest of all."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

_Value = TypeVar("_Value")
_BATCH = 25
_QUIET = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))


def examples(strategy: st.SearchStrategy[_Value], count: int) -> list[_Value]:
    """Return about so many examples.

    They come in batches of their own seeds: within one, Hypothesis likes to repeat itself.
    """
    collected: list[_Value] = []
    for number in range(-(-count // _BATCH)):

        @seed(number)
        @settings(_QUIET, max_examples=min(count, _BATCH), phases=[Phase.generate])
        @given(strategy)
        def collect(value: _Value) -> None:
            collected.append(value)

        collect()
    return collected


def simplest(
    strategy: st.SearchStrategy[_Value], holds: Callable[[_Value], bool] = lambda _: True, *, seed: int = 0
) -> _Value:
    """Return the simplest example of which something holds."""
    return find(strategy, holds, settings=settings(_QUIET, max_examples=3000), random=Random(seed))
