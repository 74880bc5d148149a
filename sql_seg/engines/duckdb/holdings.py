"""What there is, in an account that DuckDB has, of what a query reads: each thing found out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sql_seg.core.reads import JsonPath, Reads, places_of
from sql_seg.engines.duckdb.asking import TablePlaces
from sql_seg.engines.duckdb.connection import Connection, engine_errors, execute, name, text
from sql_seg.engines.home import Home
from sql_seg.language.datatypes import DataType
from sql_seg.records.gaps import FIRST_CONTACTS, MOMENT, NULL_WORDS, Holdings, Oddity, OddText, asked_of
from sql_seg.records.path_values import Met, PathFound
from sql_seg.sql.duckdb import pointer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 2048
_TYPES = "SELECT event_type, count(*) FROM {} GROUP BY 1 ORDER BY 2 DESC, 1"

_IS_ODD: dict[Oddity, str] = {
    "capitals": "{0} <> lower({0})",
    "blanks": "regexp_matches({0}, '^[\\s\\p{{Z}}]|[\\s\\p{{Z}}]$')",
    "null word": f"{{0}} IN ({', '.join(map(text, NULL_WORDS))})",
    "no moment": f"{{0}} <> '' AND NOT regexp_full_match({{0}}, {text(MOMENT.replace('{', '{{').replace('}', '}}'))})",
}
"""Whether a text is odd, as ``OddText`` sees it in memory."""


class DuckDBHoldings(Home):
    """Answers what there is by statements over the ``places`` of contacts and events."""

    connection: Connection
    places: TablePlaces
    present: frozenset[str]
    """The columns that the data has, or that follow from it."""
    without_lists: int = 0
    """For how many of the first contacts list_ids is NULL: of records alone, which may lack it."""
    _found: dict[tuple[str, Any], Any]

    def holdings(self, reads: Reads) -> Holdings:
        """Find out what there is of what a query reads; each thing once."""
        asks = reads.asks_for_events
        return Holdings(
            len(self),
            self.present,
            self.has_list_ids,
            self._lists(reads),
            self.number_of_events() if asks else 0,
            self._event_types(reads) if asks else {},
            {at[0]: self._once(("path", at), self._path) for at in reads.all_paths} if asks else {},
            self.report.absent,
            self._odd_texts(reads),
            self.without_lists,
        )

    def _odd_texts(self, reads: Reads) -> dict[OddText, Met]:
        asked = [each for each in asked_of(reads) if each.column in self.present]
        found = {each: self._once(("text", each), self._odd_text) for each in asked}
        return {each: met for each, met in found.items() if met is not None}

    def _odd_text(self, asked: OddText) -> Met | None:
        """Return how many of the first contacts have such a text, with the last of them in order."""
        test = _IS_ODD[asked.oddity].format("v")
        column = f"CAST({name(asked.column)} AS VARCHAR)"
        first = f"SELECT {column} AS v FROM {self.places.contacts} LIMIT {FIRST_CONTACTS}"
        return _met(*self._row(f"SELECT count(*), max(v) FROM ({first}) WHERE {test}"))

    def _lists(self, reads: Reads) -> set[str]:
        """Return those of the named lists that somebody is on."""
        return {list_id for list_id in reads.lists if self._once(("list", list_id), self._is_on_list)}

    def _is_on_list(self, list_id: str) -> bool:
        test = f"list_contains(c.list_ids, {text(list_id)})"
        return bool(self._rows(f"SELECT 1 FROM {self.places.contacts} c WHERE {test} LIMIT 1"))

    def _event_types(self, reads: Reads) -> dict[str, int]:
        """Return the types that are named and there; of tables, which may be large, only these are looked for."""
        if all(self._once(("type", each), self._has_type) for each in reads.event_types):
            return dict.fromkeys(reads.event_types, 1)
        return dict(self._once(("types", ""), lambda _: self._rows(_TYPES.format(self.places.events))))

    def _has_type(self, event_type: str) -> bool:
        test = f"event_type = {text(event_type)}"
        return bool(self._rows(f"SELECT 1 FROM {self.places.events} WHERE {test} LIMIT 1"))

    def _path(self, asked: tuple[JsonPath, tuple[DataType, ...]]) -> PathFound:
        path, types = asked
        self.connection.make_macros()
        relation = self._values_at(places_of(path))
        if relation is None:
            return PathFound(self.number_of_events())
        return _path_found(self._row(f"SELECT {_asked_of_path('there', types)} FROM {relation}"), types)

    def _values_at(self, paths: Sequence[JsonPath]) -> str | None:
        """Return the relation of what stands at the first of some paths in each event, as JSON: ``there``."""
        found = [
            f"nullif(CAST(json_extract(data, {text(pointer(*path))}) AS VARCHAR), 'null')" for path in paths
        ]
        return f"(SELECT coalesce({', '.join(found)}) AS there FROM {self.places.events})"

    def _once(self, question: tuple[str, Any], find: Callable[[Any], Any]) -> Any:
        """Return what is found out once."""
        if question not in self._found:
            self._found[question] = find(question[1])
        return self._found[question]

    def _row(self, statement: str) -> tuple[Any, ...]:
        with engine_errors():
            if self.connection.is_watched:
                return self.connection.row(statement)
            cursor = self.connection.cursor()
            (found,) = execute(cursor, statement).fetchall()
            return tuple(found)

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return list(self._walked(statement))

    def _walked(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, on a connection of their own."""
        with engine_errors():
            cursor: DuckDBPyConnection = self.connection.cursor()
            result = execute(cursor, statement)
            while found := result.fetchmany(_AT_ONCE):
                yield from found


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


def _asked_of_path(there: str, types: Sequence[DataType]) -> str:
    """Return the select list that ``_path_found`` reads; ``there`` is a column of JSON texts, NULL for nothing."""
    counts = [f"count({there})", *(f"count(*) FILTER ({test})" for test in (_IS_LIST, _IS_OBJECT))]
    unread = [f"{{0}} IS NOT NULL AND {_IS_UNREAD[kind]}" for kind in types if kind in _IS_UNREAD]
    tests = [_IS_WRITTEN_LIST, *unread]
    met = [f"count(*) FILTER ({test}), max({there}) FILTER ({test})" for test in tests]
    return ", ".join([*counts[:1], *(part.format(there) for part in [*counts[1:], *met])])


def _path_found(row: Sequence[Any], types: Sequence[DataType]) -> PathFound:
    """Return what a path finds, from the row that was asked for."""
    events, lists, objects, *found = row
    mets = [_met(*found[at : at + 2]) for at in range(0, len(found), 2)]
    kinds = [kind for kind in types if kind in _IS_UNREAD]
    unread = {kind: met for kind, met in zip(kinds, mets[1:], strict=True) if met is not None}
    return PathFound(events, lists, objects, unread, mets[0])


def _met(number: int, example: str) -> Met | None:
    return Met(number, example) if number else None
