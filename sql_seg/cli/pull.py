"""``sql-seg pull``: what changed in an account, brought into a folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import Failure, note
from sql_seg.cli.progress import progress
from sql_seg.cli.syncing import CONFLICT, DESTRUCTIVE, FolderAndAccount, Task, of_account

if TYPE_CHECKING:
    from sql_seg.sync.exports import Exported


@click.command("pull")
@of_account()
@click.option(
    "--export",
    "export_to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Fetch contacts, lists and field definitions, too, into this directory: for previews.",
)
@click.option("--force", is_flag=True, help="Delete more than 30 % of ten or more files.")
def command(task: Task, export_to: Path | None, force: bool) -> int:
    """Bring what changed in an account into a folder of segments.

    New segments get files, changed ones are rewritten, those deleted there are deleted here, unless their
    files changed too: that is a conflict, and such files stay as they are. With --export, the account's
    contacts and lists come along, for sql-seg preview.

    Exit codes: 0 done; 2 it could not run; 3 there is a conflict; 4 the key is missing or refused; 5 too many
    requests; 6 too many files would be deleted.
    """
    from sql_seg.sync.comparison import PULLED, ChangeKind
    from sql_seg.sync.steps import pull, too_destructive

    with task.opened() as place:
        known = len(place.lock.entries)
        refusal = None if force else too_destructive(place.changes, ChangeKind.PULL_DELETED, known)
        if refusal is not None:
            raise Failure(refusal, DESTRUCTIVE)
        names = {list_id: name for name, list_id in place.list_ids.items()}
        done = list(pull(place.changes, task.folder, place.lock, names))
        if export_to is not None:
            exported = _exported(place, export_to)
            note(f"note: preview with: {_preview(task, exported)}")
    told = [change for change in place.changes if change.kind in (*PULLED, ChangeKind.CONFLICT)]
    task.tell(told, "the folder has all that the account has", done=done)
    return CONFLICT if any(change.kind is ChangeKind.CONFLICT for change in told) else FINE


def _exported(place: FolderAndAccount, folder: Path) -> Exported:
    """Fetch contacts and lists, and say what is under way."""
    from sql_seg.sync.exports import fetch_exports

    with progress("exporting contacts and lists") as move:

        def tell(what: str, share: float) -> None:
            note(f"note: {what}")
            if move is not None:
                move(share)

        return fetch_exports(place.remote, place.list_ids, folder, tell)


def _preview(task: Task, exported: Exported) -> str:
    """Return the command that asks what was fetched; lists have the names and ids that queries know."""
    words = ["sql-seg", "preview", str(task.folder), "--contacts", str(exported.contacts)]
    words += ["--fields", str(exported.fields)]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in task.folder.rglob("*.s*ql")]
    for (name, list_id), file in exported.lists.items():
        known = (name, list_id) if any(list_id in text for text in texts) else (name,)
        words += [word for what in known for word in ("--list", f"{what}={file}")]
    return shlex.join(words)
