"""An account on the command line: the options that say what its files are, and how these are read."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import click

from sql_seg.checking.checker import CheckedQuery
from sql_seg.cli import options
from sql_seg.cli.output import Failure
from sql_seg.cli.progress import Told, progress
from sql_seg.core.reads import reads_of
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.records.account_sources import ALL_OTHERS, AccountSources, ByFile
from sql_seg.records.loading_report import Problem
from sql_seg.records.text_files import codec_of
from sql_seg.segments.candidates import Candidates, ColumnUse, subject
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.files import AccountFiles as Files
    from sql_seg.engines.duckdb.stored import StoredAccount


STDIN = "-"


@frozen
class AccountOptions:
    """What options say of an account: its files, or one that ``load`` has written, in place of them."""

    sources: AccountSources
    stored: str | None = None

    @property
    def reads_standard_input(self) -> bool:
        """Whether one of the files is standard input."""
        sources = self.sources
        return STDIN in [*sources.contacts, *sources.events, *(path for _, path in sources.lists)]

    def open_for(
        self, candidates: Candidates, wanted: Iterable[str] | None = None, *, with_events: bool = False
    ) -> OpenAccount:
        """Look at the files for queries, which are checked, leniently where there are no definitions.

        ``wanted`` are the columns that matter beside those that the queries read; None is all that there are.
        Events are read where a query asks for them, or ``with_events``.
        Raises Failure where a file cannot be read, or one lacks the events that a query asks for.
        """
        asking = candidates.that(lambda checked: reads_of(checked).asks_for_events)
        if asking and not self.sources.events and self.stored is None:
            raise Failure(f"{subject(asking, 'ask')} for events: give them with --events FILE")
        uses = candidates.uses()
        columns = None
        if wanted is not None:
            read = (segment.checked.columns for segment in candidates.segments.values())
            columns = frozenset(wanted).union(*read)
        with _readable(uses), progress("reading") as watch:
            return OpenAccount(
                self._opened(asking=bool(asking) or with_events, uses=uses, columns=columns, watch=watch),
                uses,
            )

    def _opened(
        self,
        *,
        asking: bool,
        uses: Mapping[str, Sequence[ColumnUse]],
        columns: frozenset[str] | None,
        watch: Told | None,
    ) -> Files | StoredAccount:
        if self.stored is not None:
            from sql_seg.engines.duckdb.stored import StoredAccount

            limit = self.sources.memory_limit
            return StoredAccount(self.stored, wanted=columns, memory_limit=limit, watch=watch)
        from sql_seg.engines.duckdb.files import AccountFiles as Files

        given = self.sources
        sources = replace(
            given,
            contacts=_with_standard_input(given.contacts),
            events=_with_standard_input(given.events) if asking else (),
            lists=[(list_id, _with_standard_input([path])) for list_id, path in given.lists],
            hints=self._hints(uses),
        )
        return Files(sources, wanted=columns, watch=watch or _nobody_looks)

    def _hints(self, uses: Mapping[str, Sequence[ColumnUse]]) -> dict[str, DataType]:
        """Return the types of custom fields on which the queries agree.

        What they do not agree on its values decide; beside definitions it is text, as all that they lack.
        """
        hints = {name: use.type for name, (use, *others) in uses.items() if not others}
        if self.sources.definitions is None:
            return hints
        return dict.fromkeys(uses, DataType.VARCHAR) | hints


@frozen
class OpenAccount:
    """An account whose columns are known, and that is read when it is known what is asked."""

    files: Files | StoredAccount
    uses: Mapping[str, Sequence[ColumnUse]]

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        return self.files.schema

    def dataset(
        self,
        checked: Sequence[CheckedQuery] | None = None,
        now: datetime | None = None,
        *,
        writes_csv: bool = False,
    ) -> Dataset:
        """Return what queries are asked of, read for these alone where they are given.

        It ``writes_csv`` where the members of one of them are to be written so.
        """
        with _readable(self.uses), progress("reading"):
            dataset = Dataset.at(self.files.read(checked, the_moment(now), writes_csv=writes_csv))
        if not len(dataset) and dataset.report.problems:
            raise _nothing_left(dataset.report.problems)
        return dataset

    def close(self) -> None:
        """Give back what was opened."""
        self.files.close()


def _nobody_looks(_done: float) -> None:
    """Hear how far a statement is where nobody looks: Ctrl-C is heard at once even so."""


def _with_standard_input(paths: Sequence[str]) -> list[Any]:
    from sql_seg.engines.duckdb.sniffing import Stream

    if STDIN in paths and sys.stdin is None:
        raise Failure("<stdin>: is closed")
    return [Stream("<stdin>", sys.stdin.buffer) if path == STDIN else path for path in paths]


@contextmanager
def _readable(uses: Mapping[str, Sequence[ColumnUse]]) -> Iterator[None]:
    """Let data that cannot be read end the command."""
    try:
        yield
    except RecordError as error:
        raise _unreadable(error, uses) from error


def _unreadable(error: RecordError, uses: Mapping[str, Sequence[ColumnUse]]) -> Failure:
    """Return what to say of data that ended the command; a value that does not fit need not."""
    message = str(error)
    if error.expected:
        for data_type, by in uses.get((error.key or "").lower(), [])[:1]:
            message += f" ({by.name} uses {error.key} as {data_type.name_in(by.query.dialect)})"
    if error.can_be_skipped:
        message += "\n" + _way_on(error.key if error.expected else None)
    return Failure(message)


def _way_on(column: str | None) -> str:
    """Return how to go on without a bad value: of a column that is never NULL, the whole row goes."""
    if column is None:
        return "To go on without it: --on-error skip leaves out the row."
    known = SENDGRID.contact_data.column(column or "")
    if known is not None and not known.nullable and known.type is not DataType.ARRAY:
        return (
            f"To go on without it: --on-error skip leaves out the row; {column} is never NULL, so "
            "--on-error null does the same. If all rows are like this, correct the column or take it out "
            "of the file."
        )
    return "To go on without it: --on-error skip leaves out the row, --on-error null the value."


def _nothing_left(problems: Sequence[Problem]) -> Failure:
    """Return what to say where each row was bad: an answer over no rows would be none."""
    return Failure(
        f"none of the contacts could be read: all {len(problems):,} problems are like this one\n"
        f"{problems[0]}\n"
        "Correct the values, or take a column that no query reads out of the file."
    )


_MEMORY = re.compile(r"\d+(?:\.\d+)?\s*(?:[KMGT]i?B|B)", re.IGNORECASE)
_TAB = {"tab": "\t", "\\t": "\t"}


def account_options(*, stored: bool = True, unless: str = "") -> Callable[[options.Command], options.Command]:
    """Give a command an ``account`` made of options and of the workspace's settings.

    With ``stored`` it can be one that ``load`` has written. The command has ``options.workspace()`` too.
    Where the option ``unless`` is given, the account is None.
    """

    def decorate(command: options.Command) -> options.Command:
        @wraps(command)
        def run(*args: Any, workspace: Workspace, **given: Any) -> Any:
            own = {name: given.pop(name) for name in _NAMES}, given.pop("stored", None)
            if given.get(unless) is not None:
                options.refuse(
                    (*_NAMES, "stored"), f"is about an account, and --{unless} stands in place of it"
                )
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
        options.refuse(
            _OF_FILES, "is about files, and --account stands in place of them: it was read when it was loaded"
        )
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


def _by_file(
    read: Callable[[str], str], _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> ByFile:
    """Return what options say of all files, or of those before their "="; raise BadParameter."""
    found: dict[str, str] = {}
    for text in texts:
        file, _, said = text.rpartition("=")
        if not said and file.endswith("="):  # a "=" separates the cells
            file, said = file[:-1], "="
        value = read(said) if file else read(text)
        if found.setdefault(file or ALL_OTHERS, value) != value:
            raise click.BadParameter(f"is given twice for {file or 'all files'}, with two values")
    return found.get(ALL_OTHERS) if found.keys() <= {ALL_OTHERS} else found


def _delimiter(text: str) -> str:
    delimiter = _TAB.get(text, text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise click.BadParameter(f"{text!r} separates no cells: give one character, such as ; or tab")
    return delimiter


def _encoding(text: str) -> str:
    try:
        codec_of(text)
    except RecordError as error:
        raise click.BadParameter(f"{error}; Excel's on Windows is cp1252") from error
    return text


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
        callback=partial(_by_file, _delimiter),
        help="What separates the cells of CSV, such as ; or tab, where its header does not show it; of all "
        "files, or of one: crm.csv=;. Repeatable.",
    ),
    click.option(
        "--encoding",
        metavar="[FILE=]NAME",
        multiple=True,
        callback=partial(_by_file, _encoding),
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
_OF_FILES = ({*_NAMES} - {"memory_limit"}) | {"fields"}
"""The options that count for nothing where an account was loaded before."""
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
