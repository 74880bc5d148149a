"""Where a solver takes its choices from: always the simplest, a seeded generator, or what draws integers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Choices(Protocol):
    """A source of choices; whatever it says, a solver's answer is right."""

    def integer(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included; ``low`` is the simplest."""


class Simplest:
    """Always takes what is simplest."""

    def integer(self, low: int, high: int) -> int:  # noqa: ARG002 -- as Choices has it
        """Return ``low``."""
        return low


class Seeded:
    """Takes what a pseudo-random generator says: the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- examples are no secrets

    def integer(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``."""
        return self._random.randint(low, high)


def picked(choices: Choices, options: Sequence[_T]) -> _T:
    """Return one of some options, of which the first is the simplest."""
    return options[choices.integer(0, len(options) - 1)] if len(options) > 1 else options[0]


def ordered(choices: Choices, options: Sequence[_T]) -> list[_T]:
    """Return options in the order to try them in: one that is picked, then the others, simplest first."""
    if len(options) < 2:
        return list(options)
    first = choices.integer(0, len(options) - 1)
    return [options[first], *options[:first], *options[first + 1 :]]
