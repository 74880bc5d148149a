"""What the emulator remembers: documents of several kinds, in SQLite and, as they are now, in memory.

Every document is a JSON object with an id. Reading is from memory; a change is written to SQLite in the
transaction of its request, which is committed before the request is answered: what was acknowledged is there
after any crash of the process. Who keeps something that follows from documents watches them, so that a change
costs what it changes, however many there are.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Watcher = Callable[[str, Document | None, Document | None], None]
"""Is called with each change: an id, the document before, and the one after."""

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
    "use",
    "webhook",
)
_VERSION = 1


class StoreError(Exception):
    """A file that is no store of the emulator, or of another version."""


class FullError(Exception):
    """A change that could not be written: the file's disk is full, or fails. Nothing of it was done."""


class Store:
    """Documents by kind and id, in the order they were first put there; see the module."""

    def __init__(self, path: Path | str | None = None) -> None:
        """Open the store in a file, or in memory. Raises StoreError where the file is something else."""
        self._watchers: dict[str, list[Watcher]] = {kind: [] for kind in KINDS}
        self._is_lasting, self._is_closed = path is not None, False
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
        self._db.execute("CREATE TABLE IF NOT EXISTS members (id TEXT PRIMARY KEY, ids BLOB NOT NULL)")
        self._db.execute("CREATE TABLE IF NOT EXISTS journal (position INTEGER PRIMARY KEY, entry TEXT)")
        self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def watch(self, kind: str, watcher: Watcher) -> None:
        """Report each change of a kind, and first the documents that are there."""
        self._watchers[kind].append(watcher)
        for key, document in self._documents[kind].items():
            watcher(key, None, document)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: on an exception, memory and file are what they were before. May be nested.

        Raises FullError where the file takes no more.
        """
        if self._undo is not None:
            yield
            return
        undo: list[tuple[str, str, Document | None]] = []
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._undo = undo
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._restore(undo)
            if isinstance(error, sqlite3.OperationalError):
                with suppress(sqlite3.Error):  # what was committed may take less room
                    self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raise FullError(str(error)) from error
            raise
        finally:
            self._undo = None

    def _restore(self, undo: list[tuple[str, str, Document | None]]) -> None:
        returned = {kind for kind, key, before in undo if before and key not in self._documents[kind]}
        for kind, key, before in reversed(undo):
            self._set(kind, key, before)
        for kind in returned:  # in their old places
            order = self._db.execute("SELECT id FROM documents WHERE kind = ? ORDER BY position", (kind,))
            known = self._documents[kind]
            self._documents[kind] = {key: known[key] for (key,) in order}

    def _set(self, kind: str, key: str, document: Document | None) -> None:
        """Change what is in memory, and tell those who watch."""
        before = self._documents[kind].get(key)
        if document is None:
            self._documents[kind].pop(key, None)
        else:
            self._documents[kind][key] = document
        self._versions[kind] += 1
        for watcher in self._watchers[kind]:
            watcher(key, before, document)

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
            self._set(kind, key, document)
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
            self._set(kind, key, None)

    def clear(self) -> None:
        """Delete everything."""
        with self.transaction():
            for kind in KINDS:
                for key in list(self._documents[kind]):
                    self._remember(kind, key)
                    self._set(kind, key, None)
            self._db.execute("DELETE FROM documents")
            self._db.execute("DELETE FROM members")
            self._db.execute("DELETE FROM journal")

    def next_number(self, name: str) -> int:
        """Return the next number of a sequence that starts with 1."""
        number = int((self.get("state", name) or {"value": 0})["value"]) + 1
        self.put("state", name, {"value": number})
        return number

    def put_members(self, segment_id: str, ids: frozenset[str] | None) -> None:
        """Write down who is in a segment, so that it is known after a restart; None forgets it.

        It is kept in the file alone: in memory, the account has the set itself.
        """
        if not self._is_lasting:
            return
        with self.transaction():
            if ids is None:
                self._db.execute("DELETE FROM members WHERE id = ?", (segment_id,))
            else:
                packed = zlib.compress(json.dumps(sorted(ids)).encode(), 1)
                self._db.execute("INSERT OR REPLACE INTO members VALUES (?, ?)", (segment_id, packed))

    def members(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield who is in each segment, as it was written down."""
        for segment_id, packed in self._db.execute("SELECT id, ids FROM members"):
            yield segment_id, frozenset(json.loads(zlib.decompress(packed)))

    def write_down(self, entry: Document, most: int) -> None:
        """Write down a request, and forget all but the latest ones; in the file alone, as with members."""
        if not self._is_lasting:
            return
        with self.transaction():
            body = json.dumps(entry, ensure_ascii=True, separators=(",", ":"))
            added = self._db.execute("INSERT INTO journal (entry) VALUES (?)", (body,)).lastrowid
            self._db.execute("DELETE FROM journal WHERE position <= ?", ((added or 0) - most,))

    def journal(self) -> Iterator[Document]:
        """Yield the requests that were written down, the oldest first."""
        for (body,) in self._db.execute("SELECT entry FROM journal ORDER BY position"):
            yield json.loads(body)

    def forget_journal(self) -> None:
        """Forget the requests that were written down."""
        with self.transaction():
            self._db.execute("DELETE FROM journal")

    @property
    def is_open(self) -> bool:
        """Whether it is of use still."""
        return not self._is_closed

    def close(self) -> None:
        """Close the file; the store is of no use after that."""
        self._is_closed = True
        self._db.close()

    def _remember(self, kind: str, key: str) -> None:
        assert self._undo is not None
        self._undo.append((kind, key, self._documents[kind].get(key)))
