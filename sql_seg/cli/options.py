"""Options that several commands have, and the workspace that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from sql_seg.cli.output import be_quiet
from sql_seg.diagnostics import Diagnostic
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import CONTACT_DATA
from sql_seg.language.timestamps import read_timestamp
from sql_seg.workspace.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

FIELDS_NOTE = (
    "note: custom fields are not known. Give them with --fields FILE (the JSON of\n"
    "      GET /v3/marketing/field_definitions), or take any name for one with --lenient."
)
"""What to do about a column that may be a custom field."""


def fields_note(columns: int | None) -> str:
    """Return the note as wide as a terminal is."""
    if columns is None or columns >= max(map(len, FIELDS_NOTE.splitlines())):
        return FIELDS_NOTE
    from sql_seg.diagnostics.formats.terminal_text import wrapped

    return "\n      ".join(wrapped(" ".join(FIELDS_NOTE.split()), columns, columns - 6))


PLACES = "[FILE|DIR|-]..."
"""What commands of queries take."""

_QUERY_HELP = "The query itself. Repeatable."


def files_and_queries(command: Command) -> Command:
    """Let a command take any number of files, folders and globs, and of ``-q`` texts."""
    command = click.option(
        "-q",
        "--query",
        "queries",
        metavar="TEXT",
        multiple=True,
        shell_complete=_later("complete_query"),
        help=_QUERY_HELP,
    )(command)
    return click.argument("files", nargs=-1, metavar=PLACES, shell_complete=complete_places)(command)


def _later(name: str) -> Callable[..., Any]:
    """Return a function of ``completion``, which is imported only where a shell asks for it."""

    def complete(*given: Any) -> Any:
        from sql_seg.cli import completion

        return getattr(completion, name)(*given)

    return complete


complete_places = _later("complete_places")
complete_lists = _later("complete_lists")
complete_rules = _later("complete_rules")


def require_places(files: Iterable[str], queries: Iterable[str] = ()) -> None:
    """Raise UsageError where people name no place at all."""
    if not files and not queries:
        raise click.UsageError(
            "name a FILE or a directory, or - for standard input, or give the query itself with -q"
        )


def require_stdin(files: Iterable[str]) -> None:
    """Raise UsageError where people name what comes over standard input, and nothing does."""
    if "-" not in files:
        refuse(["stdin_filename"], "names what comes over standard input: give - as well")


def workspace(
    *, schema: bool = True, lenient: bool = True, dialect: bool = True, places: bool = True
) -> Callable[[Command], Command]:
    """Give a command its ``workspace``, made of settings and of the options that overrule them.

    With ``schema`` the options include the account's custom fields and, with ``lenient``, whether any name is
    taken for one; with ``dialect`` the language of queries, with ``places`` which files are left out.
    """
    wanted = {"--fields": schema, "--lenient/--no-lenient": lenient and schema, "--dialect": dialect}
    wanted |= dict.fromkeys(_ABOUT_PLACES, places)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(
            *args: Any,
            config: str | None,
            isolated: bool,
            quiet: bool,
            dialect: str | None = None,
            skip_others: bool = False,
            **options: Any,
        ) -> Any:
            if config is not None and isolated:
                raise click.UsageError("give either --config or --isolated, not both")
            if quiet:
                be_quiet()
            overrides = {name: options.pop(name) for name in _OVERRULING if name in options}
            if dialect not in (None, "auto"):
                overrides["dialect"] = Dialect(dialect)
            near = (*options.get("files", ()), *options.get("paths", ()))
            made = Workspace.open(config, isolated=isolated, near=near, **overrides)
            if dialect == "auto":
                made.dialect = None
            made.skips_others = skip_others
            return command(*args, workspace=made, **options)

        decorated: Any = run
        for name, arguments in reversed(_WORKSPACE.items()):
            if wanted.get(name, True):
                decorated = click.option(name, **arguments)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


_ABOUT_PLACES = ("--exclude", "--extend-exclude", "--force-exclude", "--skip-others")
"""The options for commands that are given files of queries."""

_OVERRULING = ("fields", "lenient", "exclude", "extend_exclude", "force_exclude", "environment")
"""The options that stand in place of settings of their names, where they are given."""


def _globs(
    _context: click.Context, _option: click.Parameter, globs: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return globs; None if the option is not given. Raises BadParameter for what is none."""
    if not globs:
        return None
    from sql_seg.workspace.folders import is_glob

    for glob in globs:
        if not is_glob(glob):
            raise click.BadParameter(f"{glob!r} is no glob")
    return globs


_WORKSPACE: dict[str, dict[str, Any]] = {
    "--fields": {
        "metavar": "FILE",
        "help": "The account's custom fields: the JSON of GET /v3/marketing/field_definitions.",
    },
    "--lenient/--no-lenient": {
        "default": None,
        "help": "Take unknown columns as custom fields, typed by their use.",
    },
    "--dialect": {
        "type": click.Choice(["auto", *(dialect.value for dialect in Dialect)]),
        "help": "The language that queries are in.  [default: auto]",
    },
    "--exclude": {
        "metavar": "GLOB",
        "multiple": True,
        "callback": _globs,
        "help": "Leave these files out of directories, in place of those that are left out by default.",
    },
    "--extend-exclude": {
        "metavar": "GLOB",
        "multiple": True,
        "callback": _globs,
        "help": "Leave these files out of directories, too.",
    },
    "--force-exclude": {
        "is_flag": True,
        "default": None,
        "help": "Leave excluded files out even if they are named.",
    },
    "--skip-others": {
        "is_flag": True,
        "help": "Skip named files that hold no segments, as files in directories are skipped.",
    },
    "--environment": {
        "metavar": "NAME",
        "help": "The environment of the settings whose values stand for the ${names} in queries.",
    },
    "--config": {
        "metavar": "FILE",
        "help": "A file with settings, instead of the nearest sql-seg.toml or pyproject.toml.",
    },
    "--isolated": {"is_flag": True, "help": "Read no file with settings."},
    "--quiet": {"is_flag": True, "help": "Leave out notes and summaries."},
}


def instant(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    """Read a moment; raise BadParameter for a text that is none."""
    moment = None if text is None else read_timestamp(text)
    if text is not None and moment is None:
        raise click.BadParameter(f"{text!r} is no time such as 2026-11-23 or 2026-11-23T12:00:00Z")
    return moment


def instants(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> list[datetime]:
    """Read several moments; raise BadParameter for a text that is none."""
    return [moment for text in texts if (moment := instant(context, option, text)) is not None]


def now(
    what: str = "The moment to evaluate at, such as 2026-11-23T12:00Z; by default, now.",
) -> Callable[[Command], Command]:
    """Give a command the option for the moment to evaluate at."""
    return click.option("--now", metavar="ISO", callback=instant, help=what)


def effort(command: Command) -> Command:
    """Give a command the option for how long to search."""
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
    from sql_seg.workspace.selection import complaint_about

    codes = [code for text in texts for code in text.replace(",", " ").split()]
    for code in codes:
        complaint = complaint_about(code, ignored=option.name == "ignore")
        if complaint is not None:
            raise click.BadParameter(complaint)
    return frozenset(codes) if texts else None


def rules(command: Command) -> Command:
    """Give a command the options for which rules count."""
    command = click.option(
        "--show-info/--no-show-info",
        default=None,
        help="Show infos, too, which are hidden unless selected by name.",
    )(command)
    command = click.option(
        "--strict/--no-strict",
        default=None,
        help="Report as errors what SendGrid's reference does not promise.",
    )(command)
    command = click.option(
        "--ignore",
        metavar="RULES",
        multiple=True,
        shell_complete=complete_rules,
        callback=lambda *given: _codes(*given) or frozenset(),
        help="Leave out these warnings and limits: rules with commas between them, or ALL. Repeatable.",
    )(command)
    return click.option(
        "--select",
        metavar="RULES",
        multiple=True,
        shell_complete=complete_rules,
        callback=_codes,
        help="Show only these warnings and limits: rules with commas between them, or ALL. Repeatable.",
    )(command)


def color(command: Command) -> Command:
    """Give a command the option for colours."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours: auto (on terminals; NO_COLOR and FORCE_COLOR overrule that), always, or never.",
    )(command)


def output_format(
    choices: Iterable[str], default: str, help: str, by_suffix: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Command], Command]:
    """Give a command the option for its output format; settings count where they name one of its formats.

    ``by_suffix`` is what the name of the file in ``--output`` says about it.
    """
    known = tuple(choices)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, workspace: Workspace, output_format: str | None, **options: Any) -> Any:
            said = workspace.settings.output_format
            named = by_suffix.get(PurePath(options.get("output") or "").suffix.lower())
            chosen = output_format or named or (said if said in known else default)
            return command(*args, workspace=workspace, output_format=chosen, **options)

        option = click.option(
            "--output-format", type=click.Choice(known), help=f"{help}  [default: {default}]"
        )
        return option(run)  # type: ignore[return-value]

    return decorate


def is_given(name: str) -> bool:
    """Return whether the command that runs was given an option in words: no default, and no setting."""
    source = click.get_current_context().get_parameter_source(name)
    return source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def refuse(names: Iterable[str], why: str) -> None:
    """Raise UsageError where the command was given one of these options, which would count for nothing.

    ``why`` goes on from the option: it says what it is for, or what stands in place of it.
    """
    for option in click.get_current_context().command.params:
        if option.name in names and is_given(option.name):
            raise click.UsageError(f"{max(option.opts, key=len)} {why}")


WITHOUT_CONTACTS = "is about contacts, and here are none: give them with --contacts FILE"
"""Why options of data count for nothing where there are no contacts."""


def version() -> str:
    """Return the version of sql-seg."""
    from importlib.metadata import version

    return version("sql-seg")


def lacks_fields(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether an unknown column may be a custom field."""
    return any(found.code == "unknown-column" and found.table == CONTACT_DATA for found in diagnostics)
