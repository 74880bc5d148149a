"""Names of files as the services write them: with slashes, from the root of the repository."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from urllib.parse import quote

_ROOTS = ("CI_PROJECT_DIR", "GITHUB_WORKSPACE")
"""Where services say in which directory the repository lies."""


def repository_path(file: str) -> str:
    """Return a file's name with slashes, as it is seen from the root of its repository.

    The root is what the service says, else the top of Git's working tree, in whatever folder the command
    runs. A file outside of it, and what is no file, keeps its name.
    """
    if not file or file.startswith("<"):
        return file
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return PurePath(file).as_posix()
    root = _root(here, *(os.environ.get(name, "") for name in _ROOTS))
    if root is None:
        return PurePath(file).as_posix()
    path = here / file
    place = path.parent.resolve() / path.name
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else PurePath(file).as_posix()


def _root(here: Path, *said: str) -> Path | None:
    """Return the root of the repository that a directory is in, None if it is in none."""
    here = here.resolve()
    for text in said:
        if text and here.is_relative_to(root := Path(text).resolve()):
            return root
    return git_top(here)


def git_top(place: Path) -> Path | None:
    """Return the folder of the Git repository that a place is in, None where it is in none."""
    return next((level for level in (place, *place.parents) if _exists(level / ".git")), None)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def uri(file: str) -> str:
    """Return the URI of a file; a relative one stays relative."""
    path = PurePath(repository_path(file))
    if path.is_absolute():
        drive = "/" if path.drive else ""
        return f"file://{drive}{_quoted(path.as_posix())}"
    relative = _quoted(path.as_posix())
    # A colon in the first part would make it a scheme.
    first, slash, rest = relative.partition("/")
    return first.replace(":", "%3A") + slash + rest


def _quoted(path: str) -> str:
    return quote(path.encode(errors="surrogateescape"), safe="/:")
