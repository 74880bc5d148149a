"""Text that does nothing to a terminal, how wide it is there, and its colours."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import Enum

from sql_seg.diagnostics import Severity

_TAB = "    "
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Style(Enum):
    """What a piece of a report is; the value is how a terminal shows it."""

    PLAIN = ""
    BOLD = "1"
    ERROR = "1;31"
    WARNING = "1;33"
    INFO = "1;36"
    MARGIN = "1;34"
    LABEL = "34"
    HELP = "36"
    FIX = "32"


Paint = Callable[[str, Style], str]


def painter(*, color: bool) -> Paint:
    """Return the function that gives pieces of text their style, or leaves them as they are."""
    return _painted if color else _as_it_is


def style_of(severity: Severity) -> Style:
    """Return the style of a severity."""
    return Style[severity.name]


def visible(line: str) -> str:
    """Return a text as one line that does nothing to a terminal: tabs as spaces, no control characters."""
    if line.isprintable():
        return line
    return "".join(_TAB if c == "\t" else c if c.isprintable() else _REPLACEMENT for c in line)


def width(text: str) -> int:
    """Return how many terminal cells a text takes once it is visible."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in visible(text)
    )


def _painted(text: str, style: Style) -> str:
    return f"\x1b[{style.value}m{text}\x1b[0m" if text and style.value else text


def _as_it_is(text: str, _style: Style) -> str:
    return text
