"""``sql-seg push``: what changed in a folder, brought into an account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import FINE, QUERIES_DIFFER, QUERY_ERRORS
from sql_seg.cli.output import Failure, say
from sql_seg.cli.syncing import CONFLICT, DESTRUCTIVE, RATE_LIMIT, Task, of_account
from sql_seg.diagnostics import formats
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import SqlSegError
from sql_seg.sources import read_file
from sql_seg.sync.comparison import PUSHED, ChangeKind
from sql_seg.workspace.judging import judge_of
from sql_seg.workspace.settings import account_of
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.sync.steps import Done

_NOTHING = "the account has all that the folder has"


@click.command("push")
@of_account(schema=True)
@click.option("--yes", is_flag=True, help="Do it; without this, only show what would be done.")
@click.option("--prune", is_flag=True, help="Delete segments whose files were deleted.")
@click.option("--force", is_flag=True, help="Delete more than 30 % of ten or more segments.")
@click.option(
    "--replace", is_flag=True, help="Make a new segment where the parent list changed: its id changes."
)
@click.option("--wait", is_flag=True, help="Wait five minutes where a segment was changed too soon before.")
def command(task: Task, yes: bool, prune: bool, force: bool, replace: bool, wait: bool) -> int:
    """Bring what changed in a folder of segments into an account. Without --yes, show what would be done.

    Queries are checked first, and the tests beside them run; comments are left off. Segments are created and
    changed; deleted only with --prune. What changed in the account alone stays as it is there.

    Exit codes: 0 done, or nothing to do; 1 something would be done, a query has errors, or SendGrid finds one
    INVALID; 2 it could not run; 3 there is a conflict; 4 the key is missing or refused; 5 too many requests,
    or too soon; 6 too much would be deleted.
    """
    if not prune:
        options.refuse(["force"], "is about segments to delete: give --prune as well")
    from sql_seg.sync.steps import Pushing, push, too_destructive

    with task.opened() as place:
        told = [
            change
            for change in place.changes
            if change.kind in (*PUSHED, ChangeKind.CONFLICT, ChangeKind.FORM)
        ]
        uploaded = [change.local for change in told if change.kind in _UPLOADED]
        files = [task.folder / local.path for local in uploaded if local is not None]
        if _has_errors(task.workspace, files) or _fails_tests(task.workspace, files):
            return QUERY_ERRORS
        conflicts = [change for change in told if change.kind is ChangeKind.CONFLICT]
        if conflicts or not yes:
            task.tell(told, _NOTHING, diffs=not conflicts)
            if conflicts:
                return CONFLICT
            return QUERIES_DIFFER if any(change.kind in PUSHED for change in told) else FINE
        known = len(place.lock.entries)
        refusal = too_destructive(place.changes, ChangeKind.DELETE, known) if prune and not force else None
        if refusal is not None:
            raise Failure(refusal, DESTRUCTIVE)
        done: list[Done] = []
        try:
            done.extend(push(place.changes, place.lock, place.remote, Pushing(prune, replace, wait)))
        except SqlSegError:  # the account can no longer be asked: say all the same what was done by then
            _tell(task, done)
            raise
    _tell(task, done)
    failed = [item for item in done if item.error]
    if any(item.is_too_soon for item in failed):
        return RATE_LIMIT
    return QUERY_ERRORS if failed else FINE


def _tell(task: Task, done: Sequence[Done]) -> None:
    """Say what was done, and what was not."""
    failed = [item for item in done if item.error]
    for item in failed:
        say(f"{item.change.name}: {item.error}")
    is_json = task.output_format == "json"
    task.tell([item.change for item in done if is_json or not item.error], _NOTHING, done=done)


_UPLOADED = (ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.REPLACE)


def _has_errors(workspace: Workspace, files: Sequence[Path]) -> bool:
    """Say what is wrong with the queries that would be uploaded; return whether that stops them.

    What counts is what the settings say, as for sql-seg check.
    """
    name, _ = account_of(workspace.settings)
    lenient = workspace.settings.lenient or not workspace.knows_fields
    chosen = {**workspace.overrides, "environment": name, "lenient": lenient}
    judge = judge_of(Workspace(workspace.file_settings, **chosen))
    stopped = False
    for file in files:
        judged = judge.judge(read_file(file))
        for query, diagnostics in zip(judged.queries, judged.diagnostics, strict=True):
            found = [item for item in diagnostics if item.code != "comment"]  # they are left off
            if found:
                say(formats.render("full", [query.report(found)]) + "\n")
            stopped |= any(item.is_error for item in found)
            stopped |= bool(found) and workspace.settings.error_on_warnings
    return stopped


def _fails_tests(workspace: Workspace, files: Sequence[Path]) -> bool:
    """Run the tests beside the files that would be uploaded; return whether any fails."""
    from sql_seg.segment_tests import expectation, outcome_of, read_segment_tests
    from sql_seg.segment_tests.discovery import find_tests

    found = False
    settings = workspace.settings
    for path in files:
        for file in find_tests(path, workspace.folders).tests:
            try:
                tests = read_segment_tests(
                    file, fields=settings.fields, now=settings.now, values=workspace.values_of_account
                )
            except QueryError as error:
                say(formats.full(error.diagnostics, error.text, str(path)))
                return True
            for outcome in (outcome_of(tests, case) for case in tests.cases):
                if not outcome.holds:
                    found = True
                    say(f"{file}: {outcome.case.name}: {expectation(outcome)}")
    return found
