"""``sql-seg parse``: a query's syntax tree."""

from __future__ import annotations

import json

import click

from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import FINE, QUERY_ERRORS
from sql_seg.cli.output import put, say
from sql_seg.diagnostics import report
from sql_seg.errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_json
from sql_seg.syntax.parsing import parse


@click.command("parse")
@options.file_or_query
@options.dialect
def command(file: str | None, query: str | None, dialect: Dialect | None) -> int:
    """Print a query's syntax tree as JSON.

    Exit codes: 0 it parses; 1 it does not; 2 it could not be read.
    """
    read = inputs.read_one(file, query)
    try:
        tree = parse(read.text, dialect)
    except QuerySyntaxError as error:
        say(report.full(error.diagnostics, read.text, read.name))
        return QUERY_ERRORS
    put(json.dumps(to_json(tree), indent=2))
    return FINE
