"""Whether a file packed by zstd is whole: DuckDB reads one that was cut off as if it ended there."""

from __future__ import annotations

from pathlib import Path
from typing import IO

_FRAME = 0xFD2FB528
_SKIPPABLE, _SKIPPABLE_MASK = 0x184D2A50, 0xFFFFFFF0
_CHECKSUM = 4
_OF_ONE_BYTE = 1
"""The kind of block that is one byte, to be repeated."""
_KINDS = 3
_SIZES_OF_CONTENT = (0, 2, 4, 8)
_SIZES_OF_DICTIONARY = (0, 1, 2, 4)


def is_whole(path: Path) -> bool:
    """Return whether all frames of a file end, going from block to block; nothing is unpacked (RFC 8878)."""
    size = path.stat().st_size
    with path.open("rb") as raw:
        while raw.tell() < size:
            if not _skip_frame(raw, size):
                return False
    return True


def _skip_frame(raw: IO[bytes], size: int) -> bool:
    """Go behind a frame; return whether it was there as a whole."""
    magic = _number(raw, 4)
    if magic & _SKIPPABLE_MASK == _SKIPPABLE:
        raw.seek(_number(raw, 4), 1)
        return raw.tell() <= size
    if magic != _FRAME:
        return False
    described = _number(raw, 1)
    is_single = bool(described & 0x20)
    header = _SIZES_OF_DICTIONARY[described & 3] + _SIZES_OF_CONTENT[described >> 6]
    # one segment has no window; where its content's size takes no flag, it takes a byte
    header += 1 if not is_single or described >> 6 == 0 else 0
    raw.seek(header, 1)
    while raw.tell() + _KINDS <= size:
        block = _number(raw, 3)
        length = 1 if block >> 1 & 3 == _OF_ONE_BYTE else block >> 3
        raw.seek(length, 1)
        if block & 1:
            raw.seek(_CHECKSUM if described & 4 else 0, 1)
            return raw.tell() <= size
    return False


def _number(raw: IO[bytes], size: int) -> int:
    return int.from_bytes(raw.read(size), "little")
