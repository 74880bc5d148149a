"""``sql-seg preview``: who is in a segment, or how many are in each of many."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import click

from sql_seg.cli import options, overviews, renderings
from sql_seg.cli.account_files import AccountFiles
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import counted, note, notes, put, put_utf8, say, show_failures
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import notes_on, warnings_on
from sql_seg.dataset import Dataset
from sql_seg.diagnostics import report
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.segments.telling import told_elsewhere
from sql_seg.workspace.queries import Candidate, Candidates
from sql_seg.workspace.workspace import Workspace

_MOST_SAID = 10


def _lists(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for text, (list_id, _, path) in zip(texts, pairs, strict=True):
        if not list_id or not path:
            raise click.BadParameter(f"{text!r} is not of the form ID=FILE, or NAME=FILE")
    return [(list_id, path) for list_id, _, path in pairs]


lists_option = click.option(
    "--list",
    "lists",
    metavar="ID=FILE",
    multiple=True,
    callback=_lists,
    shell_complete=options.complete_lists,
    help="An export of the members of the list with this id, or name in the settings. Repeatable.",
)


@click.command("preview")
@options.files_and_queries
@options.workspace()
@click.option(
    "--contacts",
    metavar="FILE",
    multiple=True,
    help="Contacts: a CSV export, JSON or NDJSON, gzipped or not. Repeatable; globs are expanded.",
)
@click.option(
    "--events",
    metavar="FILE",
    multiple=True,
    help="Event Webhook objects, as JSON or NDJSON; read if a query asks for events. Repeatable.",
)
@lists_option
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
    "--on-error",
    type=click.Choice(["fail", "skip", "null"]),
    default="fail",
    show_default=True,
    help="A value that cannot be read: end, leave its row out, or take it as NULL.",
)
@click.option(
    "--empty",
    type=click.Choice(["null", "string"]),
    default="null",
    show_default=True,
    help="What an empty text is.",
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
    contacts: tuple[str, ...],
    events: tuple[str, ...],
    lists: list[tuple[str, str]],
    now: datetime | None,
    sample: int,
    on_error: Literal["fail", "skip", "null"],
    empty: Literal["null", "string"],
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
    settings = workspace.settings
    contacts = contacts or settings.contacts
    if not contacts:
        raise click.UsageError("give the account's contacts with --contacts FILE, or in the settings")
    candidates = workspace.candidates(files, queries)
    notes(workspace.notes)
    show_failures(candidates.failures)
    account = AccountFiles(
        contacts,
        events or settings.events,
        workspace.list_files(lists),
        workspace.definitions,
        on_error,
        empty,
    )
    dataset = _dataset_for(candidates, account, workspace)
    if dataset is not None:
        _say_remarks(candidates, dataset)
        put_previews = _put_many if candidates.many else _put_one
        with told_elsewhere():  # by the remarks
            put_previews(candidates, dataset, output_format, now or settings.now, sample)
    if candidates.failures:
        return COULD_NOT_RUN
    return QUERY_ERRORS if any(candidate.refusal for candidate in candidates.all) else FINE


def _dataset_for(candidates: Candidates, account: AccountFiles, workspace: Workspace) -> Dataset | None:
    """Return what the queries are asked of, and check them over it; None if all of them have errors."""
    definitions = account.definitions
    lenient = workspace.settings.lenient
    schema = workspace.schema_of(lenient=lenient or definitions is None)
    _say_errors(candidates, candidates.check(schema))
    if not candidates.segments:
        return None
    dataset = account.read_for(candidates)
    schema = dataset.schema.as_lenient() if lenient else dataset.schema
    _say_errors(candidates, candidates.check(schema), knows_fields=definitions is not None)
    return dataset if candidates.segments else None


_NO_SUCH_COLUMN = (
    "note: the contacts have no such column. If it is a custom field that none of them has, give the\n"
    "      account's field definitions with --fields FILE, or take it as NULL with --lenient."
)


def _say_errors(candidates: Candidates, wrong: list[Candidate], *, knows_fields: bool = True) -> None:
    if not wrong:
        return
    parts = [report.render("full", [candidate.report(candidate.refusal) for candidate in wrong])]
    if not knows_fields and any(options.lacks_fields(candidate.refusal) for candidate in wrong):
        parts.append(_NO_SUCH_COLUMN)
    say("\n\n".join(parts) + "\n" * candidates.many)


def _say_remarks(candidates: Candidates, dataset: Dataset) -> None:
    """Say what people should know about the answer; of many queries, only how many have warnings."""
    warned = [candidate for candidate in candidates.all if candidate.warnings]
    if warned and candidates.many:
        note(f"note: {counted(len(warned), 'query', 'queries')} with warnings: sql-seg check says which")
    elif warned:
        say(report.render("full", [candidate.report(candidate.warnings) for candidate in warned]) + "\n")
    _note_some("note", notes_on(dataset, candidates), "note")
    for warning in warnings_on(dataset, candidates):
        note(f"warning: {warning}")
    _note_some("warning", list(map(str, dataset.report.problems)), "problem")


def _note_some(severity: str, remarks: list[str], noun: str) -> None:
    """Say the first of some remarks, and how many more there are."""
    for remark in remarks[:_MOST_SAID]:
        note(f"{severity}: {remark}")
    if len(remarks) > _MOST_SAID:
        more = counted(len(remarks) - _MOST_SAID, f"more {noun}")
        note(f"{severity}: and {more} like these: --output-format json lists them all")


def _data_remarks(candidates: Candidates, dataset: Dataset) -> list[str]:
    """Return all that people should know about the data that an answer rests on, one sentence each."""
    return [
        *notes_on(dataset, candidates),
        *warnings_on(dataset, candidates),
        *map(str, dataset.report.problems),
    ]


def _put_one(
    candidates: Candidates, dataset: Dataset, output_format: str, now: datetime | None, sample: int
) -> None:
    """Write who is in the one segment."""
    (candidate,) = candidates.all
    (segment,) = candidates.segments.values()
    if output_format == "csv":
        for piece in renderings.as_csv(segment.members(dataset, now=now), dataset):
            put_utf8(piece)
        return
    with progress("evaluating"):
        preview = segment.preview(dataset, now=now, sample=sample)
    if output_format == "json":
        about_query = candidate.concise(candidate.warnings)
        put(renderings.as_json(preview, [*about_query, *_data_remarks(candidates, dataset)]))
    else:
        put(renderings.as_table(preview, segment.checked.columns, dataset))


def _put_many(
    candidates: Candidates, dataset: Dataset, output_format: str, now: datetime | None, sample: int
) -> None:
    """Write how many are in each segment."""
    shown = sample if output_format == "json" else 0
    with progress("evaluating"):
        previews = SegmentSet(candidates.segments).preview(dataset, now=now, sample=shown)
    if output_format == "json":
        put(overviews.as_json(candidates, previews, _data_remarks(candidates, dataset)))
    elif output_format == "csv":
        for piece in overviews.as_csv(candidates, previews):
            put_utf8(piece)
    else:
        put(overviews.as_table(candidates, previews))
