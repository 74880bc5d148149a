"""The files that queries and tests are read from: their text, and one ladder of reasons why there is none."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from sql_seg.diagnostics.source import Source
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.file_kinds import why_no_text
from sql_seg.frozen import frozen, replace
from sql_seg.whole_files import LEFTOVER


@frozen
class SourceFile:
    """A text that queries are read from, the name that reports give it, and the file it came from, if any.

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

    def with_text(self, text: str) -> SourceFile:
        """Return the same place with another text."""
        return replace(self, text=text)


def read_file(path: str | os.PathLike[str], most: int | None = None) -> SourceFile:
    """Return a file as text. Raises SegmentFileError; ``most`` is as in ``decoded``."""
    name = os.fspath(path)
    content = content_of(path, most)
    return SourceFile(name, decoded(content, name, most), Path(name), None, is_marked(content))


def is_marked(content: bytes) -> bool:
    """Return whether a content starts with a byte order mark."""
    return content.startswith(codecs.BOM_UTF8)


def content_of(path: str | os.PathLike[str], most: int | None = None) -> bytes:
    """Return the content of a file; of a longer one than ``most``, a bit more than that.

    Raises SegmentFileError where it cannot be read.
    """
    name = os.fspath(path)
    if not name:
        raise no_place("", "a file's name is empty")
    if LEFTOVER in name and LEFTOVER in Path(name).name:
        raise no_place(name, "is left from a write that was interrupted, no query: it can be deleted")
    try:
        with Path(name).open("rb") as file:
            return file.read() if most is None else file.read(most + 4)
    except IsADirectoryError as error:
        raise no_place(name, "is a directory, not a file") from error
    except FileNotFoundError as error:
        raise no_place(name, "no such file") from error
    except (OSError, ValueError) as error:
        raise no_place(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def decoded(content: bytes, name: str, most: int | None = None) -> str:
    """Return the text of a file's content, without its byte order mark.

    Of a text that is longer than ``most`` bytes the start is enough: it shows that the query is too long.
    Raises SegmentFileError.
    """
    why = why_no_text(content)
    if why is not None:
        raise no_place(name, why)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if most is not None and len(content) > most and error.end == len(content):
            return content.decode("utf-8-sig", errors="ignore")
        good = error.object[: error.start].decode()
        place = Source(good).position(len(good))
        raise SegmentFileError(name, [FileProblem(*place, "is not UTF-8 text")]) from error


def no_place(name: str, message: str) -> SegmentFileError:
    """Return the error that a file as a whole is wrong."""
    return SegmentFileError(name, [FileProblem(0, 0, message)])
