"""What was found out of an account already: a bounded memory of masks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from sql_seg.columns import Mask

_MOST_BYTES = 2**26
"""How much is remembered: 64 MiB, some 300 conditions of 200,000 contacts."""


class Answers:
    """Masks by what was asked; those that were asked for longest ago are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Mask] = OrderedDict()
        self._bytes = 0

    def get(self, question: Hashable) -> Mask | None:
        """Return what is remembered of a question."""
        answer = self._known.get(question)
        if answer is not None:
            self._known.move_to_end(question)
        return answer

    def remember(self, question: Hashable, answer: Mask) -> None:
        """Remember an answer."""
        if question not in self._known:
            self._bytes += _size(answer)
        self._known[question] = answer
        while self._bytes > _MOST_BYTES and len(self._known) > 1:
            _, forgotten = self._known.popitem(last=False)
            self._bytes -= _size(forgotten)

    def forget(self) -> None:
        """Forget everything."""
        self._known.clear()
        self._bytes = 0


def _size(answer: Mask) -> int:
    return answer.bit_length() // 8 + 100
