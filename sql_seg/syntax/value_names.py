"""Names of values in queries: ``${name}`` stands for a text that differs between environments.

The grammar does not know them: whoever has the values puts them in before parsing. To lay a query out nobody
needs them: something that parses stands in for each name, and is taken out again.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import count
from operator import itemgetter
from typing import NamedTuple

from sql_seg.diagnostics import Diagnostic, Edit, Finding, Fix, Label, edited
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Source, Span
from sql_seg.diagnostics.source_map import Hole, MappedRun, SourceMap
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tokens import tokenize

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def names_in(text: str, dialect: Dialect) -> Iterator[tuple[str, Span]]:
    """Yield the names of values in a query and where they stand, ``${`` and ``}`` included.

    They may stand inside a text in quotes, too. What stands in a comment is none.
    """
    if "${" not in text:
        return
    comments = tokenize(text, dialect).comments
    for found in _NAME.finditer(text):
        before = bisect_right(comments, found.start(), key=itemgetter(0)) - 1
        if before < 0 or comments[before].end <= found.start():
            yield found[1], Span(*found.span())


@frozen
class _NamePlace:
    """A name outside of quotes: where it stands, and what may stand in for it."""

    span: Span
    stand_ins: tuple[str, ...]
    neighbours: tuple[str, str]
    """The types of the tokens before and behind it: what can stand in for one can mostly for the other."""


def laid_out(text: str, dialect: Dialect, lay_out: Callable[[str], str]) -> str:
    """Return a query with names of values as ``lay_out`` writes it, with its names in their places.

    Raises QuerySyntaxError where it does not parse, whatever the names stand for: of the errors that were
    met, the last one in the text.
    """
    places, spare = _places(text, dialect)
    try:
        written, chosen = _fitting(text, spare, places, lay_out, together=True)
    except QuerySyntaxError:
        if len(places) > _MOST_ALONE:
            raise
        written, chosen = _fitting(text, spare, places, lay_out, together=False)
    position = 0
    pieces: list[str] = []
    for place, number in zip(places, chosen, strict=True):  # a layout keeps the order of what it lays out
        start = written.index(place.stand_ins[number], position)
        pieces += (written[position:start], text[place.span.start : place.span.end])
        position = start + len(place.stand_ins[number])
    return "".join([*pieces, written[position:]])


_MOST_ALONE = 50
"""Of how many names each is tried alone, if what fits one does not fit all that stand as it does."""


def _fitting(
    text: str, spare: _Spare, places: list[_NamePlace], lay_out: Callable[[str], str], *, together: bool
) -> tuple[str, list[int]]:
    """Return a query laid out with what stands in for its names, and which of the stand-ins that is.

    Where one does not fit, the next is tried: ``together`` for all names between such neighbours.
    """
    chosen = [0] * len(places)
    tried: set[tuple[int, ...]] = set()
    errors: list[QuerySyntaxError] = []
    while True:
        tried.add(tuple(chosen))
        mended, written = edited(text, _edits(places, chosen))
        try:
            return lay_out(mended), chosen
        except QuerySyntaxError as error:
            blamed = bisect_right(written, _start(error), key=itemgetter(0)) - 1
            errors.append(_InOwnWords(text, spare, places, chosen).error(error))
            if blamed < 0:
                raise errors[-1] from None
            before, neighbours = chosen[blamed], places[blamed].neighbours
            for index, place in enumerate(places):
                if index == blamed or (
                    together and chosen[index] == before and place.neighbours == neighbours
                ):
                    chosen[index] = (before + 1) % len(place.stand_ins)
            if tuple(chosen) in tried:
                raise max(errors, key=_start) from None


def _places(text: str, dialect: Dialect) -> tuple[list[_NamePlace], _Spare]:
    """Return the names outside of quotes, and what of theirs stands in for them."""
    read = tokenize(text, dialect)
    tokens = read.tokens
    numbers = {token.start: number for number, token in enumerate(tokens) if token.text[:1] == "$"}
    spans = [span for _, span in names_in(text, dialect) if span.start in numbers]
    spare = _spare(text, len(spans))
    places: list[_NamePlace] = []
    for number, span in enumerate(spans):
        opening = numbers[span.start]
        before = tokens[opening - 1].type if opening else ""
        behind = next((token.type for token in tokens[opening : opening + 8] if token.start >= span.end), "")
        stand_ins = _stand_ins(spare, number, span, is_list=before == "IN")
        places.append(_NamePlace(span, stand_ins, (before, behind)))
    return places, spare


class _Spare(NamedTuple):
    """What a text does not have: characters, digits, and the beginning of names."""

    first_character: int
    digits: str
    stem: str
    width: int


_PRIVATE = (range(0xE000, 0xF900), range(0xF0000, 0x110000))
"""Characters that stand for nothing."""


def _spare(text: str, number: int) -> _Spare:
    """Return what can stand in for so many names in a text."""
    taken, upper = set(text), text.upper()
    fitting = (
        characters.start
        for characters in _PRIVATE
        if len(characters) >= number and taken.isdisjoint(map(chr, characters))
    )
    return _Spare(
        next(fitting, _PRIVATE[1].start),
        next(digit * times for times in count(3) for digit in "753124689" if digit * times not in text),
        next(stem for stem in map("Q{}Z".format, count()) if stem not in upper),
        len(str(number)),
    )


def _stand_ins(spare: _Spare, number: int, span: Span, *, is_list: bool) -> tuple[str, ...]:
    """Return a text, a number and a name that are not in a query, mostly as long as what they stand for.

    Behind IN there may be a list, too. Elsewhere what is in parentheses would make a call of a name before
    it, and the two would be written as one word.
    """
    length = span.end - span.start
    inner = chr(spare.first_character + number % len(_PRIVATE[1]))
    own = f"{number:0{spare.width}}"
    plain = (
        f"'{inner * (length - 2)}'",
        (spare.digits + own).ljust(min(length, 15), "0"),
        f"{spare.stem}{own}".ljust(length, "X"),
    )
    return (*plain, f"('{inner * max(length - 4, 1)}')") if is_list else plain


def _edits(places: list[_NamePlace], chosen: list[int]) -> list[Edit]:
    """Return the edits that write what stands in for names."""
    return [Edit(place.span, place.stand_ins[number]) for place, number in zip(places, chosen, strict=True)]


class _InOwnWords:
    """Says what is wrong with a text in which something stands in for its names of values with the names.

    Messages and fixes show a stand-in as a whole, without its quotes, or cut.
    """

    def __init__(self, text: str, spare: _Spare, places: list[_NamePlace], chosen: list[int]) -> None:
        self._source, self._first, self._places = Source(text), spare.first_character, places
        self._stand_ins = [edit.text for edit in _edits(places, chosen)]
        mended, self._written = edited(text, _edits(places, chosen))
        holes = tuple(Hole(*span, place.span) for span, place in zip(self._written, places, strict=True))
        runs = (MappedRun(0, 0), *(MappedRun(hole.end, hole.in_file.end) for hole in holes))
        self._span = SourceMap(mended, self._source, Span(0, len(text)), runs, holes=holes).span_in_file
        own = rf"([0-9]{{{spare.width}}})"
        inner = f"([{chr(self._first)}-{chr(min(self._first + max(len(places), 1) - 1, sys.maxunicode))}])"
        shown = rf"(?:{inner}\2*|{spare.digits}{own}0*|{spare.stem}{own}X*)"
        self._shown = re.compile(rf"((?:the text )?\(?['\"`]?){shown}(…?['\"`]?\)?)", re.IGNORECASE)

    def error(self, error: QuerySyntaxError) -> QuerySyntaxError:
        """Return an error as that of the text with the names."""
        return QuerySyntaxError([self._said(item) for item in error.diagnostics], self._source.text)

    def _said(self, item: Diagnostic) -> Diagnostic:
        found = Finding(
            item.code,
            self._span(item.span),
            self._words(item.message),
            self._words(item.help),
            self._words(item.sendgrid),
            item.severity,
            tuple(Label(self._span(label.span), self._words(label.message)) for label in item.labels),
            None if item.fix is None else self._fix(item.fix),
        )
        return replace(found, table=self._words(item.table), provenance=item.provenance).placed(self._source)

    def _words(self, text: str) -> str:
        return self._shown.sub(self._name, text)

    def _name(self, found: re.Match[str]) -> str:
        opening, inner, *numbers, closing = found.groups()
        number = ord(inner) - self._first if inner else int(next(filter(None, numbers)))
        if number >= len(self._places):
            return found[0]
        if inner and opening[-1:] in ("'", '"', "`"):
            stands_alone = self._stand_ins[number].startswith("(")
            opening = opening.removeprefix("the text ")[:-1].removesuffix("(" * stands_alone)
            closing = closing.replace("'", "").removesuffix(")" * stands_alone)
        return f"{opening}{self._source.text[slice(*self._places[number].span)]}{closing}"

    def _fix(self, fix: Fix) -> Fix | None:
        """Return a fix of the text with the names; none for what changes a part of what stands in for one."""
        if any(self._is_inside(offset) for edit in fix.edits for offset in edit.span):
            return None
        edits = [Edit(self._span(edit.span), self._words(edit.text)) for edit in fix.edits]
        return Fix(self._words(fix.message), tuple(edits), fix.safety)

    def _is_inside(self, offset: int) -> bool:
        return any(start < offset < end for start, end in self._written)


def _start(error: QuerySyntaxError) -> int:
    return error.diagnostics[0].span.start
