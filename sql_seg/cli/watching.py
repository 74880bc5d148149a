"""``--watch``: a command that runs again whenever a file changes that it is about."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click

from sql_seg.cli.options import Command
from sql_seg.cli.output import Failure, complain, is_terminal, say
from sql_seg.errors import SqlSegError

PAUSE = 0.3
"""How many seconds lie between two looks at the files."""

_Stamps = dict[str, tuple[int, int]]


def watch(command: Command) -> Command:
    """Let a command run again and again, until it is interrupted."""

    @wraps(command)
    def run(*args: Any, watch: bool, **options: Any) -> Any:
        if not watch:
            return command(*args, **options)
        places = [*options.get("files", ()), *options.get("paths", ())]
        if not places or "-" in places:
            raise click.UsageError("--watch needs a FILE or a directory")
        extra = [options.get(name) for name in ("fields", "config")]
        watched = [*places, *(path for path in extra if path), "sql-seg.toml", "pyproject.toml"]
        while True:
            stamps = _stamps(watched)
            _run_once(lambda: command(*args, **options))
            say(f"[{time.strftime('%H:%M:%S')}] waiting for changes; Ctrl-C ends")
            while _stamps(watched) == stamps:
                time.sleep(PAUSE)
            if is_terminal(sys.stdout):
                click.clear()

    decorated: Any = click.option(
        "--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C."
    )(run)
    return decorated  # type: ignore[no-any-return]


def _run_once(run: Callable[[], Any]) -> None:
    """Run a command once: what ends it is reported, and does not end the watch."""
    try:
        run()
    except click.UsageError:
        raise
    except click.ClickException as error:
        complain(error.show)
    except SqlSegError as error:
        Failure(str(error)).show()


def _stamps(places: Iterable[str]) -> _Stamps:
    """Return when each file that is meant was changed, and its size."""
    found: _Stamps = {}
    for path in _files(places):
        try:
            status = path.stat()
        except OSError:
            continue
        found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found


def _files(places: Iterable[str]) -> Iterator[Path]:
    from sql_seg.sources import SUFFIXES
    from sql_seg.workspace.folders import Exclusion, Folders
    from sql_seg.workspace.query_texts import expanded

    folders = Folders(Exclusion(respects_gitignore=False))
    for place in places:
        try:
            paths = expanded(place)
        except SqlSegError:
            continue
        for path in map(Path, paths):
            if not path.is_dir():
                yield path
                continue
            try:
                yield from folders.files_below(path, lambda name: name.lower().endswith(SUFFIXES))
            except OSError:
                continue
