"""What is known of a call from other SQL, and what may be said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sql_seg.diagnostics import Safety
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import LARGEST_AMOUNT, ascii_upper, read_string
from sql_seg.language.operators import Comparator

CONTRARY = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "<>": "!="}
"""Comparisons with their sides exchanged."""
_DIGITS = re.compile(r"[+-]?\s*\d+")


class Advice(NamedTuple):
    """What to write instead: in words, and, where it is known, as a text in place of the whole.

    ``is_condition`` says that ``written`` is a condition, which stands in parentheses among operands.
    """

    help: str
    written: str = ""
    safety: Safety = Safety.SAFE
    is_condition: bool = False


def writing(written: str, safety: Safety = Safety.SAFE, *, is_condition: bool = False) -> Advice:
    """Return the advice to write a text in place of the whole."""
    return Advice(f"write {written}", written, safety, is_condition)


class ForeignCall(NamedTuple):
    """A call of a function that there is not, by its texts; perhaps with what it is compared with.

    The operator is turned so that the call stands on its left.
    """

    name: str
    arguments: Sequence[str]
    dialect: Dialect
    operator: str = ""
    other: str = ""

    @property
    def now(self) -> str:
        """The current time."""
        return "CURRENT_TIMESTAMP" if self.dialect is Dialect.V2 else "NOW()"

    def moment(self, text: str) -> str:
        """Return a literal of a moment."""
        return f"'{text}'" if self.dialect is Dialect.V2 else f"TIMESTAMP '{text}'"


def flipped(operator: str) -> str:
    """Return a comparison as it reads with its sides exchanged."""
    return CONTRARY.get(operator, operator)


def in_range(subject: str, operator: str, low: str, high: str, least: str = ">=", most: str = "<") -> str:
    """Return what a comparison asks for with a value that stands for a range: its ends are compared."""
    below, above = Comparator(least).negated, Comparator(most).negated
    return {
        "=": f"{subject} {least} {low} AND {subject} {most} {high}",
        "<": f"{subject} {below} {low}",
        "<=": f"{subject} {most} {high}",
        ">": f"{subject} {above} {high}",
        ">=": f"{subject} {least} {low}",
    }.get(operator, f"({subject} {below} {low} OR {subject} {above} {high})")


def text_value(argument: str, dialect: Dialect) -> str | None:
    """Return the value of an argument that is a text in quotes."""
    quotes = "'" if dialect is Dialect.V2 else "'\""
    if len(argument) < 2 or argument[0] not in quotes or argument[-1] != argument[0]:
        return None
    return read_string(argument, dialect)


def of_truth(call: ForeignCall, found: Advice) -> Advice:
    """Return an advice about a condition that perhaps stands beside TRUE or FALSE."""
    asked = call.operator, ascii_upper(call.other)
    if (
        not call.operator
        or not found.written
        or asked in (("=", "TRUE"), ("=", "1"), (">", "0"), ("!=", "0"))
    ):
        return found
    if asked in (("=", "FALSE"), ("=", "0"), ("!=", "TRUE"), ("!=", "1")):
        return writing(f"NOT ({found.written})", found.safety, is_condition=True)
    return Advice(found.help)


def contains(array: str, value: str, dialect: Dialect) -> str:
    """Return the condition that an array holds a value, or in v2 any of some in square brackets."""
    return f"{'ARRAY_CONTAINS' if dialect is Dialect.V2 else 'CONTAINS'}({array}, {value})"


_MOST_DIGITS = len(str(LARGEST_AMOUNT)) - 2


def integer(text: str) -> int | None:
    """Return the integer that a text is, if it is one that an amount of time can be, several times over."""
    digits = re.sub(r"\s", "", text)
    return int(digits) if _DIGITS.fullmatch(text) and len(digits) <= _MOST_DIGITS else None
