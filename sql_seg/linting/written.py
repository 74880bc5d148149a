"""How the texts of a v2 query are written: the backslashes in them, and which are a pattern's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.frozen import frozen
from sql_seg.language.literals import Escape, escapes, read_string, read_timestamp
from sql_seg.linting.places import literal_span
from sql_seg.linting.rule import Context
from sql_seg.syntax import nodes

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
