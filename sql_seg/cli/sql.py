"""``sql-seg sql``: a segment as SQL for an engine."""

from __future__ import annotations

import json
from datetime import datetime

import click

from sql_seg.cli import options
from sql_seg.cli.output import Failure, put, say
from sql_seg.cli.remarks import candidates_in, exit_code, say_refusals
from sql_seg.diagnostics import formats
from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA
from sql_seg.language.timestamps import the_moment, write_timestamp
from sql_seg.records.json_text import each_once
from sql_seg.sql import ENGINES, engine_of, to_sql
from sql_seg.workspace.workspace import Workspace


@click.command("sql")
@options.files_and_queries
@click.option("--to", "engine", type=click.Choice(ENGINES), required=True, help="The engine to write for.")
@click.option(
    "--contacts-table", metavar="NAME", default=CONTACT_DATA, show_default=True, help="The table of contacts."
)
@click.option(
    "--events-table", metavar="NAME", default=EVENT_DATA, show_default=True, help="The table of events."
)
@click.option(
    "--columns", metavar="JSON", help='What columns are called there, as an object: {"plan": "tier"}.'
)
@options.workspace()
@options.now()
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    engine: str,
    contacts_table: str,
    events_table: str,
    columns: str | None,
    workspace: Workspace,
    now: datetime | None,
) -> int:
    """Write segments as SQL that an engine runs: who is in them, as contact_id and updated_at.

    Types of tables, and what an engine cannot run: docs/sql.md.

    Exit codes: 0 all is written; 1 a query has errors, or the engine cannot run it; 2 something could not
    be read.
    """
    candidates = candidates_in(workspace, files, queries)
    say_refusals(candidates, workspace)
    moment = the_moment(now or workspace.settings.now)
    renamed = _read_columns(columns)
    written = 0
    for name, candidate in zip(candidates.labels(), candidates.all, strict=True):
        segment = candidate.segment
        if segment is None:
            continue
        try:
            sql = to_sql(
                segment.checked,
                engine,
                now=moment,
                contacts=contacts_table,
                events=events_table,
                columns=renamed,
            )
        except UnsupportedSqlError as error:
            say(f"{name}: {error}")
            continue
        except ValueError as error:
            raise Failure(str(error)) from error
        put("\n" * bool(written) + statement(sql, name, engine, moment))
        written += 1
    return exit_code(candidates, is_fine=written == len(candidates.all))


def statement(sql: str, name: str, to: str, now: datetime) -> str:
    """Return a statement under comments: the segment's name, its engine and its now."""
    engine = engine_of(to)
    lines = [name, f"for {engine.title}, at now = {write_timestamp(now)}"]
    if not engine.is_run:
        lines.append(f"sql-seg was never run on {engine.title}: try the statement before you rely on it")
    comments = [f"-- {' '.join(line.split())}" for line in lines]
    return "\n".join([*map(formats.visible, comments), f"{sql};"])


def _read_columns(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        found = json.loads(text, object_pairs_hook=each_once)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"is no JSON: {error}", param_hint="--columns") from error
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--columns") from error
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise click.BadParameter('is an object such as {"plan": "tier"}', param_hint="--columns")
    return found
