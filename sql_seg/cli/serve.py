"""``sql-seg serve``: the Segments API, emulated on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from importlib.resources import files as package_files
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

import click

from sql_seg.cli import options
from sql_seg.cli.account import lists_option
from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import Failure, note, put, say
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import SegmentFileError, SqlSegError
from sql_seg.language.schema import FIELD_TYPES
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.segments.candidates import Candidate
    from sql_seg.server import Loaded, LoadedSegment

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@options.workspace(lenient=False, dialect=False, places=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port; 0, the default, is a free one."
)
@click.option("--db", metavar="FILE", help="Keep the account in this file; without it, in memory.")
@click.option(
    "--api-key", metavar="KEY", envvar="SQL_SEG_API_KEY", help="The key that is taken; without it, any."
)
@options.now("The moment that the clock starts at, and stands; without it the clock follows this machine's.")
@click.option(
    "--timing",
    type=click.Choice(["documented", "instant"]),
    default="documented",
    show_default=True,
    help="Whether jobs take the time that they take at SendGrid, or are done before the answer.",
)
@click.option(
    "--invalid-query",
    type=click.Choice(["reject", "store"]),
    default="reject",
    show_default=True,
    help="Whether a query with errors is refused, or stored as INVALID.",
)
@click.option("--free-plan", is_flag=True, help="Refuse refreshes by hand, as on a free plan.")
@click.option("--rate-limits", is_flag=True, help="Answer 429 past SendGrid's rates.")
@click.option(
    "--rate-limit-reset",
    type=click.Choice(["seconds", "epoch"]),
    default="seconds",
    show_default=True,
    help="What X-RateLimit-Reset tells: the seconds that are left, or the moment, in seconds since 1970.",
)
@click.option(
    "--delete-in-use",
    type=click.Choice(["allow", "refuse"]),
    default="allow",
    show_default=True,
    help="Whether DELETE of a single segment takes one that is in use.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="What new ids are made from.")
@click.option(
    "--load",
    "places",
    metavar="PLACE",
    multiple=True,
    help="Segments to start with: a folder or a file. Repeatable.",
)
@click.option("--contacts", metavar="FILE", multiple=True, help="Contacts to start with. Repeatable.")
@click.option("--events", metavar="FILE", multiple=True, help="Events to start with. Repeatable.")
@lists_option
@click.option("--node-preload", is_flag=True, help="Print the path of a script for node --require, and end.")
@options.output_format(["text", "json"], "text", "How the first line says where the emulator listens.")
def command(
    workspace: Workspace,
    host: str,
    port: int,
    db: str | None,
    api_key: str | None,
    now: datetime | None,
    timing: Literal["documented", "instant"],
    invalid_query: Literal["reject", "store"],
    free_plan: bool,
    rate_limits: bool,
    rate_limit_reset: Literal["seconds", "epoch"],
    delete_in_use: Literal["allow", "refuse"],
    seed: int,
    places: tuple[str, ...],
    contacts: tuple[str, ...],
    events: tuple[str, ...],
    lists: list[tuple[str, str]],
    node_preload: bool,
    output_format: str,
) -> int:
    """Emulate the Segments API on this machine, for code that talks to it.

    The first line on standard output is the address, once requests are taken. Segments, contacts, lists,
    field definitions, events and Single Sends are there, and what only the emulator has, below /-/: the
    clock, a reset, the journal of requests, faults on demand. It listens for this machine alone
    unless --host says otherwise, and talks to nobody. Stop it with Ctrl-C.

    Exit codes: 0 it was stopped; 2 it could not start.
    """
    if node_preload:
        put(str(package_files("sql_seg") / "server" / "preload.js"))
        return FINE
    try:
        from sql_seg.server import Options, Server, StoreError
    except ImportError as error:
        raise Failure(str(error)) from error
    settings = Options(
        timing, api_key, invalid_query, free_plan, rate_limits, seed, rate_limit_reset, delete_in_use
    )
    goes_on = db is not None and Path(db).exists()
    if goes_on and any(map(options.is_given, ("places", "contacts", "events", "lists"))):
        note(f"note: {db} has an account already: what is given to start with comes with a reset")
    loaded = _loaded(workspace, places, contacts, events, lists)
    try:
        server = Server(host, port, db=db, now=now, options=settings, loaded=loaded)
    except (OSError, StoreError) as error:
        raise Failure(
            f"cannot listen on {host}, port {port}: {error}" if isinstance(error, OSError) else str(error)
        ) from error
    if host not in _LOOPBACK:
        say(f"warning: listening on {host}: whoever reaches this machine reaches the emulator")
    with server, suppress(KeyboardInterrupt):
        form = json.dumps({"url": server.url, "port": server.port})
        put(form if output_format == "json" else server.url)
        server.wait()
    return FINE


def _segment(item: Candidate, list_ids: Mapping[str, str], taken: set[str]) -> LoadedSegment:
    """Return what a file or an entry says of its segment; a name that another one has gets a number."""
    from sql_seg.server import LoadedSegment
    from sql_seg.sources.headers import split_header

    header, text = split_header(item.query.text)
    lists = item.query.parent_list_ids
    if "parent_list" in header:
        lists = (list_ids.get(header["parent_list"], header["parent_list"]),)
    own = item.query.segment.name if item.query.segment else None
    wanted = header.get("name") or own or PurePath(item.query.file).stem
    name, number = wanted[:100], 1
    while name in taken:
        number += 1
        name = f"{wanted[:90]} ({number})"
    taken.add(name)
    return LoadedSegment(name, text, item.query.dialect.value, lists)


def _loaded(
    workspace: Workspace,
    places: tuple[str, ...],
    contacts: tuple[str, ...],
    events: tuple[str, ...],
    lists: list[tuple[str, str]],
) -> Loaded:
    """Return what the emulator starts with. Raises Failure for what cannot be read."""
    from sql_seg.engines.dataset import Dataset
    from sql_seg.server import Loaded

    settings = workspace.settings
    contacts = contacts or tuple(settings.contacts)
    definitions = workspace.definitions
    names = {list_id: name for name, list_id in workspace.list_ids.items()}
    segments: list[LoadedSegment] = []
    if places:
        from sql_seg.cli.remarks import candidates_in  # without a folder none is read

        candidates = candidates_in(workspace, places)
        taken: set[str] = set()
        segments = [_segment(item, workspace.list_ids, taken) for item in candidates.all]
    if not contacts:
        options.refuse(["events", "lists"], options.WITHOUT_CONTACTS)
        fields = (
            (definitions or {}).get("custom_fields", [])
            if isinstance(definitions, dict)
            else definitions or []
        )
        return Loaded(fields=fields, lists={key: names.get(key, key) for key in names}, segments=segments)
    files = workspace.list_files(lists)
    try:
        dataset = Dataset.load(
            contacts, events=events or settings.events, fields=definitions, lists=files, on_error="fail"
        )
    except (SqlSegError, QueryError, SegmentFileError) as error:
        raise Failure(str(error)) from error
    types = {data_type: name for name, data_type in FIELD_TYPES.items()}
    fields = [
        {"name": column.name, "field_type": types[column.type]} for column in dataset.schema.custom_fields
    ]
    if isinstance(definitions, dict) and definitions.get("custom_fields"):
        fields = definitions["custom_fields"]
    known = {list_id: names.get(list_id, Path(file).stem) for list_id, file in files}
    return Loaded(
        list(dataset), list(dataset.events), fields, {**{key: names[key] for key in names}, **known}, segments
    )
