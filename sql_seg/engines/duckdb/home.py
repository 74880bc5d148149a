"""Contacts and events that DuckDB has: asked in SQL, a value becoming Python's only on its way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sql_seg.core.terms import Meaning
from sql_seg.engines.duckdb.asking import ScanConditions, TablePlaces, counted
from sql_seg.engines.duckdb.connection import Connection, engine_errors, name, text
from sql_seg.engines.duckdb.holdings import DuckDBHoldings
from sql_seg.engines.duckdb.members import MembersForm, pieces, selected, write, write_bytes
from sql_seg.engines.home import Question, Questions
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.schema import Schema
from sql_seg.records.address_book import near_addresses
from sql_seg.records.loading_report import Report

_BITS = 60
"""How many segments' bits an integer of DuckDB's takes."""


class DuckDBHome(DuckDBHoldings):
    """An account in a DuckDB of its own.

    ``places`` say where contacts and events are. The contacts' relation has ``_at``, by which they are in
    order, unless it ``streams``: then it is a scan of files, made again for each question, in their order.
    ``columns`` are those that contacts have.
    """

    def __init__(
        self,
        connection: Connection,
        places: TablePlaces,
        columns: Sequence[str],
        schema: Schema,
        report: Report,
        *,
        has_list_ids: bool,
        streams: bool = False,
        present: Iterable[str] | None = None,
    ) -> None:
        self.present = frozenset(columns if present is None else present)
        """The columns that the data has, or that follow from it."""
        self.connection = connection
        self.places = places
        self.schema = schema
        self.report = report
        self.has_list_ids = has_list_ids
        self.streams = streams
        self._columns = list(columns)
        self._found: dict[tuple[str, Any], Any] = {}
        self._known: dict[tuple[Any, datetime], int] = {}

    def __len__(self) -> int:
        return self.report.contacts.kept

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._records(self._select("TRUE"))

    def remember(self, checked: Meaning, now: datetime, count: int) -> None:
        """Keep an answer that was found while the contacts were read."""
        self._known[checked.condition, now] = count

    def keys(self) -> Sequence[str]:
        """Return the columns."""
        return self._columns

    # questions

    def count(self, question: Question, now: datetime) -> int:
        """Count the members by one statement."""
        known = self._known.get((question.checked.condition, now))
        if known is not None:
            return known
        condition = self._condition(question, now)
        (found,) = self._row(f"SELECT count(*) FROM {self.places.contacts} c WHERE {condition}")
        return int(found)

    def ids(self, question: Question, now: datetime) -> Iterator[str | None]:
        """Find the ids of the members, a few at a time."""
        condition = self._condition(question, now)
        statement = f"SELECT c.contact_id FROM {self.places.contacts} c WHERE {condition}{self._in_order()}"
        return (found for (found,) in self._walked(statement))

    def members(self, question: Question, now: datetime) -> Iterator[dict[str, Any]]:
        """Find the members, a few at a time."""
        return self._records(self._select(self._condition(question, now)))

    def preview(self, question: Question, now: datetime, sample: int) -> tuple[int, list[dict[str, Any]]]:
        """Count the members and find the first of them."""
        condition = self._condition(question, now)
        if self.streams:
            count = self.count(question, now)
            return count, list(self._records(f"{self._select(condition)} LIMIT {sample}")) if count else []
        if not sample:
            return self.count(question, now), []
        count, first = self._row(
            f"SELECT count(*), min(c._at, {sample}) FROM {self.places.contacts} c WHERE {condition}"
        )
        return count, self._at(first or [])

    def counts(self, asked: Questions, now: datetime) -> list[int]:
        """Count the members of all segments in one scan."""
        known = [self._known.get((one.checked.condition, now)) for one in asked._questions]
        if None not in known:
            return [count for count in known if count is not None]
        conditions, contacts = self._in_one_scan(asked, now)
        tallies = ", ".join(map(counted, conditions))
        return list(self._row(f"SELECT {tallies} FROM {contacts}")) if conditions else []

    def tallies(self, asked: Questions, now: datetime) -> dict[int, int]:
        """Count the contacts that are in the same segments, by one statement."""
        if not asked._questions:
            return {0: len(self)} if len(self) else {}
        conditions, contacts = self._in_one_scan(asked, now)
        masks = [
            " + ".join(
                f"CASE WHEN {condition} THEN {1 << bit} ELSE 0 END"
                for bit, condition in enumerate(conditions[start : start + _BITS])
            )
            for start in range(0, len(conditions), _BITS)
        ]
        columns = ", ".join(f"CAST({mask} AS BIGINT) AS m{at}" for at, mask in enumerate(masks))
        counted: dict[int, int] = {}
        rows = self._rows(f"SELECT *, count(*) FROM (SELECT {columns} FROM {contacts}) GROUP BY ALL")
        for *parts, count in rows:
            counted[sum(part << (_BITS * at) for at, part in enumerate(parts))] = count
        return counted

    def most_frequent(self, column: str, most: int) -> list[tuple[Any, int]]:
        """Count the values by one statement."""
        if column not in self._columns:
            return []
        value = f"c.{name(column)}"
        rows = self._rows(
            f"SELECT {value}, count(*) FROM {self.places.contacts} c WHERE {value} IS NOT NULL "
            f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"
        )
        return [(_as_python(value), count) for value, count in rows]

    def extent(self, column: str) -> tuple[Any, Any] | None:
        """Find the least and the greatest value by one statement."""
        if column not in self._columns:
            return None
        return self._extent(f"c.{name(column)}", f"{self.places.contacts} c")

    def extent_of_events(self) -> tuple[datetime, datetime] | None:
        """Find the first and the last time by one statement."""
        if not self.number_of_events():
            return None
        return self._extent('e."timestamp"', f"{self.places_for([]).events} e")

    def _extent(self, column: str, relation: str) -> tuple[Any, Any] | None:
        first, last = map(_as_python, self._row(f"SELECT min({column}), max({column}) FROM {relation}"))
        return None if first is None else (first, last)

    def ids_of_each(self, asked: Questions, now: datetime) -> list[list[str | None]]:
        """Find the ids of all segments in one scan."""
        found: list[list[str | None]] = [[] for _ in asked._questions]
        for contact_id, *flags in self._flagged("c.contact_id", asked, now):
            for ids, is_member in zip(found, flags, strict=True):
                if is_member:
                    ids.append(contact_id)
        return found

    def members_of_each(self, asked: Questions, now: datetime) -> list[list[dict[str, Any]]]:
        """Find the members of all segments in one scan."""
        found: list[list[dict[str, Any]]] = [[] for _ in asked._questions]
        width = len(self._columns)
        for row in self._flagged(self._listed(), asked, now):
            for members, is_member in zip(found, row[width:], strict=True):
                if is_member:
                    members.append(self._record(row[:width]))
        return found

    def previews(
        self, asked: Questions, now: datetime, sample: int
    ) -> list[tuple[int, list[dict[str, Any]]]]:
        """Count the members of all segments, and find the first of each, in one scan."""
        if self.streams:
            counts = self.counts(asked, now)
            return [
                (count, self.preview(question, now, sample)[1] if sample and count else [])
                for question, count in zip(asked._questions, counts, strict=True)
            ]
        if not sample:
            return [(count, []) for count in self.counts(asked, now)]
        conditions, contacts = self._in_one_scan(asked, now)
        rows = [f"CASE WHEN {condition} THEN c._at END AS m{at}" for at, condition in enumerate(conditions)]
        tallies = ", ".join(f"count(m{at}), min(m{at}, {sample})" for at in range(len(conditions)))
        found = self._row(f"SELECT {tallies} FROM (SELECT {', '.join(rows)} FROM {contacts})") if rows else ()
        return [(found[at], self._at(found[at + 1] or [])) for at in range(0, len(found), 2)]

    def _in_one_scan(self, asked: Questions, now: datetime) -> tuple[list[str], str]:
        checked = [question.checked for question in asked._questions]
        return ScanConditions(self.places_for(checked), now).in_one_scan(checked)

    def _flagged(self, what: str, asked: Questions, now: datetime) -> Iterator[tuple[Any, ...]]:
        """Yield some columns of the members of any segment, and for each segment whether it is one of its."""
        conditions, contacts = self._in_one_scan(asked, now)
        # in one list, in place of columns, the flags take 1.3 times as long
        columns = ", ".join([what, *(f"coalesce({condition}, FALSE)" for condition in conditions)])
        where = " OR ".join(f"({condition})" for condition in conditions) or "FALSE"
        return self._walked(f"SELECT {columns} FROM {contacts} WHERE {where}{self._in_order()}")

    def _condition(self, question: Question, now: datetime) -> str:
        return ScanConditions(self.places_for([question.checked]), now).condition(question.checked)

    def places_for(self, checked: Sequence[Meaning]) -> TablePlaces:  # noqa: ARG002 -- others need to know
        """Return where contacts and events are for some questions."""
        return self.places

    # records

    def contact(self, id_or_address: str) -> dict[str, Any] | None:
        """Find a contact by its id, else by its email, else by an alternate email."""
        wanted = text(id_or_address)
        tests = [f"c.contact_id = {wanted}"]
        if "email" in self._columns:
            tests.append(f"lower(c.email) = lower({wanted})")
        if "alternate_emails" in self._columns:
            tests.append(
                f"list_contains(list_transform(c.alternate_emails, lambda a: lower(a)), lower({wanted}))"
            )
        for test in tests:
            for found in self._records(f"{self._select(test)} LIMIT 1"):
                return found
        return None

    def near(self, address: str) -> list[str]:
        """Find the emails nearest to an address: DuckDB chooses a few, of which the nearest are taken."""
        if "email" not in self._columns:
            return []
        wanted, email = f"lower({text(address)})", "lower(c.email)"
        rows = self._rows(
            f"SELECT c.email FROM {self.places.contacts} c WHERE c.email IS NOT NULL ORDER BY "
            f"contains({email}, {wanted}) DESC, jaro_winkler_similarity({email}, {wanted}) DESC, 1 LIMIT 50"
        )
        return near_addresses(address, (email for (email,) in rows))

    def events_of(self, contact_id: str) -> list[dict[str, Any]]:
        """Return the rows of a contact's events."""
        return list(self._events(f"c.contact_id = {text(contact_id)}"))

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield all events, a few at a time."""
        return self._events("TRUE")

    def number_of_events(self) -> int:
        """Return how many events there are."""
        return self.report.events.kept

    def event_rows(self) -> str:
        """Return the statement that selects all rows of event_data, in order."""
        return (
            f'SELECT contact_id, event_source, event_type, "timestamp", data FROM {self.places.events} '
            "ORDER BY _at"
        )

    def _events(self, where: str) -> Iterator[dict[str, Any]]:
        raise NotImplementedError

    def _at(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Return the contacts of some rows, in order."""
        if not rows:
            return []
        listed = ", ".join(map(str, rows))
        return list(self._records(self._select(f"c._at IN ({listed})")))

    def _listed(self) -> str:
        return ", ".join(f"c.{name(column)}" for column in self._columns)

    def _select(self, condition: str) -> str:
        return f"SELECT {self._listed()} FROM {self.places.contacts} c WHERE {condition}{self._in_order()}"

    def _in_order(self) -> str:
        return "" if self.streams else " ORDER BY c._at"

    def _records(self, statement: str) -> Iterator[dict[str, Any]]:
        return map(self._record, self._walked(statement))

    def _record(self, values: Sequence[Any]) -> dict[str, Any]:
        return {
            column: _as_python(value)
            for column, value in zip(self._columns, values, strict=True)
            if value is not None
        }

    def write(
        self,
        question: Question,
        now: datetime,
        path: Path,
        form: MembersForm,
        columns: Sequence[str],
        mark: bytes = b"",
    ) -> int:
        """Write all members into a file, and return how many there are; a ``mark`` stands before them.

        Raises EngineError where it cannot be written; the file is there as a whole or not at all.
        """
        statement = self._statement(question, now, form, columns)
        with engine_errors():
            if not mark:
                return write(self.connection, statement, path, form)
            write_bytes(path, chain([mark], pieces(self.connection, statement, form)))
            return self.count(question, now)

    def pieces(
        self, question: Question, now: datetime, form: MembersForm, columns: Sequence[str]
    ) -> Iterator[bytes]:
        """Yield all members as pieces of one text."""
        with engine_errors():
            yield from pieces(self.connection, self._statement(question, now, form, columns), form)

    def _statement(self, question: Question, now: datetime, form: MembersForm, columns: Sequence[str]) -> str:
        known = dict(self.connection.described(self.places.contacts))
        typed = [(column, known[column]) for column in columns if column in known]
        lacking = "".join(f", NULL AS {name(column)}" for column in columns if column not in known)
        condition = self._condition(question, now)
        source = f"FROM (SELECT *{lacking} FROM {self.places.contacts}) c WHERE {condition}{self._in_order()}"
        return selected([(column, dict(typed).get(column, "VARCHAR")) for column in columns], form, source)

    def to_arrow(self) -> Any:
        """Return the contacts as a ``pyarrow.Table``."""
        with engine_errors():
            return self.connection.cursor().sql(self._select("TRUE")).to_arrow_table()

    def __reduce__(self) -> Any:
        raise TypeError(
            "a dataset that an engine holds cannot be pickled: pickle the files' names, and load them"
        )

    def close(self) -> None:
        """Close the database, and remove what it put aside."""
        self.connection.close()


def _as_python(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER else value
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return value
