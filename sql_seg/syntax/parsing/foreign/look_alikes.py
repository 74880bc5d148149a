"""Characters that only look like those of a query: typographic quotes, wide forms, blanks without width."""

from __future__ import annotations

import re
import unicodedata

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.literals import write_string
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, finding

_CLOSING = {
    **dict.fromkeys("‘‚‛’", "’‘'′"),
    **dict.fromkeys("“„‟”", '”“"″'),
    "«": "»›",
    "‹": "›»",
    "「": "」』",
    "『": "』」",
    "´": "´`'",
    "′": "′’'",
    "″": '″"',
}
"""The quotes that are none here, each with those that may end its text."""
_STRAIGHT = re.compile(r"'([^'\n]*?)[’‘´′]|\"([^\"\n]*?)[”“″]")
_NO_WIDTH = frozenset(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD)))
_STRAIGHT_QUOTES = "a text stands in straight quotes: '"
_LONGEST = 20
_LONGEST_TEXT = 1000
_PLAIN = frozenset("()<>=!,;.+-*/%:[]'\"")


def quote(it: Around) -> Finding | None:
    """Return a text between typographic quotes with straight ones."""
    if not it.has_unreadable() or it.token.text[0] not in _CLOSING:
        return _half_typographic(it)
    start, opening = it.token.start, it.token.text[0]
    usual, straight = _CLOSING[opening][:2], _CLOSING[opening][2:]
    last = start + _LONGEST_TEXT
    ends = [[it.text.find(sign, start + 1, last) for sign in signs] for signs in (usual, straight)]
    end = next((min(there) for each in ends if (there := [at for at in each if at >= 0])), -1)
    if end < 0 or "\n" in it.text[start:end]:
        return finding(Span(start, start + 1), f"unexpected '{opening}'", _STRAIGHT_QUOTES, code=CHARACTER)
    return _straightened(it, Span(start, end + 1), it.text[start + 1 : end], f"unexpected '{opening}'")


def _half_typographic(it: Around) -> Finding | None:
    """Return a text that a straight quote begins and a typographic one ends."""
    found = _STRAIGHT.match(it.text, it.token.start) if it.has_unreadable() else None
    if found is None:
        return None
    message = f"'{found[0][-1]}' ends no text"
    return _straightened(it, Span(*found.span()), found[1] or found[2] or "", message)


def _straightened(it: Around, place: Span, text: str, message: str) -> Finding:
    written = write_string(text, it.dialect)
    edit = Edit(place, written)
    return finding(place, message, _STRAIGHT_QUOTES, edit, code=CHARACTER, safety=Safety.SAFE)


def sign(it: Around) -> Finding | None:
    """Return a wide or otherwise written sign, such as ``＞`` or ``３``, as it is here."""
    text = it.token.text
    if not it.has_unreadable():
        return None
    if text[0] in _NO_WIDTH:
        place = Span(it.token.start, it.token.start + 1)
        message = f"unexpected character U+{ord(text[0]):04X}, which takes no room"
        return finding(place, message, "leave it out", Edit(place, ""), code=CHARACTER)
    plain = ""
    for character in it.text[it.token.start : it.token.start + _LONGEST]:
        usual = unicodedata.normalize("NFKC", character)
        if usual == character or not (usual in _PLAIN or (usual.isascii() and usual.isdecimal())):
            break
        plain += usual
    if not plain:
        return None
    place = Span(it.token.start, it.token.start + len(plain))
    message = f"unexpected '{it.text[place.start : place.end]}'"
    return finding(place, message, f"write {plain}", Edit(place, plain), code=CHARACTER)
