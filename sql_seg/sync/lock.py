"""The lock file of an environment: what the folder and the account last agreed on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sql_seg.errors import SqlSegError
from sql_seg.frozen import frozen
from sql_seg.sync.states import SegmentState
from sql_seg.workspace.writing import write_file

VERSION = 1
_KEYS = ("id", "name", "updated_at", "hash", "form")
_TOGETHER = 100
"""So many changes are written together, at most."""

REPLACING = "replacing"
"""The hash of an entry whose segment is being deleted and made again: what a killed run leaves."""


class LockError(SqlSegError, ValueError):
    """A file that is no lock file."""


@frozen
class LockEntry:
    """What a path stands for: the segment's id, its ``updated_at`` there, the hashes of the common state.

    ``form`` is the hash that does not tell how a query is laid out; older lock files have none.
    """

    id: str
    name: str
    updated_at: str
    hash: str
    form: str = ""

    def is_of(self, state: SegmentState) -> bool:
        """Return whether a state is the common one; how its query is laid out does not count."""
        return state.hash == self.hash or (bool(self.form) and state.form_hash == self.form)


class Lock:
    """The entries by path. Each change is written at once: a run that is killed has lost nothing.

    Within ``held`` some are written together, where the next run would find out by itself.
    """

    def __init__(self, file: Path) -> None:
        """Read the file, if it is there. Raises LockError for another file."""
        self.file = file
        self.entries: dict[str, LockEntry] = {}
        self._unwritten: int | None = None
        if file.exists():
            self.entries = _read(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Write now and then, and at the end, what is put in meanwhile."""
        self._unwritten = 0
        try:
            yield
        finally:
            is_changed, self._unwritten = bool(self._unwritten), None
            if is_changed:
                self._write()

    def put(self, path: str, entry: LockEntry) -> None:
        """Remember what both sides agree on; a segment has one path."""
        if self.entries.get(path) == entry:
            return
        for other in [key for key, known in self.entries.items() if known.id == entry.id]:
            del self.entries[other]
        self.entries[path] = entry
        self._changed()

    def drop(self, path: str) -> None:
        """Forget a path."""
        if self.entries.pop(path, None) is not None:
            self._changed()

    def _changed(self) -> None:
        if self._unwritten is None:
            self._write()
        elif self._unwritten >= _TOGETHER:
            self._unwritten = 0
            self._write()
        else:
            self._unwritten += 1

    def _write(self) -> None:
        form = {
            "version": VERSION,
            "segments": {
                path: {key: getattr(entry, key) for key in _KEYS if key != "form" or entry.form}
                for path, entry in sorted(self.entries.items())
            },
        }
        write_file(self.file, (json.dumps(form, indent=2, ensure_ascii=False) + "\n").encode())


def lock_file(folder: Path, environment: str) -> Path:
    """Return where the lock file of an environment stands: beside the segments, hidden from others."""
    return folder / f".sql-seg.{environment}.lock.json"


def _read(file: Path) -> dict[str, LockEntry]:
    try:
        form: Any = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise LockError(f"{file}: is no lock file: {error}") from error
    try:
        if form["version"] != VERSION:
            raise LockError(f"{file}: has version {form['version']!r}; this sql-seg reads version {VERSION}")
        return {
            path: LockEntry(**{key: str(it[key]) for key in _KEYS if key != "form" or key in it})
            for path, it in form["segments"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise LockError(f"{file}: is no lock file of sql-seg") from error
