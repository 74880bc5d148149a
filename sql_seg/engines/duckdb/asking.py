"""Questions as SQL over this engine's own tables.

What a query reads of an event's data is a column here, and a condition on one event that several segments
share is asked once: both by changes of the core form, before it is written as SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.engines.duckdb.event_values import PRESENCE, Path
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType
from sql_seg.sql import Tables, condition_sql, engine_of

_BOOLEAN = DataType.BOOLEAN


def reads_of(conditions: Iterable[core.Term]) -> tuple[Path, ...] | None:
    """Return the paths into events' data that conditions read, each once.

    None where that cannot be said beforehand: then the whole is needed.
    """
    found: dict[Path, None] = {}
    for condition in conditions:
        for term in core.walk(condition):
            if isinstance(term, core.JsonValue):
                found[(*term.keys, PRESENCE) if term.type is DataType.VARIANT else term.keys] = None
            elif isinstance(term, core.MapValue):
                found |= dict.fromkeys(_of_map(term.key))
            elif isinstance(term, core.HasKey):
                if not isinstance(term.key, core.Constant):
                    return None
                found |= dict.fromkeys(_of_map(str(term.key.value)))
            elif isinstance(term, core.ColumnValue) and term.name == "data":
                return None
    return tuple(found)


def _of_map(key: str) -> list[Path]:
    """Return the paths at which a key of v1's flat map of events may stand."""
    return [("payload", key), ("payload", "unique_args", key)]


def asks_for_events(condition: core.Term) -> bool:
    """Return whether an answer depends on events, not on contacts alone."""
    return any(
        isinstance(term, core.SomeEvent)
        or (isinstance(term, core.LastEvent) and term.rows)
        or (isinstance(term, core.Subquery) and term.events)
        for term in core.walk(condition)
    )


def columns_of(condition: core.Term) -> set[str]:
    """Return the columns of contacts that a condition reads."""
    rows = contact_rows(condition)
    return {
        term.name for term in core.walk(condition) if isinstance(term, core.ColumnValue) and term.row in rows
    }


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


@dataclass(frozen=True, slots=True)
class Places:
    """Where contacts and events are, as SQL, and by what they belong together.

    ``reads`` are the paths into events' data that are columns, ``data_0`` and so on, as JSON. With ``by_number`` contacts and events
    are matched by the number of a contact's row, ``_at`` and ``rid``, where a query does not look at ids;
    ``events_by_id`` are the events for those that do. Contacts have ``columns`` (None: all that queries may
    name); any other is NULL.
    """

    contacts: str
    events: str
    reads: tuple[Path, ...] = ()
    by_number: bool = False
    columns: frozenset[str] | None = None
    events_by_id: str | None = None


@dataclass(slots=True)
class Asked:
    """Conditions of one scan as SQL; ``flags`` are conditions on single events that they share, with names."""

    places: Places
    now: datetime
    flags: dict[core.Term, str] = field(default_factory=dict)

    def condition(self, checked: core.Meaning, contact: str = "c") -> str:
        """Return what is TRUE of the members of a segment."""
        condition = self._without_lacking(checked.condition)
        condition = self._with_flags(condition) if self.flags else condition
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
                return core.Constant(None, data_type=inner.type)
            return core.with_children(inner, change)

        return change(term)

    def _lacks(self, column: str) -> bool:
        return self.places.columns is not None and column not in self.places.columns

    def share(self, checked: Iterable[core.Meaning]) -> None:
        """Find the conditions on single events that are asked in one pass over the events."""
        for one in checked:
            condition = self._without_lacking(one.condition)
            for term in core.walk(condition):
                if isinstance(term, core.SomeEvent) and _is_of_one_event(term):
                    self.flags.setdefault(_as_first(term), f"flag_{len(self.flags)}")

    def _with_flags(self, term: core.Term) -> core.Term:
        def change(inner: core.Term) -> core.Term:
            if isinstance(inner, core.SomeEvent) and _is_of_one_event(inner):
                return core.ColumnValue(core.THE_CONTACT, self.flags[_as_first(inner)], data_type=_BOOLEAN)
            return core.with_children(inner, change)

        return change(term)

    def flags_of_events(self, some: core.Meaning) -> str:
        """Return the statement that gives for each contact with events, by ``rid``, which flags are true."""
        tests = {
            flag: self._written(some, condition, "e1").replace("e1.", "e1.")
            for condition, flag in self.flags.items()
        }
        chosen = ", ".join(f"bool_or({test}) AS {flag}" for flag, test in tests.items())
        where = " OR ".join(f"({test})" for test in tests.values())
        whose = "rid" if self.places.by_number else "contact_id"
        return f"SELECT {whose} AS _rid, {chosen} FROM {self.places.events} e1 WHERE {where} GROUP BY 1"


def _looks_at_ids(condition: core.Term) -> bool:
    return any(
        isinstance(term, core.ColumnValue) and term.name == "contact_id" for term in core.walk(condition)
    )


def _is_of_one_event(term: core.SomeEvent) -> bool:
    """Return whether a test is of one event, and looks at nothing else."""
    if len(term.rows) != 1 or term.or_none:
        return False
    inside = core.walk(term.condition)
    if any(isinstance(inner, (core.SomeEvent, core.LastEvent, core.InSubquery)) for inner in inside):
        return False
    if any(isinstance(inner, core.ColumnValue) and inner.name == "contact_id" for inner in inside):
        return False
    return all(getattr(inner, "row", term.rows[0]) == term.rows[0] for inner in inside)


def _as_first(term: core.SomeEvent) -> core.Term:
    """Return the condition of a test of one event, of a row of number 1."""
    (row,) = term.rows

    def change(inner: core.Term) -> core.Term:
        renumbered: Any = inner
        if getattr(inner, "row", None) == row:
            renumbered = replace(renumbered, row=1)
        changed: core.Term = core.with_children(renumbered, change)
        return changed

    return change(term.condition)


def in_one_scan(asked: Asked, checked: Sequence[core.Meaning], contacts: str) -> tuple[list[str], str]:
    """Return the conditions of several segments, and what to select them from in one scan."""
    if asked.places.events:
        asked.share(one for one in checked if asks_for_events(one.condition))
    if not asked.flags:
        return [asked.condition(one) for one in checked], f"{contacts} c"
    flags = ", ".join(f"coalesce({flag}, FALSE) AS {flag}" for flag in asked.flags.values())
    joined = (
        f"(SELECT k.*, {flags} FROM {contacts} k LEFT JOIN ({asked.flags_of_events(checked[0])}) f "
        f"ON f._rid = k.{'_at' if asked.places.by_number else 'contact_id'}) c"
    )
    return [asked.condition(one) for one in checked], joined
