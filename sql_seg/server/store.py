"""What the emulator remembers: documents of several kinds, in SQLite and, as they are now, in memory.

Every document is a JSON object with an id. Reading is from memory; a change is written to SQLite in the
transaction of its request, which is committed before the request is answered: what was acknowledged is there
after any crash of the process.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]

KINDS = (
    "contact",
    "event",
    "export",
    "field",
    "file",
    "job",
    "list",
    "segment",
    "single_send",
    "state",
    "task",
    "webhook",
)
_VERSION = 1


class StoreError(Exception):
    """A file that is no store of the emulator, or of another version."""


class Store:
    """Documents by kind and id, in the order they were first put there; see the module."""

    def __init__(self, path: Path | str | None = None) -> None:
        """Open the store in a file, or in memory. Raises StoreError where the file is something else."""
        name = ":memory:" if path is None else str(path)
        try:
            self._db = sqlite3.connect(name, timeout=1, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")  # what is in memory is one process's
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._prepare(name)
            self._documents: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
            for kind, key, body in self._db.execute("SELECT kind, id, body FROM documents ORDER BY position"):
                self._documents[kind][key] = json.loads(body)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreError(f"{name}: another emulator has it open") from error
            raise StoreError(f"{name}: cannot be opened: {error}") from error
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise StoreError(f"{name}: is no store of the emulator: {error}") from error
        self._undo: list[tuple[str, str, Document | None]] | None = None
        self._versions = dict.fromkeys(KINDS, 0)

    def _prepare(self, name: str) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if version not in (0, _VERSION) or (version == 0 and tables):
            raise StoreError(f"{name}: is no store of the emulator")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS documents (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, "
            "id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))"
        )
        self._db.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: on an exception, memory and file are what they were before. May be nested."""
        if self._undo is not None:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._undo = []
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._restore(self._undo)
            raise
        finally:
            self._undo = None

    def _restore(self, undo: list[tuple[str, str, Document | None]]) -> None:
        for kind, key, before in reversed(undo):
            if before is None:
                self._documents[kind].pop(key, None)
            else:
                self._documents[kind][key] = before
        for kind in KINDS:
            self._versions[kind] += 1

    def version(self, *kinds: str) -> int:
        """Return a number that grows with each change of documents of some kinds."""
        return sum(self._versions[kind] for kind in kinds)

    def all(self, kind: str) -> Mapping[str, Document]:
        """Return the documents of a kind by id. They must not be changed: ``put`` a new one instead."""
        return self._documents[kind]

    def get(self, kind: str, key: str) -> Document | None:
        """Return a document, which must not be changed, or None."""
        return self._documents[kind].get(key)

    def put(self, kind: str, key: str, document: Document) -> Document:
        """Put a document, new or in place of another, and return it."""
        with self.transaction():
            self._remember(kind, key)
            body = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
            self._db.execute(
                "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, key, body),
            )
            self._documents[kind][key] = document
            self._versions[kind] += 1
        return document

    def change(self, kind: str, key: str, **changes: Any) -> Document:
        """Put a document with some keys changed. Raises KeyError where there is none."""
        return self.put(kind, key, {**self._documents[kind][key], **changes})

    def delete(self, kind: str, key: str) -> None:
        """Delete a document, if it is there."""
        if key not in self._documents[kind]:
            return
        with self.transaction():
            self._remember(kind, key)
            self._db.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))
            del self._documents[kind][key]
            self._versions[kind] += 1

    def clear(self) -> None:
        """Delete everything."""
        with self.transaction():
            for kind in KINDS:
                for key in list(self._documents[kind]):
                    self._remember(kind, key)
                    del self._documents[kind][key]
                self._versions[kind] += 1
            self._db.execute("DELETE FROM documents")

    def next_number(self, name: str) -> int:
        """Return the next number of a sequence that starts with 1."""
        number = int((self.get("state", name) or {"value": 0})["value"]) + 1
        self.put("state", name, {"value": number})
        return number

    def close(self) -> None:
        """Close the file; the store is of no use after that."""
        self._db.close()

    def _remember(self, kind: str, key: str) -> None:
        assert self._undo is not None
        self._undo.append((kind, key, self._documents[kind].get(key)))
