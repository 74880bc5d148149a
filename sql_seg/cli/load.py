"""``sql-seg load``: an account's files, read and checked once, to be asked many times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options
from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import note
from sql_seg.cli.progress import progress
from sql_seg.cli.targets import check_target
from sql_seg.segments.candidates import Candidates
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.home import DuckDBHome


@click.command("load")
@options.workspace(lenient=False, dialect=False, places=False)
@account_options(stored=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="What to write: a file that ends in .duckdb, or a folder for Parquet.",
)
def command(workspace: Workspace, account: AccountOptions, output: str) -> int:  # noqa: ARG001 -- made of it
    """Read an account's files, check all of them, and write what they hold for later questions.

    "sql-seg preview --account FILE" then asks it in a fraction of the time. Every value is checked; without
    --fields, the types of custom fields follow from their values.

    Exit codes: 0 it is written; 2 something could not be read or written.
    """
    from sql_seg.engines.duckdb.stored import store

    check_target(output, account)
    opened = account.open_for(Candidates(many=True), with_events=True)
    try:
        dataset = opened.dataset()
        home: DuckDBHome = dataset._home  # type: ignore[assignment]
        for said in dataset.report.notes:
            note(f"note: {said}")
        for said in [*dataset.report.warnings, *map(str, dataset.report.problems)]:
            note(f"warning: {said}")
        with progress("writing"):
            store(home, Path(output))
        contacts = counted(len(dataset), "contact")
        note(f"{contacts} and {counted(home.number_of_events(), 'event')} in {output}")
    finally:
        opened.close()
    return FINE
