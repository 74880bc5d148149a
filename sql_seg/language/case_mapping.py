"""LOWER and UPPER: Unicode's simple case mapping, one code point to one.

``ß`` stays ``ß`` in upper case and a final ``Σ`` becomes ``σ`` as any other does, so that no length changes
and every engine agrees. Python's own ``lower`` and ``upper`` map to several characters, or look at what
stands beside a letter.
"""

from __future__ import annotations

from collections.abc import Callable

_SIGMA = "\N{GREEK CAPITAL LETTER SIGMA}"
"""The letter whose lower case Python takes from what is around it."""


def lower(text: str) -> str:
    """Return a text in lower case."""
    changed = text.lower()
    if len(changed) == len(text) and _SIGMA not in text:  # the capital I with a dot gives two characters
        return changed
    return "".join(map(lower_character, text))


def upper(text: str) -> str:
    """Return a text in upper case."""
    changed = text.upper()
    if len(changed) == len(text):  # what is no simple mapping gives more characters than one
        return changed
    return "".join(map(upper_character, text))


def lower_character(character: str) -> str:
    """Return a code point in lower case: always one code point."""
    changed = character.lower()
    return changed if len(changed) == 1 else changed[0]


def upper_character(character: str) -> str:
    """Return a code point in upper case: always one code point.

    Where the full mapping has several, the simple one is the capital with its mark kept (``ᾳ`` to ``ᾼ``),
    which Unicode calls the title case, or there is none.
    """
    changed = character.upper()
    if len(changed) > 1:
        changed = character.title()
    return changed if len(changed) == 1 else character


CASES: dict[str, Callable[[str], str]] = {"LOWER": lower, "UPPER": upper}
"""The functions that change the case of a text."""
