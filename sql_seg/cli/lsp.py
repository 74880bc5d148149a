"""``sql-seg lsp``: the language server for editors."""

from __future__ import annotations

import signal

import click

from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import Failure


@click.command("lsp")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Listen on this port of this machine, in place of standard input.",
)
def command(port: int | None) -> int:
    """Serve editors: findings as one types, quick fixes, hover, completion, layout, aliases.

    An editor starts this command and talks to it over standard input and output. Documents are .sql and .sgql
    files, and segments inside JSON and YAML; settings are those nearest to each.

    Exit codes: 0 the editor ended it; 2 it could not start.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # it writes nothing, and reads until it is ended
    try:
        from sql_seg.lsp.server import make_server
    except ModuleNotFoundError as error:
        raise Failure('this needs pygls: pip install "sql-seg[lsp]"') from error
    server = make_server()
    if port is None:
        server.start_io()
    else:
        server.start_tcp("127.0.0.1", port)
    return FINE
