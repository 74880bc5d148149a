"""``sql-seg preview``: who is in a segment, or how many are in each of many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from sql_seg.cli import options, preview_forms
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.members import columns_of, form_of, members_as_csv, write_members
from sql_seg.cli.output import note, notes, put, put_bytes, show_failures
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import Remarks, dataset_for, exit_code, remarks_on, say_errors, say_remarks
from sql_seg.cli.targets import check_target
from sql_seg.core.terms import ALWAYS
from sql_seg.engines.dataset import Dataset
from sql_seg.language.timestamps import the_moment
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.candidates import Candidates, candidates_of
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.workspace.workspace import Workspace

_SHOWN = frozenset({"contact_id", "email", "updated_at"})
"""The columns that are shown of members whatever the query reads."""


@click.command("preview")
@options.files_and_queries
@options.workspace()
@account_options()
@options.now()
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="How many members to show; of many segments, in JSON.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write all members of the segment into a file: .csv, .ndjson, .parquet or .xlsx.",
)
@click.option(
    "--columns",
    metavar="NAMES",
    multiple=True,
    callback=lambda _context, _option, texts: _names(texts),
    help="Show or write these columns: names with commas between them, in their order.",
)
@click.option("--bom", is_flag=True, help="Start CSV with a byte order mark, by which Excel knows UTF-8.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What answers: DuckDB in this process, or Spark, whose tables, Parquet, CSV or JSON --contacts and "
    "--events then name.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Where Spark runs: local[*], spark://host:7077, …; without it, as Spark is set up.",
)
@click.option(
    "--at",
    "instants",
    metavar="ISO",
    multiple=True,
    callback=options.instants,
    help="Show the count at this moment, and who entered or left since the one before. Repeatable.",
)
@click.option(
    "--funnel", is_flag=True, help="Show of each condition how many pass it, and how many remain after it."
)
@options.output_format(
    ["table", "json", "csv"],
    "table",
    "A table for people, JSON, or CSV with all members; of many segments, with their counts.",
)
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    account: AccountOptions,
    now: datetime | None,
    sample: int,
    output: str | None,
    columns: list[str],
    bom: bool,
    engine: str,
    master: str | None,
    instants: list[datetime],
    funnel: bool,
    output_format: str,
) -> int:
    """Say how many contacts are in a segment, and show some of them.

    A directory, a JSON or YAML file with several segments, and several queries give a line for each. The
    settings may have the account's files, so that "sql-seg preview segments" is the whole command. Without
    --fields, the custom fields are the columns that the contacts have, typed by the queries' use of them,
    else by their values.

    Exit codes: 0 there is an answer; 1 a query has errors; 2 something could not be read.
    """
    options.require_places(files, queries)
    standard_input_is_free(files, account)
    form = None if output is None else form_of(output)
    if output is not None:
        check_target(output, account, files)
    candidates = candidates_of(workspace.gathered(files, queries))
    if form is not None and candidates.many:
        raise click.UsageError(
            "--output takes the members of one segment, and here are several: name one file, "
            "or write their counts with --output-format csv"
        )
    if funnel and (candidates.many or form is not None or output_format == "csv"):
        raise click.UsageError("--funnel is of one segment, as a table or JSON")
    if instants and (candidates.many or form is not None or funnel or now):
        raise click.UsageError("--at is of one segment, and stands in place of --now, --funnel and --output")
    if columns and (candidates.many or funnel or instants or engine == "spark"):
        raise click.UsageError("--columns is of the members of one segment, asked of DuckDB")
    if bom and (form or output_format) != "csv":
        raise click.UsageError("--bom is for CSV: give --output-format csv, or -o FILE.csv")
    if form is not None:
        options.refuse(
            ["output_format"], "is for standard output: --output says by its ending what is written"
        )
    if form is not None or output_format == "csv" or funnel or instants:
        options.refuse(["sample"], "is for the table and JSON of members: nothing else shows a sample")
    elif candidates.many and output_format == "table":
        options.refuse(["sample"], "is of one segment, or for --output-format json")
    notes(workspace.notes)
    show_failures(candidates.failures)
    moment = the_moment(now or workspace.settings.now)
    if engine == "spark":
        if funnel or instants:
            raise click.UsageError("--funnel and --at are for DuckDB")
        return _on_spark(candidates, account, workspace, master, output, output_format, moment, sample, bom)
    if master is not None:
        raise click.UsageError("--master is for --engine spark")
    shows_few = output_format == "table" or (candidates.many and output_format == "csv")
    wanted = _SHOWN | {*columns} if columns or (shows_few and form is None) else None
    dataset = dataset_for(
        candidates,
        account,
        workspace,
        moment,
        wanted=wanted,
        everything=funnel or bool(instants),
        writes_csv=not candidates.many and (form or output_format) == "csv",
    )
    if dataset is not None:
        with dataset:
            remarks = remarks_on(candidates, dataset)
            say_remarks(candidates, dataset, remarks)
            with told_elsewhere():  # by the remarks
                if funnel:
                    _put_funnel(candidates, dataset, remarks, output_format, moment)
                elif instants:
                    from sql_seg.cli.timeline import put_timeline

                    (segment,) = candidates.segments.values()
                    put_timeline(segment.timeline(dataset, sorted(instants)), output_format, marked=bom)
                elif candidates.many:
                    _put_many(candidates, dataset, remarks, output_format, moment, sample, marked=bom)
                elif output is not None:
                    (segment,) = candidates.segments.values()
                    listed = columns_of(dataset, columns)
                    write_members(dataset, segment, moment, output, listed, marked=bom)
                elif output_format == "csv":
                    (segment,) = candidates.segments.values()
                    listed = columns_of(dataset, columns)
                    for piece in members_as_csv(dataset, segment, moment, listed, marked=bom):
                        put_bytes(piece)
                else:
                    if columns:
                        columns_of(dataset, columns)
                    _put_one(candidates, dataset, remarks, output_format, moment, sample, columns)
    return exit_code(candidates)


def _on_spark(
    candidates: Candidates,
    account: AccountOptions,
    workspace: Workspace,
    master: str | None,
    output: str | None,
    output_format: str,
    now: datetime,
    sample: int,
    bom: bool,
) -> int:
    """Say the same of segments that Spark is asked for."""
    from sql_seg.cli import spark

    if output is not None:
        raise click.UsageError(
            "--output is not for --engine spark: SparkEngine.members gives a DataFrame to write"
        )
    if output_format == "csv" and not candidates.many:
        raise click.UsageError("--engine spark shows a sample, as table or json, and not all members")
    places = spark.places_of(account)
    schema = workspace.schema_of(lenient=workspace.settings.lenient)
    say_errors(candidates, candidates.check(schema))
    if candidates.segments:
        on_error = account.sources.on_error
        previews, said = spark.previews(candidates, places, schema, master, now, sample, on_error)
        for one in said:
            note(f"warning: {one}")
        if candidates.many:
            preview_forms.put_many(candidates, previews, said, output_format, marked=bom)
        elif output_format == "json":
            put(preview_forms.one_as_json(previews[candidates.all[0].name], said))
        else:
            (candidate,) = candidates.all
            put(
                preview_forms.one_as_table(
                    previews[candidate.name], candidates.segments[candidate.name].checked.columns, schema
                )
            )
    return exit_code(candidates)


def _names(texts: Sequence[str]) -> list[str]:
    """Return the names of columns that options list, each once, in lower case."""
    names = [name.strip().lower() for text in texts for name in text.split(",")]
    return list(dict.fromkeys(filter(None, names)))


def _put_funnel(
    candidates: Candidates, dataset: Dataset, remarks: Remarks, output_format: str, now: datetime
) -> None:
    """Write where the contacts of the one segment go."""
    (segment,) = candidates.segments.values()
    with progress("evaluating"):
        funnel = segment.funnel(dataset, now=now)
    if output_format == "json":
        put(json.dumps(funnel.to_json() | {"warnings": remarks.all}, indent=2))
    else:
        put(preview_forms.funnel_as_table(funnel))


def _put_one(
    candidates: Candidates,
    dataset: Dataset,
    remarks: Remarks,
    output_format: str,
    now: datetime,
    sample: int,
    columns: Sequence[str],
) -> None:
    """Write who is in the one segment."""
    (candidate,) = candidates.all
    (segment,) = candidates.segments.values()
    with progress("evaluating"):
        preview = segment.preview(dataset, now=now, sample=sample)
    if output_format == "json":
        about_query = candidate.concise(candidate.warnings)
        put(preview_forms.one_as_json(preview, [*about_query, *remarks.all], columns))
    else:
        put(preview_forms.one_as_table(preview, segment.checked.columns, dataset.schema, columns))
        if preview.total and not preview.count:
            _say_why_nobody(segment, dataset, now)
        elif preview.total and preview.count == preview.total:
            _say_why_everyone(segment)


def _say_why_nobody(segment: Segment, dataset: Dataset, now: datetime) -> None:
    """Say what the query asks for and no contact has, and where to see more."""
    from sql_seg.segments.data_hints import data_hints

    for hint in data_hints(segment.checked, dataset, now):
        note(f"hint: {hint}")
    note("hint: --funnel shows how many contacts each condition keeps out")
    note("hint: sql-seg explain --contact ADDRESS says of one contact why it is not in")


def _say_why_everyone(segment: Segment) -> None:
    """Say that nothing keeps anybody out, and where to see more."""
    if segment.checked.condition == ALWAYS:
        note("hint: the query has no condition: every contact is in")
    else:
        note("hint: every contact is in: --funnel shows what each condition lets in")


def _put_many(
    candidates: Candidates,
    dataset: Dataset,
    remarks: Remarks,
    output_format: str,
    now: datetime,
    sample: int,
    *,
    marked: bool,
) -> None:
    """Write how many are in each segment."""
    shown = sample if output_format == "json" else 0
    with progress("evaluating"):
        previews = SegmentSet(candidates.segments).preview(dataset, now=now, sample=shown)
    preview_forms.put_many(candidates, previews, remarks.all, output_format, marked=marked)
