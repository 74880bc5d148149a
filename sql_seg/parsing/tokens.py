"""Text to tokens, by the terminals of the grammar.

The whole text is read before it is parsed, so that an error can be told with what stands around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from lark.lexer import PatternStr, TerminalDef

from sql_seg.datatypes import Dialect
from sql_seg.literals import ascii_upper
from sql_seg.parsing.grammar import grammar
from sql_seg.source import Span

UNREADABLE = "UNREADABLE"
"""The type of a token that is none: a stray character, or a quote or comment without its end."""

END = "$END"
"""The type of the token behind the last one, as Lark names it."""

_STRAY = re.compile(r"\.?[0-9][\w.]*|(?:''|\"\"|``)|['\"`][\s\S]*|/\*[\s\S]*|[\s\S]")


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


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, the last of type END, and the comments between them."""

    tokens: list[Token]
    comments: list[Span] = field(default_factory=list)


class _Lexicon(NamedTuple):
    pattern: re.Pattern[str]
    keywords: dict[str, str]


def tokenize(text: str, dialect: Dialect) -> Tokens:
    """Return all tokens of a text; what is no token becomes an UNREADABLE one."""
    lexicon = _lexicon(dialect)
    match = lexicon.pattern.match
    keyword = lexicon.keywords.get
    tokens: list[Token] = []
    comments: list[Span] = []
    position, length = 0, len(text)
    while position < length:
        found = match(text, position)
        if found is None:
            found = _STRAY.match(text, position)
            assert found is not None
            kind = UNREADABLE
        else:
            kind = found.lastgroup or ""
        end = found.end()
        if kind == "NAME":
            word = found.group()
            tokens.append(Token(keyword(ascii_upper(word), kind), word, position, end))
        elif kind == "COMMENT":
            comments.append(Span(position, end))
        elif kind != "WHITE_SPACE":
            tokens.append(Token(kind, found.group(), position, end))
        position = end
    end = _end(text) if tokens else length
    tokens.append(Token(END, "", end, end))
    return Tokens(tokens, comments)


def _end(text: str) -> int:
    """Return the end of a text: before the line break that ends a file, not on an empty line below it."""
    last_line = text.removesuffix("\n").removesuffix("\r")
    return len(text) if last_line[-1:].isspace() else len(last_line)


def innermost_open(tokens: list[Token]) -> int | None:
    """Return the index of the last bracket that is opened in ``tokens`` and not closed."""
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.type in ("LPAR", "LSQB"):
            opened.append(index)
        elif token.type in ("RPAR", "RSQB") and opened:
            opened.pop()
    return opened[-1] if opened else None


@cache
def _lexicon(dialect: Dialect) -> _Lexicon:
    """Return one pattern of all terminals, with the keywords apart: those are names at first."""
    terminals = grammar(dialect).terminals
    keywords = {t.pattern.value.upper(): str(t.name) for t in terminals if _is_keyword(t)}
    others = sorted((t for t in terminals if not _is_keyword(t)), key=_reading_order)
    pattern = "|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in others)
    return _Lexicon(re.compile(pattern), keywords)


def _is_keyword(terminal: TerminalDef) -> bool:
    return isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalpha()


def _reading_order(terminal: TerminalDef) -> tuple[int, bool, int]:
    """Order as Lark does: by priority, patterns before plain strings, longer ones first."""
    plain = isinstance(terminal.pattern, PatternStr)
    return (-terminal.priority, plain, -len(terminal.pattern.value) if plain else 0)
