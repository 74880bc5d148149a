"""``sql-seg plan``: what differs between a folder and an account."""

from __future__ import annotations

import click

from sql_seg.cli.exit_codes import FINE, QUERIES_DIFFER
from sql_seg.cli.syncing import CONFLICT, Task, of_account


@click.command("plan")
@of_account()
def command(task: Task) -> int:
    """Show what differs between a folder of segments and an account; change nothing.

    Exit codes: 0 nothing differs; 1 something does; 2 it could not be found out; 3 there is a conflict;
    4 the key is missing or refused; 5 too many requests.
    """
    from sql_seg.sync.comparison import ChangeKind

    with task.opened() as place:
        changes = place.changes
    task.tell(changes, "no segments", diffs=True)
    kinds = {change.kind for change in changes}
    if ChangeKind.CONFLICT in kinds:
        return CONFLICT
    return QUERIES_DIFFER if kinds - {ChangeKind.SAME, ChangeKind.ADOPT, ChangeKind.FORM} else FINE
