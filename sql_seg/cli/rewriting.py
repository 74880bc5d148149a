"""Changing the files that people have, and showing what would change."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from sql_seg.cli.output import Failure
from sql_seg.diagnostics.report import visible


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

    Raises Failure where that cannot be, or where the file is no longer what it was (``before``).
    """
    import tempfile

    target = path.resolve()
    temporary: Path | None = None
    try:
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Failure(f"{path}: is no regular file, so it cannot be rewritten")
        if not os.access(target, os.W_OK):
            raise Failure(f"{path}: cannot be written: it is read-only")
        if target.read_bytes() != before:
            raise Failure(f"{path}: has changed while it was read, so it is left as it is")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".sql-seg-")
        os.close(handle)
        temporary = Path(name)
        temporary.write_bytes(after)
        with suppress(OSError, AttributeError):
            os.chown(temporary, status.st_uid, status.st_gid)
        temporary.chmod(stat.S_IMODE(status.st_mode))
        temporary.replace(target)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
