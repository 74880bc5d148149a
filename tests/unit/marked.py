"""Texts with marked places: ``«`` and ``»`` stand around the place of each expected finding."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing import parse


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """Return a text without its marks, and the marked places in order."""
    spans, text = [], ""
    for part in re.split("(«[^»]*»)", marked):
        if part.startswith("«"):
            spans.append(Span(len(text), len(text) + len(part) - 2))
            part = part[1:-1]
        text += part
    return text, spans


def syntax_errors(text: str, dialect: Dialect | str | None = None) -> list[Diagnostic]:
    """Return what is said about a text that does not parse."""
    try:
        query = parse(text, dialect)
    except QuerySyntaxError as error:
        return error.diagnostics
    raise AssertionError(f"{text!r} parses: {query!r}")


def refuses(marked: str, code: str, *words: str, dialect: Dialect | str | None = None) -> None:
    """Assert that a text is refused at its marked place, with a code and with words in message or help."""
    text, spans = unmarked(marked)
    (diagnostic,) = syntax_errors(text, dialect)
    assert (diagnostic.code, [diagnostic.span]) == (code, spans), diagnostic
    for word in words:
        assert word in f"{diagnostic.message}\n{diagnostic.help}", diagnostic
