"""Events from files: the contact that each is of, each once, and no more of it than is asked for.

The lanes are those of ``contacts``. What matters of an event are its type, its time, whose it is, its id (by
which repeats are known), and what queries read of its data; a path into ``data`` is a key of the webhook's
object, so the object itself is kept only where everything is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sql_seg.core.reads import PRESENCE, JsonPath
from sql_seg.engines.duckdb.clean_copies import clean_json
from sql_seg.engines.duckdb.connection import Connection, name, text, unreadable
from sql_seg.engines.duckdb.contacts import BY_EMAIL, by_alternate_email
from sql_seg.engines.duckdb.contacts import TABLE as CONTACTS
from sql_seg.engines.duckdb.event_cells import event_csv_as_json
from sql_seg.engines.duckdb.event_values import (
    DOUBT,
    EXACT_CELLS,
    EXACT_EVENT,
    EXACT_VALUES,
    PLAIN_EVENT,
    PLAIN_KEYS,
    ROW_KEYS,
    columns_of,
    of_webhook,
    text_in_object,
    webhook_places,
)
from sql_seg.engines.duckdb.parquet_rows import as_json_rows
from sql_seg.engines.duckdb.sources import IS_OBJECT, DataFile, listed
from sql_seg.errors import RecordError
from sql_seg.records.events import event_address, event_id, event_row, is_of_the_account
from sql_seg.records.json_text import read_json, why_malformed
from sql_seg.records.loading_report import Problem, Report
from sql_seg.sql.duckdb import pointer

TABLE = "events"
"""The table that events are put into."""

_MANY = 20


@dataclass(slots=True)
class EventFiles:
    """The events of some files; ``reads`` are what queries read of their data, None where all is kept."""

    connection: Connection
    report: Report
    reads: tuple[JsonPath, ...] | None
    lanes: list[str] = field(default_factory=list)
    sources: list[DataFile] = field(default_factory=list)
    _refused: list[Problem] = field(default_factory=list)

    def load(self, sources: Sequence[DataFile]) -> None:
        """Put the events of files into a table. Contacts are in theirs.

        Raises RecordError for a file that cannot be read and, with ``fail``, for the first bad event.
        """
        self._book()
        tables = []
        for index, source in enumerate(sources):
            table = f"{TABLE}_{index}"
            before = self.report.events.skipped
            self.report.keys_twice += [source.twice] * bool(source.twice)
            self._load_one(source, table)
            tables.append(table)
            (n,) = self.connection.row(f"SELECT count(*) FROM {table}")
            if not n and self.report.events.skipped == before:
                self.report.notes.append(f"{source.name}: has no events")
        self._together(tables)
        self._drop_repeats()
        self._find_contacts()
        for source in self.sources:
            source.must_be_unchanged()

    # whose an event is

    def _book(self) -> None:
        """Make the table of the contacts' addresses."""
        self.connection.run(f"CREATE OR REPLACE TABLE emails AS {BY_EMAIL}")

    def _find_contacts(self) -> None:
        """Find the contacts of events that name one by id, or by an alternate email."""
        ids, lost = self.connection.row(f"SELECT count(id), count(*) FILTER (WHERE rid IS NULL) FROM {TABLE}")
        if ids:
            self.connection.run(
                f"UPDATE {TABLE} SET rid = c.rowid FROM {CONTACTS} c WHERE {TABLE}.id = c.contact_id"
            )
        if lost > ids or (lost and ids):
            lost_addresses = f"SELECT address FROM {TABLE} WHERE rid IS NULL"
            self.connection.run(f"CREATE OR REPLACE TEMP TABLE late AS {by_alternate_email(lost_addresses)}")
            (found, shared) = self.connection.row("SELECT count(*), count(*) FILTER (WHERE n > 1) FROM late")
            self.report.shared_addresses += shared
            if found:
                self.connection.run(
                    f"UPDATE {TABLE} SET rid = late.rid FROM late WHERE {TABLE}.rid IS NULL AND {TABLE}.address = late.address"
                )
        (shared,) = self.connection.row("SELECT count(*) FILTER (WHERE n > 1) FROM emails")
        self.report.shared_addresses += shared
        n, strangers = self.connection.row(
            f"SELECT count(*), count(*) FILTER (WHERE rid IS NULL) FROM {TABLE}"
        )
        self.report.events.kept, self.report.events.strangers = n - strangers, strangers
        if strangers:
            self.connection.run(f"DELETE FROM {TABLE} WHERE rid IS NULL")
        self.connection.run("DROP TABLE emails")

    # files

    def _load_one(self, source: DataFile, table: str) -> None:
        source = as_json_rows(source, self.connection)
        if source.is_csv:
            source = event_csv_as_json(source, self.connection, self._refuse)
            self.lanes.append(f"{source.name}: slow")
        elif source.form == "any json":
            source = self._clean(source)
        self.sources.append(source)
        if (
            self.reads is not None
            and not any(path[-1] == PRESENCE for path in self.reads)  # a column is NULL for a JSON null too
            and source.form in ("ndjson", "array")
            and self._load_plainly(source, table)
        ):
            return
        try:
            self._load_exactly(source, table)
        except unreadable():
            if source.form == "clean json":
                raise
            self._load_exactly(self._clean(source), table)

    def _clean(self, source: DataFile) -> DataFile:
        self.lanes.append(f"{source.name}: slow")
        return clean_json(source, self.connection, "event", self._refuse)

    def _refuse(self, problem: Problem) -> None:
        """Keep a problem until it is its row's turn."""
        self._refused.append(problem)

    def _load_plainly(self, source: DataFile, table: str) -> bool:
        """Load a file as DuckDB reads its objects, and the few doubtful ones once more; False where many are.

        A key that is read as text takes numbers and objects for texts in silence: what is not of the usual
        form is doubted.
        """
        types, columns = self._plain_columns()
        if any(kind != "VARCHAR" for key, kind in types.items() if key in PLAIN_KEYS):
            return False
        scan = source.typed_objects(types)
        doubt = DOUBT
        try:
            self._fill(table, f"SELECT {PLAIN_EVENT}, ({doubt}) AS doubt{columns} FROM {scan}")
        except unreadable():
            return False
        n, doubted = self.connection.row(f"SELECT count(*), count(*) FILTER (WHERE doubt) FROM {table}")
        if doubted > n / _MANY:
            return False
        if not doubted:
            self.lanes.append(f"{source.name}: fast")
            return True
        numbered = f"SELECT row_number() OVER () AS nth, {doubt} AS doubt FROM {scan}"
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE doubted AS SELECT nth FROM ({numbered}) WHERE doubt"
        )
        lines = f"SELECT _row, j, row_number() OVER () AS nth FROM {source.lines()}"
        known, found = self.connection.row(
            f"SELECT count(*), list(struct_pack(_row, j)) FILTER (WHERE nth IN (FROM doubted)) FROM ({lines})"
        )
        rows = sorted((one["_row"], one["j"]) for one in found or ())
        if known != n:
            return False
        self.lanes.append(f"{source.name}: middle")
        self.connection.run(f"DELETE FROM {table} WHERE doubt")
        self._judge(source, table, rows)
        return True

    def _plain_columns(self) -> tuple[dict[str, str], str]:
        """Return the keys that DuckDB is to read, and the SQL of what is kept of them."""
        assert self.reads is not None
        types = dict.fromkeys(PLAIN_KEYS, "VARCHAR")
        types |= {key: "JSON" for path in self.reads for key, *_ in webhook_places(path)}
        return types, columns_of(self.reads, lambda path: of_webhook(path, _in_columns))

    def _load_exactly(self, source: DataFile, table: str) -> None:
        """Load a file by the kinds of its JSON values; those that are no events are judged one by one."""
        self._fill(
            table,
            f"SELECT {EXACT_EVENT}{self._exact_columns()}, _row, CASE WHEN doubt THEN _j END AS _j "
            f"FROM (SELECT {EXACT_VALUES} FROM (SELECT {EXACT_CELLS} FROM {self._apart(source)}))",
        )
        rows = self.connection.rows(f"SELECT _row, _j FROM {table} WHERE doubt ORDER BY _row, rowid")
        if not any(source.name in lane for lane in self.lanes):
            self.lanes.append(f"{source.name}: exact")
        if rows or self._refused:
            self.connection.run(f"DELETE FROM {table} WHERE doubt")
            self._judge(source, table, rows)
        self.connection.run(f"ALTER TABLE {table} DROP COLUMN _row; ALTER TABLE {table} DROP COLUMN _j")

    def _apart(self, source: DataFile) -> str:
        """Return objects with the values of the keys that matter, as JSON texts."""
        places = [pointer(key) for key in (*PLAIN_KEYS, *ROW_KEYS)]
        places += ["/data", "/data/payload/sg_event_id"]
        names = [*PLAIN_KEYS, *ROW_KEYS, "data", "data_id"]
        columns = ", ".join(f"CAST(c[{at}] AS VARCHAR) AS {name(key)}" for at, key in enumerate(names, 1))
        listed_places = ", ".join(map(text, places))
        inner = f"SELECT _row, j, CASE WHEN {IS_OBJECT} THEN json_extract(j, [{listed_places}]) END AS c FROM {source.lines()}"
        return f"(SELECT _row, j AS _j, {columns} FROM ({inner}))"

    def _exact_columns(self) -> str:
        if self.reads is None:
            return ", CASE WHEN NOT doubt THEN _j END AS raw, webhook"
        return columns_of(self.reads, text_in_object("_j", "webhook"))

    def _fill(self, table: str, select: str) -> None:
        # the planner takes a JSON file for some 40 rows, and would build the hash table of all events
        self.connection.run("SET disabled_optimizers = 'build_side_probe_side'")
        try:
            self.connection.run(
                f"CREATE OR REPLACE TABLE {table} AS SELECT e.rid AS rid, r.* EXCLUDE (address), "
                f"CASE WHEN e.rid IS NULL THEN r.address END AS address FROM ({select}) r LEFT JOIN emails e USING (address)"
            )
        finally:
            self.connection.run("SET disabled_optimizers = ''")

    # odd events

    def _judge(self, source: DataFile, table: str, rows: Sequence[tuple[int, str]]) -> None:
        """Read doubtful events again in Python: those that are events are put in, the others named."""
        found = []
        for number, item in self._items(source, rows):
            if isinstance(item, Problem):
                self.report.skip_row(self.report.events, item)
                continue
            if is_of_the_account(item):
                self.report.of_the_account += 1
                continue
            try:
                event = event_row(item)
            except RecordError as error:
                problem = Problem(source.name, number, error.key, error.value, str(error))
                self.report.skip_row(self.report.events, problem, error.expected)
                continue
            found.append(self._stored(item, event))
        if not found:
            return
        self.connection.run(
            'CREATE OR REPLACE TEMP TABLE found (event_type VARCHAR, "timestamp" TIMESTAMP, source VARCHAR, '
            "eid VARCHAR, id VARCHAR, address VARCHAR, _item VARCHAR)"
        )
        self.connection.duckdb.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)", found)
        is_webhook = "json_exists(_item, '/event')"
        if self.reads is None:
            kept = f", _item AS raw, {is_webhook} AS webhook"
        else:
            kept = columns_of(self.reads, text_in_object("_item", is_webhook))
        self.connection.run(
            f'INSERT INTO {table} BY NAME SELECT e.rid, event_type, "timestamp", source, '
            "CASE WHEN f.eid <> '' THEN hash(f.eid) END AS eid, f.id, FALSE AS doubt, "
            f"CASE WHEN e.rid IS NULL THEN f.address END AS address{kept} "
            "FROM found f LEFT JOIN emails e ON f.id IS NULL AND f.address = e.address"
        )

    def _items(self, source: DataFile, rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
        """Yield the values of lines with their numbers, and among them the problems of what is no value."""
        refused = [(problem.row or 0, problem) for problem in self._refused]
        self._refused.clear()
        both: list[tuple[int, Any]] = [*rows, *refused]
        for number, line in sorted(both, key=itemgetter(0)):
            if isinstance(line, Problem):
                yield number, line
                continue
            try:
                value = read_json(line)
            except ValueError as error:
                yield number, Problem(source.name, number, None, None, why_malformed(error))
                continue
            for item in value if isinstance(value, list) else [value]:
                yield number, item

    def _stored(self, item: Mapping[str, Any], event: dict[str, Any]) -> list[Any]:
        address = event_address(item)
        contact_id = event.get("contact_id")
        return [
            event["event_type"],
            event["timestamp"].replace(tzinfo=None),
            event.get("event_source"),
            event_id(event),
            contact_id,
            address.lower() if address and contact_id is None else None,
            json.dumps(item),
        ]

    # repeats

    def _together(self, tables: Sequence[str]) -> None:
        """Make one table of the files' tables, in their order."""
        if len(tables) == 1:
            self.connection.run(f"DROP TABLE IF EXISTS {TABLE}; ALTER TABLE {tables[0]} RENAME TO {TABLE}")
            return
        self.connection.run(
            f"CREATE OR REPLACE TABLE {TABLE} AS {listed(f'SELECT * FROM {table}' for table in tables)};"
            + ";".join(f"DROP TABLE {table}" for table in tables)
        )

    def _drop_repeats(self) -> None:
        """Leave out events that came before: of the same id, type, time and address."""
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE twice AS SELECT eid FROM {TABLE} WHERE eid IS NOT NULL GROUP BY eid HAVING count(*) > 1"
        )
        if self.connection.row("SELECT count(*) FROM twice") == (0,):
            return
        same = 'hash(eid, event_type, "timestamp", id, rid, address)'
        self.connection.run(
            "CREATE OR REPLACE TEMP TABLE again AS SELECT place, eid, same, row_number() OVER (PARTITION BY same ORDER BY place) AS nth "
            f"FROM (SELECT rowid AS place, eid, {same} AS same FROM {TABLE} WHERE eid IN (FROM twice))"
        )
        repeats, self.report.ambiguous_ids = self.connection.row(
            "SELECT count(*) FILTER (WHERE nth > 1), "
            "(SELECT count(*) FROM (SELECT eid FROM again WHERE nth = 1 GROUP BY eid HAVING count(*) > 1)) FROM again"
        )
        self.report.events.repeats = repeats
        if repeats:
            self.connection.run(f"DELETE FROM {TABLE} WHERE rowid IN (SELECT place FROM again WHERE nth > 1)")


def _in_columns(place: tuple[str, ...]) -> str:
    """Return the SQL of a place in an object whose keys are columns."""
    key, *inside = place
    return f"json_extract({name(key)}, {text(pointer(*inside))})" if inside else name(key)
