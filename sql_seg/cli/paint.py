"""Colours of answers for people: what a truth, a hint, or more and less look like on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sql_seg.cli.output import is_colorful

_STYLES: dict[str, dict[str, Any]] = {
    "TRUE": {"fg": "green"},
    "FALSE": {"fg": "red"},
    "NULL": {"fg": "yellow"},
    "strong": {"bold": True},
    "bar": {"fg": "cyan"},
    "more": {"fg": "green"},
    "less": {"fg": "red"},
    "hint": {"fg": "cyan"},
}


def painter() -> Callable[[str, str], str]:
    """Return the function that gives a text the look of a style, or none where there are no colours."""
    if not is_colorful("auto"):
        return lambda text, _: text
    return lambda text, style: click.style(text, **_STYLES[style]) if text else text
