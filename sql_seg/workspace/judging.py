"""What is to be said of the queries of a file, as people want to hear it; and fixing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from sql_seg.diagnostics import Diagnostic, Edit, Fix, Safety, Severity
from sql_seg.diagnostics.fixes import Fixed, fix_text
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.diagnostics.source import Span
from sql_seg.diagnostics.source_map import whole_file
from sql_seg.errors import SegmentFileError
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.language.schema import Schema
from sql_seg.linting import diagnose
from sql_seg.linting.about_files import UNREADABLE_FILE
from sql_seg.linting.compared_texts import MALFORMED_ID
from sql_seg.sources import CannotRewriteError, QuerySource, SourceFile, rewrite
from sql_seg.workspace.folders import Patterns
from sql_seg.workspace.noqa import has_noqa, with_noqa, without_hidden
from sql_seg.workspace.selection import Selection
from sql_seg.workspace.settings import Settings
from sql_seg.workspace.workspace import Workspace


@frozen
class Judged:
    """A file, its queries, and for each what counts in it and what is to be said of it."""

    read: SourceFile
    queries: Sequence[QuerySource]
    selections: Sequence[Selection]
    diagnostics: Sequence[Sequence[Diagnostic]]


@frozen
class RepairedFile:
    """A file's text as it was changed: how many findings that is about, and what to say of others."""

    text: str
    applied: int
    remarks: Sequence[str]


@frozen
class Judge:
    """How queries are judged."""

    workspace: Workspace
    selection: Selection
    ignores: Ignores

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        return self.workspace.schema

    def judge(self, read: SourceFile) -> Judged:
        """Return what is to be said of a file. Raises SegmentFileError if queries cannot be read from it."""
        queries = self.workspace.sources(read)
        in_file = self.selection.ignoring(self.ignores.in_file(read.path or read.stands_for))
        selections = [in_file.ignoring(self.ignores.in_segment(query.name)) for query in queries]
        diagnostics = [
            query.refusal or self._diagnose(query.text, query.dialect, selection)
            for query, selection in zip(queries, selections, strict=True)
        ]
        return Judged(read, queries, selections, diagnostics)

    def repair(self, judged: Judged, *, unsafe: bool) -> RepairedFile:
        """Return the text of a judged file with the fixes applied that its diagnostics have."""
        changes: list[tuple[QuerySource, str]] = []
        remarks: list[str] = []
        applied = 0
        text = judged.read.text
        for query, selection, diagnostics in zip(
            judged.queries, judged.selections, judged.diagnostics, strict=True
        ):
            if not any(is_fixable(diagnostic, unsafe=unsafe) for diagnostic in diagnostics):
                continue
            fixed = self._fixed(query, selection, unsafe=unsafe)
            try:
                rewrite(judged.read.text, [(query, fixed.text)])
            except CannotRewriteError as error:
                remarks.append(str(error))
                continue
            changes.append((query, fixed.text))
            applied += len(fixed.applied)
        if changes:
            text = rewrite(judged.read.text, changes)
        return RepairedFile(text, applied, remarks)

    def silence(self, judged: Judged) -> RepairedFile:
        """Return the text of a judged file with comments that hide its findings, where that is a v2 query."""
        (query,), (diagnostics,) = judged.queries, judged.diagnostics
        if query.refusal:
            return RepairedFile(judged.read.text, 0, [])
        text, hidden, left = with_noqa(query.text, query.dialect, diagnostics)
        if query.raw is not None:
            text = rewrite(judged.read.text, [(query, text)])
        remarks = (
            [f"{judged.read.name}: {left:,} findings have no line that a comment can stand on"]
            if left
            else []
        )
        return RepairedFile(text, hidden, remarks)

    def _fixed(self, query: QuerySource, selection: Selection, *, unsafe: bool) -> Fixed:
        return fix_text(
            query.text, lambda text: self._diagnose(text, query.dialect, selection), unsafe=unsafe
        )

    def _diagnose(self, text: str, dialect: Dialect, selection: Selection) -> list[Diagnostic]:
        infos = selection.may_take_infos or has_noqa(text)
        found = diagnose(text, self.schema, dialect, infos=infos)
        found = with_list_ids(text, dialect, found, self.workspace.list_ids)
        return selection.of(without_hidden(text, dialect, found))


def judge_of(workspace: Workspace) -> Judge:
    """Return what judges queries as the settings of a workspace say."""
    settings = workspace.settings
    selection = Selection(
        settings.select,
        settings.ignore,
        strict=settings.strict,
        shows_infos=settings.show_info,
        severity=settings.severity,
    )
    return Judge(workspace, selection, Ignores(settings))


def reports_of(files: Sequence[Judged]) -> Iterator[QueryReport]:
    """Yield what is to be reported of all queries, with what the limits say of their segments together."""
    from sql_seg.sources import check_limits

    limits = iter(check_limits([query for file in files for query in file.queries]))
    for file in files:
        for query, selection, diagnostics in zip(
            file.queries, file.selections, file.diagnostics, strict=True
        ):
            yield query.report(diagnostics, selection.of(next(limits)))


def unreadable(error: SegmentFileError, text: str = "") -> QueryReport:
    """Return the report of a file that cannot be read; ``text`` is its text, if it has one."""
    diagnostics = [
        Diagnostic(
            UNREADABLE_FILE.code,
            Severity.ERROR,
            problem.message,
            max(problem.line, 1),
            max(problem.column, 1),
            max(problem.line, 1),
            max(problem.column, 1),
        )
        for problem in error.problems
    ]
    return QueryReport(error.file, text, None, diagnostics, whole_file(text))


def is_fixable(diagnostic: Diagnostic, *, unsafe: bool) -> bool:
    """Return whether a diagnostic has a fix that would be applied."""
    return diagnostic.fix is not None and (unsafe or diagnostic.fix.safety is Safety.SAFE)


class Ignores:
    """The rules that are ignored in files, by globs, and of segments, by their names."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._met: set[str] = set()

    @cached_property
    def _by_glob(self) -> list[tuple[Patterns, frozenset[str]]]:
        folder = self._settings.folder
        return [(Patterns([glob], folder), codes) for glob, codes in self._settings.per_file_ignores.items()]

    def in_file(self, path: Path | None) -> frozenset[str]:
        """Return the codes that are ignored in a file; None is no file."""
        if path is None or not self._settings.per_file_ignores:
            return frozenset()
        found = [codes for patterns, codes in self._by_glob if patterns.verdict(path)]
        return frozenset[str]().union(*found)

    def in_segment(self, name: str | None) -> frozenset[str]:
        """Return the codes that are ignored of a segment; None is a query without a name."""
        if name is None:
            return frozenset()
        self._met.add(name)
        return self._settings.per_segment_ignores.get(name, frozenset())

    def unused(self) -> Iterator[str]:
        """Yield what to say of globs and names that nothing was met of."""
        for patterns, _ in self._by_glob:
            for glob in patterns.unused():
                yield f"the pattern {glob} of per-file-ignores matches no file"
        for name in self._settings.per_segment_ignores:
            if name not in self._met:
                yield f"the name {name} of per-segment-ignores is no segment's"


def with_list_ids(
    text: str, dialect: Dialect, diagnostics: Sequence[Diagnostic], lists: Mapping[str, str]
) -> list[Diagnostic]:
    """Return diagnostics, those about a list's name with its id as the fix; ``lists`` has ids by name.

    SendGrid knows no names in queries, so a name there is a finding, whatever settings say.
    """
    if not lists or "list_ids" not in text.lower():
        return list(diagnostics)
    return [
        _with_ids(text, dialect, found, lists) if found.code == MALFORMED_ID.code else found
        for found in diagnostics
    ]


def _with_ids(text: str, dialect: Dialect, found: Diagnostic, lists: Mapping[str, str]) -> Diagnostic:
    spans = [found.span, *(label.span for label in found.labels)]
    named = {span: name for span in spans if (name := _name_at(text, span)) in lists}
    if not named:
        return found
    said = ", ".join(f"{name} is {lists[name]}" for name in dict.fromkeys(named.values()))
    edits = tuple(Edit(span, write_string(lists[name], dialect)) for span, name in named.items())
    fix = Fix("Write the ids of lists that the settings name", edits, Safety.UNSAFE)
    return replace(
        found, help=f"a query has the ids of lists, not their names: {said} in the settings", fix=fix
    )


def _name_at(text: str, span: Span) -> str:
    return text[span.start : span.end].strip("'\"")
