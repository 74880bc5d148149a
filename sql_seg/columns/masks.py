"""Sets of rows as integers: a byte of 0 or 1 for each row, the first row's the lowest.

AND, OR and exclusive OR of whole columns are then single operations of Python's integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress

Mask = int

NONE: Mask = 0
"""No row at all."""


def every(length: int) -> Mask:
    """Return the mask of all of so many rows."""
    return of_flags(b"\x01" * length)


def of_flags(flags: bytes | bytearray) -> Mask:
    """Return the mask of the rows whose byte is 1; the others' is 0."""
    return int.from_bytes(flags, "little")


def flags_of(mask: Mask, length: int) -> bytes:
    """Return a byte for each of so many rows: 1 where the mask has it, else 0."""
    return mask.to_bytes(length, "little")


def rows_of(mask: Mask, length: int) -> Iterator[int]:
    """Yield the rows that a mask has, in order."""
    return compress(range(length), flags_of(mask, length))


def of_rows(rows: Iterable[int], length: int) -> Mask:
    """Return the mask of some of so many rows."""
    flags = bytearray(length)
    for row in rows:
        flags[row] = 1
    return of_flags(flags)
