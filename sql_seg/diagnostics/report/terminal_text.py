"""Text that does nothing to a terminal, and its colours."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from sql_seg.diagnostics import Severity

_TAB = "    "
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_JOINER = "\N{ZERO WIDTH JOINER}"
_LAST_LATIN = 0x24F
"""Up to here nothing is ever joined: a joiner would only hide that two texts differ."""


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
    """Return a text as one line that does nothing to a terminal: tabs as spaces, no control characters.

    A joiner stays where it makes one character of two, as in emoji and in the scripts of India.
    """
    if line.isprintable():
        return line
    return "".join(
        _TAB if c == "\t" else c if c.isprintable() or _joins(line, index) else _REPLACEMENT
        for index, c in enumerate(line)
    )


def _joins(line: str, index: int) -> bool:
    """Return whether a character is a joiner between two that it can join."""
    return (
        line[index] == _JOINER
        and 0 < index < len(line) - 1
        and all(
            other.isprintable() and ord(other) > _LAST_LATIN for other in (line[index - 1], line[index + 1])
        )
    )


def _painted(text: str, style: Style) -> str:
    return f"\x1b[{style.value}m{text}\x1b[0m" if text and style.value else text


def _as_it_is(text: str, _style: Style) -> str:
    return text
