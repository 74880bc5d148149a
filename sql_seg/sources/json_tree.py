"""JSON text to values with their places; strings know where each of their characters stands."""

from __future__ import annotations

import json
import re
from functools import partial

from sql_seg.diagnostics.source import Source, Span
from sql_seg.diagnostics.source_map import MappedRun, SourceMap
from sql_seg.sources.value_tree import (
    MOST_LEVELS,
    Elements,
    Entry,
    Object,
    Scalar,
    Text,
    TreeProblem,
    Value,
)

_BLANKS = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*)"')
_STRING_START = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.])", re.ASCII)
_WORD = re.compile(r"\w++")
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))"
)
_MEANINGS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONSTANTS = {"true": "the truth value", "false": "the truth value", "null": "null"}


def read_json_tree(text: str) -> Value:
    """Return what a JSON text says. Raises TreeProblem where it is not JSON."""
    reader = _JsonReader(text)
    value = reader.value(reader.after_blanks(0), 1)
    rest = reader.after_blanks(reader.offset)
    if rest < len(text):
        raise TreeProblem(rest, f"is not JSON: found {reader.found(rest)} after its end")
    return value


class _JsonReader:
    """A text that is read from the start to the end; ``offset`` is where the last value ended."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.source = Source(text)
        self.offset = 0

    def value(self, start: int, level: int) -> Value:
        if level > MOST_LEVELS:
            raise TreeProblem(start, f"nests deeper than {MOST_LEVELS} levels")
        match self.text[start : start + 1]:
            case "{":
                return self._object(start, level)
            case "[":
                return self._array(start, level)
            case '"':
                return self._string(start)
        return self._atom(start)

    def after_blanks(self, offset: int) -> int:
        blanks = _BLANKS.match(self.text, offset)
        assert blanks is not None
        return blanks.end()

    def found(self, offset: int) -> str:
        """Return what stands at a place, in words."""
        if offset >= len(self.text):
            return "the end of the file"
        word = _WORD.match(self.text, offset)
        return word[0][:40] if word else self.text[offset]

    def _object(self, start: int, level: int) -> Object:
        entries: list[Entry] = []
        offset = self.after_blanks(start + 1)
        while self.text[offset : offset + 1] != "}":
            if entries:
                offset = self._separator(offset, "}")
            if self.text[offset : offset + 1] != '"':
                raise self._unexpected(offset, 'a key in "double quotes"')
            key = self._string(offset)
            colon = self.after_blanks(self.offset)
            if self.text[colon : colon + 1] != ":":
                raise self._unexpected(colon, "a colon after the key")
            value = self.value(self.after_blanks(colon + 1), level + 1)
            entries.append(Entry(key.value, key.span, value))
            offset = self.after_blanks(self.offset)
        self.offset = offset + 1
        return Object(entries, Span(start, self.offset))

    def _array(self, start: int, level: int) -> Elements:
        items: list[Value] = []
        offset = self.after_blanks(start + 1)
        while self.text[offset : offset + 1] != "]":
            if items:
                offset = self._separator(offset, "]")
            items.append(self.value(offset, level + 1))
            offset = self.after_blanks(self.offset)
        self.offset = offset + 1
        return Elements(items, Span(start, self.offset))

    def _separator(self, offset: int, closing: str) -> int:
        """Return where the next item starts, behind the comma that stands at a place."""
        if self.text[offset : offset + 1] != ",":
            raise self._unexpected(offset, f"a comma or {closing}")
        return self.after_blanks(offset + 1)

    def _string(self, start: int) -> Text:
        literal = _STRING.match(self.text, start)
        if literal is None:
            raise self._bad_string(start)
        self.offset = literal.end()
        raw, span, source = literal[1], Span(start, literal.end()), self.source
        if "\\" not in raw:
            as_it_is = (MappedRun(0, start + 1),)
            return Text(raw, span, lambda: SourceMap(raw, source, span, as_it_is, _encoded, _decoded))
        value, runs = _unescaped(raw, start + 1)
        encode = partial(_encoded, in_ascii="\\u" in raw)
        return Text(value, span, lambda: SourceMap(value, source, span, runs, encode, _decoded))

    def _bad_string(self, start: int) -> TreeProblem:
        begun = _STRING_START.match(self.text, start)
        assert begun is not None
        end = begun.end()
        match self.text[end : end + 1]:
            case "":
                return TreeProblem(start, "is not JSON: a text that does not end")
            case "\\":
                return TreeProblem(
                    end, f"is not JSON: {self.text[end : end + 2]} is no escape; write \\\\ for \\"
                )
            case "\n" | "\r":
                return TreeProblem(end, "is not JSON: a line break inside a text; write \\n")
            case "\t":
                return TreeProblem(end, "is not JSON: a tab inside a text; write \\t")
        return TreeProblem(end, "is not JSON: a control character inside a text")

    def _atom(self, start: int) -> Scalar:
        number = _NUMBER.match(self.text, start)
        word = number or _WORD.match(self.text, start)
        if word is None or (number is None and word[0] not in _CONSTANTS):
            raise self._unexpected(start, "a value")
        self.offset = word.end()
        kind = "the number" if number else _CONSTANTS[word[0]]
        return Scalar(kind, word[0], Span(start, self.offset))

    def _unexpected(self, offset: int, expected: str) -> TreeProblem:
        return TreeProblem(offset, f"is not JSON: expected {expected}, found {self.found(offset)}")


def _unescaped(raw: str, start: int) -> tuple[str, tuple[MappedRun, ...]]:
    """Return what the inside of a literal says, and where; ``start`` is its own place in the file."""
    parts: list[str] = []
    runs = [MappedRun(0, start)]
    length = end = 0
    for escape in _ESCAPE.finditer(raw):
        plain = raw[end : escape.start()]
        meaning = _meaning(escape)
        if "\ud800" <= meaning <= "\udfff":
            raise TreeProblem(start + escape.start(), "has half of a surrogate pair, which is no character")
        length += len(plain)
        end = escape.end()
        parts += (plain, meaning)
        runs += (MappedRun(length, start + escape.start()), MappedRun(length + 1, start + end))
        length += 1
    parts.append(raw[end:])
    return "".join(parts), tuple(runs)


def _meaning(escape: re.Match[str]) -> str:
    high, low, unit, letter = escape.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    return chr(int(unit, 16)) if unit else _MEANINGS.get(letter, letter)


def _encoded(text: str, *, in_ascii: bool = False) -> str:
    """Write a text as the inside of a literal; ``in_ascii`` keeps to ASCII, as the literal did before."""
    return json.dumps(text, ensure_ascii=in_ascii)[1:-1]


def _decoded(literal: str) -> str | None:
    try:
        value = json.loads(literal)
    except ValueError:
        return None
    return value if isinstance(value, str) else None
