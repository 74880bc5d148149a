"""What is to be said of the queries of a file, as people want to hear it; and mending them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sql_seg.cli.inputs import Input
from sql_seg.cli.output import Failure
from sql_seg.cli.selection import Selection
from sql_seg.cli.settings import Settings
from sql_seg.datatypes import Dialect
from sql_seg.diagnostics import Diagnostic, Safety
from sql_seg.errors import SegmentFileError
from sql_seg.fixing import Fixed, fix_text
from sql_seg.frozen import frozen
from sql_seg.pipeline import diagnose
from sql_seg.report import QueryReport
from sql_seg.schema import Schema
from sql_seg.segment_files import CannotRewriteError, QuerySource, check_limits, queries_in, rewrite


@frozen
class Judged:
    """A file, what counts in it, and its queries with what is to be said of each."""

    read: Input
    selection: Selection
    queries: Sequence[QuerySource]
    diagnostics: Sequence[Sequence[Diagnostic]]


@frozen
class Mended:
    """A file's text with its fixes applied: how many there were, and what to say of those that were not."""

    text: str
    applied: int
    remarks: Sequence[str]


@frozen
class Judge:
    """How queries are judged."""

    schema: Schema
    dialect: Dialect | None
    selection: Selection
    settings: Settings

    def judge(self, read: Input) -> Judged:
        """Return what is to be said of a file. Raises Failure if queries cannot be read from it."""
        try:
            queries = queries_in(read.text, read.name, self.dialect)
        except SegmentFileError as error:
            raise Failure(str(error)) from error
        place = read.path or read.stands_for
        ignored = self.settings.ignored_in(place) if place is not None else ()
        selection = self.selection.ignoring(ignored)
        diagnostics = [self._diagnose(query.text, query.dialect, selection) for query in queries]
        return Judged(read, selection, queries, diagnostics)

    def mend(self, judged: Judged, *, unsafe: bool) -> Mended:
        """Return the text of a judged file with the fixes applied that its diagnostics have."""
        changes: list[tuple[QuerySource, str]] = []
        remarks: list[str] = []
        applied = 0
        text = judged.read.text
        for query, diagnostics in zip(judged.queries, judged.diagnostics, strict=True):
            if not any(is_fixable(diagnostic, unsafe=unsafe) for diagnostic in diagnostics):
                continue
            fixed = self._fixed(query, judged.selection, unsafe=unsafe)
            try:
                rewrite(judged.read.text, [(query, fixed.text)])
            except CannotRewriteError as error:
                remarks.append(str(error))
                continue
            changes.append((query, fixed.text))
            applied += len(fixed.applied)
        if changes:
            text = rewrite(judged.read.text, changes)
        return Mended(text, applied, remarks)

    def _fixed(self, query: QuerySource, selection: Selection, *, unsafe: bool) -> Fixed:
        return fix_text(
            query.text, lambda text: self._diagnose(text, query.dialect, selection), unsafe=unsafe
        )

    def _diagnose(self, text: str, dialect: Dialect, selection: Selection) -> list[Diagnostic]:
        return selection.of(diagnose(text, self.schema, dialect, infos=True))


def reports_of(files: Sequence[Judged]) -> Iterator[QueryReport]:
    """Yield what is to be reported of all queries, with what the limits say of their segments together."""
    limits = iter(check_limits([query for file in files for query in file.queries]))
    for file in files:
        for query, diagnostics in zip(file.queries, file.diagnostics, strict=True):
            yield query.report(diagnostics, file.selection.of(next(limits)))


def is_fixable(diagnostic: Diagnostic, *, unsafe: bool) -> bool:
    """Return whether a diagnostic has a fix that would be applied."""
    return diagnostic.fix is not None and (unsafe or diagnostic.fix.safety is Safety.SAFE)
