"""What files are that are no text in UTF-8, as far as their first bytes show."""

from __future__ import annotations

import codecs
from functools import lru_cache
from pathlib import Path

_SPREADSHEET = "not text: save it as CSV, or as text, in UTF-8"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"
_ONCE = 1 << 20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN = {
    b"BZh": "is packed by bzip2: unpack it",
    b"\xfd7zXZ\0": "is packed by xz: unpack it",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive: unpack it",
    b"Rar!\x1a\x07": "is a rar archive: unpack it",
    b"\x1f\x8b": "is packed twice by gzip: unpack it once",
    b"%PDF-": "is a PDF, not text",
    b"SQLite format 3\0": "is a SQLite database, not text",
    b"PAR1": "is a Parquet file, not text",
}
"""What files begin with, and what they are."""
_TAR = slice(257, 262)


def why_no_text(content: bytes) -> str | None:
    """Return what a file is, and what to do about it, where its content or the start of it is no text.

    None where nothing speaks against it; it may be in another encoding even so.
    """
    if content.startswith(_UTF_16) or _alternates(content[:4]):
        return "is UTF-16; save it as UTF-8"
    if content.startswith(_OLD_OFFICE):
        return f"is a spreadsheet (.xls), {_SPREADSHEET}"
    if content.startswith(_ZIP):
        is_xlsx = b"xl/" in content or b"[Content_Types].xml" in content
        return f"is a spreadsheet (.xlsx), {_SPREADSHEET}" if is_xlsx else "is a zip archive: unpack it"
    for start, said in _KNOWN.items():
        if content.startswith(start):
            return said
    if content[8:12] == b"DUCK":
        return "is a DuckDB database: an account that sql-seg load has written is given with --account"
    if content[_TAR] == b"ustar":
        return "is a tar archive: unpack it"
    return "is binary, not UTF-8 text" if 0 in content else None


def _alternates(start: bytes) -> bool:
    """Return whether every other one of four bytes is zero, as in ASCII written as UTF-16."""
    return len(start) == 4 and start.count(0) == 2 and 0 in (start[0] + start[2], start[1] + start[3])


def holds_nul(path: Path) -> bool:
    """Return whether a file has a zero byte. It is searched once for each of its states."""
    status = path.stat()
    return _holds_nul(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _holds_nul(path: Path, _size: int, _changed: int) -> bool:
    piece = bytearray(_ONCE)
    with path.open("rb", buffering=0) as raw:
        while read := raw.readinto(piece):
            if piece.find(0, 0, read) >= 0:
                return True
    return False
