"""Names of values in queries: ``${name}`` stands for a text that differs between environments.

The grammar does not know them: whoever has the values puts them in before parsing. To lay a query out nobody
needs them: something that parses stands in for each name, and is taken out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import frozen
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
        if not any(comment.start <= found.start() < comment.end for comment in comments):
            yield found[1], Span(*found.span())


@frozen
class _Place:
    """A name outside of quotes: where it stands, and what may stand in for it."""

    span: Span
    stand_ins: tuple[str, ...]


def laid_out(text: str, dialect: Dialect, lay_out: Callable[[str], str]) -> str:
    """Return a query with names of values as ``lay_out`` writes it, with its names in their places.

    Raises QuerySyntaxError where it does not parse, whatever the names stand for: of the errors that were
    met, the last one in the text.
    """
    places = _places(text, dialect)
    chosen = [0] * len(places)
    tried: set[tuple[int, ...]] = set()
    errors: list[QuerySyntaxError] = []
    while True:
        tried.add(tuple(chosen))
        mended, starts = _replaced(text, places, chosen)
        try:
            written = lay_out(mended)
            break
        except QuerySyntaxError as error:
            errors.append(error)
            blamed = _blamed(starts, _start(error))
            if blamed is None:
                raise
            chosen[blamed] = (chosen[blamed] + 1) % len(places[blamed].stand_ins)
            if tuple(chosen) in tried:
                last = max(errors, key=_start)
                raise QuerySyntaxError(last.diagnostics, text) from None
    for place, number in zip(places, chosen, strict=True):
        written = written.replace(place.stand_ins[number], text[place.span.start : place.span.end])
    return written


def _places(text: str, dialect: Dialect) -> list[_Place]:
    tokens = list(tokenize(text, dialect).tokens)
    opened = {token.start for token in tokens if token.text[:1] == "$"}
    spans = [span for _, span in names_in(text, dialect) if span.start in opened]
    return [_Place(span, _stand_ins(text, number, span)) for number, span in enumerate(spans)]


def _stand_ins(text: str, number: int, span: Span) -> tuple[str, ...]:
    """Return a text, a number, a name and a list that are not in a query, as long as what they stand for.

    So an error behind them has its right place.
    """
    length = span.end - span.start
    mark = next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in text)
    inner = chr(ord(mark) + number)
    stem = next(stem for stem in ("q", "z", "qz", "zq", "sql_seg_value") if f"{stem}{number}" not in text)
    digits = next(digit for digit in "7531246890" if digit * 3 not in text)
    return (
        f"'{inner * (length - 2)}'",
        (digits * 12)[: min(length, 15) - 3] + f"{100 + number}",
        f"{stem}{number}".ljust(length, "x"),
        f"('{inner * max(length - 4, 1)}')",
    )


def _replaced(text: str, places: list[_Place], chosen: list[int]) -> tuple[str, list[int]]:
    """Return a text with what stands in for its names, and where each of these starts."""
    parts: list[str] = []
    starts: list[int] = []
    end = length = 0
    for place, number in zip(places, chosen, strict=True):
        before, stand_in = text[end : place.span.start], place.stand_ins[number]
        starts.append(length + len(before))
        parts += [before, stand_in]
        length += len(before) + len(stand_in)
        end = place.span.end
    return "".join([*parts, text[end:]]), starts


def _start(error: QuerySyntaxError) -> int:
    return error.diagnostics[0].span.start


def _blamed(starts: list[int], offset: int) -> int | None:
    """Return which name an error is about: the last one before it."""
    before = [index for index, start in enumerate(starts) if start <= offset]
    return before[-1] if before else None
