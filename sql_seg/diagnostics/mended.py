"""A text that fixes were applied to, and where what is found in it stands in the text as it was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sql_seg.diagnostics.diagnostic import Edit, Finding, Fix, Label
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import replace


class Mended:
    """A text after some fixes, one after the other.

    ``written`` are the places in it that the last fix wrote.
    """

    __slots__ = ("_rounds", "text", "written")

    def __init__(
        self, text: str, rounds: Sequence[Sequence[Edit]] = (), written: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.text = text
        self.written = written
        self._rounds = rounds

    def with_fix(self, fix: Fix) -> Mended:
        """Return the text with one fix more."""
        edits = sorted(fix.edits, key=lambda edit: edit.span)
        text, written, moved = self.text, [], 0
        for edit in edits:
            start = edit.span.start + moved
            text = text[:start] + edit.text + text[edit.span.end + moved :]
            written.append((start, start + len(edit.text)))
            moved += len(edit.text) - (edit.span.end - edit.span.start)
        return Mended(text, (*self._rounds, edits), written)

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
