"""Exact places in a query's text, for what has no node of its own, and texts as a query writes them."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit
from sql_seg.diagnostics.source import Span, inside_parentheses
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import read_string, write_string
from sql_seg.linting.rule import Context
from sql_seg.syntax import nodes

_SKIPPED = re.compile(r"(?:\s|--[^\r\n]*|/\*[\s\S]*?\*/)*")
_ENDS_IN_BACKSLASH = re.compile(r"\\(?=['\"\\]|\Z)")
_WORD = re.compile(r"\w\w")
_LONGEST_SHOWN = 60


def operator_span(context: Context, left: nodes.Node, right: nodes.Node) -> Span:
    """Return where the operator between two operands stands, without the blanks and comments around it."""
    start, end = left.span.end, right.span.start
    blanks = _SKIPPED.match(context.text, start, end)
    assert blanks is not None
    start = blanks.end()
    last = start
    position = start
    while position < end:
        blanks = _SKIPPED.match(context.text, position, end)
        assert blanks is not None
        if blanks.end() > position:
            position = blanks.end()
        else:
            position += 1
            last = position
    return Span(start, last)


def stands_in_parentheses(context: Context, node: nodes.Node) -> bool:
    """Return whether a node's place includes parentheses of its own."""
    if not context.text.startswith("(", node.span.start):
        return False
    first = next(iter(node.children()), None)
    return first is None or first.span.start > node.span.start


def literal_span(context: Context, literal: nodes.Node) -> Span:
    """Return the place of a literal without the parentheses that it may stand in."""
    return inside_parentheses(context.text, literal.span)


def edit_of_words(context: Context, span: Span, words: str) -> Edit:
    """Return the edit that writes words, with a blank where they would run into the words around them."""
    before = context.text[max(0, span.start - 1) : span.start]
    after = context.text[span.end : span.end + 1]
    if _WORD.fullmatch(before + words[0]):
        words = f" {words}"
    if _WORD.fullmatch(words[-1] + after):
        words = f"{words} "
    return Edit(span, words)


def written_text(context: Context, literal: nodes.String, value: str) -> str:
    """Return another value as the query would write it: in the literal's own kind of quotes."""
    span = literal_span(context, literal)
    quote = context.text[span.start]
    escaped = "''" if context.dialect is Dialect.V2 else f"\\{quote}"
    is_plain = context.dialect is Dialect.V1 or "\\" not in value
    if is_plain and quote in ("'", '"') and not _ENDS_IN_BACKSLASH.search(value):
        text = quote + value.replace(quote, escaped) + quote
        if read_string(text, context.dialect) == value:
            return text
    return write_string(value, context.dialect)


def shortened(text: str) -> str:
    """Return a text for a message: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"
