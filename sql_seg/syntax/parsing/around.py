"""What stands around a token that does not fit: operands, calls and lists, as far as brackets show."""

from __future__ import annotations

from typing import NamedTuple

from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tables import END, UNREADABLE
from sql_seg.syntax.parsing.tokens import Token

VALUES = frozenset({"STRING", "NUMBER", "NAME", "QUOTED_NAME", "TRUE", "FALSE", "NULL"})
"""The types of token that are an operand by themselves."""

COMPARISONS = frozenset({"COMPARATOR", "LIKE", "IN", "IS", "BETWEEN", "NOT"})
"""The types of token that a comparison goes on with."""

_CLOSES = {"RPAR": "LPAR", "RSQB": "LSQB"}
_OPENS = frozenset(_CLOSES.values())
_SEPARATORS = frozenset({"COMMA"})


class CallAround(NamedTuple):
    """A call by its tokens: the name, the parentheses, and the texts of the arguments."""

    name: str
    start: int
    closing: int
    arguments: list[str]


class Brackets:
    """The brackets of a text, matched once for all that is asked about them."""

    def __init__(self, tokens: list[Token]) -> None:
        self.innermost: list[int | None] = []
        """For each token the bracket that is open before it, the innermost."""
        self.pairs: dict[int, int] = {}
        """From each bracket that has one to its partner, both ways."""
        self.calls: dict[int, CallAround | None] = {}
        """The calls that were asked for, by their names."""
        opened: list[int] = []
        for index, token in enumerate(tokens):
            self.innermost.append(opened[-1] if opened else None)
            if token.type in _OPENS:
                opened.append(index)
            elif token.type in _CLOSES and opened:
                partner = opened.pop()
                self.pairs[partner], self.pairs[index] = index, partner


class Around:
    """A token that does not fit, with the tokens around it. Ranges of tokens are half open."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        index: int,
        accepted: set[str],
        dialect: Dialect,
        brackets: Brackets | None = None,
    ) -> None:
        """``brackets`` are those of the tokens, where somebody has matched them."""
        self._known_brackets = brackets
        self.text, self.tokens, self.index = text, tokens, index
        self.accepted, self.dialect = accepted, dialect

    @property
    def _brackets(self) -> Brackets:
        if self._known_brackets is None:
            self._known_brackets = Brackets(self.tokens)
        return self._known_brackets

    @property
    def token(self) -> Token:
        """The token that does not fit."""
        return self.tokens[self.index]

    @property
    def previous(self) -> Token:
        """The token before it; one of type END at the start of the text."""
        return self.at(self.index - 1)

    def at(self, index: int) -> Token:
        """Return a token; one of type END outside of the text."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else Token(END, "", 0, 0)

    def word(self, index: int) -> str:
        """Return a token in upper case, as keywords are compared; empty where it is no word."""
        token = self.at(index)
        return "" if token.type in ("STRING", "QUOTED_NAME") else token.word

    def touch(self, first: int, second: int) -> bool:
        """Return whether nothing stands between two tokens."""
        return self.at(first).end == self.at(second).start

    def span(self, start: int, stop: int) -> Span:
        """Return the place of some tokens."""
        return Span(self.tokens[start].start, self.tokens[stop - 1].end)

    def slice(self, start: int, stop: int) -> str:
        """Return the text of some tokens."""
        return self.text[self.tokens[start].start : self.tokens[stop - 1].end] if start < stop else ""

    def operand_before(self, stop: int) -> int | None:
        """Return where the operand starts that ends before a token."""
        last = stop - 1
        if last < 0:
            return None
        if self.at(last).type in _CLOSES:
            opening = self._brackets.pairs.get(last)
            if opening is None:
                return None
            before = self.at(opening - 1)
            if self.at(last).type == "RSQB":
                return self.operand_before(opening)
            return self._qualified(opening - 1) if before.type == "NAME" else opening
        return self._qualified(last) if self.at(last).type in VALUES else None

    def operand_after(self, start: int) -> int | None:
        """Return where the operand ends that starts at a token."""
        stop = start
        while self.word(stop) in ("-", "+"):
            stop += 1
        if self.at(stop).type == "LPAR":
            closing = self.closing(stop)
            return None if closing is None else closing + 1
        if self.at(stop).type not in VALUES:
            return None
        if self.word(stop) == "TIMESTAMP" and self.at(stop + 1).type == "STRING":
            return stop + 2
        stop += 1
        while True:
            kind = self.at(stop).type
            if kind in ("DOT", "COLON") and self.at(stop + 1).type in VALUES:
                stop += 2
            elif kind in _OPENS and (closing := self.closing(stop)) is not None:
                stop = closing + 1
            else:
                return stop

    def innermost(self, index: int) -> int | None:
        """Return the bracket that a token stands in, directly."""
        return self._brackets.innermost[index]

    def opening(self, index: int, kind: str = "LPAR") -> int | None:
        """Return the bracket of a kind that a token stands in, directly."""
        found = self.innermost(index)
        return None if found is None or self.at(found).type != kind else found

    def closing(self, opening: int) -> int | None:
        """Return the bracket that closes another."""
        return self._brackets.pairs.get(opening)

    def call_around(self, index: int) -> CallAround | None:
        """Return the call whose parentheses a token stands in, directly."""
        opening = self.innermost(index)
        if not opening or self.tokens[opening].type != "LPAR" or not self.word(opening - 1).isidentifier():
            return None
        return self.call_at(opening - 1)

    def call_at(self, name: int) -> CallAround | None:
        """Return the call that starts at a name."""
        calls = self._brackets.calls
        if name not in calls:
            closing = self.closing(name + 1) if self.at(name + 1).type == "LPAR" else None
            calls[name] = (
                None
                if closing is None
                else CallAround(self.word(name), name, closing, self.parts(name + 2, closing, ()))
            )
        return calls[name]

    def parts(self, start: int, stop: int, words: tuple[str, ...]) -> list[str]:
        """Return the texts between commas, and between some words, outside of brackets."""
        found: list[str] = []
        depth, begin = 0, start
        for index in range(start, stop):
            kind = self.tokens[index].type
            depth += (kind in _OPENS) - (kind in _CLOSES)
            if depth == 0 and (kind in _SEPARATORS or self.word(index) in words):
                found.append(self.slice(begin, index))
                begin = index + 1
        return [*found, self.slice(begin, stop)] if begin < stop else found

    def has_unreadable(self) -> bool:
        """Return whether the token is none."""
        return self.token.type == UNREADABLE

    def _qualified(self, last: int) -> int:
        """Return where a name starts with all that qualifies it: tables, columns and keys."""
        start = last
        while self.at(start - 1).type in ("DOT", "COLON") and self.at(start - 2).type in VALUES:
            start -= 2
        return start
