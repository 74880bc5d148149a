"""The values of one column over all rows, in the forms in which they are kept.

A value is None where a record has the key with None, and ABSENT where it lacks the key: both are NULL, and
rows come back as they were.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import compress
from typing import Any, Final, Protocol

from sql_seg.columns import masks
from sql_seg.columns.copies import copied
from sql_seg.columns.masks import Mask


class Absent(Enum):
    """The type of ABSENT."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""Stands where a record lacks the key."""


class Test(Protocol):
    """Asks something of values: gives a byte of 1 or 0 for each."""

    def __call__(self, values: Sequence[Any], /) -> bytes:
        """Ask it of values, None being NULL."""

    def without_null(self, values: Sequence[Any], /) -> bytes:
        """Ask it of values of which none is NULL."""


class _NullTest:
    def __call__(self, values: Sequence[Any], /) -> bytes:
        return bytes([value is None for value in values])

    def without_null(self, values: Sequence[Any], /) -> bytes:
        return bytes(len(values))


_NULL_TEST = _NullTest()

_FEW = 0.25
"""Of up to such a part of all rows, it is quicker to take their values out before they are asked."""


class Vector(ABC):
    """The values of one column."""

    @property
    @abstractmethod
    def cost(self) -> int:
        """What it costs to ask of all rows, beside other kinds: the cheap ones are asked first."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __getitem__(self, row: int) -> Any:
        """Return the value of a row, or ABSENT; a list or dict is a copy."""

    @abstractmethod
    def __iter__(self) -> Iterator[Any]:
        """Yield the values of all rows, or ABSENT; lists and dicts are those that are kept."""

    def values(self) -> Sequence[Any]:
        """Return the values of all rows, None for NULL: to read, never to change."""
        return [None if value is ABSENT else value for value in self]

    @property
    def null(self) -> Mask:
        """The rows whose value is NULL."""
        return self.mask(_NULL_TEST)

    def among(self, rows: Mask) -> set[Any]:
        """Return the values that some rows have, None for NULL; they must be hashable."""
        return set(compress(self.values(), masks.flags_of(rows, len(self))))

    @abstractmethod
    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        """Return the rows whose value passes a test: all such rows, or those ``among`` some."""

    def mapped(self, function: Callable[[Any], Any]) -> Vector:
        """Return the vector of a function's results; it is called for values and NULL (None)."""
        return PlainVector([function(value) for value in self.values()])


class CodedVector(Vector):
    """A code for each row, and the value of each code: for columns that say the same again and again."""

    __slots__ = ("_dictionary", "codes")

    codes: bytes | array[int]

    def __init__(self, codes: bytes | array[int], dictionary: Sequence[Any]) -> None:
        self.codes = codes
        self._dictionary = dictionary

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Any:
        return copied(self._dictionary[self.codes[row]])

    def __iter__(self) -> Iterator[Any]:
        return map(self._dictionary.__getitem__, self.codes)

    @property
    def cost(self) -> int:
        return 1 if isinstance(self.codes, bytes) else 2

    @property
    def dictionary(self) -> list[Any]:
        """The value of each code, None for NULL."""
        return [None if value is ABSENT else value for value in self._dictionary]

    def values(self) -> list[Any]:
        return list(map(self.dictionary.__getitem__, self.codes))

    def among(self, rows: Mask) -> set[Any]:
        dictionary = self.dictionary
        return {dictionary[code] for code in set(compress(self.codes, masks.flags_of(rows, len(self))))}

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        passes = test(self.dictionary)
        if 1 not in passes:
            return masks.NONE
        if isinstance(self.codes, bytes):
            found = masks.of_flags(self.codes.translate(passes.ljust(256, b"\x00")))
        else:
            found = masks.of_flags(bytes([passes[code] for code in self.codes]))
        return found if among is None else found & among

    def mapped(self, function: Callable[[Any], Any]) -> CodedVector:
        return CodedVector(self.codes, [function(value) for value in self.dictionary])


class PlainVector(Vector):
    """A Python object for each row: for texts that are hardly ever the same, and for mixtures."""

    __slots__ = ("_absent", "_has_null", "_values")

    def __init__(self, values: Sequence[Any]) -> None:
        absent = [row for row, value in enumerate(values) if value is ABSENT]
        self._absent = frozenset(absent)
        self._values = list(values)
        for row in absent:
            self._values[row] = None
        self._has_null = None in self._values

    @property
    def cost(self) -> int:
        return 4

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, row: int) -> Any:
        return ABSENT if row in self._absent else copied(self._values[row])

    def __iter__(self) -> Iterator[Any]:
        if not self._absent:
            return iter(self._values)
        return (ABSENT if row in self._absent else value for row, value in enumerate(self._values))

    def values(self) -> list[Any]:
        return self._values

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        return asked(test if self._has_null else test.without_null, self._values, among)


class NumberVector(Vector):
    """Machine integers or doubles: all values are of that one type.

    ``nulls`` has a byte for each row: VALUE, NONE or MISSING; it is empty where all rows have a value.
    """

    __slots__ = ("_null", "_nulls", "numbers")

    numbers: array[int] | array[float]
    """The numbers; 0 where a row has none."""

    def __init__(self, numbers: array[int] | array[float], nulls: bytes) -> None:
        self.numbers = numbers
        self._nulls = nulls
        self._null = masks.of_flags(nulls.translate(_IS_NULL))

    @property
    def cost(self) -> int:
        return 3

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: int) -> Any:
        if self._nulls and self._nulls[row] != VALUE:
            return None if self._nulls[row] == NONE else ABSENT
        return self._decoded(self.numbers[row])

    def __iter__(self) -> Iterator[Any]:
        decoded = map(self._decoded, self.numbers)
        if not self._nulls:
            return decoded
        return (
            value if null == VALUE else None if null == NONE else ABSENT
            for value, null in zip(decoded, self._nulls, strict=True)
        )

    def _decoded(self, number: Any) -> Any:
        return number

    @property
    def null(self) -> Mask:
        return self._null

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        found = asked(test.without_null, self.numbers, among)
        if not self._null:
            return found
        found &= ~self._null
        if test([None]) != b"\x01":
            return found
        return found | (self._null if among is None else self._null & among)


VALUE, NONE, MISSING = 0, 1, 2
_IS_NULL = bytes([0, 1, 1]).ljust(256, b"\x00")


class TimeVector(NumberVector):
    """Timestamps in UTC, as microseconds since 1970."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Sequence[int | None]) -> TimeVector:
        """Return the vector of microseconds since 1970; None is NULL."""
        nulls = bytes([NONE if value is None else VALUE for value in values])
        return cls(array("q", [value or 0 for value in values]), nulls if any(nulls) else b"")

    def _decoded(self, number: int) -> datetime:
        return _EPOCH + timedelta(microseconds=number)

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        return asked(test, self.values(), among)

    def mask_of_microseconds(self, test: Test, among: Mask | None = None) -> Mask:
        """Return the rows whose microseconds since 1970 pass a test: quicker than to ask of datetimes."""
        return super().mask(test, among)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return the microseconds from 1970 to an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def asked(test: Callable[[Sequence[Any]], bytes], values: Sequence[Any], among: Mask | None) -> Mask:
    """Return the rows whose value passes a test: all such rows, or those ``among`` some."""
    length = len(values)
    if among is None:
        return masks.of_flags(test(values))
    if among.bit_count() > _FEW * length:
        return masks.of_flags(test(values)) & among
    flags = masks.flags_of(among, length)
    passed = test(list(compress(values, flags)))
    return masks.of_rows(compress(compress(range(length), flags), passed), length)
