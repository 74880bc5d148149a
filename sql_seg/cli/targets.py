"""Where a command writes its output: a place that can be written, and that is none of its inputs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sql_seg.cli.account import AccountOptions
from sql_seg.cli.output import Failure
from sql_seg.errors import RecordError
from sql_seg.records.text_files import expand


def check_target(output: str, account: AccountOptions, others: Iterable[str] = ()) -> None:
    """Raise Failure before anything is read, where output cannot be written or would replace an input."""
    path = Path(output)
    if not path.parent.is_dir():
        raise Failure(f"{output}: there is no folder {path.parent}")
    for given in [*_inputs(account), *others]:
        with suppress(OSError):
            if path.exists() and path.samefile(given):
                raise Failure(f"{output}: is one of the files that are read: write into another file")


def _inputs(account: AccountOptions) -> Iterator[Any]:
    sources = account.sources
    if account.stored is not None:
        yield account.stored
    for given in [*sources.contacts, *sources.events, *(path for _, path in sources.list_files)]:
        if isinstance(given, str | os.PathLike):
            with suppress(RecordError):
                yield from expand(given)
