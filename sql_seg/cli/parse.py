"""``sql-seg parse``: the syntax trees of queries."""

from __future__ import annotations

import json
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.output import put, say
from sql_seg.cli.remarks import candidates_in, exit_code
from sql_seg.diagnostics import formats
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.segments.candidates import Candidate
from sql_seg.syntax.formatting import to_json
from sql_seg.workspace.workspace import Workspace


@click.command("parse")
@options.files_and_queries
@options.workspace(schema=False)
def command(files: tuple[str, ...], queries: tuple[str, ...], workspace: Workspace) -> int:
    """Print the syntax tree of a query as JSON; of several, an object with "segments".

    Exit codes: 0 all parse; 1 one does not; 2 something could not be read.
    """
    candidates = candidates_in(workspace, files, queries)
    forms: list[dict[str, Any]] = []
    for candidate, tree in candidates.parse():
        if isinstance(tree, QuerySyntaxError):
            say(formats.render("full", [candidate.report(tree.diagnostics)]) + "\n" * candidates.many)
        form = None if isinstance(tree, QuerySyntaxError) else to_json(tree)
        forms.append(_form(candidate, form) if candidates.many else form or {})
    if candidates.many:
        put(json.dumps({"segments": forms}, indent=2))
    elif forms[0]:
        put(json.dumps(forms[0], indent=2))
    return exit_code(candidates)


def _form(candidate: Candidate, query: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "file": candidate.query.file,
        "query": query,
        "errors": candidate.concise(candidate.errors),
    }
