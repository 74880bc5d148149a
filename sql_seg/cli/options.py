"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from sql_seg.cli.output import Failure
from sql_seg.diagnostics import Diagnostic
from sql_seg.errors import RecordError, SchemaError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import read_timestamp
from sql_seg.language.schema import SENDGRID, Schema

Command = TypeVar("Command", bound=Callable[..., Any])

FIELDS_NOTE = (
    "note: custom fields are not known. Give them with --fields FILE (the JSON of\n"
    "      GET /v3/marketing/field_definitions), or take any name for one with --lenient."
)
"""What to do about a column that may be a custom field."""

_QUERY_HELP = "The query itself."


def files_and_queries(metavar: str) -> Callable[[Command], Command]:
    """Let a command take any number of files and of ``-q`` texts."""

    def decorate(command: Command) -> Command:
        command = click.option("-q", "--query", "queries", metavar="TEXT", multiple=True, help=_QUERY_HELP)(
            command
        )
        return click.argument("files", nargs=-1, metavar=metavar)(command)

    return decorate


def file_or_query(command: Command, metavar: str = "[FILE|-]") -> Command:
    """Let a command take one file or one ``-q`` text."""
    command = click.option("-q", "--query", metavar="TEXT", help=_QUERY_HELP)(command)
    return click.argument("file", required=False, metavar=metavar)(command)


def place_or_query(command: Command) -> Command:
    """Let a command take one file, one directory, or one ``-q`` text."""
    return file_or_query(command, "[FILE|DIR|-]")


def dialect(command: Command) -> Command:
    """Let a command be told which dialect a text is in."""
    return click.option(
        "--dialect",
        type=click.Choice(["auto", *(dialect.value for dialect in Dialect)]),
        default="auto",
        show_default=True,
        callback=lambda _context, _option, name: None if name == "auto" else Dialect(name),
        help="The language that the query is in.",
    )(command)


def schema(command: Command) -> Command:
    """Let a command be told the account's custom fields."""
    command = click.option(
        "--lenient", is_flag=True, help="Take unknown columns as custom fields, typed by their use."
    )(command)
    return fields(command)


def fields(command: Command) -> Command:
    """Let a command be told the account's custom fields, where there is no other way to know them."""
    return click.option(
        "--fields",
        metavar="FILE",
        help="The account's custom fields: the JSON of GET /v3/marketing/field_definitions.",
    )(command)


def _instant(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    instant = None if text is None else read_timestamp(text)
    if text is not None and instant is None:
        raise click.BadParameter(f"{text!r} is no time such as 2026-11-23 or 2026-11-23T12:00:00Z")
    return instant


def now(
    what: str = "The moment to evaluate at, such as 2026-11-23T12:00Z; by default, now.",
) -> Callable[[Command], Command]:
    """Let a command be told the moment to evaluate at."""
    return click.option("--now", metavar="ISO", callback=_instant, help=what)


def effort(command: Command) -> Command:
    """Let a command be told how long to search."""
    return click.option(
        "--effort",
        metavar="N",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Search up to N times as many steps as usual before giving up.",
    )(command)


def _codes(_context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> frozenset[str] | None:
    """Read lists of rules, each with commas; None if the option is not given."""
    from sql_seg.cli.selection import complaint_about

    codes = [code for text in texts for code in text.replace(",", " ").split()]
    for code in codes:
        complaint = complaint_about(code, ignored=option.name == "ignore")
        if complaint is not None:
            raise click.BadParameter(complaint)
    return frozenset(codes) if texts else None


def rules(command: Command) -> Command:
    """Let a command be told which rules count."""
    command = click.option(
        "--show-info", is_flag=True, help="Show infos, too, which are hidden unless selected by name."
    )(command)
    command = click.option(
        "--strict", is_flag=True, help="Take what SendGrid's reference does not promise for an error."
    )(command)
    command = click.option(
        "--ignore",
        metavar="RULES",
        multiple=True,
        callback=lambda *given: _codes(*given) or frozenset(),
        help="Leave out these warnings and limits. Likewise.",
    )(command)
    return click.option(
        "--select",
        metavar="RULES",
        multiple=True,
        callback=_codes,
        help="Show these warnings and limits alone: rules parted by commas, or ALL. Repeatable.",
    )(command)


def configuration(command: Command) -> Command:
    """Let a command be told where its settings are."""
    command = click.option("--isolated", is_flag=True, help="Read no file with settings.")(command)
    return click.option(
        "--config",
        metavar="FILE",
        help="A file with settings, instead of the nearest sql-seg.toml or pyproject.toml.",
    )(command)


def color(command: Command) -> Command:
    """Let a command be told whether to write in colours."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours: on terminals unless NO_COLOR is set, always, or never.",
    )(command)


def is_given(context: click.Context, name: str) -> bool:
    """Return whether people have given an option themselves."""
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def version() -> str:
    """Return the version of sql-seg."""
    from importlib.metadata import version

    return version("sql-seg")


def lacks_fields(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether an unknown column may be a custom field."""
    return any(d.code == "unknown-column" and d.message.startswith("contact_data ") for d in diagnostics)


def read_fields(path: str) -> Any:
    """Return the field definitions of a file as parsed JSON, sure to make a schema.

    Raises Failure, which names the file, where they do not.
    """
    from sql_seg.records.loading import read_definitions

    try:
        definitions = read_definitions(path)
    except RecordError as error:
        raise Failure(str(error)) from error
    except ValueError as error:
        raise Failure(f"{path}: several files match") from error
    try:
        SENDGRID.with_fields(definitions)
    except SchemaError as error:
        raise Failure(f"{path}: {error}") from error
    return definitions


def schema_of(definitions: Any, *, lenient: bool) -> Schema:
    """Return the schema of field definitions, which may be None: the reserved columns alone."""
    known = SENDGRID if definitions is None else SENDGRID.with_fields(definitions)
    return known.as_lenient() if lenient else known
