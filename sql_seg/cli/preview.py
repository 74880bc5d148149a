"""``sql-seg preview``: who is in a segment."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import click

from sql_seg import report
from sql_seg.checked import CheckedQuery, ColumnValue, LastEvent, SomeEvent, Subquery, walk
from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import FINE, QUERY_ERRORS
from sql_seg.cli.inputs import Input
from sql_seg.cli.output import Failure, counted, note, put, put_utf8, say
from sql_seg.cli.progress import progress
from sql_seg.cli.renderings import as_csv, as_json, as_table
from sql_seg.dataset import Dataset
from sql_seg.datatypes import Dialect
from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.errors import QueryError, RecordError
from sql_seg.parsing import parse
from sql_seg.pipeline import check
from sql_seg.segment import Segment

_MOST_PROBLEMS_SAID = 10


def _lists(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for text, (list_id, _, path) in zip(texts, pairs, strict=True):
        if not list_id or not path:
            raise click.BadParameter(f"{text!r} is not of the form ID=FILE")
    return [(list_id, path) for list_id, _, path in pairs]


@click.command("preview")
@options.file_or_query
@click.option(
    "--contacts",
    metavar="FILE",
    multiple=True,
    required=True,
    help="Contacts: a CSV export, JSON or NDJSON, gzipped or not. Repeatable; globs are expanded.",
)
@click.option(
    "--events",
    metavar="FILE",
    multiple=True,
    help="Event Webhook objects, as JSON or NDJSON; read if the query asks for events. Likewise.",
)
@click.option(
    "--list",
    "lists",
    metavar="ID=FILE",
    multiple=True,
    callback=_lists,
    help="An export of the members of the list with this id. Likewise.",
)
@options.schema
@options.dialect
@options.now()
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="How many members to show.",
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
@click.option(
    "--output-format",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A table for people, JSON, or CSV with all members.",
)
def command(
    file: str | None,
    query: str | None,
    contacts: tuple[str, ...],
    events: tuple[str, ...],
    lists: list[tuple[str, str]],
    fields: str | None,
    lenient: bool,
    dialect: Dialect | None,
    now: datetime | None,
    sample: int,
    on_error: Literal["fail", "skip", "null"],
    empty: Literal["null", "string"],
    output_format: str,
) -> int:
    """Say how many contacts are in a segment, and show some of them.

    Without --fields, the custom fields are the columns that the contacts have, typed by the query's use of
    them, else by their values.

    Exit codes: 0 there is an answer; 1 the query has errors; 2 something could not be read.
    """
    read = inputs.read_one(file, query)
    definitions = None if fields is None else options.read_fields(fields)
    try:
        expected = check(
            parse(read.text, dialect),
            options.schema_of(definitions, lenient=lenient or definitions is None),
        )
        asks_for_events = _asks_for_events(expected)
        if asks_for_events and not events:
            raise Failure("the query asks for events: give them with --events FILE")
        with progress("reading"):
            dataset = Dataset.load(
                contacts,
                events=events if asks_for_events else (),
                fields=definitions,
                lists=lists,
                hints=expected.assumed_types,
                on_error=on_error,
                empty=empty,
            )
        schema = dataset.schema.as_lenient() if lenient else dataset.schema
        segment = Segment(read.text, schema, dialect)
    except QueryError as error:
        say(report.full(error.diagnostics, read.text, read.name))
        if definitions is None and options.lacks_fields(error.diagnostics):
            say(_NO_SUCH_COLUMN)
        return QUERY_ERRORS
    except RecordError as error:
        raise _unreadable(error, expected) from error
    _say_warnings(segment, dataset, read)
    if output_format == "csv":
        for piece in as_csv(segment.members(dataset, now=now), dataset):
            put_utf8(piece)
        return FINE
    with progress("evaluating"):
        preview = segment.preview(dataset, now=now, sample=sample)
    if output_format == "json":
        put(as_json(preview, _all_warnings(segment, dataset, read.name)))
    else:
        put(as_table(preview, segment.checked.columns, dataset))
    return FINE


def _unreadable(error: RecordError, expected: CheckedQuery) -> Failure:
    """Return what to say of data that ended the command; a value that does not fit need not."""
    message = str(error)
    used = expected.assumed_types.get((error.key or "").lower())
    if used is not None and error.expected:
        message += f" (the query uses {error.key} as {used.name_in(expected.query.dialect)})"
    if error.expected:
        message += "\nTo go on without it: --on-error skip leaves out the row, --on-error null the value."
    return Failure(message)


_NO_SUCH_COLUMN = (
    "\nnote: the contacts have no such column. If it is a custom field that none of them has, give the\n"
    "      account's field definitions with --fields FILE, or take it as NULL with --lenient."
)


def _asks_for_events(checked: CheckedQuery) -> bool:
    """Return whether the answer depends on events, not on contacts alone."""
    return any(
        isinstance(term, SomeEvent) or (isinstance(term, LastEvent | Subquery) and _events_of(term))
        for term in walk(checked.condition)
    )


def _events_of(term: LastEvent | Subquery) -> tuple[int, ...]:
    return term.events if isinstance(term, Subquery) else term.rows


def _asks_for_lists(checked: CheckedQuery) -> bool:
    return any(isinstance(t, ColumnValue) and t.name == "list_ids" for t in walk(checked.condition))


def _notes(checked: CheckedQuery, dataset: Dataset) -> list[str]:
    """Return what was decided while loading, as far as the query has to do with it."""
    beside = {str(choice) for key, choice in dataset.report.field_types.items() if key not in checked.columns}
    return [remark for remark in dataset.report.notes if remark not in beside]


def _warnings(segment: Segment) -> list[Diagnostic]:
    """Return what is to be said of a query that is previewed: infos are for those who check it."""
    return [item for item in segment.diagnostics if item.severity is not Severity.INFO]


def _data_warnings(checked: CheckedQuery, dataset: Dataset) -> list[str]:
    warnings = list(dataset.report.warnings)
    if _asks_for_lists(checked) and not dataset.has_list_ids:
        warnings.append(
            "the query asks for list_ids, but the contacts come without: "
            "give the exports of lists with --list ID=FILE"
        )
    return warnings


def _say_warnings(segment: Segment, dataset: Dataset, read: Input) -> None:
    about_query = _warnings(segment)
    if about_query:
        say(report.full(about_query, read.text, read.name) + "\n")
    for remark in _notes(segment.checked, dataset):
        note(f"note: {remark}")
    problems = dataset.report.problems
    for warning in (*_data_warnings(segment.checked, dataset), *problems[:_MOST_PROBLEMS_SAID]):
        note(f"warning: {warning}")
    if len(problems) > _MOST_PROBLEMS_SAID:
        more = len(problems) - _MOST_PROBLEMS_SAID
        note(f"warning: and {counted(more, 'more problem')} like these: --output-format json lists them all")


def _all_warnings(segment: Segment, dataset: Dataset, name: str) -> list[str]:
    """Return all that people should know about an answer, one sentence each."""
    return [
        *report.concise(_warnings(segment), name).splitlines(),
        *_notes(segment.checked, dataset),
        *_data_warnings(segment.checked, dataset),
        *map(str, dataset.report.problems),
    ]
