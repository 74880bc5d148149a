"""Text to tokens, by the terminals of the grammar.

The whole text is read before it is parsed, so that an error can be reported with what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import ascii_upper
from sql_seg.syntax.parsing.tables import END, tables


class Token(NamedTuple):
    """A token: a terminal's name, its text and its place."""

    type: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The token's place."""
        return Span(self.start, self.end)

    @property
    def word(self) -> str:
        """The text in upper case, as keywords are compared."""
        return ascii_upper(self.text)


class Tokens:
    """The tokens of a text, the last of type END, as lists side by side; and the comments between them."""

    __slots__ = ("comments", "ends", "text", "types", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.types: list[str] = []
        self.words: list[str] = []
        self.ends: list[int] = []
        self.comments: list[Span] = []

    @property
    def tokens(self) -> list[Token]:
        """The tokens as one list, made again each time."""
        rows = zip(self.types, self.words, self.ends, strict=True)
        tokens = [Token(kind, word, end - len(word), end) for kind, word, end in rows]
        end = _end(self.text) if len(tokens) > 1 else len(self.text)
        return [*tokens[:-1], Token(END, "", end, end)]


class _Lexicon(NamedTuple):
    scan: Callable[[str], Iterator[re.Match[str]]]
    groups: tuple[str, ...]
    plain: dict[str, str]
    ignored: frozenset[str]


def tokenize(text: str, dialect: Dialect) -> Tokens:
    """Return all tokens of a text; what is no token becomes an UNREADABLE one."""
    scan, groups, plain, ignored = _lexicon(dialect)
    read = Tokens(text)
    add_type, add_word, add_end = read.types.append, read.words.append, read.ends.append
    for found in scan(text):
        group = found.lastindex or 0
        word = found[group]
        kind = plain.get(word)
        if kind is None:
            kind = groups[group]
            if kind == "NAME":
                kind = plain.get(ascii_upper(word), kind)
            elif kind in ignored:
                read.comments.append(Span(*found.span(group)))
                continue
        add_type(kind)
        add_word(word)
        add_end(found.end())
        if kind == END:  # which would be found again at the same place
            break
    return read


@cache
def _lexicon(dialect: Dialect) -> _Lexicon:
    read = tables(dialect)
    spellings = {text.lower(): name for text, name in read.plain.items()}
    return _Lexicon(
        re.compile(read.pattern).finditer, ("", *read.groups), {**read.plain, **spellings}, read.ignored
    )


def _end(text: str) -> int:
    """Return the end of a text: before the line break that ends a file, not on an empty line below it."""
    return len(text.removesuffix("\n").removesuffix("\r"))
