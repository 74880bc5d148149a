"""Finding files and opening them as text; whatever goes wrong comes out as RecordError."""

from __future__ import annotations

import codecs
import glob
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

from sql_seg.errors import RecordError
from sql_seg.file_kinds import why_no_text

FilePath = str | os.PathLike[str]

_GZIP_MAGIC = b"\x1f\x8b"
_SNIFFED = 4096


def expand(paths: FilePath | Iterable[FilePath]) -> list[Path]:
    """Return the files that paths and globs name, in the order given, a glob's own sorted.

    Raises RecordError for a glob without matches. A file that exists is never taken for a glob.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    return [path for given in paths for path in _expand_one(os.fspath(given))]


def _expand_one(given: str) -> list[Path]:
    if "\0" in given:
        raise RecordError(f"{given!r}: cannot be read: no path holds a NUL", file=given)
    if not glob.has_magic(given) or os.path.lexists(given):
        return [Path(given)]
    found = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
    if not found:
        raise RecordError(f"{given}: no file matches", file=given)
    return [Path(path) for path in found]


@contextmanager
def open_text(path: Path) -> Iterator[TextIOWrapper]:
    """Open a file as text: UTF-8 with or without a byte order mark, gzipped or not; line ends as they are.

    Raises RecordError, while reading too, where the file is missing, a directory, binary, not UTF-8
    or not whole.
    """
    try:
        with readable(str(path)), path.open("rb") as raw, _unzipped(raw) as stream:
            why = why_no_text(stream.peek(_SNIFFED)[:_SNIFFED])
            if why is not None:
                raise RecordError(f"{path}: {why}", file=str(path))
            yield TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error


@contextmanager
def readable(named: str) -> Iterator[None]:
    """Let whatever is wrong with a file come out as RecordError."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RecordError(f"{named}: is no whole gzip file: {error}", file=named) from error
    except IsADirectoryError as error:
        raise RecordError(f"{named}: is a directory, not a file", file=named) from error
    except FileNotFoundError as error:
        raise RecordError(f"{named}: no such file", file=named) from error
    except OSError as error:
        raise RecordError(f"{named}: cannot be read: {error.strerror or error}", file=named) from error


def _unzipped(raw: BufferedReader) -> BufferedReader:
    if raw.peek(2)[:2] == _GZIP_MAGIC:
        return BufferedReader(gzip.open(raw))
    return raw


def _not_utf8(path: Path) -> RecordError:
    line = _first_bad_line(path)
    place = f"{path}, line {line}" if line else str(path)
    return RecordError(f"{place}: is not UTF-8 text", file=str(path), row=line)


def _first_bad_line(path: Path) -> int | None:
    """Return the number of the first line that is not UTF-8, or None where it cannot be found again."""
    try:
        with path.open("rb") as raw, _unzipped(raw) as stream:
            return next((n for n, line in enumerate(cast("BinaryIO", stream), 1) if not is_utf8(line)), None)
    except (OSError, EOFError, zlib.error):
        return None


def codec_of(encoding: str | None) -> str | None:
    """Return the codec for an encoding, None for UTF-8 by any of its names, with a byte order mark or not.

    Raises RecordError for what is no encoding of text.
    """
    if encoding is None:
        return None
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)
    except (LookupError, ValueError) as error:
        raise RecordError(f"there is no encoding {encoding!r}") from error
    return None if codec in ("utf-8", "utf-8-sig") else codec


def is_utf8(line: bytes) -> bool:
    """Return whether a line is UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
