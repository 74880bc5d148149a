"""Text as a terminal shows it: made harmless, coloured, and fitted to its width, whole or around marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache, cached_property, lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

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


_FLAG_LETTERS = ("\N{REGIONAL INDICATOR SYMBOL LETTER A}", "\N{REGIONAL INDICATOR SYMBOL LETTER Z}")
_CODE_OR_WORD = re.compile(r"(?:`[^`]*`|[^ ])+")
_SKIN_TONES = ("\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}", "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}")

_ALONE = (
    ("\u0020", "\u007e", 1),
    ("\u00a1", "\u00ac", 1),
    ("\u00ae", "\u02ff", 1),
    ("\u2010", "\u2015", 1),
    ("\u2018", "\u201f", 1),
    ("\u2026", "\u2026", 1),
    ("\u3041", "\u3096", 2),
    ("\u30a1", "\u30fa", 2),
    ("\u4e00", "\u9fff", 2),
    ("\uac00", "\ud7a3", 2),
)
"""Characters that are one each, unless something stranger stands beside them, and how many cells each takes.
To ask rich of each takes three times as long, and its import half as long as that of all rules."""

NARROWEST = 40
"""How wide lines of text are at the least, however narrow a terminal is."""


def width(text: str) -> int:
    """Return how many cells a visible text takes."""
    if text.isascii():
        return len(text)
    alone = list(map(_cells_alone, text))
    return sum(alone) if all(alone) else sum(cells for _, _, cells in graphemes(text))


@cache
def _cells_alone(character: str) -> int:
    """Return how many cells a character takes that is no part of another; 0 where it may be one."""
    return next((cells for first, last, cells in _ALONE if first <= character <= last), 0)


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """Return what people see as characters: start and end in the text, and how many cells each takes."""
    if text.isascii():
        return [(index, index + 1, 1) for index in range(len(text))]
    alone = list(map(_cells_alone, text))
    is_alone = list(map(all, zip([1, *alone], alone, [*alone[1:], 1], strict=False)))
    found: list[tuple[int, int, int]] = []
    for are_alone, stretch in groupby(range(len(text)), key=is_alone.__getitem__):
        start, *more = stretch
        if are_alone:
            found += [(index, index + 1, alone[index]) for index in (start, *more)]
        else:
            end = start + len(more) + 1
            found += [(start + first, start + last, cells) for first, last, cells in _joined(text[start:end])]
    return found


def _joined(text: str) -> list[tuple[int, int, int]]:
    """Return characters that may be parts of others."""
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
    if not keeps_code and width(text) <= room:  # as most texts are
        yield text.lstrip(" ")
        return
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


def paragraph(
    text: str, most: int, start: str = "", following: str | None = None, *, keeps_code: bool = False
) -> list[str]:
    """Return the lines of a text for people, none wider than ``most`` cells.

    ``start`` stands before the first, ``following`` before all others (None: what is before the first); where
    that leaves too little room for words, four blanks do. What stands in backticks is kept together if
    ``keeps_code``. Below ``NARROWEST`` it does not count.
    """
    room = max(most, NARROWEST)
    before = start if following is None else following
    if width(before) >= room - NARROWEST // 2:
        before = "    "
    lines = wrapped(visible(text), room - width(start), room - width(before), keeps_code=keeps_code)
    return [f"{before if index else start}{line}".rstrip() for index, line in enumerate(lines)]


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


_LEAST = 8
"""How many cells of a line are shown on the narrowest terminal."""


class Mark(NamedTuple):
    """A part of a line, as characters from 0; the message is empty for the diagnostic's own place."""

    line: int
    start: int
    end: int
    message: str = ""


class PlacedMark(NamedTuple):
    """A mark of a shown line, in cells from 0."""

    start: int
    end: int
    message: str


class ShownRow(NamedTuple):
    """A line, or what fits of it, with the marks below it."""

    number: int
    line: str
    marks: list[PlacedMark]


def rows(number: int, line: str, marks: Sequence[Mark], room: int) -> Iterator[ShownRow]:
    """Yield a line as text of at most ``room`` cells, as often as it takes to show all its marks.

    A part of a line has an ellipsis on each side where it is cut. No character is cut in two.
    """
    room = max(room, _LEAST)
    cells = _cells(line)
    placed = [_placed(mark, cells) for mark in marks]
    if cells.total <= room:
        yield ShownRow(number, cells.text, placed)
        return
    while placed:
        shown, begin, end, shift = _window(cells, placed[0], room)
        inside = [mark for mark in placed if begin <= mark.start < end] or placed[:1]
        placed = [mark for mark in placed if mark not in inside]
        moved = [
            PlacedMark(
                max(mark.start, begin) + shift, max(min(mark.end, end), mark.start + 1) + shift, mark.message
            )
            for mark in inside
        ]
        yield ShownRow(number, shown, moved)


class _Cells:
    """A line as a terminal shows it: its characters, and the cell that each starts in."""

    def __init__(self, line: str) -> None:
        self.text = visible(line)
        self.total = width(self.text)
        self._line = line
        self._is_plain = line.isascii() and line.isprintable()

    @cached_property
    def _graphemes(self) -> list[tuple[int, int, int]]:
        return graphemes(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        """The cell that each character starts in, and that behind the last."""
        return [0, *accumulate(cells for _, _, cells in self._graphemes)]

    @cached_property
    def _ends(self) -> list[int]:
        """Where each character ends in the text."""
        return [end for _, end, _ in self._graphemes]

    def at(self, column: int, *, end: bool = False) -> int:
        """Return the cell that a column of the line starts in; as an end, that behind the whole character."""
        if self._is_plain:
            return column
        index = column if self._line.isprintable() else len(visible(self._line[:column]))
        character = bisect_left(self._ends, index) + 1 if end else bisect_right(self._ends, index)
        return self._starts[min(character, len(self._ends))]

    def cut(self, begin: int, end: int) -> tuple[str, int, int]:
        """Return the whole characters between two cells, and the cells that they start and end in."""
        if self._is_plain:
            return self.text[begin:end], begin, end
        first = bisect_left(self._starts, begin)
        last = max(bisect_right(self._starts, end) - 1, first)
        start, stop = (self._ends[index - 1] if index else 0 for index in (first, last))
        return self.text[start:stop], self._starts[first], self._starts[last]


@lru_cache(maxsize=4)
def _cells(line: str) -> _Cells:
    """Return a line's cells, kept while findings in it follow one another."""
    return _Cells(line)


def _placed(mark: Mark, cells: _Cells) -> PlacedMark:
    start = cells.at(mark.start)
    end = cells.at(mark.end, end=True) if mark.end > mark.start else start
    return PlacedMark(start, max(end, start + 1), mark.message)


def _window(cells: _Cells, mark: PlacedMark, room: int) -> tuple[str, int, int, int]:
    """Return the part of a line around a mark, the cells that it starts and ends in, and how far it moves.

    There is a third of the room before the mark, less where the mark needs it or the line ends.
    """
    begin = mark.start - room // 3
    if mark.end > begin + room - 1:
        begin = min(mark.end - room + 1, mark.start - 2)
    begin = max(0, min(begin, cells.total - room))
    is_cut_before = begin > 0
    end = begin + room
    is_cut_after = end < cells.total
    text, first, last = cells.cut(begin + is_cut_before, min(end - is_cut_after, cells.total))
    before, after = "…" * is_cut_before, "…" * is_cut_after
    return f"{before}{text}{after}", first, last, is_cut_before - first
