"""What JSON and YAML files say: values with their places, and as Python has them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

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


def plain(value: Value) -> Any:
    """Return a value as JSON has it: dict, list, str, int, float, bool or None; a date is its text.

    Raises TreeProblem for what JSON cannot say (numbers, truth values and tags of YAML), and for a key that
    an object has twice.
    """
    match value:
        case Text():
            return value.value
        case Elements():
            return [plain(item) for item in value.items]
        case Object():
            refuse_repeated(value)
            return {entry.key: plain(entry.value) for entry in value.entries}
    return _plain_atom(value)


def refuse_repeated(value: Object) -> None:
    """Raise TreeProblem where an object has a key twice, in any case."""
    for entry in value.repeated():
        raise TreeProblem(entry.key_span.start, f"the key {entry.key} is here twice")


def _plain_atom(atom: Scalar) -> Any:
    written = atom.written
    match atom.kind:
        case "null":
            return None
        case "the date":
            return written
        case "the truth value" if written.lower() in ("true", "false"):
            return written.lower() == "true"
        case "the truth value":
            hint = f"put it in quotes, '{written}', or write true or false"
            raise TreeProblem(atom.span.start, f"{written} is a truth value in YAML; {hint}")
        case "the number" if _NUMBER.fullmatch(written):
            return json.loads(written)
        case "the number":
            raise TreeProblem(
                atom.span.start, f"{written} is a number of YAML's own; put it in quotes: '{written}'"
            )
    raise TreeProblem(atom.span.start, f"{atom.kind} cannot stand here; write a plain value")


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
