"""What a path finds in events that DuckDB has, asked in one scan: as ``records.path_values`` finds it in rows."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.core.reads import JsonPath, Reads
from sql_seg.engines.duckdb.connection import text
from sql_seg.language.datatypes import DataType
from sql_seg.records.path_values import Met, PathFound
from sql_seg.sql.duckdb import pointer

_IS_LIST = "{0}[1] = '['"
_IS_OBJECT = "{0}[1] = '{{'"
_IS_WRITTEN_LIST = "CASE WHEN starts_with({0}, '\"[') THEN CASE WHEN json_valid(jstr({0})) THEN json_type(jstr({0})) = 'ARRAY' END END"
_IS_UNREAD = {
    DataType.NUMBER: (
        "CASE WHEN {0}[1] = '\"' THEN (regexp_full_match(jstr({0}), '[+-]?[0-9]+(?:\\.[0-9]+)?') "
        "AND isfinite(TRY_CAST(jstr({0}) AS DOUBLE))) IS NOT TRUE ELSE {0}[1] IN ('[', '{{') END"
    ),
    DataType.BOOLEAN: "lower(CASE WHEN {0}[1] = '\"' THEN jstr({0}) ELSE {0} END) NOT IN ('true', 'false')",
    DataType.TIMESTAMP: (
        "CASE WHEN {0}[1] = '\"' THEN read_form(jstr({0})) IS NULL "
        "ELSE (jnum({0}) BETWEEN -62135596800 AND 253402300799) IS NOT TRUE END"
    ),
    DataType.ARRAY: "{0}[1] NOT IN ('\"', '[')",
}
"""Whether a JSON text is NULL as each type."""


def paths_asked(reads: Reads) -> list[tuple[JsonPath, tuple[DataType, ...]]]:
    """Return the paths that a query reads, and its keys of v1's flat map, with the types they are read as."""
    return [*reads.paths.items(), *(((key,), (DataType.VARCHAR,)) for key in reads.keys)]


def places_of(path: JsonPath) -> list[JsonPath]:
    """Return where a path leads, or a key of v1's flat map, the first that is there."""
    return [path] if len(path) > 1 else [("payload", *path), ("payload", "unique_args", *path)]


def values_in_data(paths: Sequence[JsonPath], events: str) -> str:
    """Return the relation of what stands at the first of some paths in rows of event_data, as JSON: ``there``."""
    found = [f"nullif(CAST(json_extract(data, {text(pointer(*path))}) AS VARCHAR), 'null')" for path in paths]
    return f"(SELECT coalesce({', '.join(found)}) AS there FROM {events})"


def asked_of_path(there: str, types: Sequence[DataType]) -> str:
    """Return the select list that ``path_found`` reads; ``there`` is a column of JSON texts, NULL for nothing."""
    counts = [f"count({there})", *(f"count(*) FILTER ({test})" for test in (_IS_LIST, _IS_OBJECT))]
    unread = [f"{{0}} IS NOT NULL AND {_IS_UNREAD[kind]}" for kind in types if kind in _IS_UNREAD]
    tests = [_IS_WRITTEN_LIST, *unread]
    met = [f"count(*) FILTER ({test}), max({there}) FILTER ({test})" for test in tests]
    return ", ".join([*counts[:1], *(part.format(there) for part in [*counts[1:], *met])])


def path_found(row: Sequence[object], types: Sequence[DataType]) -> PathFound:
    """Return what a path finds, from the row that was asked for."""
    events, lists, objects, *found = row
    mets = [_met(*found[at : at + 2]) for at in range(0, len(found), 2)]
    kinds = [kind for kind in types if kind in _IS_UNREAD]
    unread = {kind: met for kind, met in zip(kinds, mets[1:], strict=True) if met is not None}
    return PathFound(int(str(events)), int(str(lists)), int(str(objects)), unread, mets[0])


def _met(number: object, example: object) -> Met | None:
    return Met(int(str(number)), str(example)) if number else None
