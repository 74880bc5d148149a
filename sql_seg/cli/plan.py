"""``sql-seg plan``: what differs between a folder and an account."""

from __future__ import annotations

from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.accounts import CONFLICT, as_json, opened, options_of_account, show, summed_up
from sql_seg.cli.exit_codes import FINE, QUERIES_DIFFER
from sql_seg.cli.output import put
from sql_seg.workspace.workspace import Workspace


@click.command("plan")
@options_of_account
@options.workspace(schema=False, dialect=False)
def command(
    workspace: Workspace,
    folder: Path,
    environment: str,
    url: str | None,
    prefixes: tuple[str, ...],
    output_format: str,
) -> int:
    """Show what differs between a folder of segments and an account; change nothing.

    Exit codes: 0 nothing differs; 1 something does; 2 it could not be found out; 3 there is a conflict;
    4 the key is missing or refused; 5 too many requests.
    """
    from sql_seg.sync.changes import Kind
    from sql_seg.sync.steps import chosen, planned

    with opened(workspace, folder, environment, url) as place:
        changes = chosen(planned(place.local, place.lock, place.remote), prefixes)
    if output_format == "json":
        put(as_json(changes))
    else:
        show(changes, diffs=True)
        put(summed_up(changes))
    kinds = {change.kind for change in changes}
    if Kind.CONFLICT in kinds:
        return CONFLICT
    return QUERIES_DIFFER if kinds - {Kind.SAME, Kind.ADOPT, Kind.FORM} else FINE
