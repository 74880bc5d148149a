"""The options that say what an account's contacts and events are, and how to read them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from sql_seg.cli import options
from sql_seg.cli.account_files import AccountOptions
from sql_seg.errors import RecordError
from sql_seg.records.account_sources import AccountSources
from sql_seg.records.choices_by_file import ALL_OTHERS, ByFile
from sql_seg.workspace.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

_MEMORY = re.compile(r"\d+(?:\.\d+)?\s*(?:[KMGT]i?B|B)", re.IGNORECASE)
_TAB = {"tab": "\t", "\\t": "\t"}
STDIN = "-"


def account_options(*, stored: bool = True, unless: str = "") -> Callable[[Command], Command]:
    """Give a command an ``account`` made of options and of the workspace's settings.

    With ``stored`` it can be one that ``load`` has written. The command has ``options.workspace()`` too.
    Where the option ``unless`` is given, the account is None.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, workspace: Workspace, **given: Any) -> Any:
            own = {name: given.pop(name) for name in _NAMES}, given.pop("stored", None)
            if given.get(unless) is not None:
                if own[0]["contacts"] or own[0]["events"] or own[0]["lists"] or own[1]:
                    raise click.UsageError(f"give either --{unless} or an account's files, not both")
                return command(*args, workspace=workspace, account=None, **given)
            account = _account(workspace, *own)
            return command(*args, workspace=workspace, account=account, **given)

        decorated: Any = run
        if stored:
            decorated = _stored(decorated)
        for option in reversed(_OPTIONS):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _account(workspace: Workspace, given: dict[str, Any], stored: str | None) -> AccountOptions:
    settings = workspace.settings
    if stored is not None:
        if given["contacts"] or given["events"] or given["lists"]:
            raise click.UsageError("give either --account or files, not both")
        return AccountOptions(AccountSources((), memory_limit=given["memory_limit"]), stored)
    contacts = given["contacts"] or settings.contacts
    if not contacts:
        raise click.UsageError("give the account's contacts with --contacts FILE, or in the settings")
    events = given["events"] or settings.events
    lists = workspace.list_files(given["lists"])
    if [*contacts, *events, *(path for _, path in lists)].count(STDIN) > 1:
        raise click.UsageError("standard input can be only one of the files")
    files = {"contacts": contacts, "events": events, "lists": lists}
    sources = AccountSources(definitions=workspace.definitions, **(given | files))
    try:
        sources.refuse_names_without_file()
    except RecordError as error:
        raise click.UsageError(str(error)) from error
    return AccountOptions(sources)


def _lists(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for text, (list_id, _, path) in zip(texts, pairs, strict=True):
        if not list_id or not path:
            raise click.BadParameter(f"{text!r} is not of the form ID=FILE, or NAME=FILE")
    return [(list_id, path) for list_id, _, path in pairs]


def _delimiters(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> ByFile:
    return _by_file(texts, _delimiter)


def _encodings(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> ByFile:
    return _by_file(texts, _encoding)


def _by_file(texts: tuple[str, ...], read: Callable[[str], str]) -> ByFile:
    """Return what options say of all files, or of those before their "="; raise BadParameter."""
    found: dict[str, str] = {}
    for text in texts:
        file, _, said = text.rpartition("=")
        if not said and file.endswith("="):  # a "=" separates the cells
            file, said = file[:-1], "="
        found[file or ALL_OTHERS] = read(said) if file else read(text)
    return found.get(ALL_OTHERS) if found.keys() <= {ALL_OTHERS} else found


def _delimiter(text: str) -> str:
    delimiter = _TAB.get(text, text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise click.BadParameter(f"{text!r} separates no cells: give one character, such as ; or tab")
    return delimiter


def _encoding(text: str) -> str:
    try:
        known = codecs.lookup(text)
        "".encode(known.name)
    except LookupError as error:
        raise click.BadParameter(f"there is no encoding {text!r}; Excel's on Windows is cp1252") from error
    return known.name


def memory_limit(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Return an amount of memory; raise BadParameter for any other text."""
    if text is not None and not _MEMORY.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no amount of memory: write it as 1GiB or 500MB")
    return text


lists_option = click.option(
    "--list",
    "lists",
    metavar="ID=FILE",
    multiple=True,
    callback=_lists,
    shell_complete=options.complete_lists,
    help="An export of the members of the list with this id, or name in the settings. Repeatable.",
)
"""The option of per-list exports."""

_OPTIONS = (
    click.option(
        "--contacts",
        metavar="FILE",
        multiple=True,
        help="Contacts: a CSV export, JSON, NDJSON or Parquet, packed by gzip or zstd or not; - is standard "
        "input. Repeatable; globs are expanded.",
    ),
    click.option(
        "--events",
        metavar="FILE",
        multiple=True,
        help="Event Webhook objects, as JSON or NDJSON, or Email Activity's CSV; read if a query asks for "
        "events. Repeatable.",
    ),
    lists_option,
    click.option(
        "--on-error",
        type=click.Choice(["fail", "skip", "null"]),
        default="fail",
        show_default=True,
        help="A value that cannot be read: end, leave its row out, or take it as NULL.",
    ),
    click.option(
        "--empty",
        type=click.Choice(["null", "string"]),
        default="null",
        show_default=True,
        help="What an empty cell of a text column is: NULL, or a text without characters.",
    ),
    click.option(
        "--delimiter",
        metavar="[FILE=]CHAR",
        multiple=True,
        callback=_delimiters,
        help="What separates the cells of CSV, such as ; or tab, where its header does not show it; of all "
        "files, or of one: crm.csv=;. Repeatable.",
    ),
    click.option(
        "--encoding",
        metavar="[FILE=]NAME",
        multiple=True,
        callback=_encodings,
        help="What CSV and JSON are written in, if not UTF-8: Excel's on Windows is cp1252. Of all files, or "
        "of one: crm.csv=cp1252. Repeatable.",
    ),
    click.option(
        "--memory-limit",
        metavar="SIZE",
        callback=memory_limit,
        help="How much memory the data may take, such as 1GiB; what does not fit goes to disk.",
    ),
)
_NAMES = ("contacts", "events", "lists", "on_error", "empty", "delimiter", "encoding", "memory_limit")
_stored = click.option(
    "--account",
    "stored",
    metavar="FILE",
    help='An account that "sql-seg load" has written, in place of its files.',
)


def standard_input_is_free(files: tuple[str, ...], account: AccountOptions) -> None:
    """Raise UsageError where standard input would be both the queries and the data."""
    if STDIN in files and account.reads_standard_input:
        raise click.UsageError("standard input can be the queries or the data, not both")
