"""Operators of other SQL, and words that can only be left out."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import read_delimited_name, read_string, write_string
from sql_seg.syntax.other_sql import (
    Advice,
    contains,
    like,
    regular_expression,
    text_value,
)
from sql_seg.syntax.parsing.around import COMPARISONS, VALUES, Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, TEXT, finding, rewriting


def distinct_from(it: Around) -> Finding | None:
    """Return IS [NOT] DISTINCT FROM in the words of three-valued logic."""
    if it.word(it.index) != "DISTINCT" or it.word(it.index + 1) != "FROM":
        return None
    negated = it.previous.type == "NOT"
    start = it.operand_before(it.index - 1 - negated)
    stop = it.operand_after(it.index + 2)
    if it.at(it.index - 1 - negated).type != "IS" or start is None or stop is None:
        return None
    one, two = it.slice(start, it.index - 1 - negated), it.slice(it.index + 2, stop)
    if two.upper() == "NULL":
        written = f"{one} IS {'NOT ' * (not negated)}NULL"
    elif it.at(it.index + 2).type in ("STRING", "NUMBER", "TRUE", "FALSE") or two.startswith("TIMESTAMP"):
        written = f"{one} = {two}" if negated else f"({one} != {two} OR {one} IS NULL)"
    elif negated:
        written = f"({one} = {two} OR ({one} IS NULL AND {two} IS NULL))"
    else:
        written = (
            f"({one} != {two} OR ({one} IS NULL AND {two} IS NOT NULL) OR ({one} IS NOT NULL AND "
            f"{two} IS NULL))"
        )
    message = f"IS {'NOT ' * negated}DISTINCT FROM is not supported"
    return rewriting(it, start, stop, written, message)


def escape(it: Around) -> Finding | None:
    """Return a pattern without ESCAPE, where the dialect has a way to write it."""
    if (
        it.word(it.index) != "ESCAPE"
        or it.at(it.index - 2).type != "LIKE"
        or it.at(it.index + 1).type != "STRING"
    ):
        return None
    text = read_string(it.previous.text, it.dialect)
    sign = read_string(it.at(it.index + 1).text, it.dialect)
    message = "LIKE has no ESCAPE"
    place = it.span(it.index, it.index + 2)
    if len(sign) != 1:
        return finding(place, message, "leave it out")
    pieces = re.findall(re.escape(sign) + r"(.)|([%])|(_)|([^%_])", text, re.DOTALL)
    escaped = [piece[0] for piece in pieces if piece[0]]
    if it.dialect is Dialect.V2 and any(character in "%_" for character in escaped):
        hint = "a literal % or _ cannot be asked for: LIKE has no escape character; write another pattern"
        return finding(place, message, hint)
    if it.dialect is Dialect.V1 and any(piece[2] for piece in pieces):
        return finding(place, message, "in v1 _ is an ordinary character, and %% is one percent sign")
    pattern = "".join((p[0] * 2 if p[0] == "%" else p[0]) or p[1] or p[2] or p[3] for p in pieces)
    return rewriting(it, it.index - 1, it.index + 2, write_string(pattern, it.dialect), message, place=place)


def equality(it: Around) -> Finding | None:
    """Return the comparison that ``==``, ``=<``, ``=>``, ``<=>`` and their like mean."""
    at = it.index
    if it.token.text[:1] not in "=<>!" or it.at(at - 1).type != "COMPARATOR" or not it.touch(at - 1, at):
        return None
    written = it.at(at - 1).text + it.token.text
    stop = at + 1
    while it.at(stop).type == "COMPARATOR" and it.touch(stop - 1, stop):
        written += it.at(stop).text
        stop += 1
    means = {
        "==": "=",
        "===": "=",
        "=<": "<=",
        "=>": ">=",
        "<=>": "=",
        "=!": "!=",
        "><": "!=",
        "!==": "!=",
    }.get(written)
    if means is None:
        return None
    if it.at(stop).type == "NULL":
        means = "IS NOT" if means == "!=" else "IS"
    hint = "equality is a single =" if means == "=" else f"write {means}"
    place = it.span(at - 1, stop)
    return finding(it.token.span, f"there is no {written}", hint, Edit(place, means), code=TEXT)


def sign(it: Around) -> Finding | None:
    """Return the word that a sign means: ``&&``, ``||``, ``!``, ``≥``."""
    at, text = it.index, it.token.text
    if not it.has_unreadable():
        return None
    signs = {"≥": ">=", "≤": "<=", "≠": "!=", "＝": "=", "−": "-", "×": "*", "÷": "/"}
    if text in signs:
        edit = Edit(it.token.span, signs[text])
        message = f"unexpected '{text}'"
        return finding(it.token.span, message, f"write {signs[text]}", edit, code=CHARACTER)
    if text == "~" or (text == "!" and it.at(at + 1).text == "~"):
        return _match(it, at, at + 1 + (text == "!"), negated=text == "!")
    twice = it.at(at + 1).text == text and it.touch(at, at + 1)
    place = it.span(at, at + 1 + twice)
    if text == "&" and not twice and not _joins_conditions(it, at + 1):
        return finding(place, "unexpected '&'", "there are no bits of numbers; write AND", code=CHARACTER)
    if text == "&" and it.word(at + 1 + twice) != "ARRAY" and "AND" in it.accepted:
        edit = Edit(place, _spaced(it, place, "AND"))
        return finding(place, f"unexpected '{text * (1 + twice)}'", "write AND", edit, code=CHARACTER)
    if text == "|":
        return _bars(it, place, at + 1 + twice)
    if text == "!" and "NOT" in it.accepted and it.at(at - 1).text != "=":
        edit = Edit(place, _spaced(it, place, "NOT"))
        return finding(place, "unexpected '!'", "write NOT", edit, code=CHARACTER)
    if text == "!" and it.at(at - 1).text == "=" and it.touch(at - 1, at):
        place = it.span(at - 1, at + 1)
        return finding(place, "there is no =!", "write !=", Edit(place, "!="), code=CHARACTER)
    return None


def _spaced(it: Around, place: Span, word: str) -> str:
    before = it.text[place.start - 1 : place.start]
    after = it.text[place.end : place.end + 1]
    return f"{'' if before.isspace() or not before else ' '}{word}{'' if after.isspace() else ' '}"


def _joins_conditions(it: Around, after: int) -> bool:
    """Return whether a sign stands between conditions, not between values."""
    start, stop = it.operand_before(it.index), it.operand_after(after)
    is_group = it.previous.type == "RPAR" or it.at(after).type in ("LPAR", "NOT")
    ends = start is not None and it.at(start - 1).type in COMPARISONS
    return is_group or (ends and stop is not None and it.at(stop).type in COMPARISONS)


def _bars(it: Around, place: Span, after: int) -> Finding | None:
    """Return what ``||`` means: OR between conditions (MySQL), else the joining of texts."""
    start, stop = it.operand_before(it.index), it.operand_after(after)
    if start is None or stop is None:
        return None
    ends_condition = it.at(start - 1).type in COMPARISONS or it.word(start - 1) == "~"
    goes_on = it.at(stop).type in COMPARISONS
    is_chain = it.at(stop).text == "|"
    if ends_condition and goes_on:
        edit = Edit(place, _spaced(it, place, "OR"))
        return finding(place, "unexpected '||'", "write OR", edit, code=CHARACTER)
    if not (ends_condition or goes_on or is_chain):
        return None
    texts = [it.slice(start, it.index), it.slice(after, stop)]
    while it.at(stop).text == "|" and it.at(stop + 1).text == "|":
        further = it.operand_after(stop + 2)
        if further is None:
            return None
        texts.append(it.slice(stop + 2, further))
        stop = further
    values = [text_value(text, it.dialect) for text in texts]
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        written = write_string("".join(known), it.dialect)
    elif it.dialect is Dialect.V1:
        written = " + ".join(texts)
    else:
        written = f"CONCAT({', '.join(texts)})"
    return rewriting(it, start, stop, written, "texts are not joined by ||", code=CHARACTER)


_REGEX = frozenset({"REGEXP", "RLIKE", "SIMILAR", "GLOB", "MATCH", "MATCHES", "REGEX"})


def regex(it: Around) -> Finding | None:
    """Return a regular expression behind a word as LIKE."""
    word = it.word(it.index)
    if word not in _REGEX or "LIKE" not in it.accepted:
        return None
    negated = it.previous.type == "NOT"
    behind = it.index + 1 + (word == "SIMILAR" and it.word(it.index + 1) == "TO")
    return _match(it, it.index - negated, behind, negated=negated)


def _match(it: Around, operator: int, value: int, *, negated: bool) -> Finding | None:
    """Return a match by a regular expression or a pattern of other SQL as LIKE, if it is a simple one."""
    start = it.operand_before(operator)
    if it.at(value).text == "*":
        value += 1
    if start is None:
        return None
    subject, place = it.slice(start, operator), it.span(operator, value)
    name = it.slice(operator, value)
    message = f"{name} is not supported"
    found = None
    if it.at(value).type == "STRING":
        text = read_string(it.at(value).text, it.dialect)
        found = _as_like(it, name.upper(), subject, text, negated=negated)
    if found is None or not found.written:
        hint = found.help if found else f"there are no regular expressions: write {subject} LIKE '%…%'"
        return finding(place, message, hint)
    return rewriting(it, start, value + 1, found.written, message, place=place, safety=found.safety)


def _as_like(it: Around, name: str, subject: str, text: str, *, negated: bool) -> Advice | None:
    """Return what a pattern asks for as LIKE; None if it asks for more."""
    wildcards = {"GLOB": "*", "NOT GLOB": "*", "SIMILAR TO": "%", "NOT SIMILAR TO": "%"}.get(name)
    if wildcards is None:
        return regular_expression(subject, text, it.dialect, negated=negated)
    plain = text.strip(wildcards)
    if not re.fullmatch(r"[\w@. -]*", plain):
        return None
    form = f"{'%' * text.startswith(wildcards)}{{}}{'%' * text.endswith(wildcards)}"
    return like(subject, plain, form, it.dialect, negated=negated)


def null_word(it: Around) -> Finding | None:
    """Return ISNULL and NOTNULL as IS NULL and IS NOT NULL."""
    means = {"ISNULL": "IS NULL", "NOTNULL": "IS NOT NULL"}.get(it.word(it.index))
    if means is None or "IS" not in it.accepted:
        return None
    return rewriting(it, it.index, it.index + 1, means, f"{it.token.text} is not supported")


def left_out(it: Around) -> Finding | None:
    """Return what can only be left out: COLLATE, BINARY, AT TIME ZONE, prefixes of texts."""
    at = it.index
    if it.word(at) == "COLLATE":
        hint = "texts are compared by code point: leave COLLATE out"
        return _dropping(it, at, at + 2, "COLLATE is not supported", hint)
    if it.word(at - 1) == "BINARY" and it.at(at).type in VALUES:
        hint = "texts are compared by code point: leave BINARY out"
        return _dropping(it, at - 1, at, "BINARY is not supported", hint)
    if [it.word(at), it.word(at + 1), it.word(at + 2)] == ["AT", "TIME", "ZONE"]:
        hint = "a moment is the same in every zone: leave it out, and write literals with their offset"
        return _dropping(it, at, at + 4, "AT TIME ZONE is not supported", hint, safety=Safety.UNSAFE)
    is_prefix = it.at(at).type == "STRING" and it.word(at - 1) in ("N", "R", "E", "B", "U", "X")
    if is_prefix and it.touch(at - 1, at):
        return _dropping(it, at - 1, at, "a text has no letter before its quote", "leave the letter out")
    if it.word(at - 1) in ("DATE", "DATETIME", "TIMESTAMPTZ") and it.at(at).type == "STRING":
        text = it.at(at).text
        written = text if it.dialect is Dialect.V2 else f"TIMESTAMP {text}"
        return rewriting(it, at - 1, at + 1, written, f"a text cannot follow {it.at(at - 1).text}", code=TEXT)
    if it.dialect is Dialect.V2 and it.word(at - 1) == "TIMESTAMP" and it.at(at).type == "QUOTED_NAME":
        written = write_string(read_delimited_name(it.at(at).text), it.dialect)
        return rewriting(it, at, at + 1, written, "a moment stands in single quotes", code=TEXT)
    return None


def _dropping(
    it: Around, start: int, stop: int, message: str, help: str, *, safety: Safety = Safety.SAFE
) -> Finding:
    place = it.span(start, min(stop, len(it.tokens) - 1))
    end = it.at(stop).start if stop < len(it.tokens) - 1 else place.end
    before = it.text[place.start - 1 : place.start]
    edit = Edit(Span(place.start, end if before.isspace() or not before else place.end), "")
    return finding(place, message, help, edit, safety=safety)


def arithmetic_word(it: Around) -> Finding | None:
    """Return what DIV, MOD, XOR, ^ and MEMBER OF say."""
    word = it.word(it.index)
    if word == "DIV":
        return finding(
            it.token.span, "DIV is not supported", ("/ is real division: ask for a range of the result")
        )
    if word == "MOD" and "COMPARATOR" in it.accepted:
        return rewriting(it, it.index, it.index + 1, "%", "MOD is not supported")
    if word == "XOR":
        return finding(it.token.span, "XOR is not supported", "write (a AND NOT b) OR (b AND NOT a)")
    if it.token.text == "^":
        return finding(it.token.span, "unexpected '^'", "write a power as a product: x * x", code=CHARACTER)
    if word == "MEMBER" and it.word(it.index + 1) == "OF":
        start, stop = it.operand_before(it.index), it.operand_after(it.index + 2)
        if start is not None and stop is not None:
            array = it.slice(it.index + 2, stop).strip("() ")
            written = contains(array, it.slice(start, it.index), it.dialect)
            return rewriting(it, start, stop, written, "MEMBER OF is not supported")
    return None


def between(it: Around) -> Finding | None:
    """Return BETWEEN with AND, where TO or a comma stands."""
    if it.accepted & {"COMMA", "RPAR"} or "AND" not in it.accepted:
        return None
    if not any(token.type == "BETWEEN" for token in it.tokens[max(0, it.index - 8) : it.index]):
        return None
    if it.word(it.index) != "TO" and it.token.type != "COMMA":
        return None
    written = "AND" if it.word(it.index) == "TO" else " AND"
    return finding(
        it.token.span,
        "BETWEEN takes AND between its bounds",
        "write AND",
        Edit(it.token.span, written),
        code=TEXT,
    )
