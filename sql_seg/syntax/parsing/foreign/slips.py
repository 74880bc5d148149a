"""Slips of the pen: a comma or a word too many, numbers as people write them, several values beside ``=``."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.around import COMPARISONS, Around
from sql_seg.syntax.parsing.foreign.foreign_finding import (
    NUMBER_LITERAL,
    TEXT,
    TEXT_LITERAL,
    finding,
    is_array,
    rewriting,
)
from sql_seg.syntax.parsing.tables import END

_JOINING = frozenset({"AND", "OR"})
_BEHIND_COMMA = frozenset({"RPAR", "RSQB", "FROM", "COMMA"})


def comma(it: Around) -> Finding | None:
    """Return a list without a comma that nothing follows, or that nothing comes before."""
    at = it.index - 1 if it.previous.type == "COMMA" and it.token.type in _BEHIND_COMMA else None
    if it.token.type == "COMMA" and it.previous.type in ("LPAR", "LSQB", "SELECT", "COMMA"):
        at = it.index
    if at is None or (it.token.type == "RPAR" and it.call_around(it.index) is not None and not _in_list(it)):
        return None
    place = it.at(at).span
    return finding(place, "this comma separates nothing", "leave it out", Edit(place, ""), code=TEXT)


def _in_list(it: Around) -> bool:
    opening = it.opening(it.index)
    return opening is not None and it.at(opening - 1).type == "IN"


def joining_word(it: Around) -> Finding | None:
    """Return conditions without an AND, OR or WHERE too many, at their start or between them."""
    word, before = it.word(it.index), it.word(it.index - 1)
    if word == "WHERE" and before == "WHERE":
        return _without(it, it.index, "WHERE stands twice")
    if word in _JOINING and (before in {"WHERE", "(", "NOT", "HAVING", word} or it.index == 0):
        return _without(it, it.index, f"{word} joins nothing here")
    if word in _JOINING and before in _JOINING:
        place = it.span(it.index - 1, it.index + 1)
        return finding(place, f"{before} and {word} do not stand together", "write one of them", code=TEXT)
    if word == "AND" and "WHERE" in it.accepted and "AND" not in it.accepted:
        hint = "conditions stand behind WHERE"
        return finding(
            it.token.span, "AND stands before WHERE", hint, Edit(it.token.span, "WHERE"), code=TEXT
        )
    return None


def _without(it: Around, at: int, message: str) -> Finding:
    place = it.at(at).span
    edit = Edit(Span(place.start, it.at(at + 1).start), "")
    return finding(place, message, "leave it out", edit, code=TEXT)


_EXPONENT = re.compile(r"(\d{1,20}(?:\.\d{1,20})?|\.\d{1,20})[eE][+-]?\d{1,2}(?![\w.])")
_GROUPS = re.compile(r"\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?(?![\w.,])")
_HALF = re.compile(r"(?:\d{1,20}\.|\.\d{1,20})(?![\w.])")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,12}(?!\w)")
_MONEY = re.compile(r"(?:[€£]\s?|\$)(\d{3,15}|\d{1,15}\.\d{1,9}|(?<![$])\d+)(?![\w.,])")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Decimal]], ...] = (
    (_EXPONENT, lambda found: Decimal(found[0])),
    (_HALF, lambda found: Decimal(found[0])),
    (_HEXADECIMAL, lambda found: Decimal(int(found[0], 16))),
    (_MONEY, lambda found: Decimal(found[1])),
)
"""Numbers as they are written elsewhere, and the value of each."""


def number(it: Around) -> Finding | None:
    """Return a number as it is written here: ``1e-3``, ``.5``, ``5.``, ``+5``, ``1,000``, ``0x1f``."""
    if it.token.type == "PLUS" and it.at(it.index + 1).type == "NUMBER" and "NUMBER" in it.accepted:
        hint = "a positive number has no sign"
        return finding(it.token.span, "unexpected '+'", hint, Edit(it.token.span, ""), code=TEXT)
    if it.has_unreadable() or it.word(it.index) == ".":
        start = it.token.start
        for pattern, value in _FORMS:
            found = pattern.match(it.text, start)
            if found is not None and (it.has_unreadable() or "NUMBER" in it.accepted):
                return _number(it, found, f"{value(found):f}", pattern is _MONEY)
    if it.token.type in ("COMMA", "NUMBER") and it.previous.type == "NUMBER":
        found = _GROUPS.match(it.text, it.previous.start)
        opened = it.call_around(it.index)
        if found is not None and found.end() > it.token.end and opened is None and it.token.type == "COMMA":
            return _number(it, found, found[0].replace(",", ""), True)
        if found is not None and it.token.type == "NUMBER" and found.end() >= it.token.end:
            return _number(it, found, found[0].replace(" ", ""), True)
    return None


def _number(it: Around, found: re.Match[str], written: str, is_guess: bool) -> Finding:
    place = Span(*found.span())
    safety = Safety.UNSAFE if is_guess else Safety.SAFE
    code = "malformed-number" if it.has_unreadable() else TEXT
    message = f"{found[0]} is no number here"
    return finding(place, message, f"write {written}", Edit(place, written), code=code, safety=safety)


_NEGATED = {"=": "", "!=": "NOT ", "<>": "NOT "}
"""What stands before the IN that says of several values what an operator says of one."""


def several_values(it: Around) -> Finding | None:
    """Return ``= 'a', 'b'``, ``= ('a', 'b')`` and ``IN ('a' OR 'b')`` as IN with a list."""
    if it.token.type == "OR" and (opening := it.opening(it.index)) is not None:
        closing = it.closing(opening)
        values = it.parts(opening + 1, closing, ("OR",)) if closing else []
        if closing and it.at(opening - 1).type == "IN" and all(map(_is_literal, values)):
            written = f"({', '.join(values)})"
            message = "the values of a list are separated by commas"
            return rewriting(it, opening, closing + 1, written, message, code=TEXT)
    return _behind_equals(it)


def _behind_equals(it: Around) -> Finding | None:
    at = it.index
    if it.token.type == "LSQB" and it.at(at - 1).type == "COMPARATOR":
        operator, opening = at - 1, at
    elif it.token.type == "COMMA" and (opened := it.opening(it.index)) is not None:
        operator, opening = opened - 1, opened
    elif it.token.type == "COMMA" and it.at(at - 2).type == "COMPARATOR" and it.at(at - 1).type == "STRING":
        return _without_brackets(it, at - 2)
    else:
        return None
    closing = it.closing(opening)
    values = it.parts(opening + 1, closing, ()) if closing else []
    negated = _NEGATED.get(it.word(operator))
    start = it.operand_before(operator)
    if start is not None and is_array(it.slice(start, operator)):
        return None
    if closing is None or negated is None or not values or not all(map(_is_literal, values)):
        return None
    written = f"{negated}IN ({', '.join(values)})"
    message = "several values stand behind IN"
    return rewriting(it, operator, closing + 1, written, message, code=TEXT)


def _without_brackets(it: Around, operator: int) -> Finding | None:
    negated = _NEGATED.get(it.word(operator))
    stop = it.index
    while it.at(stop).type == "COMMA" and it.at(stop + 1).type == "STRING":
        stop += 2
    if negated is None or stop == it.index or it.opening(it.index) is not None:
        return None
    written = f"{negated}IN ({it.slice(operator + 1, stop)})"
    return rewriting(it, operator, stop, written, "several values stand behind IN", code=TEXT)


def _is_literal(text: str) -> bool:
    return re.fullmatch(f"{TEXT_LITERAL}|{NUMBER_LITERAL}", text, re.DOTALL) is not None


def names_apart(it: Around) -> Finding | None:
    """Return ``first name = 'x'`` with the name that a column has: names have no blanks."""
    if it.token.type != "NAME" or it.previous.type != "NAME" or "COMPARATOR" not in it.accepted:
        return None
    stop = it.index + 1
    while it.at(stop).type == "NAME":
        stop += 1
    if it.at(stop).type not in COMPARISONS:
        return None
    written = "_".join(token.text.lower() for token in it.tokens[it.index - 1 : stop])
    message = "a field's name has no blanks"
    return rewriting(it, it.index - 1, stop, written, message, code=TEXT, safety=Safety.UNSAFE)


def colon(it: Around) -> Finding | None:
    """Return ``stage: 'a'`` as a comparison."""
    at = it.index if it.word(it.index) == ":" else it.index - 1
    is_value = it.at(at + 1).type in ("STRING", "NUMBER") and it.at(at - 1).type == "NAME"
    is_value = is_value and it.at(at + 2).type in (END, "AND", "OR", "RPAR")
    if it.word(at) != ":" or not is_value or (it.dialect is Dialect.V2 and at == it.index):
        return None
    place = it.at(at).span
    hint = "a comparison is written with ="
    edit = Edit(Span(it.at(at - 1).end, it.at(at + 1).start), " = ")
    return finding(place, "a colon compares nothing", hint, edit, code=TEXT, safety=Safety.UNSAFE)
