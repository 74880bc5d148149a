"""Literals and names, read and written side by side, in each dialect.

Strings of v1: either quote; a backslash escapes the delimiter and itself [doc], and before any other
character stays.

Strings of v2: single quotes. Two quotes and an escaped one are a quote, an escaped backslash a backslash,
an escaped double quote a double quote [seen]. The other escapes are those of Snowflake, on which SendGrid's
queries evidently run [snow]: b, f, n, r, t and 0, three octal digits up to 377, x with two and u with four
hexadecimal digits name a character; before anything else, or where digits are missing, it is dropped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import STATEMENT_WORDS

RESERVED: dict[Dialect, frozenset[str]] = {
    Dialect.V1: frozenset("AND OR NOT IN IS LIKE BETWEEN NULL TRUE FALSE".split()),
    Dialect.V2: frozenset(
        "SELECT DISTINCT FROM JOIN INNER LEFT RIGHT FULL OUTER CROSS NATURAL ON USING AS WHERE GROUP BY "
        "HAVING ORDER LIMIT UNION EXCEPT INTERSECT AND OR NOT IN IS LIKE ILIKE BETWEEN EXISTS CASE WHEN "
        "NULL TRUE FALSE".split()
    ),
}
"""Words that are names only inside delimiters (the grammar's keywords; a test holds them equal)."""

CURRENT_TIMESTAMP = "CURRENT_TIMESTAMP"
"""v2's one function that needs no parentheses, so a column of this name needs delimiters."""

LARGEST_EXACT_INTEGER = 2**53
"""Numbers are IEEE doubles; integers beyond this are not all exact."""

LARGEST_AMOUNT = LARGEST_EXACT_INTEGER - 1
"""The most units of time that a moment is moved by, either way."""

AMOUNT_BOUND = f"an amount of time is at most {LARGEST_AMOUNT}, either way"
"""What is said of an amount past the bound."""

_BARE_NAME = re.compile(r"[^\W\d]\w*")


def is_bare_name(name: str, dialect: Dialect) -> bool:
    """Return whether a name can stand without delimiters."""
    return bool(_BARE_NAME.fullmatch(name)) and ascii_upper(name) not in RESERVED[dialect]


def write_name(name: str, dialect: Dialect) -> str:
    """Return a name as text, in delimiters where it needs them.

    A word that starts a SQL statement is delimited in v1, whose text would else read as v2.

    Raises ValueError where the dialect has no way to write it: v1's backticks cannot hold a
    backtick, and v2's delimiters (double quotes or backticks) cannot hold themselves.
    """
    if is_bare_name(name, dialect) and not (dialect is Dialect.V1 and ascii_upper(name) in STATEMENT_WORDS):
        return name
    if not name:
        raise ValueError("a name cannot be empty")
    if dialect is Dialect.V2 and '"' not in name:
        return f'"{name}"'
    if "`" not in name:
        return f"`{name}`"
    raise ValueError(f"no {dialect} text can hold the name {name!r}: its delimiters occur in it")


def write_qualified_name(name: str, table: str | None, dialect: Dialect) -> str:
    """Return a column's name with the table it is qualified by, if any."""
    if table is None:
        if dialect is Dialect.V2 and ascii_upper(name) == CURRENT_TIMESTAMP:
            return f'"{name}"'
        return write_name(name, dialect)
    return f"{write_name(table, dialect)}.{write_name(name, dialect)}"


def read_delimited_name(token: str) -> str:
    """Return the name inside its delimiters."""
    return token[1:-1]


def read_number(token: str) -> int | float:
    """Return the value of a decimal literal; ``inf`` where it is no finite double."""
    if "." not in token and len(token) <= 15:
        return int(token)
    value = float(token)
    if "." not in token and value <= LARGEST_EXACT_INTEGER:
        return int(value)
    return value


def write_number(value: int | float) -> str:
    """Return a number without a sign or an exponent."""
    if isinstance(value, int):
        return str(value)
    from decimal import Decimal

    return format(Decimal(repr(value)), "f")


def is_number(value: object) -> bool:
    """Return whether a value can stand as a number: an int or float that is a finite double, but no bool."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def ascii_upper(word: str) -> str:
    """Return a word in upper case if it is ASCII: no other letter makes a keyword."""
    return word.upper() if word.isascii() else word


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
