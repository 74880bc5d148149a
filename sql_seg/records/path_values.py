"""What paths into events find, and what of it the type that a query asks for cannot hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sql_seg.core.reads import JsonPath, Reads
from sql_seg.language.datatypes import DataType
from sql_seg.language.json_paths import JSON_READERS, find

NAMES = {
    DataType.NUMBER: "number",
    DataType.TIMESTAMP: "timestamp",
    DataType.BOOLEAN: "truth value",
    DataType.ARRAY: "list and no text",
}
"""What a value has to be, by the type that a path is read as, so that it is not NULL. As texts all but lists
and objects can be read."""


class Met(NamedTuple):
    """How many events have a value of a kind, and the last of these values, in order of their JSON texts."""

    events: int
    example: str


class PathFound(NamedTuple):
    """What a path finds in the events.

    In how many it leads to something, to a list, to an object; which values are ``unread`` as each type that
    is asked for; which are lists that were ``written`` into a text, as JSON.
    """

    events: int
    lists: int = 0
    objects: int = 0
    unread: Mapping[DataType, Met] = {}
    written: Met | None = None


def paths_found(events: Iterable[Mapping[str, Any]], reads: Reads) -> dict[JsonPath, PathFound]:
    """Return what the paths and keys that a query reads find in rows of event_data."""
    rows = events if isinstance(events, list) else list(events)
    found = {
        path: _found([find(row.get("data"), path) for row in rows], types)
        for path, types in reads.paths.items()
    }
    found.update(
        {(key,): _found([_of_map(row.get("data"), key) for row in rows], (_TEXT,)) for key in reads.keys}
    )
    return found


_TEXT = DataType.VARCHAR


def _of_map(data: Any, key: str) -> Any:
    """Return what stands under a key of v1's flat map of events."""
    own = find(data, ("payload", key))
    return find(data, ("payload", "unique_args", key)) if own is None else own


def _found(values: list[Any], types: Iterable[DataType]) -> PathFound:
    there = [value for value in values if value is not None]
    unread = {
        kind: met
        for kind in types
        if kind in NAMES and (met := _met(value for value in there if JSON_READERS[kind](value) is None))
    }
    return PathFound(
        len(there),
        sum(isinstance(value, list | tuple) for value in there),
        sum(isinstance(value, Mapping) for value in there),
        unread,
        _met(filter(_is_written_list, there)),
    )


def _met(values: Iterable[Any]) -> Met | None:
    texts = [json.dumps(value, ensure_ascii=False, default=str) for value in values]
    return Met(len(texts), max(texts)) if texts else None


def _is_written_list(value: Any) -> bool:
    """Return whether a value is a text that JSON reads as a list."""
    if not isinstance(value, str) or value[:1] != "[":
        return False
    try:
        return isinstance(json.loads(value), list)
    except (ValueError, RecursionError):
        return False


def said_of(name: str, found: PathFound, types: Iterable[DataType]) -> Iterator[str]:
    """Yield a sentence for each kind of values that a path finds and that no condition finds."""
    asked = set(types)
    if found.lists and DataType.VARCHAR in asked:
        yield f"{_have(found.lists)} a list under {name}, which never equals a text"
    if found.objects and DataType.VARCHAR in asked:
        yield f"{_have(found.objects)} an object under {name}, which never equals a text"
    for kind, met in found.unread.items():
        what = f"a value under {name} that is no {NAMES[kind]}, such as {_cut(met.example)}"
        yield f"{_have(met.events)} {what}: it is NULL there"
    if found.written is not None and asked & {DataType.VARCHAR, DataType.ARRAY}:
        example = _cut(json.loads(found.written.example))
        what = f"a list written as a text under {name}, such as {example}"
        yield f"{_have(found.written.events)} {what}: it is one value, and nothing finds what stands in it"


_LONGEST_SHOWN = 40


def _cut(example: str) -> str:
    return example if len(example) <= _LONGEST_SHOWN else example[:_LONGEST_SHOWN] + "…"


def _have(events: int) -> str:
    return f"{events:,} event has" if events == 1 else f"{events:,} events have"
