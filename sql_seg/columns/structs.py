"""JSON objects as columns: a vector for each key."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from sql_seg.columns.masks import Mask
from sql_seg.columns.vectors import ABSENT, Test, Vector, asked

MOST_KEYS = 256
"""Objects with more different keys than so many are kept as they are."""


class StructVector(Vector):
    """Objects. ``presence`` is True where a row has one, else None or ABSENT."""

    __slots__ = ("_fields", "presence")

    presence: Vector

    def __init__(self, presence: Vector, fields: Mapping[Hashable, Vector]) -> None:
        self.presence = presence
        self._fields = fields

    @property
    def cost(self) -> int:
        return 6

    def __len__(self) -> int:
        return len(self.presence)

    def field(self, key: str) -> Vector | None:
        """Return the values of a key; None if no object has it."""
        return self._fields.get(key)

    def __getitem__(self, row: int) -> Any:
        if self.presence[row] is not True:
            return self.presence[row]
        values = ((key, vector[row]) for key, vector in self._fields.items())
        return {key: value for key, value in values if value is not ABSENT}

    def __iter__(self) -> Iterator[Any]:
        return (self[row] for row in range(len(self)))

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        return asked(test, self.values(), among)
