"""Changing the files that people have, and showing what would change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sql_seg.diagnostics.report import visible
from sql_seg.errors import SegmentFileError
from sql_seg.sources.content import no_place
from sql_seg.workspace.leftovers import prefix_for, remove_leftovers_of


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
        if not os.access(target, os.W_OK):
            raise _refused(path, "cannot be written: it is read-only")
        if target.read_bytes() != before:
            raise _refused(path, "has changed while it was read, so it is left as it is")
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from error
    _replace(path, target, after, status)


def write_file(path: Path, content: bytes) -> None:
    """Write a file, new or not, all or nothing; a pipe or a device is written to as it is.

    Raises SegmentFileError where that cannot be.
    """
    target = path.resolve()
    try:
        status = target.stat() if target.exists() else None
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise _refused(path, "is a directory, not a file")
        if status is not None and not stat.S_ISREG(status.st_mode):
            target.write_bytes(content)
            return
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from error
    _replace(path, target, content, status)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give what a file's new content is written to; it takes the file's place where nothing is raised.

    Raises SegmentFileError where that cannot be.
    """
    target = path.resolve()
    try:
        status = target.stat() if target.exists() else None
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from error
    with _replacing(path, target, status) as file:
        yield file


def _replace(path: Path, target: Path, content: bytes, status: os.stat_result | None) -> None:
    with _replacing(path, target, status) as file:
        file.write(content)


@contextmanager
def _replacing(path: Path, target: Path, status: os.stat_result | None) -> Iterator[BinaryIO]:
    import tempfile

    temporary: Path | None = None
    try:
        remove_leftovers_of(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix_for(target.name))
        os.close(handle)
        temporary = Path(name)
        with temporary.open("wb") as file:
            yield file
        if status is not None:
            with suppress(OSError, AttributeError):
                os.chown(temporary, status.st_uid, status.st_gid)
        temporary.chmod(_new_mode() if status is None else stat.S_IMODE(status.st_mode))
        temporary.replace(target)
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _new_mode() -> int:
    """Return the mode that a new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _refused(path: Path, message: str) -> SegmentFileError:
    return no_place(str(path), message)
