"""What JSON and YAML files say, as far as segments need it: values with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sql_seg.diagnostics.source import Span
from sql_seg.diagnostics.source_map import SourceMap
from sql_seg.frozen import frozen

MOST_LEVELS = 200
"""Files may not nest deeper."""


class TreeProblem(Exception):  # noqa: N818 -- it is gathered, and comes out as a SegmentFileError
    """What is wrong at a place of a file, given as an offset."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


@frozen
class Text:
    """A text; ``place`` finds out where its characters stand in the file."""

    value: str
    span: Span
    place: Callable[[], SourceMap]


@frozen
class Scalar:
    """A number, a truth value or null, as the file writes it."""

    kind: str
    written: str
    span: Span


@frozen
class Elements:
    """A list."""

    items: Sequence[Value]
    span: Span


@frozen
class Entry:
    """A key of an object with its value."""

    key: str
    key_span: Span
    value: Value


@frozen
class Object:
    """An object; its keys are taken without regard to case."""

    entries: Sequence[Entry]
    span: Span

    def get(self, key: str) -> Value | None:
        """Return the value of a key that is given in lower case."""
        return next((entry.value for entry in self.entries if entry.key.casefold() == key), None)

    def repeated(self) -> Iterator[Entry]:
        """Yield the entries whose key stands in the object before."""
        seen: set[str] = set()
        for entry in self.entries:
            key = entry.key.casefold()
            if key in seen:
                yield entry
            seen.add(key)


Value = Text | Scalar | Elements | Object


def kind_of(value: Value) -> str:
    """Return what a value is, in words."""
    match value:
        case Text():
            return "a text"
        case Elements():
            return "a list"
        case Object():
            return "an object"
        case Scalar(kind="null"):
            return "null"
        case Scalar():
            return f"{value.kind} {value.written}".rstrip()
