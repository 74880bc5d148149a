"""What Spark finds of what a query reads: each thing is an aggregate, asked beside the count and only once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sql_seg.core.reads import JsonPath, Reads, places_of
from sql_seg.engines.spark.columns import SparkColumn
from sql_seg.language.datatypes import DataType
from sql_seg.records.gaps import MOMENT, NULL_WORDS, Holdings, Oddity, OddText, asked_of
from sql_seg.records.path_values import NAMES, Met, PathFound
from sql_seg.sql import engine_of
from sql_seg.sql.fragments import Sql

Aggregates = Mapping[str, Any]
"""What was found, by the SQL that asked for it: numbers and texts come as texts."""

EVENTS = "count(CASE WHEN e.`?` IS NOT TRUE THEN 1 END)"
_IS_ODD: dict[Oddity, str] = {
    "capitals": "{0} <> lower({0})",
    "blanks": "{0} RLIKE '^[\\\\s\\\\p{{Z}}]|[\\\\s\\\\p{{Z}}]$'",
    "no moment": "{0} <> '' AND NOT {0} RLIKE '^("
    + MOMENT.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")
    + ")\\\\z'",
}
"""Whether a text is odd, as ``OddText`` sees it in memory."""


def _text(text: str) -> str:
    return str(engine_of("spark").value(text))


def bad(column: str) -> str:
    """Return the name under which a view says whether a column's value cannot be read."""
    return f"`?{column}`"


def raw(column: str) -> str:
    """Return the name under which a view has the text of a value as it stands in the table."""
    return f"`={column}`"


def of_bad_values(column: str) -> tuple[str, str, str]:
    """Return how to ask how many values of a column are bad, which is the last of them, and whose it is."""
    which = f"CASE WHEN c.{bad(column)} THEN c.{raw(column)} END"
    whose = f"max_by(CASE WHEN c.{bad(column)} THEN c.contact_id END, {which})"
    return f"count(CASE WHEN c.{bad(column)} THEN 1 END)", f"max({which})", whose


def of_contacts(reads: Reads, columns: Mapping[str, SparkColumn], present: frozenset[str]) -> Iterator[str]:
    """Yield what to ask of contacts for a query."""
    for column in reads.columns:
        if column in columns and columns[column].bad:
            yield from of_bad_values(column)
    for odd in asked_of(reads):
        if odd.column in present:
            yield from _of_odd_text(odd)
    if "list_ids" in present:
        yield from map(_on_list, reads.lists)


def _of_odd_text(odd: OddText) -> tuple[str, str]:
    column = f"c.`{odd.column}`"
    test = (
        f"{column} IN ({', '.join(map(_text, NULL_WORDS))})"
        if odd.oddity == "null word"
        else _IS_ODD[odd.oddity].format(column)
    )
    return f"count(CASE WHEN {test} THEN 1 END)", f"max(CASE WHEN {test} THEN {column} END)"


def _on_list(list_id: str) -> str:
    return f"count(CASE WHEN array_contains(c.list_ids, {_text(list_id)}) THEN 1 END)"


def of_events(reads: Reads) -> Iterator[str]:
    """Yield what to ask of events, as ``e``, for a query that asks for them."""
    yield EVENTS
    yield from map(_of_type, reads.event_types)
    for path, types in reads.all_paths:
        yield from _of_path(path, types)
    if reads.paths or reads.keys:
        yield from MALFORMED


def _of_type(event_type: str) -> str:
    return f"count(CASE WHEN e.event_type = {_text(event_type)} THEN 1 END)"


_IS_MALFORMED = "e.data IS NOT NULL AND e.`@` IS NULL"
MALFORMED = (
    f"count(CASE WHEN {_IS_MALFORMED} THEN 1 END)",
    f"max(CASE WHEN {_IS_MALFORMED} THEN left(e.data, 200) END)",
)
"""How many events have data that are no JSON, and the last of these."""


def _of_path(path: JsonPath, types: Sequence[DataType]) -> list[str]:
    """Return what to ask of a path, or of a key of v1's flat map, in the order of ``_path_found``.

    What stands there, and its kind, are columns of ``events_with``: so each is worked out once an event.
    """
    engine = engine_of("spark")
    value, kind = (f"e.{column}" for column in _columns_of(path))
    json = f"to_json({value})"
    inner = f"variant_get({value}, '$', 'string')"
    written = (
        f"CASE WHEN {kind} = 'STRING' THEN CASE WHEN {inner} LIKE '[%' "
        f"THEN schema_of_variant(try_parse_json({inner})) LIKE 'ARRAY%' END END"
    )
    tests = [written]
    for data_type in types:
        if data_type in NAMES:
            read = engine(_JSON[data_type], Sql(json), engine.path(()))
            tests.append(f"CASE WHEN {kind} IS NOT NULL THEN {read} IS NULL END")
    return [
        f"count({kind})",
        *(_number(f"{kind} LIKE '{test}'") for test in ("ARRAY%", "OBJECT%")),
        *(part for test in tests for part in (_number(test), f"max(CASE WHEN {test} THEN {json} END)")),
    ]


def _columns_of(path: JsonPath) -> tuple[str, str]:
    """Return the names of the columns of what stands at a path, and of its kind."""
    name = ".".join(path).replace("`", "``")
    return f"`@{name}`", f"`#{name}`"


def events_with(every: Iterable[Reads], events: str) -> str:
    """Return the relation of events with what stands at the paths that queries read: parsed once."""
    paths = list(dict.fromkeys(path for reads in every for path, _ in reads.all_paths))
    if not paths:
        return events
    engine = engine_of("spark")
    values, kinds = [], []
    for path in paths:
        found = [f"variant_get(`@`, {engine.path(place)})" for place in places_of(path)]
        there = [f"CASE WHEN schema_of_variant({one}) <> 'VOID' THEN {one} END" for one in found]
        value, kind = _columns_of(path)
        first = there[0] if len(there) == 1 else f"coalesce({', '.join(there)})"
        values.append(f"{first} AS {value}")
        kinds.append(f"schema_of_variant({value}) AS {kind}")
    parsed = f"(SELECT *, try_parse_json(data) AS `@` FROM {events})"
    return f"(SELECT *, {', '.join(kinds)} FROM (SELECT *, {', '.join(values)} FROM {parsed}))"


_JSON = {
    DataType.NUMBER: "json number",
    DataType.TIMESTAMP: "json timestamp",
    DataType.BOOLEAN: "json boolean",
    DataType.ARRAY: "json array",
}


def _number(test: str) -> str:
    return f"count(CASE WHEN {test} THEN 1 END)"


def _path_found(found: Aggregates, path: JsonPath, types: Sequence[DataType]) -> PathFound:
    events, lists, objects, *rest = (found[asked] for asked in _of_path(path, types))
    mets = [_met(*rest[at : at + 2]) for at in range(0, len(rest), 2)]
    kinds = [kind for kind in types if kind in NAMES]
    unread = {kind: met for kind, met in zip(kinds, mets[1:], strict=True) if met is not None}
    return PathFound(int(events), int(lists), int(objects), unread, mets[0])


def _met(number: str, example: str | None) -> Met | None:
    return Met(int(number), str(example)) if int(number) else None


def holdings(
    reads: Reads, contacts: int, present: frozenset[str], found: Aggregates, types: Mapping[str, int]
) -> Holdings:
    """Return what there is of what a query reads, from all that was found.

    ``types`` are all types of events, where one that is named is not there.
    """
    asks = reads.asks_for_events
    odd = {
        each: _met(*map(found.__getitem__, _of_odd_text(each)))
        for each in asked_of(reads)
        if each.column in present
    }
    has_list_ids = "list_ids" in present
    return Holdings(
        contacts,
        present,
        has_list_ids,
        {one for one in reads.lists if has_list_ids and int(found[_on_list(one)])},
        int(found[EVENTS]) if asks else 0,
        (types or dict.fromkeys(reads.event_types, 1)) if asks else {},
        {path: _path_found(found, path, kinds) for path, kinds in reads.all_paths} if asks else {},
        odd_texts={each: met for each, met in odd.items() if met is not None},
        looked_at=contacts,
    )


def lacks_types(reads: Reads, found: Aggregates) -> bool:
    """Return whether events are of none of the named types."""
    return any(not int(found[_of_type(one)]) for one in reads.event_types)
