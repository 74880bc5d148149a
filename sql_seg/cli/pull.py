"""``sql-seg pull``: what changed in an account, brought into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.accounts import CONFLICT, as_json, opened, options_of_account, show, summed_up
from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import put
from sql_seg.workspace.workspace import Workspace


@click.command("pull")
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
    """Bring what changed in an account into a folder of segments.

    New segments get files, changed ones are rewritten, those deleted there are deleted here, unless their
    files changed too: that is a conflict, and such files stay as they are.

    Exit codes: 0 done; 2 it could not run; 3 there is a conflict; 4 the key is missing or refused; 5 too many
    requests.
    """
    from sql_seg.sync.changes import PULLED, Kind
    from sql_seg.sync.steps import chosen, planned, pull

    with opened(workspace, folder, environment, url) as place:
        changes = chosen(planned(place.local, place.lock, place.remote), prefixes)
        names = {list_id: name for name, list_id in place.list_ids.items()}
        list(pull(changes, folder, place.lock, names))
    told = [change for change in changes if change.kind in (*PULLED, Kind.CONFLICT)]
    if output_format == "json":
        put(as_json(told))
    else:
        show(told, diffs=False)
        put(summed_up(told) if told else "the folder has all that the account has")
    return CONFLICT if any(change.kind is Kind.CONFLICT for change in told) else FINE
