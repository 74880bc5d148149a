"""Integers by the band in which they lie: what only compares them need not be asked of each.

Between two of the integers that a condition names it has one answer. One integer then answers for all of a
band, but for the bands in which a named one lies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sql_seg.columns import masks
from sql_seg.columns.masks import Mask

_MOST_BOUNDS = 255
_SAMPLE = 4096


class Bands:
    """The band of each of some integers, of which there are about as many in one band as in another."""

    __slots__ = ("_bands", "_bounds")

    def __init__(self, numbers: Sequence[int]) -> None:
        sample = sorted(numbers[:: len(numbers) // _SAMPLE + 1])
        self._bounds = sorted(set(sample[:: len(sample) // _MOST_BOUNDS + 1]))
        self._bands = bytes(map(partial(bisect_right, self._bounds), numbers))

    def mask(self, test: Callable[[Sequence[int]], bytes], named: Iterable[int]) -> tuple[Mask, Mask]:
        """Return the rows that surely pass a test, and those of which it must be asked.

        ``named`` are the integers between which the test has one answer.
        """
        first = self._bounds[0] - 1 if self._bounds else 0
        passes = bytearray(test([first, *self._bounds]))
        unsure = bytearray(len(passes))
        for number in named:
            band = bisect_right(self._bounds, number)
            passes[band], unsure[band] = 0, 1
        return masks.of_bytes(self._bands, passes), masks.of_bytes(self._bands, unsure)
