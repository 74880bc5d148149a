"""The lock file of an environment: what the folder and the account last agreed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sql_seg.errors import SqlSegError
from sql_seg.frozen import frozen
from sql_seg.workspace.writing import write_file

VERSION = 1
REPLACING = "replacing"
"""The hash of an entry whose segment is being deleted and made again: what a killed run leaves."""


class LockError(SqlSegError, ValueError):
    """A file that is no lock file."""


@frozen
class LockEntry:
    """What a path stands for: the segment's id, its ``updated_at`` there, the hash of the common state."""

    id: str
    name: str
    updated_at: str
    hash: str


class Lock:
    """The entries by path. Each change is written at once: a run that is killed has lost nothing."""

    def __init__(self, file: Path) -> None:
        """Read the file, if it is there. Raises LockError for another file."""
        self.file = file
        self.entries: dict[str, LockEntry] = {}
        if file.exists():
            self.entries = _read(file)

    def put(self, path: str, entry: LockEntry) -> None:
        """Remember what both sides agree on; a segment has one path."""
        for other in [key for key, known in self.entries.items() if known.id == entry.id]:
            del self.entries[other]
        self.entries[path] = entry
        self._write()

    def drop(self, path: str) -> None:
        """Forget a path."""
        if self.entries.pop(path, None) is not None:
            self._write()

    def _write(self) -> None:
        form = {
            "version": VERSION,
            "segments": {
                path: {"id": entry.id, "name": entry.name, "updated_at": entry.updated_at, "hash": entry.hash}
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
            path: LockEntry(str(it["id"]), str(it["name"]), str(it["updated_at"]), str(it["hash"]))
            for path, it in form["segments"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise LockError(f"{file}: is no lock file of sql-seg") from error
