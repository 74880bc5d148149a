"""An account's files, from what they are to a home that answers questions of them.

Opening comes first: names and types of columns are needed to check queries, and what these read says what is
to be read. Where all is in Parquet it is asked in place. Other files go through the lanes of ``contacts``;
questions that are known by then are answered by the very scan that checks the rows, if it finds none that is
odd.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sql_seg.core.reads import PRESENCE, JsonPath, Reads, asks_for_events, paths_read
from sql_seg.core.terms import Meaning
from sql_seg.engines.duckdb.asking import (
    ScanConditions,
    TablePlaces,
    column_name,
)
from sql_seg.engines.duckdb.connection import Connection, Watch, engine_errors, name, text
from sql_seg.engines.duckdb.contacts import TABLE as CONTACTS
from sql_seg.engines.duckdb.contacts import Contacts
from sql_seg.engines.duckdb.event_values import columns_of as columns_of_reads
from sql_seg.engines.duckdb.event_values import data_of_object, text_in_object
from sql_seg.engines.duckdb.events import TABLE as EVENTS
from sql_seg.engines.duckdb.events import EventFiles
from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.given import GivenTables
from sql_seg.engines.duckdb.given_columns import kind_of
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.engines.duckdb.lists import TABLE as LISTED
from sql_seg.engines.duckdb.lists import Lists
from sql_seg.engines.duckdb.members import MembersForm, Packed
from sql_seg.engines.duckdb.parquet_rows import as_json_rows, parquet_columns
from sql_seg.engines.duckdb.sniffing import sources_of
from sql_seg.engines.duckdb.sources import DataFile
from sql_seg.engines.duckdb.taking import parquet
from sql_seg.engines.home import Question
from sql_seg.frozen import replace
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.records.account_sources import DUCKDBS_OWN_LIMIT, AccountSources
from sql_seg.records.contact_objects import NOT_FIELDS
from sql_seg.records.events import event_row
from sql_seg.records.field_definitions import read_definitions
from sql_seg.records.json_text import read_own_json
from sql_seg.records.loading_report import Report

_ADDRESSES = frozenset({"email", "alternate_emails"})


class AccountFiles:
    """The files of an account: opened first, so that its columns are known; read when it is known what for.

    ``wanted`` are the columns that matter, by lower-case name, and None where all do.
    """

    def __init__(
        self,
        sources: AccountSources,
        *,
        wanted: frozenset[str] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.report = Report(sources.on_error)
        self._has_room = sources.memory_limit is DUCKDBS_OWN_LIMIT
        self._given: GivenTables | None = None
        self._parquet: list[DataFile] = []
        self.schema: Schema
        self._lists = sources.list_files
        fields = Fields(read_definitions(sources.definitions), sources.hints, self.report)
        self._connection = Connection(memory_limit=sources.memory_limit, watch=watch)
        try:
            if wanted is not None and (self._lists or sources.events):
                wanted |= _ADDRESSES | ({"list_ids"} if self._lists else set())
            self._contacts = Contacts(self._connection, fields, self.report, sources.empty, wanted)
            with engine_errors():
                contacts = sources_of(sources.contacts, "contact", self._connection, sources)
                self._events = sources_of(sources.events, "event", self._connection, sources)
                if self._are_tables(contacts):
                    given_schema = None if sources.definitions is None else fields.schema
                    self._parquet = [*contacts, *self._events]
                    self._given = self._tables(contacts, given_schema, wanted, sources)
                    self.schema = self._given.schema
                    return
                self._contacts.open(
                    [
                        self._typed_rows(source, fields) if source.form == "parquet" else source
                        for source in contacts
                    ]
                )
                self._members = [
                    (list_id, sources_of(paths, "contact", self._connection, sources))
                    for list_id, paths in self._lists
                ]
            self.schema = fields.schema
        except BaseException:
            self.close()
            raise

    @property
    def lanes(self) -> list[str]:
        """Which way each file went."""
        return self._contacts.lanes

    def read(
        self,
        checked: Sequence[Meaning] | None = None,
        now: datetime | None = None,
        *,
        writes_csv: bool = False,
    ) -> DuckDBHome:
        """Read the files, for some questions at a moment or, without them, for all that may come.

        It ``writes_csv`` where the members of the one question are to be written so.
        Raises RecordError for a file that cannot be read and, with ``fail``, for the first bad value.
        """
        try:
            with engine_errors():
                if self._given is None:
                    return self._read(checked, now, writes_csv=writes_csv)
                home = self._given.home(checked or (), now)
            for source in self._parquet:
                source.must_be_unchanged()
            return home
        except BaseException:
            self.close()
            raise

    def _typed_rows(self, source: DataFile, fields: Fields) -> DataFile:
        """Return a Parquet file as rows of JSON, once the types of its columns are taken note of."""
        for given, duckdb_type in parquet_columns(source, self._connection).items():
            kind = kind_of(duckdb_type)
            if kind not in (None, DataType.ARRAY):
                fields.meet_typed(given.lower(), given, kind, duckdb_type)
        return as_json_rows(source, self._connection)

    def _are_tables(self, contacts: Sequence[DataFile]) -> bool:
        """Return whether all is in Parquet and can be asked there: contacts, and rows of event_data."""
        if self._lists or not contacts:
            return False
        if any(source.form != "parquet" for source in [*contacts, *self._events]):
            return False
        if not (self._agree(contacts) and self._agree(self._events)):
            return False
        return all(self._are_rows(source) for source in self._events)

    def _agree(self, sources: Sequence[DataFile]) -> bool:
        """Return whether columns are of one kind in all Parquet files: if not, each value is read by itself.

        Put together by DuckDB a number would be the text 1.0, or some types not go together at all.
        """
        kinds: dict[str, DataType | str] = {}
        for source in sources:
            for given, duckdb_type in parquet_columns(source, self._connection).items():
                kind = kind_of(duckdb_type)
                exact = duckdb_type if kind in (None, DataType.ARRAY) else kind
                if kinds.setdefault(given.lower(), exact) != exact:
                    return False
        return True

    def _are_rows(self, source: DataFile) -> bool:
        """Return whether a Parquet file has rows of event_data, each with the id of its contact."""
        columns = {given.lower(): given for given in parquet_columns(source, self._connection)}
        if not {"contact_id", "event_type"} <= columns.keys():
            return False
        nobody = f"{name(columns['contact_id'])} IS NULL"
        file = f"read_parquet({text(str(source.path))})"
        return "email" not in columns or not self._connection.rows(
            f"SELECT 1 FROM {file} WHERE {nobody} LIMIT 1"
        )

    def _tables(
        self,
        contacts: Sequence[DataFile],
        schema: Schema | None,
        wanted: frozenset[str] | None,
        sources: AccountSources,
    ) -> GivenTables:
        """Return Parquet files as tables."""
        columns = {source.name: parquet_columns(source, self._connection) for source in contacts}
        self.report.note_absent({file: set(map(str.lower, keys)) for file, keys in columns.items()})
        files = [
            parquet([str(source.path) for source in some], [source.name for source in some])
            for some in (contacts, self._events)
            if some
        ]
        return GivenTables(
            self._connection,
            files[0],
            files[1] if len(files) > 1 else None,
            schema,
            report=self.report,
            wanted=wanted,
            hints={key.lower(): kind for key, kind in sources.hints.items()},
            empty=sources.empty,
        )

    def _read(self, checked: Sequence[Meaning] | None, now: datetime | None, *, writes_csv: bool) -> FileHome:
        with_events = checked is None or any(asks_for_events(one.condition) for one in checked)
        events = self._events if with_events else []
        in_passing = not events and not self._members and not self._contacts.is_small
        if checked and now is not None and in_passing:
            answered = self._answered_at_once(checked, now, writes_csv=writes_csv)
            if answered is not None:
                return answered
        self._contacts.load()
        if self._members:
            Lists(self._connection, self.report).load(self._members)
        reads = None if checked is None else paths_read(one.condition for one in checked)
        loaded = EventFiles(self._connection, self.report, reads)
        if events:
            loaded.load(events)
        self.lanes.extend(loaded.lanes)
        return self._home(reads, has_events=bool(events))

    def _answered_at_once(
        self, checked: Sequence[Meaning], now: datetime, *, writes_csv: bool
    ) -> FileHome | None:
        """Answer while the contacts are checked, if all is well with them: only what CSV is written of is kept.

        What is kept for it would go to disk where memory is short, which takes longer than a second scan (1.34).
        """
        home = self._streaming()
        conditions = [ScanConditions(home.places_for([one]), now).condition(one) for one in checked]
        counts = self._contacts.answer(conditions, keeps_members=writes_csv and self._has_room)
        if counts is None:
            return None
        home = self._streaming()  # rows may have been left out
        for one, count in zip(checked, counts, strict=True):
            home.remember(one, now, count)
            home.keep(one, now, self._contacts.members)
        return home

    def _streaming(self) -> FileHome:
        # a list of many values would be a join, which knows no order
        self._connection.run("SET disabled_optimizers = 'in_clause'")
        places = TablePlaces(f"({self._contacts.typed()})", "")
        return self._made(places, streams=True, reads=())

    def _home(self, reads: Any, *, has_events: bool) -> FileHome:
        contacts = f"(SELECT rowid AS _at, * FROM {CONTACTS})"
        if self._members and "list_ids" in self._contacts.kept():
            lists = (
                "list_concat(k.list_ids, list_filter(l.list_ids, lambda i: NOT list_contains(k.list_ids, i)))"
            )
            contacts = (
                f"(SELECT k.rowid AS _at, k.* REPLACE (CASE WHEN l.list_ids IS NULL THEN k.list_ids ELSE {lists} END AS list_ids) "
                f"FROM {CONTACTS} k LEFT JOIN {LISTED} l ON l._rid = k.rowid)"
            )
        if not has_events:
            self._connection.run(_NO_EVENTS)
        return self._made(TablePlaces(contacts, "", by_number=True), streams=False, reads=reads)

    def _made(self, places: TablePlaces, *, streams: bool, reads: Any) -> FileHome:
        columns = self._contacts.kept()
        return FileHome(
            self._connection,
            replace(places, columns=frozenset(columns)),
            columns,
            self.schema,
            self.report,
            has_list_ids=self._contacts.has_list_ids or bool(self._members),
            streams=streams,
            present=self._contacts.found,
            reads=reads,
        )

    def close(self) -> None:
        """Give back what was opened."""
        self._connection.close()


_NO_EVENTS = f'CREATE OR REPLACE TABLE {EVENTS} (rid BIGINT, event_type VARCHAR, "timestamp" TIMESTAMP, source VARCHAR, raw VARCHAR, webhook BOOLEAN)'


class FileHome(DuckDBHome):
    """An account that was read from files; ``reads`` None says that its events are there as a whole."""

    def __init__(self, *arguments: Any, reads: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._reads = reads
        self._kept: tuple[Any, datetime, Packed] | None = None

    def keep(self, checked: Meaning, now: datetime, members: Packed | None) -> None:
        """Keep the members that were found while the contacts were read."""
        self._kept = None if members is None else (checked.condition, now, members)

    def _statement(self, question: Question, now: datetime, form: MembersForm, columns: Sequence[str]) -> str:
        if self._kept is not None and form == "csv" and EMAIL_DOMAINS not in columns:
            condition, moment, members = self._kept
            if (condition, moment) == (question.checked.condition, now):
                return members.cells(columns)
        return super()._statement(question, now, form, columns)

    def places_for(self, checked: Sequence[Meaning]) -> TablePlaces:
        """Return the places, with what some questions read of the events' data as columns."""
        if self.streams:
            return self.places
        reads = self._reads
        if reads is None:
            reads = paths_read(one.condition for one in checked)
            listed = f", {_AS_ROW} AS data"
            if reads is not None:
                listed = columns_of_reads(reads, text_in_object("raw", "webhook"))
        else:
            listed = "".join(f", {column_name(at)}" for at in range(len(reads)))
        if reads is not None:
            listed += ", '{}' AS data"
        own = f'rid, event_type, "timestamp", source AS event_source{listed}'
        events = f"(SELECT {own} FROM {EVENTS})"
        by_id = f"(SELECT k.contact_id, e.* FROM {events} e JOIN {CONTACTS} k ON k.rowid = e.rid)"
        return replace(self.places, events=events, events_by_id=by_id, reads=tuple(reads or ()))

    def _record(self, values: Sequence[Any]) -> dict[str, Any]:
        record = super()._record(values)
        for key in NOT_FIELDS & record.keys():
            with suppress(ValueError):
                record[key] = read_own_json(record[key])
        return record

    def _event_types(self, reads: Reads) -> dict[str, int]:  # noqa: ARG002 -- all of them are counted
        return dict(self._once(("types", ""), lambda _: self._rows(_TYPES)))

    def _values_at(self, paths: Sequence[JsonPath]) -> str | None:
        if self._reads is None:
            found = f"(SELECT rid{columns_of_reads(paths, text_in_object('raw', 'webhook'))} FROM {EVENTS})"
            columns = list(map(column_name, range(len(paths))))
        else:
            found = EVENTS
            places = [*paths, *((*each, PRESENCE) for each in paths)]
            columns = [column_name(self._reads.index(each)) for each in places if each in self._reads]
        if not columns:
            return None
        there = f"nullif(coalesce({', '.join(columns)}), 'null')"
        return f"(SELECT {there} AS there FROM {found})"

    def event_rows(self) -> str:
        """Return the statement that selects all rows of event_data, in order."""
        data = data_of_object("e.raw", "e.webhook")
        return (
            f'SELECT c.contact_id, e.source AS event_source, e.event_type, e."timestamp", {data} AS data '
            f"FROM {EVENTS} e JOIN {self.places.contacts} c ON c._at = e.rid ORDER BY e.rowid"
        )

    def _events(self, where: str) -> Iterator[dict[str, Any]]:
        rows = self._walked(
            f"SELECT c.contact_id, e.raw FROM {EVENTS} e JOIN {CONTACTS} c ON c.rowid = e.rid WHERE {where} ORDER BY e.rowid"
        )
        for contact_id, raw in rows:
            row = event_row(read_own_json(raw))
            yield {**row, "contact_id": contact_id}


_TYPES = f"SELECT event_type, count(*) FROM {EVENTS} GROUP BY 1 ORDER BY 2 DESC, 1"
_AS_ROW = (
    "CASE WHEN webhook THEN json_object('payload', json_merge_patch(raw, json_object('unique_args', CAST(raw AS JSON)))) "
    "ELSE json_extract(raw, '/data') END"
)
