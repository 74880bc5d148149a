"""Pieces of SQL that know how tightly they bind, and templates that put them together.

A template is a row of an engine's table: ``template("{0:sum} + {1:product}", Level.SUM)`` is a sum whose left
operand binds at least as a sum does, and its right one tighter. An operand without a word after the colon
stands between brackets or commas, and never needs parentheses of its own.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    """How tightly a piece of SQL binds: the order that all engines share."""

    ANY = 0
    OR = 1
    AND = 2
    NOT = 3
    PREDICATE = 4
    """Comparisons, IN, LIKE, BETWEEN and IS: they do not chain."""
    CONCAT = 5
    """``||`` and other operators of one engine's own."""
    SUM = 6
    PRODUCT = 7
    UNARY = 8
    ATOM = 9


class Sql(NamedTuple):
    """A piece of SQL with its level; ``{0:product}`` puts it in parentheses if it binds looser."""

    text: str
    level: Level = Level.ATOM

    def __format__(self, word: str) -> str:
        least = Level[word.upper()] if word else Level.ANY
        return self.text if self.level >= least else f"({self.text})"

    def __str__(self) -> str:
        return self.text


class Template(NamedTuple):
    """A row of an engine's table: the text with places for operands, and the level of what comes out."""

    text: str
    level: Level = Level.ATOM

    def __call__(self, *operands: Sql | str) -> Sql:
        """Return the template over its operands."""
        return Sql(self.text.format(*operands), self.level)


def template(text: str, level: Level = Level.ATOM) -> Template:
    """Return a template; its text may hold braces of its own as ``{{`` and ``}}``."""
    return Template(text, level)


def joined(word: str, parts: list[Sql], level: Level) -> Sql:
    """Return conditions tied by AND or OR, each on a line of its own where they do not fit on one."""
    if len(parts) == 1:
        return parts[0]
    texts = [part.text if part.level > level else bracketed(part.text) for part in parts]
    if sum(map(len, texts)) + len(texts) * 5 <= _WIDTH and not any("\n" in text for text in texts):
        return Sql(f" {word} ".join(texts), level)
    return Sql(f"\n{word} ".join(texts), level)


_WIDTH = 90


def bracketed(text: str) -> str:
    """Return a text in parentheses, indented on lines of its own where it has several."""
    return f"(\n{indented(text, 2)}\n)" if "\n" in text else f"({text})"


def indented(text: str, by: int) -> str:
    """Return a text with each line moved to the right. No literal or name holds a line break."""
    return "\n".join(" " * by + line for line in text.split("\n"))


def continued(word: str, condition: Sql) -> str:
    """Return a clause whose condition's further lines stand to the right of its word."""
    return f"{word} " + condition.text.replace("\n", "\n  ")
