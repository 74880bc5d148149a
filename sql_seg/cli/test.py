"""``sql-seg test``: whether segments hold the contacts that their tests say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import Failure, counted, note, put, put_utf8, say
from sql_seg.cli.settings import settings_for
from sql_seg.diagnostics import report
from sql_seg.errors import QueryError, SegmentFileError
from sql_seg.segment_tests import find_tests, read_segment_tests, run, segment_beside
from sql_seg.segment_tests.formats import FileResult, as_json, as_junit, as_text


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[FILE|DIR]...")
@options.fields
@options.now("The moment of tests that give none, such as 2026-11-23T12:00Z.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="Lines for people, JSON, or JUnit's XML.",
)
@options.configuration
def command(
    paths: tuple[str, ...],
    fields: str | None,
    now: datetime | None,
    output_format: str,
    config: str | None,
    isolated: bool,
) -> int:
    """Ask segments whether they hold the contacts that their tests say.

    The tests of vip.sql are in vip.test.json or vip.test.yaml beside it. A FILE is either of them, and a
    directory stands for all below it. --fields and --now are for tests that give none.

    Exit codes: 0 all tests hold; 1 a test fails, or a query has errors; 2 something could not be read.
    """
    if not paths:
        raise click.UsageError("name a FILE or a directory with tests, such as vip.test.json")
    fields = fields or settings_for(config, isolated=isolated).fields
    work = _Work(None if fields is None else options.read_fields(fields), now, output_format == "text")
    for path in dict.fromkeys(paths):
        work.take(Path(path))
    if not work.results and not work.failed:
        raise Failure(f"{', '.join(paths)}: has no tests, no files that end in .test.json or .test.yaml")
    if output_format == "json":
        put(as_json(work.results, work.untested))
    elif output_format == "junit":
        put_utf8(as_junit(work.results) + "\n")
    else:
        for segment in work.untested:
            note(f"{segment}: has no tests")
        if work.results:
            put(_summary(work.results, work.failed))
    if work.failed:
        return COULD_NOT_RUN
    return QUERY_ERRORS if any(not result.tests or result.failed for result in work.results) else FINE


class _Work:
    """The tests that were run so far."""

    def __init__(self, definitions: Any, now: datetime | None, tells: bool) -> None:
        self.results: list[FileResult] = []
        self.untested: list[Path] = []
        self.failed = 0
        self._definitions = definitions
        self._now = now
        self._tells = tells
        self._seen: set[Path] = set()

    def take(self, path: Path) -> None:
        """Run the tests that a file or directory stands for, those that were not run before."""
        try:
            found = find_tests(path)
        except SegmentFileError as error:
            self._fail(error)
            return
        self.untested += [segment for segment in found.untested if segment not in self.untested]
        for file in found.tests:
            if file not in self._seen:
                self._seen.add(file)
                self._run(file)

    def _run(self, file: Path) -> None:
        try:
            result = self._result(file)
        except SegmentFileError as error:
            self._fail(error)
            return
        self.results.append(result)
        if self._tells:
            put(as_text(result))

    def _result(self, file: Path) -> FileResult:
        segment = segment_beside(file)
        try:
            tests = read_segment_tests(file, fields=self._definitions, now=self._now)
        except QueryError as error:
            say(report.full(error.diagnostics, error.text, str(segment)))
            return FileResult(file, segment, None, errors=error.diagnostics)
        return FileResult(file, segment, tests, run(tests))

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
