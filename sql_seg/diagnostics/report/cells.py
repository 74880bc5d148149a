"""The cells that texts take on a terminal: what people see as one character stays whole.

Rich knows how wide characters are, and which join to one. It is imported for texts beyond ASCII only: a check
of plain queries starts without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FLAG_LETTERS = ("\N{REGIONAL INDICATOR SYMBOL LETTER A}", "\N{REGIONAL INDICATOR SYMBOL LETTER Z}")
_CODE_OR_WORD = re.compile(r"(?:`[^`]*`|[^ ])+")
_SKIN_TONES = ("\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}", "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}")


def width(text: str) -> int:
    """Return how many cells a visible text takes."""
    return len(text) if text.isascii() else sum(cells for _, _, cells in graphemes(text))


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """Return what people see as characters: start and end in the text, and how many cells each takes."""
    if text.isascii():
        return [(index, index + 1, 1) for index in range(len(text))]
    from rich.cells import split_graphemes

    found: list[tuple[int, int, int]] = []
    has_open_flag = False
    for start, end, cells in split_graphemes(text)[0]:
        character = text[start]
        is_letter = _FLAG_LETTERS[0] <= character <= _FLAG_LETTERS[1]
        joins = (is_letter and has_open_flag) or (
            bool(found) and _SKIN_TONES[0] <= character <= _SKIN_TONES[1] and not text[found[-1][0]].isascii()
        )
        if joins:
            first, _, before = found[-1]
            found[-1] = (first, end, 2 if is_letter else before)
        else:
            found.append((start, end, cells))
        has_open_flag = is_letter and not has_open_flag
    return found


def wrapped(text: str, first: int, rest: int, *, keeps_code: bool = False) -> Iterator[str]:
    """Yield the lines of a text, the first of at most ``first`` cells, all others of ``rest``.

    Lines break at blanks (if ``keeps_code``, at none inside of backticks); a word that is longer than a line
    breaks between characters.
    """
    room, line = max(first, 1), ""
    for word in _CODE_OR_WORD.findall(text) if keeps_code else text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= room:
            line = longer
            continue
        if line:
            yield line
            room = max(rest, 1)
        *whole, line = pieces(word, room, max(rest, 1))
        yield from whole
        room = max(rest, 1) if whole else room
    yield line


def pieces(text: str, first: int, rest: int) -> list[str]:
    """Return a text in pieces of at most so many cells; no piece ends inside of a character."""
    if width(text) <= first:
        return [text]
    found, begin, used, room = [], 0, 0, first
    for start, _, cells in graphemes(text):
        if used + cells > room and start > begin:
            found.append(text[begin:start])
            begin, used, room = start, 0, rest
        used += cells
    return [*found, text[begin:]]
