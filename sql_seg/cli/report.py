"""``sql-seg report``: one page about many segments, for people who never saw a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.exit_codes import QUERY_ERRORS
from sql_seg.cli.output import Failure, note, put_utf8
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import candidates_in, dataset_for, exit_code, remarks_on, say_remarks
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.engines.dataset import Dataset
from sql_seg.language.timestamps import the_moment
from sql_seg.records.telling import told_elsewhere
from sql_seg.reporting.changes import ReportChanges, compared
from sql_seg.reporting.contents import Contents, TestResult
from sql_seg.reporting.making import ask, report_of
from sql_seg.reporting.markdown import as_markdown
from sql_seg.reporting.page import as_html, require_jinja
from sql_seg.segment_tests import read_segment_tests, run
from sql_seg.segment_tests.cases import expectation, explained
from sql_seg.segment_tests.discovery import find_tests
from sql_seg.segments.candidates import Candidate, Candidates
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.segments.timeline import instants_between
from sql_seg.sources import QUERY_SUFFIXES
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace
from sql_seg.workspace.writing import write_file

_AROUND = timedelta(weeks=4)
"""How far a timeline looks back and ahead."""


@click.command("report")
@options.files_and_queries
@options.workspace()
@account_options()
@options.now()
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many members of each segment to show.",
)
@click.option(
    "--step",
    type=click.Choice(["day", "week", "month", "none"]),
    default="week",
    show_default=True,
    help="How far the moments of the timelines are apart: they show four weeks back and four ahead.",
)
@click.option("--unmasked", is_flag=True, help="Show addresses, names and numbers of members as they are.")
@click.option(
    "--against", metavar="FILE", help="An older report as JSON: say what is new, gone or different."
)
@click.option("-o", "--output", metavar="FILE", help="Where to write, instead of standard output.")
@options.output_format(
    ["html", "markdown", "json"],
    "html",
    "A page, Markdown for a pull request, or JSON for --against; a FILE in .md or .json says it, too.",
    {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".json": "json"},
)
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    account: AccountOptions,
    now: datetime | None,
    sample: int,
    step: str,
    unmasked: bool,
    against: str | None,
    output: str | None,
    output_format: str,
) -> int:
    """Write a page about segments: each with its query, findings, size, funnel, timeline, tests and members.

    It also says how the segments overlap. The page needs nothing else: it opens from disk, and asks no
    network for anything. Personal data of the members is masked. A page needs the extra report.

    Exit codes: 0 there is a report; 1 a query has errors; 2 something could not be read or written.
    """
    options.require_places(files, queries)
    standard_input_is_free(files, account)
    if output_format == "html":
        require_jinja()
    before = None if against is None else _read(against)
    candidates = candidates_in(workspace, files, queries)
    moment = the_moment(now or workspace.settings.now)
    dataset = dataset_for(
        candidates, account, workspace, moment, wanted=frozenset({"contact_id", "email"}), everything=True
    )
    if dataset is None:
        return QUERY_ERRORS
    with dataset:
        contents = _contents(candidates, dataset, workspace, moment, sample, step, is_masked=not unmasked)
    comparison = None if before is None else _compared(str(against), before, contents)
    _put(contents, comparison, output_format, output)
    return exit_code(candidates)


def _contents(
    candidates: Candidates,
    dataset: Dataset,
    workspace: Workspace,
    now: datetime,
    sample: int,
    step: str,
    *,
    is_masked: bool,
) -> Contents:
    """Ask the data for all segments, and run their tests."""
    remarks = remarks_on(candidates, dataset)
    say_remarks(candidates, dataset, remarks)
    with told_elsewhere(), progress("evaluating"):
        answers = ask(
            SegmentSet(candidates.segments),
            dataset,
            now,
            sample=sample,
            instants=_instants(now, step),
            is_masked=is_masked,
        )
    tests = {candidate.name: list(_tests(candidate, workspace, now)) for candidate in candidates.all}
    warnings = [*remarks.notes, *remarks.warnings]
    if is_masked and remarks.problems:  # which show values
        warnings.append(f"{counted(len(remarks.problems), 'value')} could not be read")
    elif remarks.problems:
        warnings += remarks.problems
    return report_of(candidates.all, answers, dataset, tests, warnings, is_masked=is_masked)


def _instants(now: datetime, step: str) -> list[datetime]:
    """Return the moments of the timelines; none where the calendar ends."""
    try:
        return [] if step == "none" else list(instants_between(now - _AROUND, now + _AROUND, step))
    except OverflowError:
        return []


def _tests(candidate: Candidate, workspace: Workspace, now: datetime) -> Iterator[TestResult]:
    """Run the tests beside a segment's file. Raises SegmentFileError where they cannot be read."""
    file = Path(candidate.query.file)
    if not file.name.lower().endswith(QUERY_SUFFIXES) or not file.is_file() or candidate.segment is None:
        return
    for path in find_tests(file, workspace.folders).tests:
        try:
            tests = read_segment_tests(
                path,
                fields=workspace.definitions,
                now=now,
                dialect=workspace.dialect,
                values=workspace.values,
            )
        except QueryError as error:
            yield TestResult(path.name, False, (str(error),))
            continue
        for outcome in run(tests):
            details = () if outcome.holds else (expectation(outcome), *explained(tests, outcome))
            yield TestResult(outcome.case.name, outcome.holds, details)


def _read(path: str) -> Any:
    """Return an older report. Raises Failure where there is none."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{path}: is not JSON") from error


def _compared(path: str, before: Any, contents: Contents) -> ReportChanges:
    try:
        return compared(before, contents)
    except ValueError as error:
        raise Failure(f"{path}: {error}") from error


def _put(
    contents: Contents, comparison: ReportChanges | None, output_format: str, output: str | None
) -> None:
    match output_format:
        case "html":
            text = as_html(contents, comparison)
        case "markdown":
            text = as_markdown(contents, comparison)
        case _:
            changes = [] if comparison is None else comparison.sentences
            text = json.dumps(contents.to_json() | {"changes": changes}, indent=2)
    if output is None:
        put_utf8(f"{text}\n")
    else:
        write_file(Path(output), f"{text}\n".encode(errors="backslashreplace"))
        note(f"a report of {counted(len(contents.segments), 'segment')} is in {output}")
