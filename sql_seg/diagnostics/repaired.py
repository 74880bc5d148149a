"""A text that fixes were applied to, and where what is found in it stands in the text as it was given."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter

from sql_seg.diagnostics.diagnostic import Diagnostic, Edit, Finding, Fix, Label, edited
from sql_seg.diagnostics.source import Source, Span
from sql_seg.frozen import replace

_OF_NAMES = frozenset(
    {"unknown-column", "unknown-table", "unknown-function", "ambiguous-column", "reserved-field"}
)
"""Errors of names alone, which stay what they are where a fix puts the name."""


class _Round:
    """Edits of a text that do not overlap, and where they left what: each question is one look-up."""

    __slots__ = ("_before", "_edits", "_ends", "_moved", "places", "text")

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        """``text`` is the text before the edits; afterwards it is the one that they leave."""
        self._edits = sorted(edits, key=lambda edit: edit.span)
        grown = [len(edit.text) - (edit.span.end - edit.span.start) for edit in self._edits]
        self._moved = [0, *accumulate(grown)]
        """How far what follows the first edits was moved, by their number."""
        self._before = [edit.span.end for edit in self._edits]
        self.text, self.places = edited(text, self._edits)
        self._ends = [place.end for place in self.places]

    def back(self, offset: int, *, at_end: bool) -> int:
        """Return where an offset stood before the edits."""
        number = bisect_left(self.places, (offset, -1))  # so many start before it
        if number and (offset < self._ends[number - 1] or (at_end and offset == self._ends[number - 1])):
            replaced = self._edits[number - 1].span
            return replaced.end if at_end else replaced.start
        if at_end and number < len(self.places):
            start, end = self.places[number]
            replaced = self._edits[number].span
            if start == offset < end and replaced.end > replaced.start:
                return replaced.end
        return offset - self._moved[number]

    def forth(self, start: int, end: int) -> Span:
        """Return where a stretch stands after the edits; one that they change reaches to what they wrote."""
        number = bisect_right(self._before, start)
        moved = self._moved[number]
        new_start, new_end = start + moved, end + moved
        while number < len(self._edits) and self._edits[number].span.start < end:
            first, last = self.places[number]
            number += 1
            new_start, new_end = min(new_start, first), max(end + self._moved[number], last)
        return Span(new_start, new_end)

    def touches(self, start: int, end: int) -> bool:
        """Return whether a stretch touches what the edits wrote."""
        number = bisect_left(self._ends, start)
        return number < len(self.places) and self.places[number][0] <= end


class Repaired:
    """A text after some fixes, one after the other.

    ``written`` are the places in it that the last fix wrote, ``fixes`` the fixes as the text that was given
    takes them.
    """

    __slots__ = ("_rounds", "dialect", "fixes", "text", "written")

    def __init__(
        self, text: str, dialect: str, rounds: Sequence[_Round] = (), fixes: Sequence[Fix | None] = ()
    ) -> None:
        self.text, self.dialect = text, dialect
        self.written: Sequence[Span] = rounds[-1].places if rounds else ()
        self.fixes = fixes
        self._rounds = rounds

    def with_fix(self, fix: Fix, placed: Fix | None) -> Repaired:
        """Return the text with one fix more; ``placed`` is the fix in the text that was given."""
        made = _Round(self.text, fix.edits)
        return Repaired(made.text, self.dialect, (*self._rounds, made), (*self.fixes, placed))

    def regions(self) -> list[list[Span]]:
        """Return the places in the text that each fix wrote, in the order of the fixes."""
        found: list[list[Span]] = []
        for made in self._rounds:
            found = [[made.forth(*place) for place in places] for places in found]
            found.append(made.places)
        return found

    def in_original(self, finding: Finding) -> Finding:
        """Return a finding as it stands in the text as it was given.

        A fix or label that reaches into what was written has no place there, and is left out.
        """
        if not self._rounds:
            return finding
        spans = [edit.span for edit in (finding.fix.edits if finding.fix else ())]
        fix = finding.fix
        if fix is not None:
            edits = [Edit(self.original(edit.span), edit.text) for edit in fix.edits]
            fix = None if any(map(self._touches, spans)) else Fix(fix.message, tuple(edits), fix.safety)
        labels = [
            Label(self.original(label.span), label.message)
            for label in finding.labels
            if not self._touches(label.span)
        ]
        return replace(finding, span=self.original(finding.span), fix=fix, labels=tuple(labels))

    def original(self, span: Span) -> Span:
        """Return where a stretch of the text comes from; what was written comes from what it replaced."""
        start, end = span
        for made in reversed(self._rounds):
            start, end = made.back(start, at_end=False), made.back(end, at_end=True)
        return Span(start, max(start, end))

    def _touches(self, span: Span) -> bool:
        start, end = span
        for made in reversed(self._rounds):
            if made.touches(start, end):
                return True
            start, end = made.back(start, at_end=False), made.back(end, at_end=True)
        return False


def without_unsound(
    errors: Sequence[Diagnostic], found: Sequence[Diagnostic], repaired: Repaired, text: str
) -> list[Diagnostic]:
    """Return the errors of a text, and what was found in the fixed one, in the order of the text.

    A fix that wrote an error of its own is left out of its error.
    """
    unsound: dict[int, str] = {}
    kept: dict[tuple[str, Span, str], Diagnostic] = {}
    source = Source(text)
    regions = repaired.regions()
    for item in found:
        place = repaired.original(item.span)
        touched = [number for number, places in enumerate(regions) if _meet(item.span, places)]
        if touched:
            narrow = _same_words(item, repaired, place, text)
            if not item.is_error or narrow is None:
                unsound.update(
                    {number: _more_help(item, regions[number]) for number in touched if item.is_error}
                )
                continue
            place = narrow
        kept.setdefault((item.code, place, item.message), _placed(item, repaired, place, source))
    helps = {id(repaired.fixes[number]): help_ for number, help_ in unsound.items()}
    sound = [
        replace(item, fix=None, help=helps[id(item.fix)].format(item.help)) if id(item.fix) in helps else item
        for item in errors
    ]
    return sorted([*sound, *kept.values()], key=lambda item: item.span)


def _more_help(item: Diagnostic, places: Sequence[Span]) -> str:
    """Return the form of the help of a fix that wrote an error: that error's help, or both."""
    inside = any(start <= item.span.start and item.span.end <= end for start, end in places)
    more = item.help.replace("{", "{{").replace("}", "}}")
    if not more:
        return "{}"
    return more if inside else "{}; then " + more


def _meet(span: Span, places: Sequence[Span]) -> bool:
    """Return whether a stretch meets one of some places, which are in order."""
    number = bisect_right(places, span.start, key=itemgetter(1))
    return number < len(places) and places[number][0] < max(span.end, span.start + 1)


def _same_words(item: Diagnostic, repaired: Repaired, place: Span, text: str) -> Span | None:
    """Return where an error in what a fix wrote stood before: a name that is wrong is nobody else's."""
    if item.code not in _OF_NAMES:
        return None
    said = repaired.text[item.span.start : item.span.end]
    offset = text.find(said, place.start, place.end)
    return Span(offset, offset + len(said)) if said and offset >= 0 else None


def _placed(item: Diagnostic, repaired: Repaired, place: Span, source: Source) -> Diagnostic:
    finding = Finding(
        item.code, item.span, item.message, item.help, item.sendgrid, item.severity, item.labels, item.fix
    )
    return replace(repaired.in_original(finding), span=place).placed(source)
