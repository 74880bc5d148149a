"""``sql-seg test``: whether segments hold the contacts that their tests say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import Failure, is_quiet, note, notes, put, put_utf8, say
from sql_seg.cli.watching import watch
from sql_seg.diagnostics import formats
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import SegmentFileError
from sql_seg.segment_tests import coverage_of, read_segment_tests, run, segment_beside
from sql_seg.segment_tests.discovery import find_tests, may_be_tested
from sql_seg.segment_tests.formats import FileResult, as_json, as_junit, as_text
from sql_seg.wording import counted
from sql_seg.workspace.query_texts import expanded
from sql_seg.workspace.workspace import Workspace
from sql_seg.workspace.writing import write_file


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[FILE|DIR]...", shell_complete=options.complete_places)
@watch
@options.workspace(lenient=False)
@options.now("The moment of tests that give none, such as 2026-11-23T12:00Z.")
@click.option(
    "-k", "words", metavar="TEXT", help="Run only tests whose file or name has this text, in any case."
)
@click.option("--require-tests", is_flag=True, help="Fail where a segment has no tests.")
@click.option("--coverage", is_flag=True, help="Show which conditions no test depends on.")
@options.output_format(["text", "json", "junit"], "text", "Lines for people, JSON, or JUnit's XML.")
@click.option("--output-file", metavar="FILE", help="Where to write the report, instead of standard output.")
def command(
    paths: tuple[str, ...],
    workspace: Workspace,
    now: datetime | None,
    words: str | None,
    require_tests: bool,
    coverage: bool,
    output_format: str,
    output_file: str | None,
) -> int:
    """Ask segments whether they hold the contacts that their tests say.

    The tests of vip.sql are in vip.test.json or vip.test.yaml beside it. A FILE is either of them, and a
    directory stands for all below it. --fields and --now are for tests that give none.

    With --coverage, each condition of the query is tried as always TRUE and as never TRUE: where no contact
    of the tests is then in or out otherwise, the condition could be wrong, and no test would notice.

    Exit codes: 0 all tests hold; 1 a test fails, a query has errors, or a segment lacks the tests that
    --require-tests asks for; 2 something could not be read.
    """
    if not paths:
        raise click.UsageError("name a FILE or a directory with tests, such as vip.test.json")
    if coverage and output_format == "junit":
        raise click.UsageError("--coverage is for text and JSON: JUnit's XML has no place for it")
    is_live = output_format == "text" and output_file is None
    work = _Work(workspace, now, words, is_live=is_live, covers=coverage)
    for path in dict.fromkeys(paths):
        work.take(path)
    notes(workspace.unused_patterns())
    needs_tests = not workspace.skips_others and not (require_tests and work.untested)
    if not work.results and not work.failed and needs_tests:
        if work.passed_over:
            raise Failure(f"no test has {words!r} in its name")
        raise Failure(
            f"{', '.join(paths)}: has no tests, no files that end in .test.json or .test.yaml; "
            "sql-seg example FILE writes the first ones"
        )
    _report(work, output_format, output_file, is_error=require_tests)
    if work.failed:
        return COULD_NOT_RUN
    if require_tests and work.untested:
        return QUERY_ERRORS
    return QUERY_ERRORS if any(result.tests is None or result.failed for result in work.results) else FINE


def _report(work: _Work, output_format: str, output_file: str | None, *, is_error: bool) -> None:
    """Write what came of the tests."""
    text = ""
    if output_format == "json":
        text = as_json([*work.results, *work.unreadable], work.untested)
    elif output_format == "junit":
        text = as_junit([*work.results, *work.unreadable])
    elif output_file is not None:
        text = "\n".join([*map(as_text, work.results), _summary(work.results, work.failed)])
    if output_file is not None:
        write_file(Path(output_file), f"{text}\n".encode(errors="backslashreplace"))
    elif output_format == "json":
        put(text)
    elif output_format == "junit":
        put_utf8(text + "\n")
    if is_error:
        for segment in work.untested:
            say(f"Error: {segment}: has no tests")
    elif output_format == "text":
        for segment in work.untested:
            note(f"{segment}: has no tests")
    if output_format == "text" and output_file is None and work.results and not is_quiet():
        put(_summary(work.results, work.failed))


class _Work:
    """The tests that were run so far."""

    def __init__(
        self, workspace: Workspace, now: datetime | None, words: str | None, *, is_live: bool, covers: bool
    ) -> None:
        self.results: list[FileResult] = []
        self.untested: list[Path] = []
        self.unreadable: list[FileResult] = []
        self.failed = 0
        self.passed_over = 0
        self._workspace = workspace
        self._definitions = workspace.definitions
        self._now = now or workspace.settings.now
        self._words = None if words is None else words.casefold()
        self._is_live = is_live
        self._covers = covers
        self._seen: set[Path] = set()

    def take(self, place: str) -> None:
        """Run the tests that a file, folder or glob stands for, those that were not run before."""
        try:
            for path in map(Path, expanded(place)):
                if self._workspace.skips_others and not may_be_tested(path):
                    continue
                found = find_tests(path, self._workspace.folders)
                self.untested += [segment for segment in found.untested if segment not in self.untested]
                for file in found.tests:
                    if file not in self._seen:
                        self._seen.add(file)
                        self._run(file)
        except SegmentFileError as error:
            self._fail(error)

    def _run(self, file: Path) -> None:
        try:
            result = self._result(file)
        except SegmentFileError as error:
            self._fail(error)
            self.unreadable.append(FileResult(file, file, None, problems=error.problems))
            return
        if result is None:
            self.passed_over += 1
            return
        self.results.append(result)
        is_fine = result.tests is not None and not result.failed
        if self._is_live and not (is_quiet() and is_fine and not self._covers):
            put(as_text(result))

    def _result(self, file: Path) -> FileResult | None:
        """Return what comes of a file's tests; None where none of them is asked for."""
        segment = segment_beside(file)
        try:
            tests = read_segment_tests(
                file,
                fields=self._definitions,
                now=self._now,
                dialect=self._workspace.dialect,
                values=self._workspace.values,
            )
        except QueryError as error:
            say(formats.full(error.diagnostics, error.text, str(segment)))
            return FileResult(file, segment, None, errors=error.diagnostics)
        if self._words is not None and self._words not in str(file).casefold():
            chosen = [case for case in tests.cases if self._words in case.name.casefold()]
            if not chosen:
                return None
            tests = replace(tests, cases=chosen)
        covered = coverage_of(tests) if self._covers else None
        return FileResult(file, segment, tests, run(tests), coverage=covered)

    def _fail(self, error: SegmentFileError) -> None:
        Failure(str(error)).show()
        self.failed += 1


def _summary(results: Sequence[FileResult], not_read: int) -> str:
    """Return how many tests there were, how many of them hold, and how many files were not read."""
    tests = sum(len(result.outcomes) for result in results)
    failed = sum(result.failed for result in results)
    parts = [f"{tests - failed:,} {'holds' if tests - failed == 1 else 'hold'}"]
    if failed:
        parts.append(f"{failed:,} {'fails' if failed == 1 else 'fail'}")
    invalid = sum(result.tests is None for result in results)
    if invalid:
        parts.append(f"{counted(invalid, 'query', 'queries')} with errors")
    if not_read:
        parts.append(f"{not_read:,} not read")
    return f"{counted(tests, 'test')} of {counted(len(results), 'file')}: {', '.join(parts)}"
