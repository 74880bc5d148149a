"""Rows of event_data in tables that are there already: where they are, and which of them are bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.given_checks import GivenRelation
from sql_seg.engines.duckdb.given_columns import GivenColumn, given_column
from sql_seg.engines.duckdb.parquet_rows import as_json
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.records.loading_report import Problem, Report, shown
from sql_seg.records.raw_values import why_not

NO_EVENTS = (
    "(SELECT NULL::VARCHAR AS contact_id, NULL::VARCHAR AS event_source, NULL::VARCHAR AS event_type, "
    'NULL::TIMESTAMP AS "timestamp", NULL::JSON AS data, 0 AS _at WHERE FALSE)'
)
"""The relation of an account that has no events."""

_NOBODY = "has neither an email nor a contact_id"


@dataclass(slots=True)
class GivenEvents:
    """Events that are there already; ``described`` are their columns, name and type, by lower-case name."""

    connection: Connection
    given: GivenRelation
    described: Mapping[str, tuple[str, str]]
    report: Report
    as_they_are: bool

    def relation(self) -> str:
        """Return what to select events from: those of nobody, and bad ones, are left out and counted.

        Or no contact would be NOT IN a list of events. Raises RecordError where a column lacks, and for the
        first bad event where problems are to fail.
        """
        time = self._time()
        required = {
            "contact_id": self._column("contact_id", DataType.VARCHAR),
            "event_type": self._column("event_type", DataType.VARCHAR),
            time: self._column(time, DataType.TIMESTAMP),
        }
        values = {key: column.plain for key, column in required.items()}
        left_out = f"{values['contact_id']} IS NULL"
        if self.as_they_are:
            self._count(left_out)
        else:
            tests = {key: f"({column.careful or column.plain}) IS NULL" for key, column in required.items()}
            if not self.given.files:
                del tests["contact_id"]  # those of nobody
            values = {key: column.careful or column.plain for key, column in required.items()}
            if malformed := self._malformed():
                required["data"], tests["data"] = GivenColumn(self.described["data"][0], ""), malformed
            bad = " OR ".join(tests.values())
            if self._count(f"{values['contact_id']} IS NULL", bad):
                self._tell(required, tests)
                left_out = f"{values['contact_id']} IS NULL OR {bad}"
            else:
                values = {key: column.plain for key, column in required.items()}
        source, data = "'mail'", "NULL::JSON"
        if "event_source" in self.described:
            source = self._column("event_source", DataType.VARCHAR).plain
        if "data" in self.described:
            data = self._data(*self.described["data"])
        return (
            f"(SELECT {values['contact_id']} AS contact_id, {values['event_type']} AS event_type, {source} AS event_source, "
            f'{values[time]} AS "timestamp", {data} AS data, {self.given.at} AS _at FROM {self.given.relation} '
            f"WHERE ({left_out}) IS NOT TRUE)"
        )

    def _data(self, column: str, duckdb_type: str) -> str:
        """Return the JSON of a column that has it as a text, as bytes or as a value."""
        quoted = name(column)
        if duckdb_type == "JSON" or self.as_they_are:
            return quoted
        if duckdb_type == "VARCHAR":
            return f"nullif({quoted}, '')"
        if duckdb_type.startswith("ENUM"):
            return f"nullif({quoted}::VARCHAR, '')"
        if duckdb_type == "BLOB":
            return f"nullif(decode({quoted}), '')"
        return f"to_json({as_json(quoted, duckdb_type, column.lower())})"

    def _malformed(self) -> str:
        """Return the SQL of whether an event's data are a text that is no JSON; nothing where they are no text."""
        column, duckdb_type = self.described.get("data", ("", ""))
        if not column or not (duckdb_type in ("VARCHAR", "BLOB") or duckdb_type.startswith("ENUM")):
            return ""
        data = self._data(column, duckdb_type)
        return f"({data} IS NOT NULL AND NOT json_valid({data}))"

    def _time(self) -> str:
        """Return which column is the time of an event."""
        times = [key for key in ("timestamp", "event_timestamp") if key in self.described]
        time = times[0] if times else "timestamp"
        lacking = [key for key in ("contact_id", "event_type", time) if key not in self.described]
        if lacking:
            raise RecordError(
                f"{self.given.said}: lacks the column {lacking[0]}: rows of event_data have contact_id, "
                f"event_type, timestamp, and mostly data; it has {', '.join(self.described)}{self._what_to_do()}"
            )
        return time

    def _what_to_do(self) -> str:
        """Return how events of the webhook are read: rows of event_data have no addresses."""
        if not {"email", "event"} <= self.described.keys():
            return ""
        return (
            ". These are objects of the Event Webhook: write contacts and events to files, such as Parquet, and "
            "read them with Dataset.load, which finds the contacts by their addresses"
        )

    def _column(self, key: str, wanted: DataType) -> GivenColumn:
        given, duckdb_type = self.described[key]
        if self.as_they_are:
            return GivenColumn(given, name(given))
        return given_column(key, given, duckdb_type, wanted, is_reserved=True, keeps_empty=False)

    def _count(self, nobody: str, bad: str = "FALSE") -> bool:
        """Count the events, and those of nobody; return whether some are bad."""
        n, bads, strangers = self.connection.row(
            f"SELECT count(*), count(*) FILTER (WHERE {bad}), count(*) FILTER (WHERE ({nobody}) AND ({bad}) IS NOT TRUE) FROM {self.given.relation}"
        )
        tally = self.report.events
        tally.kept, tally.strangers = n - bads - strangers, strangers
        return bool(bads)

    def _tell(self, required: Mapping[str, GivenColumn], tests: Mapping[str, str]) -> None:
        """Report the bad events. Raises RecordError where problems are to fail."""
        values = ", ".join(f"{test}, {name(required[key].name)}" for key, test in tests.items())
        rows = self.connection.rows(
            f"SELECT _at, {values} FROM {self.given.numbered} WHERE {' OR '.join(tests.values())} ORDER BY _at"
        )
        for at, *found in rows:
            cells = zip(tests, found[::2], found[1::2], strict=True)
            key, value = next((key, value) for key, is_bad, value in cells if is_bad)
            file, number = self.given.place(at)
            message, expected = why_not(value, required[key].expected), required[key].expected
            if key == "data":
                message, expected = f"malformed JSON: {shown(value)}", "JSON"
            if value is None or value == "":
                key, message = (key, f"has no {key}") if key != "contact_id" else ("email", _NOBODY)
            self.report.skip_row(self.report.events, Problem(file, number, key, value, message), expected)
