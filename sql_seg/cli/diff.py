"""``sql-seg diff``: whether two queries hold the same contacts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from textwrap import indent
from typing import Any

import click

from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERIES_DIFFER
from sql_seg.cli.inputs import Input
from sql_seg.cli.output import Failure, counted, put, say
from sql_seg.cli.record_forms import decision_on, form_of, reasons
from sql_seg.diagnostics import report
from sql_seg.errors import QueryError
from sql_seg.language.clock import the_moment
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_timestamp
from sql_seg.language.schema import Schema
from sql_seg.segments.segment import Segment
from sql_seg.solver import Difference, Impossible, NotFound, distinguish


@click.command("diff")
@options.files_and_queries("[FILE|-]...")
@options.schema
@options.dialect
@options.now()
@options.effort
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Sentences for people, or JSON.",
)
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    fields: str | None,
    lenient: bool,
    dialect: Dialect | None,
    now: datetime | None,
    effort: int,
    output_format: str,
) -> int:
    """Say whether two queries hold the same contacts, or show one that is in only one of them.

    Give two files, two -q texts, or one of each, which may be in two dialects. Where nothing is found, the
    answer says whether that is a proof.

    Exit codes: 0 no difference was found; 1 here is one; 2 a query has errors, or could not be read.
    """
    if len(files) + len(queries) != 2:
        raise click.UsageError("give two queries: FILE FILE, or -q TEXT -q TEXT, or one of each")
    read = [_read(files, queries, index) for index in (0, 1)]
    definitions = None if fields is None else options.read_fields(fields)
    schema = options.schema_of(definitions, lenient=lenient)
    segments = [_segment(one, schema, dialect, knows_fields=definitions is not None) for one in read]
    first, second = segments
    if first is None or second is None:
        return COULD_NOT_RUN
    moment = the_moment(now)
    try:
        found = distinguish(first, second, now=moment, effort=effort)
    except ValueError as error:
        raise Failure(str(error)) from error
    form = _form(found, first, second, moment)
    put(json.dumps(form, indent=2) if output_format == "json" else _text(form, _names(read)))
    return QUERIES_DIFFER if isinstance(found, Difference) else FINE


def _read(files: tuple[str, ...], queries: tuple[str, ...], index: int) -> Input:
    given: list[tuple[str | None, str | None]] = [(file, None) for file in files]
    given += [(None, query) for query in queries]
    return inputs.read_one(*given[index])


def _segment(read: Input, schema: Schema, dialect: Dialect | None, *, knows_fields: bool) -> Segment | None:
    """Return a query as a segment; of one with errors say them."""
    try:
        return Segment(read.text, schema, dialect)
    except QueryError as error:
        say(report.full(error.diagnostics, read.text, read.name))
        if not knows_fields and options.lacks_fields(error.diagnostics):
            say(f"\n{options.FIELDS_NOTE}")
        return None


def _form(
    found: Difference | Impossible | NotFound, first: Segment, second: Segment, now: datetime
) -> dict[str, Any]:
    """Return the answer as a JSON object."""
    form: dict[str, Any] = {"now": write_timestamp(now)}
    if isinstance(found, Impossible):
        return form | {"verdict": "same", "reason": found.reason}
    if isinstance(found, NotFound):
        return form | {"verdict": "not-found", "tried": found.tried, "reason": found.reason}
    form |= {"verdict": "different", "only_in": "first" if found.in_first else "second"}
    form["contact"] = form_of(found.record)
    form["others"] = [form_of(other) for other in found.record.others]
    for name, segment in (("first", first), ("second", second)):
        form[name] = reasons(decision_on(found.record, segment, now))
    return form


def _names(read: Sequence[Input]) -> dict[str, str]:
    """Return what the two queries are called."""
    places = ("first", "second")
    are_named = len({one.name for one in read if one.path}) == 2
    named = [one.name if are_named else f"the {place} query" for place, one in zip(places, read, strict=True)]
    return dict(zip(places, named, strict=True))


def _text(form: dict[str, Any], names: dict[str, str]) -> str:
    match form["verdict"]:
        case "same":
            return f"the same: {form['reason']}"
        case "not-found":
            tried = counted(form["tried"], "attempt")
            return f"the same on everything tried, which is no proof ({tried}: {form['reason']})"
    inside = form["only_in"]
    outside = "second" if inside == "first" else "first"
    lines = [f"different: this contact is in {names[inside]} alone", _shown(form["contact"])]
    if form["others"]:
        lines += ["  beside", *map(_shown, form["others"])]
    lines.append(f"in {names[inside]}: {form[inside]}")
    lines.append(f"not in {names[outside]}: {form[outside]}")
    return "\n".join(lines)


def _shown(form: dict[str, Any]) -> str:
    return indent(json.dumps(form, indent=2, ensure_ascii=False), "  ")
