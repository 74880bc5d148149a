"""``sql-seg mcp``: a server of tools for assistants."""

from __future__ import annotations

import signal
from datetime import datetime
from typing import Literal

import click

from sql_seg.cli import options
from sql_seg.cli.account import lists_option
from sql_seg.cli.exit_codes import FINE
from sql_seg.engines.dataset import Dataset
from sql_seg.workspace.workspace import Workspace


@click.command("mcp")
@options.workspace(dialect=False)
@click.option("--contacts", metavar="FILE", multiple=True, help="Contacts for previews. Repeatable.")
@click.option("--events", metavar="FILE", multiple=True, help="Events for previews. Repeatable.")
@lists_option
@click.option(
    "--on-error",
    type=click.Choice(["fail", "skip", "null"]),
    default="fail",
    show_default=True,
    help="What previews do with a value that its column cannot hold: fail, skip its row, or take it as NULL.",
)
@options.now()
def command(
    workspace: Workspace,
    contacts: tuple[str, ...],
    events: tuple[str, ...],
    lists: list[tuple[str, str]],
    on_error: Literal["fail", "skip", "null"],
    now: datetime | None,
) -> int:
    """Serve assistants over standard input and output, by the Model Context Protocol.

    The tools are check, format, example, preview, diff, upgrade and fields; the language and the rules are
    resources. preview reads the files that are given here or in the settings, and no others, and masks
    personal data.

    Exit codes: 0 the assistant ended it; 2 it could not start.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # it writes nothing, and reads until it is ended
    from sql_seg.mcp.server import make_server
    from sql_seg.mcp.tools import Assistant

    settings = workspace.settings
    chosen = contacts or settings.contacts
    if not chosen:
        options.refuse(["events", "lists", "on_error"], options.WITHOUT_CONTACTS)

    def load() -> Dataset:
        return Dataset.load(
            chosen,
            events=events or settings.events,
            fields=workspace.definitions,
            lists=workspace.list_files(lists),
            on_error=on_error,
        )

    schema = workspace.schema if workspace.knows_fields else workspace.schema_of(lenient=True)
    assistant = Assistant(schema, dict(workspace.list_ids), load if chosen else None, now or settings.now)
    make_server(assistant, options.version()).run("stdio")
    return FINE
