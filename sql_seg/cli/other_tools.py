"""What people type who come from ruff, sqlfluff or sqlfmt, and how it is said here."""

from __future__ import annotations

import click

COMMANDS = {
    "lint": 'it is "sql-seg check"',
    "fix": 'it is "sql-seg check --fix"',
    "rules": 'it is "sql-seg rule --all"',
    "linter": 'the rules are listed by "sql-seg rule --all"',
    "version": 'it is "sql-seg --version"',
    "help": 'it is "sql-seg COMMAND --help"',
    "server": 'for editors it is "sql-seg lsp", and the emulated API is "sql-seg serve"',
    "fmt": 'it is "sql-seg format"',
    "clean": "there is no cache to clear",
    "analyze": 'it is "sql-seg check"',
    "settings": 'it is "sql-seg config"',
    "dialects": "there are two, v1 and v2: --dialect names one",
    "init": "a file sql-seg.toml with your settings is all that there is to make",
}
"""What is said of other tools' commands."""

_NO_CACHE = "there is no cache, and none is needed"
_ONE_PROCESS = "one process is enough: hundreds of files take about a second"
_SELECTED = "all rules count unless --select chooses some; a rule that is named there outweighs ALL"
_SETTING = "it is a setting, not an option: see [tool.sql-seg] in the guide to the command line"
OPTIONS = {
    "--annotation-level": 'a rule\'s level is a setting: severity = {rule = "error"}',
    "--bench": "no times are taken",
    "--cache-dir": _NO_CACHE,
    "--disable-noqa": "comments count always; take them out of the text that comes over standard input",
    "--exclude-rules": "it is --ignore RULES",
    "--exit-non-zero-on-fix": "--diff exits with 1 where --fix would change something",
    "--extend-ignore": "it is --ignore RULES, which is added to the settings' where --select is not given",
    "--extend-select": _SELECTED,
    "--fix-only": "it is --fix --exit-zero: what is left is shown even so",
    "--fixable": "it is --fix --select RULES: what is not shown is not fixed",
    "--unfixable": "it is --fix --ignore RULES: what is not shown is not fixed",
    "--format": "it is --output-format FORMAT",
    "--ignore-noqa": "comments count always; take them out of the text that comes over standard input",
    "--line-length": 'it is "sql-seg format --width N", or the setting width',
    "--max-line-length": 'it is "sql-seg format --width N", or the setting width',
    "--no-cache": _NO_CACHE,
    "--nocolor": "it is --color never",
    "--nofail": "it is --exit-zero",
    "--no-respect-gitignore": "it is the setting respect-gitignore = false",
    "--per-file-ignores": _SETTING,
    "--preview": "there are no preview rules; --strict takes only what SendGrid's reference promises",
    "--processes": _ONE_PROCESS,
    "--range": "a query is laid out as a whole",
    "--rules": "it is --select RULES",
    "--show-fixes": "--diff shows what --fix would change",
    "--show-settings": 'it is "sql-seg config"',
    "--show-source": "it is --output-format full, the default",
    "--silent": "it is --quiet",
    "--target-version": "it is --dialect v1 or v2",
    "--templater": "there are no templates, but names of values: ${name}, with --environment NAME",
    "--verbose": "there is no more to say: --show-info shows infos, too",
    "--warn-unused-ignores": "it is always so: the rule is unused-noqa",
    "--write-output": "it is --output-file FILE",
    "-e": "it is --exit-zero",
    "-n": "it is --color never",
    "-s": "it is --quiet",
    "-v": "there is no more to say: --show-info shows infos, too",
    "-w": "it is --watch",
}
"""What is said of other tools' options."""


def answered(error: click.ClickException) -> click.ClickException:
    """Return an error of usage with an answer to what is meant, where another tool has that option."""
    if isinstance(error, click.NoSuchOption):
        answer = OPTIONS.get(error.option_name)
        if answer is not None:
            return click.UsageError(f"there is no option {error.option_name}: {answer}", error.ctx)
    elif isinstance(error, click.BadOptionUsage) and error.option_name == "-q":
        return click.UsageError("-q takes a query: -q TEXT. To be quiet, write --quiet", error.ctx)
    return error
