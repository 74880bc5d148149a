"""Lists as other SQL writes them."""

from __future__ import annotations

from sql_seg.diagnostics import Finding
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.other_sql import (
    contains,
    text_value,
)
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import TEXT, rewriting


def list_of_values(it: Around) -> Finding | None:
    """Return ``ARRAY_CONTAINS(list_ids, ('a', 'b'))`` with its list as it is written here."""
    call = it.call_around(it.index)
    if it.token.type != "COMMA":
        return None
    opening = it.opening(it.index)
    if opening is None or it.at(opening + 1).type != "STRING":
        return None
    closing = it.closing(opening)
    if closing is None or not all(t.type in ("STRING", "COMMA") for t in it.tokens[opening + 1 : closing]):
        return None
    values = it.parts(opening + 1, closing, ())
    if it.at(opening - 1).type == "LIKE":
        return _any_like(it, opening, closing, values)
    call = it.call_around(opening)
    if call is None or call.name not in ("ARRAY_CONTAINS", "CONTAINS") or it.at(opening - 1).type != "COMMA":
        return None
    array = call.arguments[0]
    if it.dialect is Dialect.V1:
        written = f"({' OR '.join(contains(array, value, it.dialect) for value in values)})"
        message = "CONTAINS takes one value"
        return rewriting(it, call.start, call.closing + 1, written, message, code=TEXT)
    written = f"[{', '.join(values)}]"
    message = f"the values of {call.name} stand in square brackets"
    return rewriting(it, opening, closing + 1, written, message, code=TEXT)


def _any_like(it: Around, opening: int, closing: int, values: list[str]) -> Finding | None:
    negated = it.at(opening - 2).type == "NOT"
    start = it.operand_before(opening - 1 - negated)
    if start is None:
        return None
    subject = it.slice(start, opening - 1 - negated)
    likes = " OR ".join(f"{subject} LIKE {value}" for value in values)
    return rewriting(
        it, start, closing + 1, f"{'NOT ' * negated}({likes})", "LIKE takes one pattern", code=TEXT
    )


def in_array(it: Around) -> Finding | None:
    """Return ``'a' IN list_ids`` as the question whether the list holds the value."""
    if it.previous.type != "IN" or it.token.type not in ("NAME", "STRING"):
        return None
    negated = it.at(it.index - 2).type == "NOT"
    start = it.operand_before(it.index - 1 - negated)
    stop = it.operand_after(it.index)
    if start is None or stop is None:
        return None
    subject, value = it.slice(start, it.index - 1 - negated), it.slice(it.index, stop)
    if it.token.type == "STRING":
        while it.at(stop).type == "COMMA" and it.at(stop + 1).type in ("STRING", "NUMBER"):
            stop += 2
        value = it.slice(it.index, stop)
        return rewriting(it, it.index, stop, f"({value})", "a list stands in parentheses", code=TEXT)
    if text_value(subject, it.dialect) is None or it.at(stop).type in ("NUMBER", "STRING"):
        return None
    call = it.call_at(it.index)
    if call is not None and call.name in _ROWS_OF_ARRAYS and len(call.arguments) == 1:
        value = call.arguments[0]
    written = f"{'NOT ' * negated}{contains(value, subject, it.dialect)}"
    return rewriting(it, start, stop, written, "IN takes a list of values", code=TEXT)


_ROWS_OF_ARRAYS = frozenset({"UNNEST", "FLATTEN", "EXPLODE"})
