"""``sql-seg check``: what is wrong with queries."""

from __future__ import annotations

from collections.abc import Callable

import click

from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.judging import Judge, Judged, is_fixable, reports_of
from sql_seg.cli.output import Failure, counted, is_colorful, note, put, put_utf8, say
from sql_seg.cli.rewriting import as_diff, rewrite
from sql_seg.cli.selection import Selection
from sql_seg.cli.settings import Settings, settings_for
from sql_seg.diagnostics import Diagnostic, Severity, report
from sql_seg.diagnostics.report import QueryReport
from sql_seg.language.datatypes import Dialect
from sql_seg.linting import RULES

_FOR_PEOPLE = ("full", "concise")
_WITH_STATISTICS = (*_FOR_PEOPLE, "json")


@click.command("check")
@options.files_and_queries("[FILE|DIR|-]...")
@options.dialect
@options.schema
@options.rules
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing who is in a segment.")
@click.option("--unsafe-fixes", is_flag=True, help="Let --fix and --diff change who is in a segment.")
@click.option("--diff", "shows_diff", is_flag=True, help="Change nothing; print what --fix would change.")
@click.option(
    "--output-format",
    type=click.Choice(report.FORMATS),
    help="How to say it.  [default: full]",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of showing them.")
@options.color
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are errors.")
@click.option("--error-on-warnings", is_flag=True, help="Exit with 1 if there are warnings, too.")
@click.option("--stdin-filename", metavar="FILE", help="The file whose text comes over standard input.")
@options.configuration
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    queries: tuple[str, ...],
    dialect: Dialect | None,
    fields: str | None,
    lenient: bool,
    select: frozenset[str] | None,
    ignore: frozenset[str],
    strict: bool,
    show_info: bool,
    fix: bool,
    unsafe_fixes: bool,
    shows_diff: bool,
    output_format: str | None,
    statistics: bool,
    color: str,
    exit_zero: bool,
    error_on_warnings: bool,
    stdin_filename: str | None,
    config: str | None,
    isolated: bool,
) -> int:
    """Say what is wrong with queries, and mend it.

    A directory stands for the .sql and .sgql files below it, and for the JSON and YAML files that hold
    segments; - is standard input. Without --fields the reserved columns alone are known.

    Exit codes: 0 no errors; 1 errors, or --diff has something to show; 2 something could not be read.
    """
    settings = settings_for(config, isolated=isolated)
    output_format = output_format or settings.output_format or "full"
    if statistics and output_format not in _WITH_STATISTICS:
        raise click.UsageError(f"--statistics needs one of the formats {', '.join(_WITH_STATISTICS)}")
    fields = fields or settings.fields
    definitions = None if fields is None else options.read_fields(fields)
    judge = Judge(
        options.schema_of(definitions, lenient=lenient or settings.lenient),
        dialect if options.is_given(context, "dialect") else settings.dialect,
        _selection(settings, select, ignore, strict=strict, shows_infos=show_info),
        settings,
    )
    work = _Work(judge, unsafe=unsafe_fixes, writes=fix and not shows_diff, shows_diff=shows_diff)
    for read in inputs.read_all(files, queries, directories=True, stdin_filename=stdin_filename):
        work.take(read)
    reports = list(reports_of(work.judged))
    if not shows_diff:
        _show(reports, output_format, statistics=statistics, color=color, on_stderr=work.has_put)
    found = [diagnostic for one in reports for diagnostic in one.diagnostics]
    if output_format == "full":
        write = say if shows_diff or work.has_put else put
        if fields is None and options.lacks_fields(found):
            write(options.FIELDS_NOTE + "\n")
        write(_summary(work, len(reports), found, unsafe=unsafe_fixes))
    if work.failed:
        return COULD_NOT_RUN
    if exit_zero:
        return FINE
    severities = {diagnostic.severity for diagnostic in found}
    fails = Severity.ERROR in severities or (error_on_warnings and Severity.WARNING in severities)
    return QUERY_ERRORS if fails or (shows_diff and work.applied) else FINE


def _selection(
    settings: Settings,
    select: frozenset[str] | None,
    ignore: frozenset[str],
    *,
    strict: bool,
    shows_infos: bool,
) -> Selection:
    """Return what counts: a selection on the command line sets aside what a file selects and ignores."""
    if select is None:
        select, ignore = settings.select, ignore | settings.ignore
    return Selection(select, ignore, strict or settings.strict, shows_infos)


class _Work:
    """The texts that were taken so far, and what became of them."""

    def __init__(self, judge: Judge, *, unsafe: bool, writes: bool, shows_diff: bool) -> None:
        self.judged: list[Judged] = []
        self.failed = 0
        self.applied = 0
        self.shows_diff = shows_diff
        self.has_put = False
        """Whether mended texts went to standard output: nothing else may go there then."""
        self._judge = judge
        self._unsafe = unsafe
        self.mends = writes or shows_diff

    def take(self, read: inputs.Input | Failure) -> None:
        """Judge one more text, and mend it if that is wanted."""
        try:
            if isinstance(read, Failure):
                raise read
            judged = self._judge.judge(read)
        except Failure as failure:
            failure.show()
            self.failed += 1
            return
        self.judged.append(self._mended(judged) if self.mends else judged)

    def _mended(self, judged: Judged) -> Judged:
        """Mend a text wherever it goes, and return what is left to be said of it."""
        mended = self._judge.mend(judged, unsafe=self._unsafe)
        for remark in mended.remarks:
            note(remark)
        try:
            self._write(judged.read, mended.text)
        except Failure as failure:
            failure.show()
            self.failed += 1
            return judged
        self.applied += mended.applied
        return self._judge.judge(judged.read.with_text(mended.text)) if mended.applied else judged

    def _write(self, read: inputs.Input, after: str) -> None:
        if self.shows_diff:
            put(as_diff(read.text, after, read.name, "fixed"), newline=False)
        elif read.path is None:
            self.has_put = True
            put_utf8(read.encoded(after).decode() + "\n" * read.is_argument)
        elif after != read.text:
            rewrite(read.path, read.content, read.encoded(after))


def _show(
    reports: list[QueryReport], output_format: str, *, statistics: bool, color: str, on_stderr: bool
) -> None:
    """Write what was found, in a format."""
    if statistics:
        as_text = report.statistics_json if output_format == "json" else report.statistics_text
        text = as_text(report.statistics(reports))
    else:
        text = report.render(
            output_format,
            reports,
            color=is_colorful(color, on_stderr=on_stderr),
            rules=RULES,
            version=options.version() if output_format == "sarif" else "",
        )
    if not text:
        return
    if output_format == "full":
        text += "\n"
    write: Callable[[str], None] = put if output_format in _FOR_PEOPLE else _put_data
    (say if on_stderr else write)(text)


def _put_data(text: str) -> None:
    put_utf8(text + "\n")


def _summary(work: _Work, queries: int, found: list[Diagnostic], *, unsafe: bool) -> str:
    """Return how much of what was found, and what can be done about it."""
    numbers = {severity: sum(item.severity is severity for item in found) for severity in Severity}
    parts = [counted(number, severity.value) for severity, number in numbers.items() if number]
    if queries and not numbers[Severity.ERROR]:
        parts.insert(0, "no errors")
    if work.failed:
        parts.append(f"{work.failed:,} not read")
    sentences = [f"{counted(queries, 'query', 'queries')} checked: {', '.join(parts)}"]
    if work.applied:
        verb = "would be fixed" if work.shows_diff else "fixed"
        sentences.append(f"{work.applied:,} {verb}")
    sentences += _about_fixes(found, mends=work.mends, unsafe=unsafe)
    return "; ".join(sentences)


def _about_fixes(found: list[Diagnostic], *, mends: bool, unsafe: bool) -> list[str]:
    """Return how many findings could still be fixed, and how."""
    safe = sum(is_fixable(diagnostic, unsafe=False) for diagnostic in found)
    others = sum(is_fixable(diagnostic, unsafe=True) for diagnostic in found) - safe
    if mends:
        return [f"{others:,} fixable with --unsafe-fixes"] if others and not unsafe else []
    if not safe:
        return [f"{others:,} fixable with --fix --unsafe-fixes"] if others else []
    more = f", {others:,} more with --unsafe-fixes" if others else ""
    return [f"{safe:,} fixable with --fix{more}"]
