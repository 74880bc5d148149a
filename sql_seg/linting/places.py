"""Exact places in a query's text, for what has no node of its own, and texts as a query writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.diagnostics import Edit
from sql_seg.diagnostics.source import Span, inside_parentheses
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import Escape, escapes, read_string, write_string
from sql_seg.language.timestamps import read_timestamp
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


MARKS = re.compile(
    r"(?P<string>'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*')|(?P<quoted>\"[^\"]+\")|(?P<backticked>`[^`]+`)|"
    r"(?P<comment>--[^\r\n]*|/\*[\s\S]*?\*/)|(?P<semicolon>;)"
)
"""What no node of a v2 query shows, and strings, which may hold all of it."""


@frozen
class WrittenEscape:
    """A backslash in a text of a query; ``of_pattern``: meant to make a LIKE's wildcard an ordinary one.

    ``of_moment``: what the text says is a moment, which with another character it would not be.
    """

    start: int
    escape: Escape
    of_pattern: bool
    of_moment: bool = False


def written_escapes(context: Context) -> list[WrittenEscape]:
    """Return the backslashes in all texts of a v2 query, in the order of the text."""
    return list(_written_escapes(context)) if "\\" in context.text else []


def _written_escapes(context: Context) -> Iterator[WrittenEscape]:
    patterns = {
        literal_span(context, like.pattern).start
        for like in context.nodes_of(nodes.Like)
        if isinstance(like.pattern, nodes.String)
    }
    for mark in MARKS.finditer(context.text):
        if mark.lastgroup != "string" or "\\" not in mark.group():
            continue
        token, start = mark.group(), mark.start()
        is_moment = read_timestamp(read_string(token, context.dialect)) is not None
        for escape in escapes(token):
            following = token[escape.start + len(escape.written) : -1][:1]
            wildcard = escape.value if escape.is_dropped else following if escape.value == "\\" else ""
            is_tried = start in patterns and wildcard in ("%", "_")
            yield WrittenEscape(start + escape.start, escape, is_tried, is_moment)
