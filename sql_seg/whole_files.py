"""Files that are there whole or not at all, whatever ends the run that writes them.

What is written is a *part* first, beside its place; its name says what it is, and which process writes it:
``.vip.sql.sql-seg-tmp-4711-1a2b3c4d``. When it is whole it takes its place. Its name is known before it is
made, so there is no moment at which Ctrl-C meets a part that nobody knows. What is still known when Python
ends is removed then. What a killed process leaves is no query for any command, and the next write into the
folder removes it.

A place keeps what it was: a link stays a link and what it leads to is written, mode and owner stay. A pipe, a
device or ``/dev/stdout`` has no place that could be taken: what was written is copied there once it is whole.
"""

from __future__ import annotations

import atexit
import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

LEFTOVER = ".sql-seg-tmp-"
"""What stands in the name of a part."""

_PART = re.compile(rf"\.(?P<name>.+){re.escape(LEFTOVER)}(?P<process>\d+)-\w+\Z", re.DOTALL)
_MOST_NAMED = 50
"""How much of a file's name its part is called after: a name has at most 255 bytes."""
_A_WHILE = 60.0
"""Seconds after which nobody still writes, where it cannot be known whether the process lives."""
_BEFORE = "before"
_MOST_REMOVALS, _A_MOMENT = 50, 0.02
_MOST_LINKS = 40
_STREAM = re.compile(r"/dev/(?P<named>stdout|stderr)|(?:/dev|/proc/(?P<process>self|\d+))/fd/(?P<number>\d+)")

_parts: set[Path] = set()
"""The parts of this process, from before they are made until they are gone."""


class UnwritableError(OSError):
    """A place that cannot be written to; ``strerror`` is all that is to be said of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EINVAL, reason)


def why_not_written(error: OSError) -> str:
    """Return what is to be said of a file that could not be written, behind its name."""
    if isinstance(error, UnwritableError):
        return str(error.strerror)
    return f"cannot be written: {error.strerror or error}"


class _Target(NamedTuple):
    """Where a file is really written: without links, and what is there now, if anything."""

    path: Path
    status: os.stat_result | None
    stream: int | None = None

    @property
    def is_special(self) -> bool:
        """Whether nothing can take its place: a pipe, a device, an open stream."""
        return self.stream is not None or (
            self.status is not None
            and not stat.S_ISREG(self.status.st_mode)
            and not stat.S_ISDIR(self.status.st_mode)
        )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file to write into; where nothing is raised it takes its place.

    Raises OSError where that cannot be; see ``why_not_written``.
    """
    place = _place(path)
    if place.status is not None and stat.S_ISDIR(place.status.st_mode):
        raise UnwritableError("is a directory, not a file")
    with _part(place) as part:
        # until it takes the place of a file that others may not read, they may not read it
        mode = 0o666 if place.status is None else 0o600
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
        yield part
        take_place(part, path)


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """Give a folder beside a place, to make in it what ``take_place`` then puts there; in the end it is gone.

    Raises OSError where that cannot be; see ``why_not_written``.
    """
    with _part(_place(path)) as part:
        part.mkdir(mode=0o700)
        yield part


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, new or not. Raises OSError where that cannot be; see ``why_not_written``."""
    place = _place(path)
    if place.is_special:
        with _opened(place) as out:
            _pour(content, out)
        return
    with whole_file(path) as part:
        part.write_bytes(content)


def take_place(made: Path, path: Path) -> None:
    """Put a finished file or folder, which stands beside a place, into it. Raises OSError."""
    place = _place(path)
    if place.is_special:
        with made.open("rb") as file, _opened(place) as out:
            while piece := file.read(1 << 20):
                _pour(piece, out)
    elif made.is_dir():
        _take_place_of_folder(made, place)
    else:
        if place.status is not None:
            with suppress(OSError, AttributeError):
                os.chown(made, place.status.st_uid, place.status.st_gid)
            made.chmod(stat.S_IMODE(place.status.st_mode))
        made.replace(place.path)


def _take_place_of_folder(made: Path, place: _Target) -> None:
    """Put a folder in the place of another, which stays until the new one is there."""
    if place.status is None:
        made.rename(place.path)
        return
    with _part(place) as aside:
        aside.mkdir(mode=0o700)
        try:
            place.path.rename(aside / _BEFORE)
            made.rename(place.path)
        finally:
            _put_back(aside, place.path)


def _put_back(aside: Path, path: Path) -> None:
    """Put a folder back that was moved aside, where no other has taken its place."""
    if (aside / _BEFORE).exists() and not path.exists():
        (aside / _BEFORE).rename(path)


@contextmanager
def _part(place: _Target) -> Iterator[Path]:
    """Give the name of a part, which nothing has yet; whatever has it in the end is removed."""
    folder = _temporary_folder() if place.is_special else place.path.parent
    _refuse(place, folder)
    for path in _leftovers_in(folder):
        remove_leftover(path)
    part = folder / f".{place.path.name[:_MOST_NAMED]}{LEFTOVER}{os.getpid()}-{os.urandom(4).hex()}"
    _parts.add(part)
    try:
        yield part
    finally:
        _remove(part)
        _parts.discard(part)


def _temporary_folder() -> Path:
    import tempfile

    return Path(tempfile.gettempdir())


def _refuse(place: _Target, folder: Path) -> None:
    """Raise UnwritableError for what the system would not say well, or not say at all."""
    if place.is_special:
        return
    if not folder.is_dir():
        raise UnwritableError(f"there is no folder {folder}")
    if place.status is not None and not _may_write(place.path):
        raise UnwritableError("cannot be written: it is read-only")
    if not _may_write(folder):
        raise UnwritableError(f"cannot be written: its folder {folder} is read-only")


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _place(path: Path) -> _Target:
    stream = _stream(path)
    if stream is not None:
        return _Target(path, None, stream)
    real = Path(os.path.realpath(path))
    try:
        return _Target(real, real.stat())
    except FileNotFoundError:
        return _Target(real, None)


def _stream(path: Path) -> int | None:
    """Return which of this process's open streams a path means, if one.

    Standard output may be a file: what is said there stands behind what was, and takes no other's place.
    """
    named = os.path.abspath(path)  # noqa: PTH100 -- links are followed one by one
    for _ in range(_MOST_LINKS if os.name == "posix" else 0):
        found = _STREAM.fullmatch(named)
        if found is not None and found["process"] in (None, "self", str(os.getpid())):
            return int(found["number"] or (1 if found["named"] == "stdout" else 2))
        try:
            named = os.path.normpath(Path(named).parent / os.readlink(named))  # noqa: PTH115
        except OSError:
            return None
    return None


@contextmanager
def _opened(place: _Target) -> Iterator[int]:
    """Give the descriptor of a pipe, a device or a stream."""
    opened = os.open(place.path, os.O_WRONLY) if place.stream is None else os.dup(place.stream)
    try:
        yield opened
    finally:
        os.close(opened)


def _pour(content: bytes, out: int) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(out, view) :]


# what is left of runs that were killed


def is_leftover(name: str) -> bool:
    """Return whether a file is called as a part."""
    return LEFTOVER in name and _PART.match(name) is not None


def remove_leftover(path: Path) -> None:
    """Remove a part, unless whoever made it may still be writing; a folder that it holds goes back."""
    found = _PART.match(path.name)
    if found is None or _may_be_written(path, int(found["process"])):
        return
    with suppress(OSError):
        if len(found["name"]) < _MOST_NAMED:
            _put_back(path, path.parent / found["name"])
    _remove(path)


def _leftovers_in(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in os.listdir(folder) if is_leftover(name)]  # noqa: PTH208
    except OSError:
        return []


def _may_be_written(path: Path, process: int) -> bool:
    if path in _parts:
        return True
    if os.name == "posix" and process != os.getpid():  # its own number may be that of another container's
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:  # it lives, and is somebody else's
            pass
    try:
        return time.time() - path.stat().st_mtime < _A_WHILE
    except OSError:
        return False


def _remove(part: Path) -> None:
    """Remove a part; a statement that was just interrupted may still write into it for a moment."""
    for _ in range(_MOST_REMOVALS):
        try:
            part.unlink()
        except FileNotFoundError:
            return
        except OSError:
            import shutil

            shutil.rmtree(part, ignore_errors=True)
        if not os.path.lexists(part):
            return
        time.sleep(_A_MOMENT)


@atexit.register
def _remove_all() -> None:
    """Remove what is left of this process; a copy of it that was forked leaves its parent's parts alone."""
    for part in _parts:
        if f"{LEFTOVER}{os.getpid()}-" in part.name:
            _remove(part)
