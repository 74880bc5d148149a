"""``sql-seg rule``: what a rule is about."""

from __future__ import annotations

import json

import click

from sql_seg.cli import options, reference
from sql_seg.cli.exit_codes import FINE
from sql_seg.cli.output import put
from sql_seg.linting import RULES, Rule, rule_of
from sql_seg.workspace.selection import complaint_about


@click.command("rule")
@click.argument("code", required=False, metavar="[CODE]", shell_complete=options.complete_rules)
@click.option("--all", "wants_all", is_flag=True, help="All rules.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for people, JSON, or Markdown.",
)
def command(code: str | None, wants_all: bool, output_format: str) -> int:
    """Explain a rule: what it finds, why that is bad, and what to write instead.

    Without CODE, list all rules in short.
    """
    if wants_all and code is not None:
        raise click.UsageError("give either a CODE or --all, not both")
    if code is None and not wants_all and output_format == "markdown":
        raise click.UsageError("--output-format markdown is of one rule, or with --all")
    chosen = None if code is None else _rule(code)
    if chosen is not None:
        put(_one(chosen, output_format))
    elif output_format == "json":
        put(json.dumps([reference.as_form(entry) for entry in RULES], indent=2))
    elif not wants_all:
        put(_list())
    elif output_format == "markdown":
        put(reference.as_document(reference.groups()))
    else:
        put("\n\n\n".join(map(reference.as_text, RULES)))
    return FINE


def _rule(code: str) -> Rule:
    found = rule_of(code)
    if found is None:
        raise click.UsageError(complaint_about(code, ignored=False) or "ALL is for --select; give --all")
    return found


def _one(entry: Rule, output_format: str) -> str:
    match output_format:
        case "json":
            return json.dumps(reference.as_form(entry), indent=2)
        case "markdown":
            return reference.as_markdown(entry)
    return reference.as_text(entry)


def _list() -> str:
    width = max(len(entry.code) for entry in RULES)
    blocks = [
        "\n".join([group.title, *(f"  {entry.code:{width}}  {entry.summary}" for entry in group.rules)])
        for group in reference.groups()
    ]
    return "\n\n".join(blocks)
