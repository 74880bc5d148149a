"""Where the texts of queries come from: files, folders, globs, standard input, and the command line."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sql_seg.errors import SegmentFileError
from sql_seg.sources import (
    QUERY_SUFFIXES,
    SEGMENT_SUFFIXES,
    SUFFIXES,
    SourceFile,
    decoded,
    may_hold_segments,
    read_file,
    why_left_alone,
)
from sql_seg.sources.reading import is_marked, no_place
from sql_seg.syntax.parsing.parser import MOST_BYTES
from sql_seg.workspace.folders import Folders

_MOST_SEGMENT_BYTES = 1 << 26

STDIN = "-"
"""What names standard input on the command line."""

STDIN_NAME = "<stdin>"

Read = SourceFile | SegmentFileError
"""What comes of a place: its text, or why it cannot be read."""


class QueryReader:
    """Reads what people name; ``notes`` say what was left alone on the way.

    A folder's files that hold no segment are left alone. With ``skips_others``, so are those that are named.
    """

    def __init__(
        self, folders: Folders, stdin_filename: str | None = None, *, skips_others: bool = False
    ) -> None:
        self.notes: list[str] = []
        self.left_out = 0
        """How many files that were named are excluded."""
        self._folders = folders
        self._skips_others = skips_others
        self._stdin_filename = stdin_filename

    def read(self, files: Iterable[str], queries: Iterable[str]) -> Iterator[Read]:
        """Yield the text of every file, then of every query; an error for each that cannot be read.

        A folder stands for all its files, at any depth, that hold queries; a glob for what it matches. What
        is named twice is read once.
        """
        for place in dict.fromkeys(files):
            try:
                for given in expanded(place):
                    yield from self._read_place(given)
            except SegmentFileError as error:
                yield error
        for query in queries:
            try:
                yield _read_argument(query)
            except SegmentFileError as error:
                yield error

    def _read_place(self, given: str) -> Iterator[Read]:
        if given == STDIN:
            yield self._read_stdin()
        elif Path(given or os.devnull).is_dir():
            yield from self._read_folder(Path(given))
        elif given and self._folders.is_left_out(Path(given)):
            self.left_out += 1
        elif self._skips_others:
            read = _read_or_error(Path(given))
            if self._is_wanted(read):
                yield read
        else:
            yield _read_file(given)

    def _read_folder(self, folder: Path) -> Iterator[Read]:
        """Yield the files below a folder that hold queries, in order."""
        try:
            files = self._folders.files_below(folder, _may_hold_queries)
        except OSError as error:
            raise no_place(str(error.filename), f"cannot be read: {error.strerror}") from error
        some = False
        for path in files:
            read = _read_or_error(path)
            if self._is_wanted(read):
                some = True
                yield read
        if not some and not self._skips_others:
            endings = " or ".join(QUERY_SUFFIXES)
            what = f"has no files that end in {endings}, nor segments in JSON or YAML"
            raise no_place(str(folder), what)

    def _is_wanted(self, read: Read) -> bool:
        """Return whether a file of a folder is taken: one that is something else is left alone."""
        if isinstance(read, SegmentFileError):
            return read.file.lower().endswith(QUERY_SUFFIXES)
        if read.name.lower().endswith(SEGMENT_SUFFIXES) and not may_hold_segments(read.text):
            return False
        why = why_left_alone(read.text, read.name)
        if why is not None:
            self.notes.append(f"{read.name}: left alone: {why}")
        return why is None

    def _read_stdin(self) -> SourceFile:
        name = self._stdin_filename or STDIN_NAME
        if sys.stdin is None:
            raise no_place(name, "is closed")
        most = _most_bytes(name)
        try:
            content = sys.stdin.buffer.read(most + 4)
        except OSError as error:
            raise no_place(name, f"cannot be read: {error.strerror}") from error
        stands_for = None if self._stdin_filename is None else Path(self._stdin_filename)
        return SourceFile(name, decoded(content, name, most), None, stands_for, is_marked(content))


def expanded(given: str) -> list[str]:
    """Return the files that a glob matches, in order; what exists, or is no glob, is itself."""
    if given == STDIN or "\0" in given or not glob.has_magic(given) or os.path.lexists(given):
        return [given]
    found = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute pattern
    if not found:
        raise no_place(given, "no file matches")
    return found


def _may_hold_queries(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _read_or_error(path: Path) -> Read:
    try:
        return _read_file(str(path))
    except SegmentFileError as error:
        return error


def _read_file(given: str) -> SourceFile:
    return read_file(given, _most_bytes(given))


def _read_argument(query: str) -> SourceFile:
    name = "<query>"
    return SourceFile(name, decoded(os.fsencode(query), name, MOST_BYTES), is_argument=True)


def _most_bytes(name: str) -> int:
    """Return how much of a file is read: of one that is too long, its start is enough."""
    return _MOST_SEGMENT_BYTES if name.lower().endswith(SEGMENT_SUFFIXES) else MOST_BYTES
