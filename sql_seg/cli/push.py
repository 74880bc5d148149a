"""``sql-seg push``: what changed in a folder, brought into an account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.accounts import (
    CONFLICT,
    DESTRUCTIVE,
    RATE_LIMIT,
    Ended,
    as_json,
    opened,
    options_of_account,
    show,
    summed_up,
)
from sql_seg.cli.exit_codes import FINE, QUERIES_DIFFER, QUERY_ERRORS
from sql_seg.cli.output import put, say
from sql_seg.diagnostics import report
from sql_seg.segments.stages import diagnose
from sql_seg.sync.changes import PUSHED, Change, Kind
from sql_seg.workspace.workspace import Workspace


@click.command("push")
@options_of_account
@options.workspace(dialect=False)
@click.option("--yes", is_flag=True, help="Do it; without this, only show what would be done.")
@click.option("--prune", is_flag=True, help="Delete segments whose files were deleted.")
@click.option("--force", is_flag=True, help="Delete more than 30 % of ten or more segments.")
@click.option(
    "--replace", is_flag=True, help="Make a new segment where the parent list changed: its id changes."
)
@click.option("--wait", is_flag=True, help="Wait five minutes where a segment was changed too soon before.")
def command(
    workspace: Workspace,
    folder: Path,
    environment: str,
    url: str | None,
    prefixes: tuple[str, ...],
    output_format: str,
    yes: bool,
    prune: bool,
    force: bool,
    replace: bool,
    wait: bool,
) -> int:
    """Bring what changed in a folder of segments into an account. Without --yes, show what would be done.

    Queries are checked first, and the tests beside them run; comments are left off. Segments are created and
    changed; deleted only with --prune. What changed in the account alone stays as it is there.

    Exit codes: 0 done, or nothing to do; 1 something would be done, a query has errors, or SendGrid finds one
    INVALID; 2 it could not run; 3 there is a conflict; 4 the key is missing or refused; 5 too many requests,
    or too soon; 6 too much would be deleted.
    """
    from sql_seg.sync.steps import Pushing, chosen, planned, push, too_destructive

    with opened(workspace, folder, environment, url) as place:
        changes = chosen(planned(place.local, place.lock, place.remote), prefixes)
        told = [change for change in changes if change.kind in (*PUSHED, Kind.CONFLICT, Kind.FORM)]
        if _has_errors(workspace, told) or _fails_tests(workspace, folder, told):
            return QUERY_ERRORS
        conflicts = [change for change in told if change.kind is Kind.CONFLICT]
        if conflicts or not yes:
            _tell(told, output_format, diffs=not conflicts)
            if conflicts:
                return CONFLICT
            return QUERIES_DIFFER if any(change.kind in PUSHED for change in told) else FINE
        refusal = too_destructive(changes, len(place.lock.entries)) if prune and not force else None
        if refusal is not None:
            raise Ended(refusal, DESTRUCTIVE)
        done = list(push(changes, place.lock, place.remote, Pushing(prune, replace, wait)))
    failed = [item for item in done if item.error]
    for item in failed:
        say(f"{item.change.name}: {item.error}")
    pushed = [item.change for item in done if not item.error]
    _tell(pushed, output_format, diffs=False)
    if any(item.is_too_soon for item in failed):
        return RATE_LIMIT
    return QUERY_ERRORS if failed else FINE


def _tell(changes: Sequence[Change], output_format: str, *, diffs: bool) -> None:
    if output_format == "json":
        put(as_json(changes))
    else:
        show(changes, diffs=diffs)
        put(summed_up(changes) if changes else "the account has all that the folder has")


def _fails_tests(workspace: Workspace, folder: Path, changes: Sequence[Change]) -> bool:
    """Run the tests beside the files that would be uploaded; return whether any fails.

    A file with ``${values}`` is no query by itself, so that its tests are left to those who know the values.
    """
    from sql_seg.segment_tests import expectation, outcome_of, read_segment_tests

    found = False
    for change in changes:
        local = change.local
        if local is None or local.has_values or change.kind not in (Kind.CREATE, Kind.UPDATE, Kind.REPLACE):
            continue
        path = folder / local.path
        for ending in (".test.json", ".test.yaml", ".test.yml"):
            file = path.with_name(path.stem + ending)
            if not file.is_file():
                continue
            settings = workspace.settings
            tests = read_segment_tests(file, fields=settings.fields, now=settings.now)
            for outcome in (outcome_of(tests, case) for case in tests.cases):
                if not outcome.holds:
                    found = True
                    say(f"{file}: {outcome.case.name}: {expectation(outcome)}")
    return found


def _has_errors(workspace: Workspace, changes: Sequence[Change]) -> bool:
    """Say what is wrong with the queries that would be uploaded; return whether any has errors."""
    found = False
    for change in changes:
        if change.local is None or change.kind not in (Kind.CREATE, Kind.UPDATE, Kind.REPLACE):
            continue
        state = change.local.state
        schema = workspace.schema if workspace.knows_fields else workspace.schema_of(lenient=True)
        errors = [item for item in diagnose(state.query, schema, state.dialect) if item.is_error]
        if errors:
            found = True
            say(report.full(errors, state.query, change.local.path))
    return found
