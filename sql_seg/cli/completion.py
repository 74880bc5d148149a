"""``sql-seg completion``: what lets a shell complete commands, options, files, rules and names."""

from __future__ import annotations

import re

import click
from click.shell_completion import CompletionItem, get_completion_class

from sql_seg.cli.output import put
from sql_seg.errors import SqlSegError

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_SQL_SEG_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print what lets a shell complete commands, options, files, rules, fields and lists.

    \b
    bash:  sql-seg completion bash > ~/.local/share/bash-completion/completions/sql-seg
    zsh:   sql-seg completion zsh > "${fpath[1]}/_sql-seg"
    fish:  sql-seg completion fish > ~/.config/fish/completions/sql-seg.fish
    """  # noqa: D301 -- click keeps the lines behind a backspace as they are
    kind = get_completion_class(shell)
    assert kind is not None
    completer = kind(context.find_root().command, {}, "sql-seg", _VARIABLE)
    put((completer.source_template % completer.source_vars()).strip())
    return 0


def complete_places(_context: click.Context, _option: click.Parameter, text: str) -> list[CompletionItem]:
    """Let the shell complete files and directories."""
    return [CompletionItem(text, type="file")]


def complete_query(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    """Return the query with its last word completed to columns, the account's fields included."""
    from sql_seg.workspace.workspace import Workspace

    word = re.search(r"\w*\Z", text)
    start = "" if word is None else word[0]
    try:
        columns = Workspace.open().schema.contact_data.columns
    except SqlSegError:
        return []
    before = text[: len(text) - len(start)]
    return [before + name for name in columns if name.startswith(start.lower())]


def complete_lists(_context: click.Context, _option: click.Parameter, text: str) -> list[CompletionItem]:
    """Return the names of lists that settings have; behind the equals sign, files."""
    if "=" in text:
        return [CompletionItem(text, type="file")]
    from sql_seg.workspace.workspace import Workspace

    try:
        names = Workspace.open().list_ids
    except SqlSegError:
        return []
    return [CompletionItem(f"{name}=") for name in names if name.startswith(text)]


def complete_rules(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    """Return the rules that a list of rules may go on with."""
    from sql_seg.workspace.selection import ALL, KNOWN

    before, comma, start = text.rpartition(",")
    return [f"{before}{comma}{code}" for code in sorted((*KNOWN, ALL)) if code.startswith(start)]
