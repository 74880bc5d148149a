"""Casts, amounts of time, and calls whose arguments are separated by words."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import read_string
from sql_seg.syntax.other_sql import (
    CAST_HELP,
    ForeignCall,
    advice,
    flipped,
    integer,
    shifted,
    text_value,
    unit_of,
)
from sql_seg.syntax.parsing.around import VALUES, Around, CallAround
from sql_seg.syntax.parsing.foreign.foreign_finding import finding, rewriting


def worded_call(it: Around) -> Finding | None:
    """Return what CAST(x AS t), EXTRACT(year FROM d), POSITION('a' IN x) and LEFT(x, 2) say."""
    call = it.call_around(it.index)
    if it.word(it.index) in ("LEFT", "RIGHT"):
        call = it.call_at(it.index)
    elif it.token.type == "LPAR" and it.word(it.index - 1) in ("LEFT", "RIGHT"):
        call = it.call_at(it.index - 1)
    if call is None:
        return None
    if call.name in _CASTS:
        return _cast(it, call)
    if call.name in ("EXTRACT", "POSITION", "TRIM", "SUBSTRING", "LEFT", "RIGHT", "OVERLAY"):
        words = {"EXTRACT": ("FROM",), "POSITION": ("IN",), "SUBSTRING": ("FROM", "FOR")}.get(
            call.name, ("FROM",)
        )
        return _answered(it, call, it.parts(call.start + 2, call.closing, words))
    return None


_CASTS = frozenset({"CAST", "TRY_CAST", "SAFE_CAST", "CONVERT"})


def _comparison_of(it: Around, start: int, stop: int) -> tuple[str, str, int, int]:
    """Return what a call is compared with, turned so that it stands on the left: operator, text, place."""
    if it.at(stop).type == "COMPARATOR" and (end := it.operand_after(stop + 1)) is not None:
        return it.at(stop).text, it.slice(stop + 1, end), start, end
    if it.at(start - 1).type == "COMPARATOR" and (begin := it.operand_before(start - 1)) is not None:
        return flipped(it.at(start - 1).text), it.slice(begin, start - 1), begin, stop
    return "", "", start, stop


def _answered(it: Around, call: CallAround, arguments: list[str]) -> Finding | None:
    operator, other, start, stop = _comparison_of(it, call.start, call.closing + 1)
    found = advice(ForeignCall(call.name, arguments, it.dialect, operator, other))
    place = it.span(call.start, call.start + 1)
    message = f"{it.dialect} has no function {call.name}"
    if found is None:
        return finding(place, message, "", code="unknown-function")
    if not found.written:
        return finding(place, message, found.help, code="unknown-function")
    if not found.is_condition:
        start, stop = call.start, call.closing + 1
    is_sum = " AND " in found.written and not found.written.startswith("(")
    written = f"({found.written})" if is_sum else found.written
    edit = Edit(it.span(start, stop), written)
    return finding(place, message, found.help, edit, code="unknown-function", safety=found.safety)


def _cast(it: Around, call: CallAround) -> Finding | None:
    parts = it.parts(call.start + 2, call.closing, ("AS", "USING"))
    place = it.span(call.start, call.start + 2)
    if len(parts) != 2 or it.token.type == "COMMA":
        return None
    value, kind = parts[0], parts[1].upper()
    text = text_value(value, it.dialect)
    is_moment = kind.startswith(("DATE", "TIMESTAMP"))
    if text is None and is_moment:
        found = _answered(it, call._replace(name="DATE"), [value])
        if found is not None and found.fix is not None:
            return Finding(
                "unsupported-cast", place, "casts are not supported", help=found.help, fix=found.fix
            )
    written = value
    if text is not None and is_moment and it.dialect is Dialect.V1:
        written = f"TIMESTAMP {value}"
    if text is not None and kind.startswith(("INT", "NUM", "DEC", "FLOAT", "DOUBLE", "SIGNED")):
        written = text
    edit = Edit(it.span(call.start, call.closing + 1), written)
    safety = Safety.SAFE if text is not None else Safety.UNSAFE
    hint = f"write {written} alone: {CAST_HELP.partition(': ')[2]}"
    return finding(place, "casts are not supported", hint, edit, code="unsupported-cast", safety=safety)


def double_colon(it: Around) -> Finding | None:
    """Return ``x::type`` without the type."""
    colons = [it.at(i).text == ":" for i in (it.index - 1, it.index, it.index + 1)]
    first = it.index if colons[1] and colons[2] else it.index - 1 if colons[0] and colons[1] else None
    if first is None or it.at(first + 2).type not in VALUES:
        return None
    stop = it.operand_after(first + 2)
    if stop is None:
        return None
    place = it.span(first, first + 2)
    start = it.operand_before(first)
    if it.word(first + 2) == "INTERVAL" and it.at(first - 1).type == "STRING":
        return _cast_interval(it, first, stop)
    text = text_value(it.slice(start, first), it.dialect) if start is not None else None
    edit = Edit(Span(it.at(first).start, it.at(stop - 1).end), "")
    if text is not None and it.dialect is Dialect.V1 and it.word(first + 2) in ("DATE", "TIMESTAMP"):
        return rewriting(
            it,
            start or 0,
            stop,
            f"TIMESTAMP {it.slice(start or 0, first)}",
            "casts are not supported",
            code="unsupported-cast",
        )
    safety = Safety.SAFE if text is not None else Safety.UNSAFE
    return finding(place, "casts are not supported", CAST_HELP, edit, code="unsupported-cast", safety=safety)


def _cast_interval(it: Around, first: int, stop: int) -> Finding | None:
    """Return ``moment - '7 days'::interval`` as a moved moment."""
    amount, sign = _amount(it, first - 2), it.word(first - 2)
    known = unit_of(amount[0], it.dialect) if amount is not None else None
    start = it.operand_before(first - 2) if sign in ("-", "+") else None
    if amount is None or known is None or start is None:
        return None
    number = -amount[1] if sign == "-" else amount[1]
    written = shifted(known, number, it.slice(start, first - 2), it.dialect)
    return rewriting(it, start, stop, written, "casts are not supported", code="unsupported-cast")


def interval(it: Around) -> Finding | None:
    """Return ``moment - INTERVAL 30 DAY`` of v2, or DATE_SUB(moment, INTERVAL 30 DAY), as a moved moment."""
    at = next((i for i in range(it.index, max(it.index - 4, -1), -1) if it.word(i) == "INTERVAL"), None)
    if at is None:
        return None
    call = it.call_around(at)
    in_call = call is not None and call.name in _ADDING and it.at(at - 1).type == "COMMA"
    if it.dialect is Dialect.V1 and not in_call:
        return None
    amount = _amount(it, at)
    if amount is None:
        return None
    unit, number, stop = amount
    known = unit_of(unit, it.dialect)
    if known is None:
        return None
    if call is not None and in_call:
        number *= _ADDING[call.name]
        written = shifted(known, number, call.arguments[0], it.dialect)
        start, stop = call.start, call.closing + 1
    else:
        sign = it.word(at - 1)
        begin = it.operand_before(at - 1) if sign in ("-", "+") else None
        if begin is None:
            return None
        start = begin
        written = shifted(known, -number if sign == "-" else number, it.slice(start, at - 1), it.dialect)
    place = it.span(at, amount[2])
    message = f"{it.dialect} has no INTERVAL" if it.dialect is Dialect.V2 else "dates are moved by + and -"
    return rewriting(it, start, stop, written, message, code="unsupported-interval", place=place)


_ADDING = {
    **dict.fromkeys(("DATE_ADD", "ADDDATE", "TIMESTAMP_ADD", "DATETIME_ADD", "DATEADD"), 1),
    **dict.fromkeys(("DATE_SUB", "SUBDATE", "TIMESTAMP_SUB", "DATETIME_SUB", "DATESUB"), -1),
}


def _amount(it: Around, at: int) -> tuple[str, int, int] | None:
    """Return the unit, the number and the end of what stands behind INTERVAL."""
    after = at + 1
    sign = -1 if it.word(after) == "-" else 1
    after += it.word(after) in ("-", "+")
    token = it.at(after)
    if token.type == "NUMBER" and it.at(after + 1).type == "NAME":
        number = integer(token.text)
        return None if number is None else (it.at(after + 1).text, sign * number, after + 2)
    if token.type != "STRING":
        return None
    found = re.fullmatch(r"\s*([+-]?\d+)\s*([A-Za-z]*)\s*", read_string(token.text, it.dialect))
    number = None if found is None else integer(found[1])
    if found is None or number is None:
        return None
    if found[2]:
        return found[2], sign * number, after + 1
    return it.at(after + 1).text, sign * number, after + 2
