"""Words and signs that stand in the place of an operator, of a value, or of a clause elsewhere."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import Comparator
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, TEXT, finding, rewriting
from sql_seg.syntax.parsing.tables import END

_COMPARISONS = {
    **dict.fromkeys(("EQUALS", "EQUAL", "EQ"), "="),
    **dict.fromkeys(("NE", "NEQ", "UNEQUAL"), "!="),
    **dict.fromkeys(("GREATER", "GT"), ">"),
    **dict.fromkeys(("LESS", "LT"), "<"),
    **dict.fromkeys(("GTE", "GE"), ">="),
    **dict.fromkeys(("LTE", "LE"), "<="),
}
_FILLERS = frozenset({"TO", "THAN"})


def comparison(it: Around) -> Finding | None:
    """Return ``equals``, ``is equal to``, ``is greater than`` and the like as the operator that they mean."""
    means = _COMPARISONS.get(it.word(it.index))
    negated = it.previous.type == "NOT" and it.at(it.index - 2).type == "IS"
    start = it.index - 2 if negated else it.index - (it.previous.type == "IS")
    if means is None or (start == it.index and "COMPARATOR" not in it.accepted):
        return None
    stop = it.index + 1 + (it.word(it.index + 1) in _FILLERS)
    if it.word(stop) == "OR" and it.word(stop + 1) in ("EQUAL", "EQUALS"):
        means = {">": ">=", "<": "<="}.get(means, means)
        stop += 2 + (it.word(stop + 2) in _FILLERS)
    if it.operand_after(stop) is None:
        return None
    if negated:
        means = str(Comparator(means).negated)
    written = it.slice(start, stop)
    return rewriting(it, start, stop, means, f"{written} is not supported")


def predicate_behind_is(it: Around) -> Finding | None:
    """Return ``IS NOT LIKE``, ``IS IN`` and ``IS BETWEEN`` without IS, and ``IS UNKNOWN`` as IS NULL."""
    negated = it.previous.type == "NOT"
    before = it.index - 1 - negated
    if it.at(before).type != "IS":
        return None
    if it.token.type in ("LIKE", "IN", "BETWEEN"):
        written = "NOT " * negated + it.token.word
        return rewriting(it, before, it.index + 1, written, f"{it.token.word} takes no IS", code=TEXT)
    if it.word(it.index) == "UNKNOWN":
        return rewriting(it, it.index, it.index + 1, "NULL", "IS UNKNOWN is not supported")
    if it.word(it.index) in ("EMPTY", "BLANK") and (start := it.operand_before(before)) is not None:
        subject = it.slice(start, before)
        of_text, of_none = ("!=", "IS NOT NULL") if negated else ("=", "IS NULL")
        hint = f"of an empty text, write {subject} {of_text} ''; of no value, {subject} {of_none}"
        return finding(it.span(before, it.index + 1), f"IS {it.word(it.index)} is not supported", hint)
    return None


def between(it: Around) -> Finding | None:
    """Return ``BETWEEN (1, 5)`` without its parentheses; SYMMETRIC can only be left out."""
    if it.word(it.index - 1) == "SYMMETRIC" and it.at(it.index - 2).type == "BETWEEN":
        edit = Edit(Span(it.previous.start, it.token.start), "")
        hint = "leave it out, with the smaller bound first"
        place = it.previous.span
        return finding(place, "SYMMETRIC is not supported", hint, edit, safety=Safety.UNSAFE)
    opening = _opening(it)
    if opening is None or it.at(opening - 1).type != "BETWEEN" or (closing := it.closing(opening)) is None:
        return None
    bounds = it.parts(opening + 1, closing, ())
    if len(bounds) != 2:
        return None
    written = " AND ".join(bounds)
    return rewriting(it, opening, closing + 1, written, "BETWEEN takes AND between its bounds", code=TEXT)


def row_of_values(it: Around) -> Finding | None:
    """Return ``(a, b) = (1, 2)`` as two comparisons."""
    opening = _opening(it)
    if opening is None or it.at(opening - 1).type in ("NAME", "IN", "LIKE", "BETWEEN"):
        return None
    closing = it.closing(opening)
    if closing is None or it.at(closing + 1).type not in ("COMPARATOR", "IN", "NOT"):
        return None
    left = it.parts(opening + 1, closing, ())
    message, example = "values are compared one by one", " AND ".join(f"{each} = …" for each in left[:3])
    last = it.closing(closing + 2) if it.at(closing + 2).type == "LPAR" else None
    right = it.parts(closing + 3, last, ()) if last is not None else []
    if last is None or it.word(closing + 1) != "=" or len(right) != len(left):
        return finding(it.span(opening, closing + 1), message, f"write ({example})", code=TEXT)
    written = " AND ".join(f"{one} = {two}" for one, two in zip(left, right, strict=True))
    return rewriting(it, opening, last + 1, f"({written})", message, code=TEXT)


def _opening(it: Around) -> int | None:
    """Return the parenthesis that a comma stands in, directly."""
    return it.opening(it.index) if it.token.type == "COMMA" else None


_DATE = re.compile(r"#(\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?)#")


def signs(it: Around) -> Finding | None:
    """Return what ``!>``, ``**``, ``//``, ``#2026-01-01#`` and ``{ts '…'}`` are here."""
    at, text = it.index, it.token.text
    following = it.at(at + 1).text
    if text == "!" and following in ("<", ">") and it.touch(at, at + 1):
        means = ">=" if following == "<" else "<="
        return rewriting(it, at, at + 2, means, f"there is no !{following}", code=CHARACTER)
    if text == "*" and it.at(at - 1).text == "*" and it.touch(at - 1, at):
        return finding(
            it.span(at - 1, at + 1), "there is no **", "write a power as a product: x * x", code=TEXT
        )
    first = at - (text == "/" and it.at(at - 1).text == "/" and it.touch(at - 1, at))
    if text == "/" and it.word(first + 1) == "/" and it.touch(first, first + 1):
        return _comment(it, it.span(first, first + 2))
    if text == "*" and it.word(at + 1) == "/" and it.touch(at, at + 1) and "/*" in it.text[: it.token.start]:
        hint = "a comment ends at its first */: leave out the inner one"
        return finding(it.span(at, at + 2), "comments do not stand inside of each other", hint, code=TEXT)
    if text == "#" and (found := _DATE.match(it.text, it.token.start)) is not None:
        place, literal = Span(found.start(), found.end()), _moment(it, f"'{found[1]}'")
        message = "a moment stands in quotes, not between #"
        return finding(place, message, f"write {literal}", Edit(place, literal), code=CHARACTER)
    if text == "#" and (at == 0 or not it.touch(at - 1, at)) and it.text[it.token.end :][:1] in (" ", "\t"):
        return _comment(it, it.token.span)
    if text == "#" and following == "{" and it.touch(at, at + 1):
        hint = "a query has no variables: write the value itself"
        return finding(it.token.span, "unexpected '#'", hint, code=CHARACTER)
    if (
        text == "{"
        and it.word(at + 1) in ("TS", "D")
        and it.at(at + 2).type == "STRING"
        and it.at(at + 3).text == "}"
    ):
        literal = _moment(it, it.at(at + 2).text)
        return rewriting(it, at, at + 4, literal, "a moment does not stand in braces", code=CHARACTER)
    if (
        it.word(at - 1) == "TIMESTAMP"
        and it.word(at) in ("WITH", "WITHOUT")
        and it.at(at + 3).type == "STRING"
    ):
        literal = _moment(it, it.at(at + 3).text)
        return rewriting(it, at - 1, at + 4, literal, f"TIMESTAMP {it.slice(at, at + 3)} is not supported")
    return None


def _comment(it: Around, place: Span) -> Finding:
    """Return a comment of elsewhere as one of v2; v1 has none."""
    sign = it.text[place.start : place.end]
    line = it.text.find("\n", place.end)
    end = len(it.text) if line < 0 else line
    message, hint = f"{sign} starts no comment", "comments start with -- in v2; v1 has none"
    edit = Edit(place, "--") if it.dialect is Dialect.V2 else Edit(Span(place.start, end), "")
    code = TEXT if sign == "//" else CHARACTER
    return finding(place, message, hint, edit, code=code, safety=Safety.UNSAFE)


def _moment(it: Around, text: str) -> str:
    return text if it.dialect is Dialect.V2 else f"TIMESTAMP {text}"


_LAST_EVENT = "for the last event, select MAX(e.timestamp) AS last_event and ask for it in HAVING"
_LEFT_OUT = "leave it out: a segment holds every contact that matches"
_CLAUSES = {
    "QUALIFY": ("unsupported-window-function", _LAST_EVENT),
    "WINDOW": ("unsupported-window-function", _LAST_EVENT),
    "MINUS": ("unsupported-union", "write the conditions as one: WHERE (…) AND NOT (…)"),
    **dict.fromkeys(("FETCH", "OFFSET", "SAMPLE", "TABLESAMPLE"), ("unsupported-limit", _LEFT_OUT)),
    **dict.fromkeys(("FOR", "OPTION", "WITH"), (TEXT, "leave it out: a segment only selects")),
    **dict.fromkeys(
        ("SORT", "CLUSTER", "DISTRIBUTE"), ("unsupported-order-by", "leave it out: a segment has no order")
    ),
}
_TABLE_FUNCTIONS = frozenset({"FLATTEN", "UNNEST", "EXPLODE", "TABLE", "JSON_EACH", "OPENJSON", "LATERAL"})


def clause(it: Around) -> Finding | None:
    """Return what the clauses of other SQL ask for: QUALIFY, MINUS, FETCH, TOP, tables made of arrays."""
    if it.dialect is Dialect.V1:
        return None
    at = it.index
    if it.token.type == "LPAR" and it.word(at - 1) in _TABLE_FUNCTIONS and it.accepted & {"ON", "JOIN"}:
        hint = "a list is asked where it stands: ARRAY_CONTAINS(list_ids, 'a')"
        return finding(it.at(at - 1).span, f"{it.word(at - 1)} is no table", hint, code=TEXT)
    word_at = at if it.word(at) in _CLAUSES else at - 1
    if it.word(word_at) in _CLAUSES and (END in it.accepted or "WHERE" in it.accepted) and word_at > 1:
        code, hint = _CLAUSES[it.word(word_at)]
        return finding(it.at(word_at).span, f"{it.word(word_at)} is not supported", hint, code=code)
    if it.word(1) == "TOP" and it.word(2) == "(" and at <= 6 and (closing := it.closing(2)) is not None:
        stop = closing + 1 + (it.word(closing + 1) == "PERCENT")
        if stop < at:
            return None
        edit = Edit(Span(it.at(1).start, it.at(stop).start), "")
        return finding(it.span(1, stop), "TOP is not supported", _LEFT_OUT, edit, code="unsupported-limit")
    return None
