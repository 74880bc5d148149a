"""Contacts and events that are in tables already: frames, Arrow, Parquet, a DuckDB's own; read where they are.

They are taken as they are: ids must be there once, and values be of their columns' types, or texts that read
as these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sql_seg.core.reads import asks_for_events
from sql_seg.core.terms import Meaning
from sql_seg.engines.duckdb.asking import ScanConditions, TablePlaces
from sql_seg.engines.duckdb.asking import counted as _tally
from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.fields import can_be_named, not_defined
from sql_seg.engines.duckdb.given_checks import Checks, GivenRelation
from sql_seg.engines.duckdb.given_columns import GivenColumn, given_column, kind_of
from sql_seg.engines.duckdb.given_events import NO_EVENTS, GivenEvents
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.engines.duckdb.typed_rows import IDENTITY
from sql_seg.errors import RecordError
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import (
    CONTACT_COLUMNS,
    SENDGRID,
    Column,
    Schema,
    custom_column,
)
from sql_seg.records.json_text import read_own_json
from sql_seg.records.loading_report import Empty, FieldChoice, Report
from sql_seg.records.raw_values import CUSTOM_KINDS
from sql_seg.sql.duckdb import DUCKDB

_RESERVED = {column.key: column.type for column in CONTACT_COLUMNS}
_ALWAYS = IDENTITY | {"alternate_emails"}
MOST_FULLY_CHECKED = 1_000_000
"""Of how many contacts at most a preview looks whether each is there once, and at what no query reads.

A preview of 3,000,000 contacts in Parquet with five columns takes 1.8 times as long with it.
"""


class GivenTables:
    """Contacts, and events if there are any, that a connection can name.

    ``wanted`` are the columns that matter, by lower-case name, None all. ``as_they_are`` are those that were
    checked when they were written. ``hints`` are the types as which queries use columns of texts. With
    ``empty`` as ``null`` an empty text is none.
    """

    def __init__(
        self,
        connection: Connection,
        contacts: GivenRelation,
        events: GivenRelation | None,
        schema: Schema | None,
        *,
        report: Report | None = None,
        wanted: frozenset[str] | None = None,
        as_they_are: bool = False,
        hints: Mapping[str, DataType] | None = None,
        empty: Empty = "string",
    ) -> None:
        self._as_they_are = as_they_are
        self._asked = wanted
        self._wanted = None if wanted is None else wanted | _ALWAYS
        self._known: dict[str, dict[str, tuple[str, str]]] = {}
        self._connection = connection
        self._contacts = contacts
        self._events = events
        self._given_schema = schema
        self._hints = hints
        self._keeps_empty = empty == "string"
        self.report = Report() if report is None else report

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        found = self._columns[1]
        if self._given_schema is None:
            return SENDGRID.with_columns(found)
        return self._given_schema.with_columns([*self._given_schema.custom_fields, *found])

    def home(self, checked: Sequence[Meaning] = (), now: datetime | None = None) -> DuckDBHome:
        """Return the home of what is given; what ``checked`` ask of contacts at a moment is counted on the way.

        Raises RecordError where contacts have no id and no email, or a column holds what its type does not.
        """
        schema = self.schema
        counted = [] if now is None else [one for one in checked if not asks_for_events(one.condition)]
        relation, columns, counts = self._contact_relation(counted, now)
        events = NO_EVENTS
        if self._events is not None:
            given = GivenEvents(
                self._connection,
                self._events,
                self._described(self._events),
                self.report,
                as_they_are=self._as_they_are,
            )
            events = given.relation()
        has_list_ids = "list_ids" in self._described(self._contacts)
        home = GivenHome(
            self._connection,
            TablePlaces(relation, events, columns=frozenset(columns)),
            columns,
            schema,
            self.report,
            has_list_ids=has_list_ids,
            present=self._described(self._contacts),
        )
        if counts is not None and now is not None:
            for one, count in zip(counted, counts, strict=True):
                home.remember(one, now, count)
        return home

    def _contact_relation(
        self, counted: Sequence[Meaning], now: datetime | None
    ) -> tuple[str, list[str], list[int] | None]:
        """Return the contacts, each once, their columns, and how many some questions select, if that was found.

        Of many contacts, a preview looks at what it reads alone.
        """
        columns, _ = self._columns
        (n,) = self._connection.row(f"SELECT count(*) FROM {self._contacts.relation}")
        self.report.contacts.kept = n
        if not n:
            self.report.notes.append(f"{self._contacts.said}: has no contacts")
        if self._as_they_are:
            return *self._selected(columns, ()), None
        others = [given for key, (given, _) in self._described(self._contacts).items() if key not in columns]
        is_looked_at = self._wanted is None or n <= MOST_FULLY_CHECKED
        reads = self._wanted if is_looked_at else self._asked
        checks = Checks(self._connection, self._contacts, columns, others, self.report, reads)
        relation, keys = self._selected(columns, [key for key, column in columns.items() if column.careful])
        asked = (
            None
            if now is None
            else ScanConditions(TablePlaces(relation, NO_EVENTS, columns=frozenset(keys)), now)
        )
        tallies = [_tally(asked.condition(one)) for one in counted] if asked else []
        odd, counts = checks.odd(relation, tallies, is_everywhere=is_looked_at)
        relation, selected = self._selected(columns, odd)
        if not is_looked_at:
            self.report.notes.append(
                f"{self._contacts.said}: of {n:,} contacts it was not checked that each is there once, nor what "
                'no query reads; "sql-seg load" checks it'
            )
        return checks.each_once(relation, odd, n, looks_for_ids=is_looked_at), selected, counts

    def _selected(self, columns: Mapping[str, GivenColumn], odd: Collection[str]) -> tuple[str, list[str]]:
        """Return the relation of the columns that matter, and their keys."""
        values = {
            key: column.careful if key in odd else column.plain
            for key, column in columns.items()
            if self._is_wanted(key)
        }
        email = values.get("email", "NULL::VARCHAR")
        if not self._as_they_are:
            values["contact_id"] = (
                f"coalesce({values['contact_id']}, {email})" if "contact_id" in values else email
            )
        alternates = values.setdefault("alternate_emails", "[]::VARCHAR[]")
        if EMAIL_DOMAINS not in values and self._is_wanted(EMAIL_DOMAINS):
            values[EMAIL_DOMAINS] = f"domains_of({email}, {alternates})"
        for column in CONTACT_COLUMNS:
            empty = "[]::VARCHAR[]" if column.type is DataType.ARRAY else f"NULL::{DUCKDB.types[column.type]}"
            if self._is_wanted(column.key):
                values.setdefault(column.key, empty)
        listed = ", ".join(f"{sql} AS {name(key)}" for key, sql in values.items())
        return f"(SELECT {self._contacts.at} AS _at, {listed} FROM {self._contacts.relation})", list(values)

    def _is_wanted(self, key: str) -> bool:
        """Return whether a column matters: DuckDB plans a statement sooner without the others."""
        return self._wanted is None or key in self._wanted

    def _described(self, given: GivenRelation) -> dict[str, tuple[str, str]]:
        """Return a relation's columns: the name as it is and the type, by lower-case name. It is asked once."""
        if given.relation not in self._known:
            self._known[given.relation] = self._asked_of(given)
        return self._known[given.relation]

    def _asked_of(self, given: GivenRelation) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for given_name, duckdb_type in self._connection.described(given.relation):
            key = given_name.lower()
            if key in found:
                raise RecordError(f"{given.said}: has the column {given_name} twice", key=given_name)
            found[key] = given_name, duckdb_type
        return found

    @cached_property
    def _columns(self) -> tuple[dict[str, GivenColumn], list[Column]]:
        """Each column as its type, and the custom fields among them."""
        described = self._described(self._contacts)
        if described.keys().isdisjoint(IDENTITY):
            raise RecordError(
                f"{self._contacts.said}: has neither a column contact_id nor email; it has {', '.join(described)}"
            )
        known = dict(_RESERVED)
        if self._given_schema is not None:
            known |= {column.key: column.type for column in self._given_schema.custom_fields}
        columns: dict[str, GivenColumn] = {}
        fields: list[Column] = []
        for key, (given, duckdb_type) in described.items():
            wanted = known.get(key)
            if wanted is None:
                choice = self._choice(key, given, duckdb_type)
                if choice is None:
                    continue
                wanted = choice.type
                fields.append(custom_column(key, wanted))
                self.report.field_types[key] = choice
            if self._as_they_are:
                columns[key] = GivenColumn(given, name(given))
            else:
                columns[key] = given_column(
                    key,
                    given,
                    duckdb_type,
                    wanted,
                    is_reserved=key in _RESERVED,
                    keeps_empty=self._keeps_empty and key not in IDENTITY,
                )
        return columns, fields

    def _choice(self, key: str, given: str, duckdb_type: str) -> FieldChoice | None:
        """Return the type that a custom field has which nobody has defined; None where it is none."""
        if not can_be_named(given):
            return None
        hint = (self._hints or {}).get(key)
        if duckdb_type == "VARCHAR" and hint in CUSTOM_KINDS:
            return FieldChoice(given, hint, "queries use it so")
        if self._given_schema is not None:
            if self._hints is not None:
                self.report.notes.append(not_defined(given))
            return None
        kind = kind_of(duckdb_type)
        if kind in (None, DataType.ARRAY):
            return None
        return FieldChoice(given, kind, f"its column is {duckdb_type}")


class GivenHome(DuckDBHome):
    """An account in tables that somebody else made."""

    def preview(self, question: Any, now: Any, sample: int) -> tuple[int, list[dict[str, Any]]]:
        """Count the members and find the first of them: of a scan, the first rows are those."""
        if asks_for_events(question.checked.condition) or not sample:
            return super().preview(question, now, sample)
        condition, count = self._condition(question, now), self.count(question, now)
        statement = f"SELECT {self._listed()} FROM {self.places.contacts} c WHERE {condition} LIMIT {sample}"
        return count, list(self._records(statement)) if count else []

    def _events(self, where: str) -> Iterator[dict[str, Any]]:
        rows = self._walked(
            f'SELECT c.contact_id, event_source, event_type, "timestamp", CAST(data AS VARCHAR) FROM {self.places.events} c '
            f"WHERE {where} ORDER BY c._at"
        )
        for contact_id, source, event_type, moment, data in rows:
            row = {
                "contact_id": contact_id,
                "event_source": source,
                "event_type": event_type,
                "timestamp": _in_utc(moment),
                "data": None if data is None else read_own_json(data),
            }
            yield {key: value for key, value in row.items() if value is not None}


def _in_utc(moment: Any) -> Any:
    return None if moment is None else moment.replace(tzinfo=UTC)
