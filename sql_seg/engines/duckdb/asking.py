"""Questions as SQL over this engine's own tables.

What a query reads of an event's data is a column here, and a condition on one event that several segments
share is asked once: both by changes of the core form, before it is written as SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sql_seg.core import terms as core
from sql_seg.core.reads import PRESENCE, JsonPath, asks_for_events, paths_read
from sql_seg.engines.duckdb.own_events import Fold, OwnEvents, as_own_tests
from sql_seg.frozen import frozen, replace
from sql_seg.sql import Tables, condition_sql, engine_of


def contact_rows(condition: core.Term) -> set[int]:
    """Return the rows that are contacts, not events."""
    return {core.THE_CONTACT} | {
        term.contact
        for term in core.walk(condition)
        if isinstance(term, core.Subquery) and term.contact is not None
    }


def column_name(index: int) -> str:
    """Return what the column of the index-th thing that is read is called."""
    return f"data_{index}"


@frozen
class TablePlaces:
    """Where contacts and events are, as SQL, and by what they belong together.

    ``reads`` are the paths into events' data that are columns, ``data_0`` and so on, as JSON. With ``by_number`` contacts and events
    are matched by the number of a contact's row, ``_at`` and ``rid``, where a query does not look at ids;
    ``events_by_id`` are the events for those that do. Contacts have ``columns`` (None: all that queries may
    name); any other is NULL.
    """

    contacts: str
    events: str
    reads: tuple[JsonPath, ...] = ()
    by_number: bool = False
    columns: frozenset[str] | None = None
    events_by_id: str | None = None


@dataclass(slots=True)
class ScanConditions:
    """Conditions of one scan as SQL; ``own`` are what they ask of each contact's events in one pass."""

    places: TablePlaces
    now: datetime
    own: OwnEvents | None = None

    def condition(self, checked: core.Meaning, contact: str = "c") -> str:
        """Return what is TRUE of the members of a segment."""
        condition = self._without_lacking(checked.condition)
        if self.own is not None and asks_for_events(condition):
            condition = self.own.with_columns(condition)
        if self.places.by_number and core.has(condition, core.InSubquery):
            condition = as_own_tests(condition)
        return self._written(checked, condition, contact)

    def _written(self, checked: core.Meaning, condition: core.Term, contact: str) -> str:
        changed = replace(checked, condition=condition)
        written = condition_sql(
            changed, engine_of("duckdb"), self._tables(condition), now=self.now, contact=contact
        )
        return "TRUE" if written is None else written

    def _tables(self, condition: core.Term) -> Tables:
        places = self.places
        names = {path: column_name(at) for at, path in enumerate(places.reads)}
        paths = {path: name for path, name in names.items() if path[-1] != PRESENCE}
        present = {path[:-1]: name for path, name in names.items() if path[-1] == PRESENCE}
        if places.by_number and not _looks_at_ids(condition):
            return Tables(
                places.contacts, places.events, {"contact_id": "_at"}, {"contact_id": "rid"}, paths, present
            )
        return Tables(places.contacts, places.events_by_id or places.events, paths=paths, present=present)

    def _without_lacking(self, term: core.Term) -> core.Term:
        """Return a term in which the columns that contacts do not have are NULL."""
        contacts = contact_rows(term)

        def change(inner: core.Term) -> core.Term:
            if isinstance(inner, core.ColumnValue) and inner.row in contacts and self._lacks(inner.name):
                return core.Constant(None, type=inner.type)
            return core.with_children(inner, change)

        return change(term)

    def _lacks(self, column: str) -> bool:
        return self.places.columns is not None and column not in self.places.columns

    def in_one_scan(self, checked: Sequence[core.Meaning]) -> tuple[list[str], str]:
        """Return the conditions of several segments, and what to select them from in one scan."""
        contacts = self.places.contacts
        self.own = OwnEvents(self.now) if self.places.events else None
        conditions = [self.condition(one) for one in checked]
        if self.own is None or not self.own.columns:
            return conditions, f"{contacts} c"
        columns = ", ".join(
            f"coalesce({column}, FALSE) AS {column}" if fold.value is None else column
            for fold, column in self.own.columns.items()
        )
        joined = (
            f"(SELECT k.*, {columns} FROM {contacts} k LEFT JOIN ({self._columns_of_events(checked[0])}) f "
            f"ON f._rid = k.{'_at' if self.places.by_number else 'contact_id'}) c"
        )
        return conditions, joined

    def _columns_of_events(self, some: core.Meaning) -> str:
        """Return the statement that gives for each contact with events, by ``_rid``, the columns of ``own``."""
        assert self.own is not None
        own = self.own
        asked = ScanConditions(self._with_paths(list(own.columns)), self.now)

        def written(term: core.Term) -> str:
            return asked._written(some, own.with_values(term), "e1")

        columns = []
        for fold, column in own.columns.items():
            test = written(fold.condition)
            if fold.value is None:
                columns.append(f"bool_or({test}) AS {column}")
            else:
                filtered = "" if test == "TRUE" else f" FILTER (WHERE {test})"
                columns.append(f"{fold.kind}({written(fold.value)}){filtered} AS {column}")
        where = asked._written(some, own.needed(), "e1")
        read = "".join(
            f", {asked._written(some, term, 'e1')} AS {value}" for term, value in own.values.items()
        )
        events = f"(SELECT *{read} FROM {asked.places.events} e1 WHERE {where}) e1"
        whose = "rid" if self.places.by_number else "contact_id"
        return f"SELECT {whose} AS _rid, {', '.join(columns)} FROM {events} GROUP BY 1"

    def _with_paths(self, folds: Sequence[Fold]) -> TablePlaces:
        """Return the places with what folds read of events' data as columns, if it is none yet."""
        places = self.places
        reads = () if places.reads else paths_read(term for fold in folds for term in fold.terms)
        if not reads:
            return places
        path = engine_of("duckdb").path
        keys = [read[:-1] if read[-1] == PRESENCE else read for read in reads]
        columns = "".join(
            f", json_extract(data, {path(each)}) AS {column_name(at)}" for at, each in enumerate(keys)
        )
        return replace(places, events=f"(SELECT *{columns} FROM {places.events})", reads=reads)


def _looks_at_ids(condition: core.Term) -> bool:
    return any(
        isinstance(term, core.ColumnValue) and term.name == "contact_id" for term in core.walk(condition)
    )


def counted(condition: str) -> str:
    """Return the tally of the rows for which a condition is TRUE.

    Inside CASE the parts of a condition are asked of fewer and fewer rows; a FILTER asks all of all rows.
    """
    return f"count(CASE WHEN {condition} THEN 1 END)"
