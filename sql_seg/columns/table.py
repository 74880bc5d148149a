"""Records as a table: a vector for each key, and the records back out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from sql_seg.columns import masks
from sql_seg.columns.encoding import encoded
from sql_seg.columns.masks import Mask
from sql_seg.columns.vectors import ABSENT, Vector

Record = dict[str, Any]


class Table(Sequence[Record]):
    """Records, made anew each time that they are asked for."""

    __slots__ = ("_length", "vectors")

    vectors: Mapping[str, Vector]
    """The values of each key that a record has."""

    def __init__(self, vectors: Mapping[str, Vector], length: int) -> None:
        self.vectors = vectors
        self._length = length

    @classmethod
    def of(cls, records: Sequence[Mapping[str, Any]]) -> Table:
        """Return the table of records, which may then be changed: it has none of them."""
        keys = dict.fromkeys(key for record in records for key in record)
        return cls(
            {key: encoded([record.get(key, ABSENT) for record in records]) for key in keys}, len(records)
        )

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        rows = range(self._length)[index]
        return self.record(rows) if isinstance(rows, int) else list(self.records(rows))

    def __iter__(self) -> Iterator[Record]:
        return self.records(range(self._length))

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        values = ((key, vector[row]) for key, vector in self.vectors.items())
        return {key: value for key, value in values if value is not ABSENT}

    def records(self, rows: Iterable[int]) -> Iterator[Record]:
        """Yield the records of some rows."""
        return map(self.record, rows)

    def chosen(self, rows: Mask) -> Iterator[Record]:
        """Yield the records of the rows of a mask."""
        return self.records(masks.rows_of(rows, self._length))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
