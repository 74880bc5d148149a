"""Spark: contacts and events in its tables, frames or files, asked there.

Only the columns of contact_data and event_data are read. Timestamps become TIMESTAMP_NTZ in UTC, whatever
zone the session has; a text is read as a timestamp, a number or a list where its column is one. A moment
without an offset is in UTC, a number that stands for one Unix time; a list that is not there is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sql_seg.core.terms import Meaning
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.now import the_moment
from sql_seg.language.schema import SENDGRID, Schema, TableSchema
from sql_seg.records.raw_values import DAYS_WITHOUT_DASHES, FIRST_MILLISECOND, SPREADSHEET_DAYS
from sql_seg.sql import Tables, condition_sql, engine_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_READERS = {".parquet": "parquet", ".json": "json", ".ndjson": "json", ".csv": "csv"}
_PACKED = re.compile(r"[.](?:gz|gzip|zst|bz2)$")
_EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'"
_SINCE_1970 = f"{_EPOCH} + make_dt_interval(0, 0, 0, CAST(unix_micros({{0}}) / 1000000 AS DECIMAL(18, 6)))"
_OFFSET = "[0-9]:[0-9.:]+ ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})$"
_UNIX = (
    f"CASE WHEN {{0}} BETWEEN {SPREADSHEET_DAYS[0]} AND {SPREADSHEET_DAYS[1]}"
    f" OR {{0}} BETWEEN {DAYS_WITHOUT_DASHES[0]} AND {DAYS_WITHOUT_DASHES[1]}"
    " OR abs({0}) > 2.6E14D"
    f" THEN NULL ELSE {_EPOCH} + make_dt_interval(0, 0, 0,"
    f" CAST(CASE WHEN abs({{0}}) >= {FIRST_MILLISECOND}D THEN {{0}} / 1000 ELSE {{0}} END"
    " AS DECIMAL(18, 6))) END"
)
"""The same numbers as in files: thousandths where seconds would lie far ahead; no days of spreadsheets."""

_NUMBERS = frozenset({"byte", "short", "integer", "long", "float", "double", "decimal"})
_NO_LIST = "CAST(array() AS array<string>)"
_TYPES = {
    DataType.VARCHAR: "string",
    DataType.NUMBER: "double",
    DataType.TIMESTAMP: "timestamp_ntz",
    DataType.ARRAY: "array<string>",
    DataType.VARIANT: "string",
}


class SparkEngine:
    """Contacts and events where a Spark session finds them.

    ``contacts`` and ``events`` are each a DataFrame, the name of a table or view, or the path of Parquet, CSV
    or JSON files, chosen by its ending; without ``events`` there are none. ``schema`` has the custom fields.

    Raises ValueError where contacts have no ``contact_id``, or events none, or a column is there twice.
    """

    def __init__(
        self,
        session: SparkSession,
        contacts: DataFrame | str = "contact_data",
        events: DataFrame | str | None = None,
        schema: Schema | None = None,
    ) -> None:
        known = SENDGRID if schema is None else schema
        self._session = session
        self._contacts = self._view(contacts, known.contact_data)
        self._events = self._view(events, known.event_data)

    def count(self, segment: Any, *, now: datetime | None = None) -> int:
        """Return the number of members of a segment, or of a checked query."""
        return self.counts({"": segment}, now=now)[""]

    def counts(self, segments: Mapping[str, Any], *, now: datetime | None = None) -> dict[str, int]:
        """Return the number of members of several segments, by their names: one job answers all."""
        return self.total_and_counts(segments, now=now)[1] if segments else {}

    def total_and_counts(
        self, segments: Mapping[str, Any], *, now: datetime | None = None
    ) -> tuple[int, dict[str, int]]:
        """Return the number of contacts, and of the members of several segments: in one job."""
        moment = the_moment(now)
        conditions = ["TRUE", *(self._condition(one, moment) for one in segments.values())]
        parts = [
            f"SELECT {place} AS place, count(*) AS number FROM {self._contacts} AS c WHERE {condition}"
            for place, condition in enumerate(conditions)
        ]
        found = {row[0]: row[1] for row in self._session.sql(" UNION ALL ".join(parts)).collect()}
        return found[0], {name: found[place] for place, name in enumerate(segments, start=1)}

    def ids(self, segment: Any, *, now: datetime | None = None) -> Iterator[str]:
        """Return the contact ids of the members, lazily and in no order."""
        return (row[0] for row in self.members(segment, now=now).select("contact_id").toLocalIterator())

    def members(self, segment: Any, *, now: datetime | None = None) -> DataFrame:
        """Return the contacts that are members, as a DataFrame."""
        condition = self._condition(segment, the_moment(now))
        return self._session.sql(f"SELECT c.* FROM {self._contacts} AS c WHERE {condition}")

    def _condition(self, segment: Any, now: datetime) -> str:
        checked: Meaning = getattr(segment, "checked", segment)
        tables = Tables(self._contacts, self._events)
        return condition_sql(checked, engine_of("spark"), tables, now=now) or "TRUE"

    def _view(self, source: DataFrame | str | None, table: TableSchema) -> str:
        """Return the name of a view of a source, its columns of the types that they have in a segment."""
        name = f"sql_seg_{table.name}_{uuid4().hex}"
        if source is None:
            columns = ", ".join(f"`{key}` {_TYPES[column.type]}" for key, column in table.columns.items())
            frame = self._session.createDataFrame([], columns)
        else:
            frame = self._fitted(self._frame(source), table)
        frame.createOrReplaceTempView(name)
        return name

    def _frame(self, source: DataFrame | str) -> DataFrame:
        if not isinstance(source, str):
            return source
        for ending, reader in _READERS.items():
            if _PACKED.sub("", source.rstrip("*/").lower()).endswith(ending):
                options = {"header": "true", "escape": '"', "multiLine": "true"} if reader == "csv" else {}
                return self._session.read.options(**options).format(reader).load(source)
        return self._session.table(source)

    def _fitted(self, frame: DataFrame, table: TableSchema) -> DataFrame:
        found: dict[str, tuple[str, str]] = {}
        for field in frame.schema:
            key = field.name.lower()
            if key in found:
                raise ValueError(f"{table.name} has the column {field.name} twice")
            found[key] = "`" + field.name.replace("`", "``") + "`", field.dataType.typeName()
        if "contact_id" not in found:
            raise ValueError(f"{table.name} has no column contact_id")
        if "timestamp" not in found and "event_timestamp" in found:
            found["timestamp"] = found["event_timestamp"]
        columns = []
        for key, column in table.columns.items():
            if key in found:
                written = _fitting(*found[key], column.type)
            elif key == EMAIL_DOMAINS:
                written = _domains(found)
            elif column.type is DataType.ARRAY:
                written = _NO_LIST
            else:
                written = f"CAST(NULL AS {_TYPES[column.type]})"
            columns.append(f"{written} AS `{key}`")
        return frame.selectExpr(*columns)


def _fitting(name: str, kind: str, data_type: DataType) -> str:
    """Return a column of some kind as a value of a type."""
    if data_type is DataType.TIMESTAMP:
        return _moment(name, kind)
    if data_type is DataType.ARRAY:
        return (
            f"coalesce({_texts(name) if kind == 'string' else f'CAST({name} AS array<string>)'}, {_NO_LIST})"
        )
    if data_type is DataType.VARIANT:
        return name if kind == "string" else f"to_json({name})"
    if data_type is DataType.VARCHAR and kind in ("float", "double"):  # which stand where another is missing
        return (
            f"CASE WHEN {name} = floor({name}) AND abs({name}) <= {LARGEST_EXACT_INTEGER}"
            f" THEN CAST(CAST({name} AS BIGINT) AS STRING) ELSE CAST({name} AS STRING) END"
        )
    return f"try_cast({name} AS {_TYPES[data_type]})"


def _moment(name: str, kind: str) -> str:
    """Return a column as moments in UTC, whatever the zone of the session is."""
    if kind == "timestamp":
        return _SINCE_1970.format(name)
    if kind in _NUMBERS:
        return _UNIX.format(f"CAST({name} AS DOUBLE)")
    if kind != "string":
        return f"CAST({name} AS TIMESTAMP_NTZ)"
    placed = _SINCE_1970.format(f"try_cast({name} AS TIMESTAMP)")
    unix = _UNIX.format(f"try_cast({name} AS DOUBLE)")
    return (
        f"CASE WHEN {name} RLIKE '{_OFFSET}' THEN {placed}"
        f" WHEN {name} RLIKE '^[0-9]{{4}}-' THEN try_cast({name} AS TIMESTAMP_NTZ) ELSE {unix} END"
    )


def _texts(name: str) -> str:
    """Return a text as a list: JSON, or texts with commas, semicolons or white space between them."""
    return (
        f"CASE WHEN trim({name}) LIKE '[%' THEN from_json({name}, 'array<string>')"
        f" ELSE filter(split({name}, '[,; \\t\\r\\n]+'), x -> x <> '') END"
    )


def _domains(found: Mapping[str, tuple[str, str]]) -> str:
    """Return the domains of a contact's addresses, of which those columns say that are there."""
    parts = [f"array(CAST({found['email'][0]} AS STRING))"] if "email" in found else []
    if "alternate_emails" in found:
        parts.append(_fitting(*found["alternate_emails"], DataType.ARRAY))
    if not parts:
        return _NO_LIST
    domain = "CASE WHEN a LIKE '%@%' THEN lower(element_at(split(a, '@'), -1)) END"
    return f"array_distinct(filter(transform(concat({', '.join(parts)}), a -> {domain}), d -> d <> ''))"
