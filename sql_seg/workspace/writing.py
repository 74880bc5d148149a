"""Changing the files that people have, and showing what would change."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sql_seg.diagnostics.formats import visible
from sql_seg.errors import SegmentFileError
from sql_seg.sources.reading import no_place
from sql_seg.whole_files import whole_file, why_not_written, write_whole


def as_diff(before: str, after: str, name: str, how: str) -> str:
    """Return the unified diff between two texts; it is empty where they are the same."""
    import difflib

    shown = visible(name)
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), shown, f"{shown} ({how})"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def rewrite(path: Path, before: bytes, after: bytes) -> None:
    """Replace a file's content, all or nothing; its mode and owner stay, and a link stays a link.

    Raises SegmentFileError where that cannot be, or where the file is no longer what it was (``before``).
    """
    target = path.resolve()
    try:
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "is no regular file, so it cannot be rewritten")
        if target.read_bytes() != before:
            raise _refused(path, "has changed while it was read, so it is left as it is")
        write_whole(target, after)
    except OSError as error:
        raise _refused(path, why_not_written(error)) from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file, new or not, all or nothing; a pipe, a device or a stream is written to as it is.

    Raises SegmentFileError where that cannot be.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise _refused(path, why_not_written(error)) from error


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give what a file's new content is written to; it takes the file's place where nothing is raised.

    Raises SegmentFileError where that cannot be.
    """
    try:
        with whole_file(path) as part, part.open("wb") as file:
            yield file
    except OSError as error:
        raise _refused(path, why_not_written(error)) from error


def _refused(path: Path, message: str) -> SegmentFileError:
    return no_place(str(path), message)
