"""Where the texts of queries come from: files, directories, standard input, and the command line."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from sql_seg.cli.output import Failure
from sql_seg.file_kinds import why_no_text
from sql_seg.folders import files_below
from sql_seg.frozen import frozen, replace
from sql_seg.segments.files import QUERY_SUFFIXES, SEGMENT_SUFFIXES, SUFFIXES
from sql_seg.syntax.parsing.parser import MOST_BYTES

_MOST_SEGMENT_BYTES = 1 << 26

STDIN = "-"
"""What names standard input on the command line."""


@frozen
class Input:
    """The text of a query, the name that reports give it, and the file that it was read from, if any.

    ``stands_for`` is the file whose content comes over standard input. ``has_mark`` says that a byte order
    mark was left off the text, ``is_argument`` that the text is one of the command line.
    """

    name: str
    text: str
    path: Path | None = None
    stands_for: Path | None = None
    has_mark: bool = False
    is_argument: bool = False

    @property
    def content(self) -> bytes:
        """What was read."""
        return self.encoded(self.text)

    def encoded(self, text: str) -> bytes:
        """Return another text as its file would have it."""
        return codecs.BOM_UTF8 * self.has_mark + text.encode()

    def with_text(self, text: str) -> Input:
        """Return the same place with another text."""
        return replace(self, text=text)


def read_all(
    files: Iterable[str],
    queries: Iterable[str],
    *,
    directories: bool = False,
    stdin_filename: str | None = None,
) -> Iterator[Input | Failure]:
    """Yield the text of every file, then of every query; a Failure for each that cannot be read.

    With ``directories``, a directory stands for all its files, at any depth, that hold queries. What is
    named twice is read once. ``stdin_filename`` is what standard input is called.
    """
    _require(files, queries)
    for given in dict.fromkeys(files):
        try:
            if given == STDIN:
                yield _read_stdin(stdin_filename)
            elif directories and Path(given or os.devnull).is_dir():
                yield from _inputs_in(Path(given))
            else:
                yield _read_file(given)
        except Failure as failure:
            yield failure
    for query in queries:
        try:
            yield _read_argument(query)
        except Failure as failure:
            yield failure


def read_one(file: str | None, query: str | None) -> Input:
    """Return the text of the one query that a command is about. Raises Failure if it cannot be read."""
    (read,) = read_one_place(file, query, directories=False)
    if isinstance(read, Failure):
        raise read
    return read


def read_one_place(
    file: str | None, query: str | None, *, directories: bool = True
) -> Iterator[Input | Failure]:
    """Yield what the one place holds that a command is about; see ``read_all``."""
    if file is not None and query is not None:
        raise click.UsageError("give either a FILE or -q, not both")
    files = [] if file is None else [file]
    queries = [] if query is None else [query]
    return read_all(files, queries, directories=directories)


def _require(files: Iterable[str], queries: Iterable[str]) -> None:
    if not files and not queries:
        raise click.UsageError("name a FILE, or - for standard input, or give the query itself with -q")


def _inputs_in(directory: Path) -> Iterator[Input | Failure]:
    """Yield the files below a directory that hold queries, in order, without hidden ones."""
    try:
        files = files_below(directory)
    except OSError as error:
        raise Failure(f"{error.filename}: cannot be read: {error.strerror}") from error
    some = False
    for path in files:
        if not path.name.lower().endswith(SUFFIXES):
            continue
        read = _read_or_fail(path)
        if _holds_queries(path, read):
            some = True
            yield read
    if not some:
        endings = " or ".join(QUERY_SUFFIXES)
        raise Failure(f"{directory}: has no files that end in {endings}, nor segments in JSON or YAML")


def _holds_queries(path: Path, read: Input | Failure) -> bool:
    if path.name.lower().endswith(QUERY_SUFFIXES):
        return True
    return isinstance(read, Input) and "query_dsl" in read.text.lower()


def _read_or_fail(path: Path) -> Input | Failure:
    try:
        return _read_file(str(path))
    except Failure as failure:
        return failure


def _read_file(given: str) -> Input:
    if not given:
        raise Failure("a file's name is empty")
    path = Path(given)
    try:
        with path.open("rb") as file:
            content = file.read(_most_bytes(given))
    except IsADirectoryError as error:
        raise Failure(f"{given}: is a directory, not a file") from error
    except FileNotFoundError as error:
        raise Failure(f"{given}: no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Failure(f"{given}: cannot be read: {reason}") from error
    return Input(given, _decoded(content, given), path, has_mark=content.startswith(codecs.BOM_UTF8))


def _read_stdin(filename: str | None = None) -> Input:
    name = filename or "<stdin>"
    if sys.stdin is None:
        raise Failure(f"{name}: is closed")
    try:
        content = sys.stdin.buffer.read(_most_bytes(name))
    except OSError as error:
        raise Failure(f"{name}: cannot be read: {error.strerror}") from error
    return Input(
        name,
        _decoded(content, name),
        stands_for=None if filename is None else Path(filename),
        has_mark=content.startswith(codecs.BOM_UTF8),
    )


def _read_argument(query: str) -> Input:
    return Input("<query>", _decoded(os.fsencode(query), "<query>"), is_argument=True)


def _most_bytes(name: str) -> int:
    """Return how much of a file is read: a query that is longer than one may be is told so by its start."""
    return _MOST_SEGMENT_BYTES if name.lower().endswith(SEGMENT_SUFFIXES) else MOST_BYTES + 4


def _decoded(content: bytes, name: str) -> str:
    """Return a text without its byte order mark; of one that is too long anyway, the start."""
    why = why_no_text(content)
    if why is not None:
        raise Failure(f"{name}: {why}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) > MOST_BYTES and error.end == len(content):
            return content.decode("utf-8-sig", errors="ignore")
        line = content.count(b"\n", 0, error.start) + 1
        raise Failure(f"{name}, line {line}: is not UTF-8 text") from error
