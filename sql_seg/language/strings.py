"""Strings in quotes, read and written, in each dialect.

v1: either quote; a backslash escapes the delimiter and itself [doc], and before any other character stays.

v2: single quotes. Two quotes and an escaped one are a quote, an escaped backslash a backslash, an escaped
double quote a double quote [seen]. The other escapes are those of Snowflake, on which SendGrid's queries
evidently run [snow]: b, f, n, r, t and 0, three octal digits up to 377, x with two and u with four
hexadecimal digits name a character; before anything else, or where digits are missing, it is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect

_ESCAPE = re.compile(
    r"''|\\(?:"
    r"u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|[ux](?P<hex>(?<=u)[0-9A-Fa-f]{4}|(?<=x)[0-9A-Fa-f]{2})"
    r"|(?P<octal>[0-3][0-7]{2})"
    r"|(?P<other>[\s\S]))"
)
_NAMED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_KEPT = "'\"\\"


class HalfOfAPairError(ValueError):
    """A v2 string names half of a surrogate pair, which is no character; ``start`` is its place in it."""

    def __init__(self, written: str, start: int) -> None:
        super().__init__(f"{written} is half of a surrogate pair, and no character")
        self.written = written
        self.start = start


class Escape(NamedTuple):
    """A backslash of a v2 string with what belongs to it: its place in the token, and what it becomes."""

    start: int
    written: str
    value: str

    @property
    def is_seen(self) -> bool:
        """Whether queries in use have it: a backslash before a quote of either kind or a backslash."""
        return self.written[1] in _KEPT

    @property
    def is_dropped(self) -> bool:
        """Whether the backslash is dropped, and nothing else happens."""
        return not self.is_seen and self.value == self.written[1:]


def escapes(token: str) -> Iterator[Escape]:
    """Yield the backslashes of a v2 string that say something.

    Raises HalfOfAPairError at half of a surrogate pair.
    """
    for found in _ESCAPE.finditer(token, 1, len(token) - 1):
        if found.group() != "''":
            yield Escape(found.start(), found.group(), _character(found))


def _character(found: re.Match[str]) -> str:
    if found["high"]:
        return chr(0x10000 + ((int(found["high"], 16) & 0x3FF) << 10) + (int(found["low"], 16) & 0x3FF))
    if found["hex"]:
        code = int(found["hex"], 16)
        if 0xD800 <= code <= 0xDFFF:
            raise HalfOfAPairError(found.group(), found.start())
        return chr(code)
    if found["octal"]:
        return chr(int(found["octal"], 8))
    other = found["other"]
    return "'" if other is None else _NAMED.get(other, other)


def read_string(token: str, dialect: Dialect) -> str:
    """Return the value of a string in quotes, as a token that the grammar takes.

    Raises HalfOfAPairError where a v2 string names half of a surrogate pair.
    """
    body = token[1:-1]
    if dialect is Dialect.V1:
        return _V1_ESCAPES[token[0]].sub(r"\1", body) if "\\" in body else body
    if "\\" not in body:
        return body.replace("''", "'")
    parts = []
    position = 1
    for found in _ESCAPE.finditer(token, 1, len(token) - 1):
        parts += [token[position : found.start()], _character(found)]
        position = found.end()
    return "".join([*parts, token[position:-1]])


_V1_ESCAPES = {quote: re.compile(rf"\\([{quote}\\])") for quote in "'\""}


def write_string(value: str, dialect: Dialect) -> str:
    """Return a string as a literal in single quotes: quotes and backslashes escaped, all else as it is."""
    quote = "''" if dialect is Dialect.V2 else "\\'"
    return "'" + value.replace("\\", "\\\\").replace("'", quote) + "'"
