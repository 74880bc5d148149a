"""Findings of foreign syntax, with the fix that writes what it means."""

from __future__ import annotations

from sql_seg.diagnostics import Edit, Finding, Fix, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS
from sql_seg.syntax.parsing.around import Around

TEXT = "unexpected-text"
CHARACTER = "unexpected-character"


def finding(
    place: Span,
    message: str,
    help: str,
    *edits: Edit,
    code: str = "unsupported-operator",
    safety: Safety = Safety.SAFE,
) -> Finding:
    """Return a finding with its fix, if it has edits."""
    fix = None
    if edits:
        written = edits[0].text.strip()
        words = f"Write {written}" if len(edits) == 1 and written else help[:1].upper() + help[1:]
        fix = Fix(words, tuple(edits), safety)
    return Finding(code, place, message, help=help, fix=fix)


def rewriting(
    it: Around,
    start: int,
    stop: int,
    written: str,
    message: str,
    *,
    code: str = "unsupported-operator",
    safety: Safety = Safety.SAFE,
    place: Span | None = None,
) -> Finding:
    """Return the finding whose fix writes a text in place of some tokens."""
    whole = it.span(start, stop)
    return finding(
        place or whole, message, f"write {written}", Edit(whole, written), code=code, safety=safety
    )


JSON_COLUMNS = ("DATA", "EVENT_DATA")
"""The columns that hold JSON."""

_ARRAYS = {column.key for column in CONTACT_COLUMNS if column.type is DataType.ARRAY}


def is_array(operand: str) -> bool:
    """Return whether an operand is one of the columns that hold lists; no custom field does."""
    return operand.rpartition(".")[2].lower() in _ARRAYS


TEXT_LITERAL = r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\\.)*\""
"""A text in quotes, as a regular expression: in single ones, or in double ones as in other languages."""

NUMBER_LITERAL = r"-?\d+(?:\.\d+)?"
"""A number, as a regular expression."""
