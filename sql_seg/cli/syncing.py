"""What ``pull``, ``plan`` and ``push`` share: folder, account and environment, and how changes are shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sql_seg.cli import options
from sql_seg.cli.output import Failure, put
from sql_seg.errors import SqlSegError
from sql_seg.workspace.settings import account_of
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.sync.comparison import SegmentChange
    from sql_seg.sync.folder import LocalSegment
    from sql_seg.sync.lock import Lock
    from sql_seg.sync.remote import Remote
    from sql_seg.sync.steps import Done

CONFLICT, AUTH, RATE_LIMIT, DESTRUCTIVE = 3, 4, 5, 6
"""Exit codes of these commands beside those of all: see their help."""

FORM_VERSION = 1
URL_VARIABLE = "SENDGRID_BASE_URL"
"""The environment variable with the address, where neither an option nor the settings have one."""


@dataclass(frozen=True, slots=True)
class FolderAndAccount:
    """A folder and an account as they stand, and what is to be done about each segment that is asked for."""

    remote: Remote
    lock: Lock
    local: Sequence[LocalSegment]
    list_ids: dict[str, str]
    changes: Sequence[SegmentChange]


@dataclass(frozen=True, slots=True)
class Task:
    """What people ask of one of these commands; ``prefixes`` are those of the segments' names."""

    workspace: Workspace
    folder: Path
    url: str | None
    prefixes: Sequence[str]
    output_format: str

    @contextmanager
    def opened(self) -> Iterator[FolderAndAccount]:
        """Open folder and account, and compare them. Errors of both end the command with their codes."""
        from sql_seg.sync.folder import read_folder
        from sql_seg.sync.lock import Lock, lock_file
        from sql_seg.sync.remote import DEFAULT_URL, AuthError, RateLimitError, Remote, RemoteError
        from sql_seg.sync.steps import chosen, planned

        name, environment = account_of(self.workspace.settings)
        key = os.environ.get(environment.key_env)
        if not key:
            raise Failure(
                f"set the environment variable {environment.key_env} to the account's API key", AUTH
            )
        url = self.url or environment.url or os.environ.get(URL_VARIABLE) or DEFAULT_URL
        remote = None
        try:
            remote = Remote(url, key)
            lock = Lock(lock_file(self.folder, name))
            list_ids = remote.list_ids()
            values = self.workspace.values_of_account
            local = read_folder(self.folder, self.workspace.folders, values, list_ids)
            changes = chosen(planned(local, lock, remote), self.prefixes)
            yield FolderAndAccount(remote, lock, local, list_ids, changes)
        except AuthError as error:
            raise Failure(str(error), AUTH) from error
        except RateLimitError as error:
            raise Failure(str(error), RATE_LIMIT) from error
        except (RemoteError, SqlSegError) as error:
            raise Failure(str(error)) from error
        finally:
            if remote is not None:
                remote.close()

    def tell(
        self,
        changes: Sequence[SegmentChange],
        nothing: str,
        *,
        diffs: bool = False,
        done: Sequence[Done] = (),
    ) -> None:
        """Write changes, in the form that is asked for; ``nothing`` says that there are none.

        ``done`` are those that were tried, and what came of them.
        """
        if self.output_format == "json":
            put(_as_json(changes, {id(item.change): item for item in done}))
            return
        _show(changes, diffs=diffs)
        put(_summed_up(changes) if changes else nothing)


def of_account(*, schema: bool = False) -> Callable[[options.Command], options.Command]:
    """Give a command its ``task``: the folder, the account, and how to answer; with ``schema``, fields."""

    def decorate(command: options.Command) -> options.Command:
        @wraps(command)
        def run(
            *args: Any,
            workspace: Workspace,
            folder: Path,
            url: str | None,
            prefixes: tuple[str, ...],
            output_format: str,
            **others: Any,
        ) -> Any:
            task = Task(workspace, folder, url, prefixes, output_format)
            return command(*args, task=task, **others)

        decorated: Any = options.workspace(schema=schema, dialect=False)(run)
        for option in (
            click.option("--output-format", type=click.Choice(["text", "json"]), default="text",
                         show_default=True, help="Lines for people, or JSON."),
            click.option("--select", "prefixes", multiple=True, metavar="PREFIX*",
                         help="Only segments whose names start so. Repeatable."),
            click.option("--url", metavar="URL",
                         help=f"The address, in place of the environment's, or of {URL_VARIABLE}."),
            click.argument("folder", type=click.Path(path_type=Path)),
        ):  # fmt: skip
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _show(changes: Iterable[SegmentChange], *, diffs: bool) -> None:
    """Write a line for each change that is none of "same", and on demand how the query changes."""
    from sql_seg.sync.comparison import ChangeKind
    from sql_seg.workspace.writing import as_diff

    for change in changes:
        if change.kind in (ChangeKind.SAME, ChangeKind.ADOPT):
            continue
        reason = f": {change.reason}" if change.reason else ""
        place = f" ({change.path})" if change.path else ""
        put(f"{change.kind:>15}  {change.name}{place}{reason}")
        if diffs and change.local is not None and change.remote is not None:
            before, after = change.remote.state.query + "\n", change.local.state.query + "\n"
            put(as_diff(before, after, change.name, "the account, and the folder"), newline=False)


def _as_json(changes: Iterable[SegmentChange], done: dict[int, Done]) -> str:
    """Return changes as JSON, with the version of this form."""
    entries = []
    for change in changes:
        entry: dict[str, Any] = {
            "change": change.kind.value,
            "name": change.name,
            "path": change.path,
            "id": change.remote.id if change.remote else change.base.id if change.base else None,
            "reason": change.reason or None,
        }
        if id(change) in done:
            item = done[id(change)]
            entry["id"] = item.id or entry["id"]
            entry |= {"done": not item.error, "error": item.error or None}
        entries.append(entry)
    return json.dumps({"version": FORM_VERSION, "changes": entries}, indent=2, ensure_ascii=False)


def _summed_up(changes: Iterable[SegmentChange]) -> str:
    """Return how many changes of each kind there are."""
    from collections import Counter

    counts = Counter(change.kind.value for change in changes)
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no segments"
