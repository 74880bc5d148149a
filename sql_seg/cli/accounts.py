"""What ``pull``, ``plan`` and ``push`` share: the environment, the account, and how changes are shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sql_seg.cli.output import Failure, put
from sql_seg.errors import SqlSegError
from sql_seg.workspace.settings import Environment
from sql_seg.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sql_seg.sync.changes import Change
    from sql_seg.sync.folder import LocalSegment
    from sql_seg.sync.lock import Lock
    from sql_seg.sync.remote import Remote

Command = TypeVar("Command", bound=Callable[..., Any])

CONFLICT, AUTH, RATE_LIMIT, DESTRUCTIVE = 3, 4, 5, 6
"""Exit codes of these commands beside those of all: see their help."""

FORM_VERSION = 1


class Ended(click.ClickException):
    """A command that ends with a code of its own."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        setattr(self, "exit_code", code)  # noqa: B010 -- click declares it of the class


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and an account, as they stand."""

    folder: Path
    remote: Remote
    lock: Lock
    local: Sequence[LocalSegment]
    list_ids: dict[str, str]


def options_of_account(command: Command) -> Command:
    """Give a command the folder, the environment, the address and the prefixes of names."""
    for decorate in (
        click.argument("folder", type=click.Path(path_type=Path)),
        click.option("--environment", default="default", show_default=True, metavar="NAME",
                     help="The environment of the settings: its address, its key and its values."),
        click.option("--url", metavar="URL", help="The address, in place of the environment's."),
        click.option("--select", "prefixes", multiple=True, metavar="PREFIX*",
                     help="Only segments whose names start so. Repeatable."),
        click.option("--output-format", type=click.Choice(["text", "json"]), default="text",
                     show_default=True, help="Lines for people, or JSON."),
    ):  # fmt: skip
        command = decorate(command)
    return command


@contextmanager
def opened(workspace: Workspace, folder: Path, environment: str, url: str | None) -> Iterator[Place]:
    """Open a folder and its account. Errors of both end the command with their codes."""
    try:
        import httpx  # noqa: F401 -- only to say what to install
    except ModuleNotFoundError as error:
        raise Failure('this needs httpx: pip install "sql-seg[sync]"') from error
    from sql_seg.sync.folder import read_folder
    from sql_seg.sync.lock import Lock, lock_file
    from sql_seg.sync.remote import AuthError, RateLimitError, Remote, RemoteError

    chosen = _environment(workspace, environment)
    key = os.environ.get(chosen.key_env)
    if not key:
        raise Ended(f"set the environment variable {chosen.key_env} to the account's API key", AUTH)
    remote = Remote(url or chosen.url or _default_url(), key)
    try:
        lock = Lock(lock_file(folder, environment))
        list_ids = remote.list_ids()
        local = read_folder(folder, workspace.folders, chosen.values, list_ids)
        yield Place(folder, remote, lock, local, list_ids)
    except AuthError as error:
        raise Ended(str(error), AUTH) from error
    except RateLimitError as error:
        raise Ended(str(error), RATE_LIMIT) from error
    except (RemoteError, SqlSegError) as error:
        raise Failure(str(error)) from error
    finally:
        remote.close()


def _environment(workspace: Workspace, name: str) -> Environment:
    known = workspace.settings.environments
    if name not in known and name != "default":
        raise Failure(f"the settings have no environment {name!r}; there are {', '.join(known) or 'none'}")
    return known.get(name, Environment())


def _default_url() -> str:
    from sql_seg.sync.remote import DEFAULT_URL

    return DEFAULT_URL


def show(changes: Iterable[Change], *, diffs: bool) -> None:
    """Write a line for each change that is none of "same", and on demand how the query changes."""
    from sql_seg.sync.changes import Kind
    from sql_seg.workspace.writing import as_diff

    for change in changes:
        if change.kind in (Kind.SAME, Kind.ADOPT):
            continue
        reason = f": {change.reason}" if change.reason else ""
        place = f" ({change.path})" if change.path else ""
        put(f"{change.kind:>15}  {change.name}{place}{reason}")
        if diffs and change.local is not None and change.remote is not None:
            before, after = change.remote.state.query + "\n", change.local.state.query + "\n"
            put(as_diff(before, after, change.name, "the account, and the folder"), newline=False)


def as_json(changes: Iterable[Change], **more: Any) -> str:
    """Return changes as JSON, with the version of this form."""
    entries = [
        {
            "change": change.kind.value,
            "name": change.name,
            "path": change.path,
            "id": change.remote.id if change.remote else change.base.id if change.base else None,
            "reason": change.reason or None,
        }
        for change in changes
    ]
    return json.dumps({"version": FORM_VERSION, "changes": entries, **more}, indent=2, ensure_ascii=False)


def summed_up(changes: Iterable[Change]) -> str:
    """Return how many changes of each kind there are."""
    from collections import Counter

    counts = Counter(change.kind.value for change in changes)
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no segments"
