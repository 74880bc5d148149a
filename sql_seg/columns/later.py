"""What is worth making only if it is used again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_Made = TypeVar("_Made")


class Later(Generic[_Made]):
    """Something that takes longer to make than it saves at one use: made at the second."""

    __slots__ = ("_is_used", "made")

    made: _Made | None
    """The thing, once it is made."""

    def __init__(self) -> None:
        self.made = None
        self._is_used = False

    def use(self, make: Callable[[], _Made]) -> _Made | None:
        """Return the thing, None at the first use."""
        if self._is_used and self.made is None:
            self.made = make()
        self._is_used = True
        return self.made
