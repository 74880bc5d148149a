"""``sql-seg check``: what is wrong with queries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sql_seg.cli import findings_output, options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import is_quiet, note, notes, put, put_utf8, room, say, show_failures
from sql_seg.cli.watching import watch
from sql_seg.collecting import SELDOM
from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.diagnostics.formats import FORMATS, QueryReport
from sql_seg.errors import SegmentFileError
from sql_seg.language.datatypes import Dialect
from sql_seg.sources import QUERY_SUFFIXES, SourceFile
from sql_seg.wording import counted
from sql_seg.workspace.judging import Ignores, Judge, Judged, RepairedFile, is_fixable, reports_of, unreadable
from sql_seg.workspace.query_texts import Read
from sql_seg.workspace.selection import LIMIT_CODES, Selection
from sql_seg.workspace.settings import Settings
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.workspace.baseline import Baseline


@click.command("check")
@options.files_and_queries
@watch
@options.workspace()
@options.rules
@click.option("--fix", is_flag=True, help="Fix what can be fixed without changing who is in a segment.")
@click.option("--unsafe-fixes", is_flag=True, help="Let --fix and --diff change who is in a segment.")
@click.option("--diff", "shows_diff", is_flag=True, help="Change nothing; print what --fix would change.")
@click.option(
    "--add-noqa", is_flag=True, help="Write a comment beside each warning that hides it, in .sql files."
)
@click.option("--baseline", metavar="FILE", help="Count the findings that this file knows; do not show them.")
@click.option("--write-baseline", metavar="FILE", help="Write all findings to this file, for --baseline.")
@click.option(
    "--output-format",
    "output_formats",
    metavar="FORMAT[=FILE]",
    multiple=True,
    shell_complete=lambda _context, _option, text: [name for name in FORMATS if name.startswith(text)],
    help=f"How to report: {', '.join(FORMATS)}. Repeatable.  [default: full]",
)
@click.option("--output-file", metavar="FILE", help="Where to write the report, instead of standard output.")
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and do no more.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of showing them.")
@options.color
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are errors.")
@click.option(
    "--error-on-warnings/--no-error-on-warnings",
    default=None,
    help="Exit with 1 if there are warnings, too.",
)
@click.option("--stdin-filename", metavar="FILE", help="The file whose text comes over standard input.")
@SELDOM
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    select: frozenset[str] | None,
    ignore: frozenset[str],
    strict: bool | None,
    show_info: bool | None,
    fix: bool,
    unsafe_fixes: bool,
    shows_diff: bool,
    add_noqa: bool,
    baseline: str | None,
    write_baseline: str | None,
    output_formats: tuple[str, ...],
    output_file: str | None,
    show_files: bool,
    statistics: bool,
    color: str,
    exit_zero: bool,
    error_on_warnings: bool | None,
    stdin_filename: str | None,
) -> int:
    """Say what is wrong with queries, and fix it.

    A directory stands for the .sql and .sgql files below it, and for the JSON and YAML files that hold
    segments; - is standard input. Without --fields the reserved columns alone are known.

    Exit codes: 0 no errors; 1 errors, or --diff has something to show; 2 something could not be read.
    """
    options.require_places(files, queries)
    options.require_stdin(files)
    if shows_diff:
        options.refuse(
            ["output_formats", "output_file", "statistics"], "is for findings: --diff prints changes alone"
        )
    if write_baseline is not None:
        options.refuse(["baseline"], "hides findings, and --write-baseline writes all of them: give one")
    if show_files:
        return _show_files(workspace, files, queries)
    settings = workspace.settings
    said = settings.output_format if settings.output_format in FORMATS else None
    targets = findings_output.targets_of(output_formats, output_file, said)
    if statistics:
        findings_output.check_statistics(targets)
    selection = _selection(settings, select, ignore, strict=strict, shows_infos=show_info)
    judge = Judge(workspace, selection, Ignores(settings))
    judge.schema  # noqa: B018 -- what is wrong with the field definitions comes first
    known = _baseline(baseline or settings.baseline, write_baseline)
    work = _Work(
        judge, unsafe=unsafe_fixes, fixes=fix or shows_diff, silences=add_noqa, shows_diff=shows_diff
    )
    for read in workspace.read(files, queries, stdin_filename):
        work.take(read)
    everything = [*reports_of(work.judged), *work.unreadable]
    if write_baseline is not None:
        from sql_seg.workspace.baseline import Baseline

        number = Baseline(Path(write_baseline)).write([one for one in everything if one.is_query])
        note(f"{write_baseline}: {counted(number, 'finding')} written")
        everything = list(work.unreadable)
    new = everything if known is None else known.new(everything)
    is_for_people = any(target.is_for_people for target in targets)
    if shows_diff or statistics or not is_for_people:
        show_failures(work.errors)
    if not shows_diff:
        for target in targets:
            findings_output.show(new, target, statistics=statistics, color=color, on_stderr=work.has_put)
    notes([*workspace.notes, *workspace.unused_patterns(), *_unused_ignores(judge, workspace)])
    found = [diagnostic for one in new for diagnostic in one.diagnostics]
    if any(target.format == "full" and target.file is None for target in targets) and not is_quiet():
        write = say if shows_diff or work.has_put else put
        if not workspace.knows_fields and options.lacks_fields(found):
            write(options.fields_note(room(on_stderr=shows_diff or work.has_put)) + "\n")
        write(_summary(work, found, known, unsafe=unsafe_fixes))
    if known is not None and not shows_diff:
        _take_off_fixed(known, selection, workspace)
    if work.unreadable or work.unwritten:
        return COULD_NOT_RUN
    if exit_zero:
        return FINE
    severities = {diagnostic.severity for diagnostic in found}
    counts_warnings = settings.error_on_warnings if error_on_warnings is None else error_on_warnings
    fails = Severity.ERROR in severities or (counts_warnings and Severity.WARNING in severities)
    return QUERY_ERRORS if fails or (shows_diff and work.applied) else FINE


def _show_files(workspace: Workspace, files: tuple[str, ...], queries: tuple[str, ...]) -> int:
    """Write the name of each file that would be checked."""
    code = FINE
    for read in workspace.read(files, queries):
        if isinstance(read, SegmentFileError):
            show_failures([read])
            code = COULD_NOT_RUN
        elif read.path is not None:
            put(read.name)
    return code


def _selection(
    settings: Settings,
    select: frozenset[str] | None,
    ignore: frozenset[str],
    *,
    strict: bool | None,
    shows_infos: bool | None,
) -> Selection:
    """Return what counts: a selection on the command line replaces what a file selects and ignores."""
    if select is None:
        select, ignore = settings.select, ignore | settings.ignore
    return Selection(
        select,
        ignore,
        settings.strict if strict is None else strict,
        settings.show_info if shows_infos is None else shows_infos,
        settings.severity,
    )


def _baseline(given: str | None, written: str | None) -> Baseline | None:
    """Return what is known already; nothing where a baseline is about to be written."""
    if given is None or written is not None:
        return None
    from sql_seg.workspace.baseline import Baseline

    return Baseline.read(Path(given))


def _take_off_fixed(known: Baseline, selection: Selection, workspace: Workspace) -> None:
    """Take findings off the baseline that are no longer there, so that they cannot come back unseen."""
    sees_all = workspace.folders.has_walked  # a few named files say nothing of the limits of all together

    def is_looked_for(code: str) -> bool:
        return selection.looks_for(code) and (sees_all or code not in LIMIT_CODES)

    try:
        gone = known.take_off_fixed(is_looked_for)
    except SegmentFileError as error:
        note(f"note: findings of the baseline are fixed, but {error}")
    else:
        if gone:
            note(f"note: {counted(gone, 'finding')} fixed, and taken off {known.file}")


def _unused_ignores(judge: Judge, workspace: Workspace) -> list[str]:
    return list(judge.ignores.unused()) if workspace.folders.has_walked else []


class _Work:
    """The texts that were taken so far, and what became of them."""

    def __init__(self, judge: Judge, *, unsafe: bool, fixes: bool, silences: bool, shows_diff: bool) -> None:
        self.judged: list[Judged] = []
        self.unreadable: list[QueryReport] = []
        self.errors: list[SegmentFileError] = []
        self.unwritten = 0
        self.applied = 0
        self.silenced = 0
        self.shows_diff = shows_diff
        self.has_put = False
        """Whether changed texts went to standard output: nothing else may go there then."""
        self.fixes = fixes
        self._judge = judge
        self._unsafe = unsafe
        self._silences = silences

    def take(self, read: Read) -> None:
        """Judge one more text, and change it if that is wanted."""
        text = ""
        try:
            if isinstance(read, SegmentFileError):
                raise read
            text = read.text
            judged = self._judge.judge(read)
        except SegmentFileError as error:
            self.unreadable.append(unreadable(error, text))
            self.errors.append(error)
            return
        if self.fixes:
            judged, applied = self._changed(judged, self._judge.repair(judged, unsafe=self._unsafe), "fixed")
            self.applied += applied
        if self._silences:
            judged, silenced = self._silenced(judged)
            self.silenced += silenced
        self.judged.append(judged)

    def _silenced(self, judged: Judged) -> tuple[Judged, int]:
        """Write comments that hide findings: where they cannot stand, say what to do instead."""
        if not any(judged.diagnostics):
            return judged, 0
        name = judged.read.name
        if not name.lower().endswith(QUERY_SUFFIXES) and not judged.read.is_argument and judged.read.path:
            note(f"{name}: comments are for .sql files; here, use per-segment-ignores in the settings")
            return judged, 0
        if any(query.dialect is Dialect.V1 for query in judged.queries):
            note(f"{name}: comments are for v2 queries; here, use per-file-ignores in the settings")
            return judged, 0
        return self._changed(judged, self._judge.silence(judged), "hidden")

    def _changed(self, judged: Judged, change: RepairedFile, how: str) -> tuple[Judged, int]:
        """Write a text to its place; return what is left to be said of it, and how much has changed."""
        for remark in change.remarks:
            note(remark)
        try:
            self._write(judged.read, change.text, how)
        except SegmentFileError as error:
            show_failures([error])
            self.unwritten += 1
            return judged, 0
        if not change.applied:
            return judged, 0
        return self._judge.judge(judged.read.with_text(change.text)), change.applied

    def _write(self, read: SourceFile, after: str, how: str) -> None:
        from sql_seg.workspace.writing import as_diff, rewrite

        if self.shows_diff:
            put(as_diff(read.text, after, read.name, how), newline=False)
        elif read.path is None:
            self.has_put = True
            put_utf8(read.encoded(after).decode() + "\n" * read.is_argument)
        elif after != read.text:
            rewrite(read.path, read.content, read.encoded(after))


def _summary(work: _Work, found: Sequence[Diagnostic], known: Baseline | None, *, unsafe: bool) -> str:
    """Return how much of what was found, and what can be done about it."""
    queries = sum(len(judged.queries) for judged in work.judged)
    about_queries = [item for item in found if item.code != "unreadable-file"]
    numbers = {severity: sum(item.severity is severity for item in about_queries) for severity in Severity}
    parts = [counted(number, severity.value) for severity, number in numbers.items() if number]
    if queries and not numbers[Severity.ERROR]:
        parts.insert(0, "no errors")
    if work.unwritten:
        parts.append(f"{work.unwritten:,} not written")
    if work.unreadable:
        parts.append(f"{len(work.unreadable):,} not read")
    if known is not None:
        parts.append(f"{known.known:,} known")
    checked = f"{counted(queries, 'query', 'queries')} checked"
    sentences = [f"{checked}: {', '.join(parts)}" if parts else checked]
    if work.applied:
        verb = "would be fixed" if work.shows_diff else "fixed"
        sentences.append(f"{work.applied:,} {verb}")
    if work.silenced:
        sentences.append(f"{work.silenced:,} {'would be hidden' if work.shows_diff else 'hidden'}")
    sentences += _about_fixes(found, fixes=work.fixes, unsafe=unsafe)
    return "; ".join(sentences)


def _about_fixes(found: Sequence[Diagnostic], *, fixes: bool, unsafe: bool) -> list[str]:
    """Return how many findings could still be fixed, and how."""
    safe = sum(is_fixable(diagnostic, unsafe=False) for diagnostic in found)
    others = sum(is_fixable(diagnostic, unsafe=True) for diagnostic in found) - safe
    if fixes:
        return [f"{others:,} fixable with --unsafe-fixes"] if others and not unsafe else []
    if not safe:
        return [f"{others:,} fixable with --fix --unsafe-fixes"] if others else []
    more = f", {others:,} more with --unsafe-fixes" if others else ""
    return [f"{safe:,} fixable with --fix{more}"]
