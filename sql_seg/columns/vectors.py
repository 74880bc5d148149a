"""The values of one column over all rows, in the forms in which they are kept.

A value is None where a record has the key with None, and ABSENT where it lacks the key: both are NULL, and
rows come back as they were.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import compress
from sys import byteorder
from typing import Any, Final, Protocol

from sql_seg.columns import masks
from sql_seg.columns.bands import Bands
from sql_seg.columns.copies import copied
from sql_seg.columns.later import Later
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
        return set(masks.chosen(self.values(), rows))

    @abstractmethod
    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        """Return the rows whose value passes a test: all such rows, or those ``among`` some."""

    def mapped(self, function: Callable[[Any], Any]) -> Vector:
        """Return the vector of a function's results; it is called for values and NULL (None)."""
        return PlainVector([function(value) for value in self.values()])


MOST_CODES_OF_A_BYTE = 256
"""How many codes are bytes."""


def packed(codes: Iterable[int], count: int) -> bytes | array[int]:
    """Return codes, each smaller than ``count``, in as few bytes as hold them."""
    if count <= MOST_CODES_OF_A_BYTE:
        return bytes(codes)
    return array("H" if count <= 1 << 16 else "I", codes)


class CodedVector(Vector):
    """A code for each row, and the value of each code: for columns that say the same again and again."""

    __slots__ = ("_dictionary", "codes")

    codes: bytes | array[int]

    def __init__(self, codes: bytes | array[int], dictionary: Sequence[Any]) -> None:
        self.codes = codes
        self._dictionary = dictionary

    @classmethod
    def of(cls, values: Sequence[str | None]) -> CodedVector:
        """Return the vector of texts; None is NULL."""
        codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
        return cls(packed(map(codes.__getitem__, values), len(codes)), list(codes))

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
        return {dictionary[code] for code in set(masks.chosen(self.codes, rows))}

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        passes = test(self.dictionary)
        if 1 not in passes:
            return masks.NONE
        if isinstance(self.codes, bytes):
            found = masks.of_bytes(self.codes, passes)
        else:
            found = _with_codes(self.codes, passes)
        return found if among is None else found & among

    def mapped(self, function: Callable[[Any], Any]) -> CodedVector:
        return CodedVector(self.codes, [function(value) for value in self.dictionary])


_MOST_HIGH_BYTES = 10
"""Up to so many high bytes, it is quicker to ask bytes high and low than to look each code up."""


def _with_codes(codes: array[int], passes: bytes) -> Mask:
    """Return the rows whose code passes; codes of two bytes are asked as two columns of bytes."""
    low_passes = [passes[first : first + 256] for first in range(0, len(passes), 256)]
    asked = [number for number, some in enumerate(low_passes) if 1 in some]
    if codes.itemsize != 2 or len(asked) > _MOST_HIGH_BYTES:
        return masks.of_flags(bytes([passes[code] for code in codes]))
    pairs = codes.tobytes()
    low, high = (pairs[::2], pairs[1::2]) if byteorder == "little" else (pairs[1::2], pairs[::2])
    found = masks.NONE
    for number in asked:
        found |= masks.of_bytes(high, bytes(number) + b"\x01") & masks.of_bytes(low, low_passes[number])
    return found


class PlainVector(Vector):
    """A Python object for each row: for texts that are hardly ever the same, and for mixtures."""

    __slots__ = ("_absent", "_endings", "_has_null", "_values")

    def __init__(self, values: Sequence[Any]) -> None:
        absent = [row for row, value in enumerate(values) if value is ABSENT]
        self._absent = frozenset(absent)
        self._values = list(values)
        for row in absent:
            self._values[row] = None
        self._has_null = None in self._values
        self._endings: Later[CodedVector] = Later()

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

    def mask_of_endings(self, test: Test, among: Mask | None = None) -> Mask:
        """Return the rows whose text passes a test that only asks how it ends, at most from an ``@`` on."""
        endings = self._endings.use(self._of_endings)
        return self.mask(test, among) if endings is None else endings.mask(test, among)

    def _of_endings(self) -> CodedVector:
        return CodedVector.of([value and _ending(value) for value in self._values])


def _ending(text: str) -> str:
    """Return the text from its last ``@`` on: all of it where there is none."""
    return text[max(text.rfind("@"), 0) :]


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
        return self._nulls_told(test, asked(test.without_null, self.numbers, among), among)

    def _nulls_told(self, test: Test, found: Mask, among: Mask | None) -> Mask:
        """Return the rows that were found, as a test has it where they are NULL."""
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

    __slots__ = ("_bands",)

    numbers: array[int]

    def __init__(self, numbers: array[int], nulls: bytes) -> None:
        super().__init__(numbers, nulls)
        self._bands: Later[Bands] = Later()

    @property
    def cost(self) -> int:
        return 3 if self._bands.made is None else 2

    @classmethod
    def of(cls, values: Sequence[int | None]) -> TimeVector:
        """Return the vector of microseconds since 1970; None is NULL."""
        nulls = bytes([NONE if value is None else VALUE for value in values])
        return cls(array("q", [value or 0 for value in values]), nulls if any(nulls) else b"")

    def _decoded(self, number: int) -> datetime:
        return _EPOCH + timedelta(microseconds=number)

    def mask(self, test: Test, among: Mask | None = None) -> Mask:
        return asked(test, self.values(), among)

    def mask_of_microseconds(self, test: Test, named: Iterable[int], among: Mask | None = None) -> Mask:
        """Return the rows whose microseconds since 1970 pass a test: quicker than to ask of datetimes.

        ``named`` are the numbers between which the test has one answer.
        """
        bands = self._bands.use(self._in_bands)
        if bands is None:
            return super().mask(test, among)
        found, unsure = bands.mask(test.without_null, named)
        found |= asked(test.without_null, self.numbers, unsure)
        return self._nulls_told(test, found if among is None else found & among, among)

    def _in_bands(self) -> Bands:
        return Bands(self.numbers)


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
    rows = list(masks.rows_of(among, length))
    passed = test([values[row] for row in rows])
    return masks.of_rows(compress(rows, passed), length)
