"""Texts as literals: where what a query says enters SQL. No literal holds a control character."""

from __future__ import annotations

import re
from collections.abc import Callable

from sql_seg.sql.fragments import Level, Sql

_CONTROL = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")


def quoted(text: str) -> str:
    """Return a text in single quotes, where a quote is doubled and a backslash is itself."""
    return "'" + text.replace("'", "''") + "'"


def escaped(text: str) -> str:
    """Return a text in single quotes, where a backslash stands before a quote and itself."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def literals(quote: Callable[[str], str], character: str, *, apart: str = "") -> Callable[[str], Sql]:
    """Return how an engine writes texts: in quotes, control characters by their code points.

    ``character`` is the template of a character by its code point. A text is cut where the pattern ``apart``
    matches an empty stretch: the engine would read what meets there as something else.
    """
    cut = re.compile(apart) if apart else None

    def write(text: str) -> Sql:
        parts = []
        for piece in _CONTROL.split(text):
            if _CONTROL.fullmatch(piece):
                parts.append(character.format(ord(piece)))
            elif piece:
                parts += map(quote, cut.split(piece) if cut else [piece])
        if not parts:
            return Sql(quote(""))
        return Sql(parts[0]) if len(parts) == 1 else Sql(" || ".join(parts), Level.CONCAT)

    return write
