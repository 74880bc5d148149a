"""``sql-seg timeline``: how many members a segment has over time, who enters and who leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.csv_text import put_csv
from sql_seg.cli.output import notes, painter, put, show_failures, terminal_width
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import dataset_for, exit_code, remarks_on, say_remarks
from sql_seg.language.timestamps import the_moment, write_timestamp
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.candidates import candidates_of
from sql_seg.segments.timeline import STEPS, Timeline, instants_between
from sql_seg.segments.timeline_plot import bars, svg
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace
from sql_seg.workspace.writing import write_file

_MOST_INSTANTS = 1_000


@click.command("timeline")
@options.files_and_queries
@options.workspace()
@account_options()
@click.option(
    "--from", "first", metavar="ISO", required=True, callback=options.instant, help="The first moment."
)
@click.option(
    "--to", "last", metavar="ISO", callback=options.instant, help="The last moment; by default, now."
)
@click.option(
    "--step",
    type=click.Choice(list(STEPS)),
    default="day",
    show_default=True,
    help="How far the moments are apart.",
)
@click.option("--svg", "svg_file", metavar="FILE", help="Write a plot into this file, too.")
@options.output_format(["text", "json", "csv"], "text", "A plot for people, JSON with who moves, or CSV.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    account: AccountOptions,
    first: datetime,
    last: datetime | None,
    step: str,
    svg_file: str | None,
    output_format: str,
) -> int:
    """Show a segment's members over time, of the same contacts and events.

    Exit codes: 0 there is an answer; 1 the query has errors; 2 something could not be read.
    """
    options.require_places(files, queries)
    standard_input_is_free(files, account)
    if last is None:
        last = the_moment(workspace.settings.now)
        if last < first:
            raise click.UsageError("--from is later than now: give the last moment with --to ISO")
    instants = _instants(first, last, step)
    candidates = candidates_of(workspace.gathered(files, queries))
    if candidates.many:
        raise click.UsageError("a timeline is of one segment, and here are several")
    notes(workspace.notes)
    show_failures(candidates.failures)
    dataset = dataset_for(candidates, account, workspace, last, wanted=frozenset(), everything=True)
    if dataset is not None:
        with dataset:
            say_remarks(candidates, dataset, remarks_on(candidates, dataset))
            (segment,) = candidates.segments.values()
            with told_elsewhere(), progress("evaluating"):
                timeline = segment.timeline(dataset, instants)
            put_timeline(timeline, output_format)
            if svg_file is not None:
                write_file(Path(svg_file), svg(timeline).encode())
    return exit_code(candidates)


def _instants(first: datetime, last: datetime, step: str) -> list[datetime]:
    if last < first:
        raise click.UsageError("--to is before --from")
    found: list[datetime] = []
    for instant in instants_between(first, last, step):
        found.append(instant)
        if len(found) > _MOST_INSTANTS:
            raise click.UsageError(f"these are more than {_MOST_INSTANTS:,} moments: take a larger --step")
    return found


def put_timeline(timeline: Timeline, output_format: str, *, marked: bool = False) -> None:
    """Write a timeline to standard output, CSV ``marked`` by a byte order mark or not."""
    if output_format == "json":
        put(json.dumps(timeline.to_json(), indent=2))
    elif output_format == "csv":
        put_csv(_csv(timeline), marked=marked)
    else:
        headline = f"members of {counted(timeline.total, 'contact')}, at {len(timeline.instants):,} moments"
        paint = painter()
        put("\n".join([paint(headline, "strong"), "", *bars(timeline, terminal_width(), paint)]))


def _csv(timeline: Timeline) -> Iterator[tuple[object, ...]]:
    yield ("now", "count", "entered", "left")
    for instant in timeline.instants:
        yield (write_timestamp(instant.now), instant.count, len(instant.entered), len(instant.left))
