"""``sql-seg example``: a contact that is in a segment, and one that is just out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.output import put, say
from sql_seg.cli.record_forms import decision_on, form_of, reasons, together
from sql_seg.cli.remarks import candidates_in, exit_code, say_refusals
from sql_seg.core.terms import ColumnValue, walk
from sql_seg.language.timestamps import the_moment, write_timestamp
from sql_seg.segments.segment import Segment
from sql_seg.solver import Found, Impossible, NearMiss, NotFound, Outcome, Record, near_miss, witness
from sql_seg.solver.choices import Seeded
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace


@click.command("example")
@options.files_and_queries
@options.workspace()
@options.now()
@options.effort
@click.option(
    "--seed", metavar="N", type=int, help="Choose other examples, the same ones for the same number."
)
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    now: datetime | None,
    effort: int,
    seed: int | None,
) -> int:
    """Show a contact that is in a segment, and one that is just out, as JSON.

    What is printed is a file for "sql-seg test": write it to vip.test.json beside vip.sql. Of several
    segments, it is an object with "segments", which has such a file for each.

    Exit codes: 0 here they are; 1 a query has errors, or nobody was found; 2 it could not be read.
    """
    candidates = candidates_in(workspace, files, queries)
    say_refusals(candidates, workspace)
    moment = the_moment(now or workspace.settings.now)
    forms: list[dict[str, Any]] = []
    are_whole = True
    for name, segment in candidates.segments.items():
        records = _records(segment, moment, seed, effort, f"{name}: " if candidates.many else "")
        are_whole = are_whole and len(records) == 2
        form = _test_file(records, segment, moment, workspace.definitions) if records else {}
        forms.append({"name": name, **form} if candidates.many else form)
    if candidates.many:
        put(json.dumps({"segments": forms}, indent=2))
    elif any(forms):
        put(json.dumps(forms[0], indent=2))
    return exit_code(candidates, is_fine=are_whole)


def _records(segment: Segment, now: datetime, seed: int | None, effort: int, who: str) -> list[Record]:
    """Return who is in a segment, and who is just out; say where there is none."""
    inside, outside = _examples(segment, now, seed, effort)
    for where, outcome in (("in", inside), ("out of", outside)):
        if isinstance(outcome, Impossible) and outcome is outside and isinstance(inside, Found):
            say(f"{who}every contact is in this segment")
        elif isinstance(outcome, Impossible):
            say(f"{who}no contact can be {where} this segment: {outcome.reason}")
        elif isinstance(outcome, NotFound):
            tried = counted(outcome.tried, "attempt")
            say(f"{who}no contact {where} this segment was found in {tried}: {outcome.reason}")
    return [outcome.record for outcome in (inside, outside) if isinstance(outcome, Found)]


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
