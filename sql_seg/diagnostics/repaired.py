"""A text that fixes were applied to, and where what is found in it stands in the text as it was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sql_seg.diagnostics.diagnostic import Diagnostic, Edit, Finding, Fix, Label
from sql_seg.diagnostics.source import Source, Span
from sql_seg.frozen import replace

_OF_NAMES = frozenset(
    {"unknown-column", "unknown-table", "unknown-function", "ambiguous-column", "reserved-field"}
)
"""Errors of names alone, which stay what they are where a fix puts the name."""


class Repaired:
    """A text after some fixes, one after the other.

    ``written`` are the places in it that the last fix wrote, ``fixes`` the fixes as the text that was given
    takes them.
    """

    __slots__ = ("_rounds", "dialect", "fixes", "text", "written")

    def __init__(
        self,
        text: str,
        dialect: str,
        rounds: Sequence[Sequence[Edit]] = (),
        written: Sequence[tuple[int, int]] = (),
        fixes: Sequence[Fix | None] = (),
    ) -> None:
        self.text, self.dialect = text, dialect
        self.written = written
        self.fixes = fixes
        self._rounds = rounds

    def with_fix(self, fix: Fix, placed: Fix | None) -> Repaired:
        """Return the text with one fix more; ``placed`` is the fix in the text that was given."""
        edits = sorted(fix.edits, key=lambda edit: edit.span)
        text, written, moved = self.text, [], 0
        for edit in edits:
            start = edit.span.start + moved
            text = text[:start] + edit.text + text[edit.span.end + moved :]
            written.append((start, start + len(edit.text)))
            moved += len(edit.text) - (edit.span.end - edit.span.start)
        return Repaired(text, self.dialect, (*self._rounds, edits), written, (*self.fixes, placed))

    def regions(self) -> list[list[tuple[int, int]]]:
        """Return the places in the text that each fix wrote, in the order of the fixes."""
        found: list[list[tuple[int, int]]] = []
        for edits in self._rounds:
            found = [[_forth(edits, *place) for place in places] for places in found]
            found.append(_written(edits))
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
        for edits in reversed(self._rounds):
            start, end = _back(edits, start, at_end=False), _back(edits, end, at_end=True)
        return Span(start, max(start, end))

    def _touches(self, span: Span) -> bool:
        start, end = span
        for edits in reversed(self._rounds):
            if any(start <= last and first <= end for first, last in _written(edits)):
                return True
            start, end = _back(edits, start, at_end=False), _back(edits, end, at_end=True)
        return False


def _written(edits: Iterable[Edit]) -> list[tuple[int, int]]:
    """Return the places that edits wrote, in the text that they left."""
    places, moved = [], 0
    for edit in edits:
        start = edit.span.start + moved
        places.append((start, start + len(edit.text)))
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return places


def _back(edits: Sequence[Edit], offset: int, *, at_end: bool) -> int:
    """Return where an offset stood before edits."""
    moved = 0
    for edit, (start, end) in zip(edits, _written(edits), strict=True):
        if offset <= start and not (
            offset == start and at_end and end > start and edit.span.end > edit.span.start
        ):
            break
        if offset < end or (at_end and offset == end):
            return edit.span.end if at_end else edit.span.start
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return offset - moved


def _forth(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """Return where a stretch stands after edits; one that they change reaches to what they wrote."""
    moved, new_start, new_end = 0, start, end
    for edit, (first, last) in zip(edits, _written(edits), strict=True):
        delta = len(edit.text) - (edit.span.end - edit.span.start)
        if edit.span.end <= start:
            moved += delta
            new_start, new_end = start + moved, end + moved
        elif edit.span.start < end:
            moved += delta
            new_start, new_end = min(new_start, first), max(end + moved, last)
    return new_start, new_end


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


def _more_help(item: Diagnostic, places: Sequence[tuple[int, int]]) -> str:
    """Return the form of the help of a fix that wrote an error: that error's help, or both."""
    inside = any(start <= item.span.start and item.span.end <= end for start, end in places)
    more = item.help.replace("{", "{{").replace("}", "}}")
    if not more:
        return "{}"
    return more if inside else "{}; then " + more


def _meet(span: Span, places: Sequence[tuple[int, int]]) -> bool:
    return any(span.start < end and start < max(span.end, span.start + 1) for start, end in places)


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
