"""Sets of rows as integers: a byte of 0 or 1 for each row, the first row's the lowest.

AND, OR and exclusive OR of whole columns are then single operations of Python's integers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import TypeVar

Mask = int

NONE: Mask = 0
"""No row at all."""

_ONE = re.compile(b"\x01")

_FEW = 0.1
"""Up to such a part of all rows, it is quicker to look for the next one than to ask each."""

_Value = TypeVar("_Value")


def every(length: int) -> Mask:
    """Return the mask of all of so many rows."""
    return of_flags(b"\x01" * length)


def of_flags(flags: bytes | bytearray) -> Mask:
    """Return the mask of the rows whose byte is 1; the others' is 0."""
    return int.from_bytes(flags, "little")


def of_bytes(values: bytes, passes: bytes | bytearray) -> Mask:
    """Return the mask of the rows whose byte passes; ``passes`` is 1 or 0 for each value, from 0 on."""
    return of_flags(values.translate(passes.ljust(256, b"\x00")))


def flags_of(mask: Mask, length: int) -> bytes:
    """Return a byte for each of so many rows: 1 where the mask has it, else 0."""
    return mask.to_bytes(length, "little")


def rows_of(mask: Mask, length: int) -> Iterator[int]:
    """Yield the rows that a mask has, in order."""
    flags = flags_of(mask, length)
    if mask.bit_count() > _FEW * length:
        return compress(range(length), flags)
    return (found.start() for found in _ONE.finditer(flags))


def chosen(values: Sequence[_Value], mask: Mask) -> Iterator[_Value]:
    """Yield, of a value for each row, those of the rows that a mask has, in order."""
    if mask.bit_count() > _FEW * len(values):
        return compress(values, flags_of(mask, len(values)))
    return map(values.__getitem__, rows_of(mask, len(values)))


def of_rows(rows: Iterable[int], length: int) -> Mask:
    """Return the mask of some of so many rows."""
    flags = bytearray(length)
    for row in rows:
        flags[row] = 1
    return of_flags(flags)
