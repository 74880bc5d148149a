"""What follows from an account's documents, kept up to date change by change: each watches a store.

Whoever puts in contacts one by one pays for each of them, and not for all that were there before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Any

from sql_seg.server.store import Document, Store

IDENTIFIERS = ("email", "phone_number_id", "external_id", "anonymous_id")

COUNTED = {"AID": "anonymous_id", "EID": "email", "EXTID": "external_id", "PHNID": "phone_number_id"}
"""What the API calls the kinds of identifiers where it counts them."""


class Identified:
    """Contacts by the kinds and values of their identifiers, and how many have each kind."""

    def __init__(self, store: Store) -> None:
        self.ids: dict[tuple[str, str], str] = {}
        self._shared: dict[tuple[str, str], list[str]] = {}
        self._counts = dict.fromkeys(IDENTIFIERS, 0)
        store.watch("contact", self._change)

    @property
    def counts(self) -> dict[str, int]:
        """How many contacts have each kind, as the API calls the kinds."""
        return {key: self._counts[name] for key, name in COUNTED.items()}

    def _change(self, key: str, before: Document | None, after: Document | None) -> None:
        old, new = dict(_identifiers(before)), dict(_identifiers(after))
        for name in IDENTIFIERS:
            self._counts[name] += (name in new) - (name in old)
            if old.get(name) == new.get(name):
                continue
            if name in old:
                self._drop((name, old[name]), key)
            if name in new:
                self._add((name, new[name]), key)

    def _add(self, identifier: tuple[str, str], key: str) -> None:
        """Give an identifier to a contact; the last one that has it is found by it."""
        if identifier in self.ids:
            self._shared.setdefault(identifier, []).append(self.ids[identifier])
        self.ids[identifier] = key

    def _drop(self, identifier: tuple[str, str], key: str) -> None:
        others = self._shared.get(identifier, [])
        if self.ids[identifier] != key:
            others.remove(key)
        elif others:
            self.ids[identifier] = others.pop()
        else:
            del self.ids[identifier]
        if not others:
            self._shared.pop(identifier, None)


def _identifiers(contact: Document | None) -> Iterator[tuple[str, str]]:
    columns = {} if contact is None else contact["columns"]
    return ((name, columns[name]) for name in IDENTIFIERS if name in columns)


class OnLists:
    """The ids of the contacts on each list, in the order that they came on it."""

    def __init__(self, store: Store) -> None:
        self.ids: dict[str, dict[str, None]] = {}
        store.watch("contact", self._change)

    def _change(self, key: str, before: Document | None, after: Document | None) -> None:
        old = () if before is None else before["list_ids"]
        new = () if after is None else after["list_ids"]
        for list_id in old:
            if list_id not in new:
                self.ids[list_id].pop(key, None)
                if not self.ids[list_id]:
                    del self.ids[list_id]
        for list_id in new:
            self.ids.setdefault(list_id, {})[key] = None


class Due:
    """The tasks in the order of their moments."""

    def __init__(self, store: Store) -> None:
        self._tasks = store.all
        self._queue: list[tuple[str, str]] = []
        store.watch("task", self._change)

    def first(self) -> tuple[str, Document] | None:
        """Return the task that is due first, and its id."""
        tasks = self._tasks("task")
        while self._queue:
            due, key = self._queue[0]
            if key in tasks and tasks[key]["due"] == due:
                return key, tasks[key]
            heappop(self._queue)  # it was done, or given up
        return None

    def at(self, due: str) -> list[Document]:
        """Return all tasks of a moment."""
        tasks = self._tasks("task")
        keys = {key for moment, key in self._queue if moment == due}
        return [tasks[key] for key in keys if key in tasks]

    def _change(self, key: str, _: Document | None, after: Document | None) -> None:
        if after is not None:
            heappush(self._queue, (after["due"], key))
        elif not self._tasks("task"):
            self._queue.clear()


class Records:
    """The contacts as queries see them, made once for each change."""

    def __init__(self, store: Store, make: Callable[[Document], dict[str, Any]]) -> None:
        self._contacts, self._make = store.all, make
        self._made: dict[str, dict[str, Any]] = {}
        store.watch("contact", self._forget)
        store.watch("field", lambda *_: self._made.clear())

    def all(self) -> list[Mapping[str, Any]]:
        """Return the records in the order of the contacts."""
        made, make = self._made, self._make
        return [
            found if (found := made.get(key)) is not None else made.setdefault(key, make(contact))
            for key, contact in self._contacts("contact").items()
        ]

    def _forget(self, key: str, _: Document | None, __: Document | None) -> None:
        self._made.pop(key, None)
