"""``sql-seg example``: a contact that is in a segment, and one that is just out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import FINE, QUERY_ERRORS
from sql_seg.cli.output import counted, put, say
from sql_seg.cli.record_forms import decision_on, form_of, reasons, together
from sql_seg.core.terms import ColumnValue, walk
from sql_seg.diagnostics import report
from sql_seg.errors import QueryError
from sql_seg.language.clock import the_moment
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_timestamp
from sql_seg.segments.segment import Segment
from sql_seg.solver import Found, Impossible, NearMiss, NotFound, Record, near_miss, witness
from sql_seg.solver.choices import Seeded


@click.command("example")
@options.file_or_query
@options.schema
@options.dialect
@options.now()
@options.effort
@click.option(
    "--seed", metavar="N", type=int, help="Choose other examples, the same ones for the same number."
)
def command(
    file: str | None,
    query: str | None,
    fields: str | None,
    lenient: bool,
    dialect: Dialect | None,
    now: datetime | None,
    effort: int,
    seed: int | None,
) -> int:
    """Show a contact that is in a segment, and one that is just out, as JSON.

    What is printed is a file for "sql-seg test": write it to vip.test.json beside vip.sql.

    Exit codes: 0 here they are; 1 the query has errors, or nobody was found; 2 it could not be read.
    """
    read = inputs.read_one(file, query)
    definitions = None if fields is None else options.read_fields(fields)
    try:
        segment = Segment(read.text, options.schema_of(definitions, lenient=lenient), dialect)
    except QueryError as error:
        say(report.full(error.diagnostics, read.text, read.name))
        if definitions is None and options.lacks_fields(error.diagnostics):
            say(f"\n{options.FIELDS_NOTE}")
        return QUERY_ERRORS
    moment = the_moment(now)
    inside, outside = _examples(segment, moment, seed, effort)
    for where, outcome in (("in", inside), ("out of", outside)):
        if isinstance(outcome, Impossible):
            say(f"no contact can be {where} this segment: {outcome.reason}")
        elif isinstance(outcome, NotFound):
            tried = counted(outcome.tried, "attempt")
            say(f"no contact {where} this segment was found in {tried}: {outcome.reason}")
    records = [outcome.record for outcome in (inside, outside) if isinstance(outcome, Found)]
    if not records:
        return QUERY_ERRORS
    put(json.dumps(_test_file(records, segment, moment, definitions), indent=2))
    return FINE if len(records) == 2 else QUERY_ERRORS


Outcome = Found | Impossible | NotFound


def _examples(segment: Segment, now: datetime, seed: int | None, effort: int) -> tuple[Outcome, Outcome]:
    """Return a record that is in, and one that is just out, or out at all."""
    found = near_miss(segment, now=now, choices=None if seed is None else Seeded(seed), effort=effort)
    if isinstance(found, NearMiss):
        return Found(found.inside), Found(found.outside)
    return (
        witness(segment, now=now, effort=effort),
        witness(segment, now=now, inside=False, effort=effort),
    )


def _test_file(
    records: Sequence[Record], segment: Segment, now: datetime, definitions: Any
) -> dict[str, Any]:
    """Return a file of segment tests, in which each contact says why it is in or out: all are one account."""
    form: dict[str, Any] = {"now": write_timestamp(now)}
    if definitions is not None:
        form["fields"] = {"custom_fields": _fields_read(definitions, segment)}
    contacts: dict[str, list[dict[str, Any]]] = {"in": [], "out": []}
    everyone = together(records)
    for one in everyone:
        others = tuple([other for other in everyone if other is not one])
        decision = decision_on(replace(one, others=others), segment, now)
        contacts["in" if decision.is_member else "out"].append({"case": reasons(decision), **form_of(one)})
    if any("" in contact.values() for group in contacts.values() for contact in group):
        form["empty"] = "string"
    return form | {key: group for key, group in contacts.items() if group}


def _fields_read(definitions: Any, segment: Segment) -> list[Any]:
    """Return the definitions of the custom fields that a query reads."""
    fields = definitions.get("custom_fields") if isinstance(definitions, Mapping) else definitions
    read = {term.name for term in walk(segment.checked.condition) if isinstance(term, ColumnValue)}
    return [field for field in fields or () if field["name"].lower() in read]
