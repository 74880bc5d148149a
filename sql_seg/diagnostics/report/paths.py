"""Names of files as the services write them: with slashes, from the root of the repository."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote


def repository_path(file: str) -> str:
    """Return a file's name with slashes, without ``./`` before it."""
    return PurePath(file).as_posix() if file else file


def uri(file: str) -> str:
    """Return the URI of a file; a relative one stays relative."""
    path = PurePath(file)
    if path.is_absolute():
        drive = "/" if path.drive else ""
        return f"file://{drive}{_quoted(path.as_posix())}"
    relative = _quoted(path.as_posix())
    # A colon in the first part would make it a scheme.
    first, slash, rest = relative.partition("/")
    return first.replace(":", "%3A") + slash + rest


def _quoted(path: str) -> str:
    return quote(path.encode(errors="surrogateescape"), safe="/:")
