"""The places of records that hold values: a column, or a path into an event's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple

from sql_seg.analysis.known import domain
from sql_seg.analysis.possible_values import Values
from sql_seg.analysis.regions import Key
from sql_seg.core import terms as core
from sql_seg.language.datatypes import DataType
from sql_seg.language.json_paths import JSON_NULL, read_path
from sql_seg.language.schema import EVENT_TABLE, Schema
from sql_seg.language.timestamps import write_timestamp
from sql_seg.solver.binding import ID, reads

DATA = "data"
_ARGUMENTS = ("payload", "unique_args")
NEEDED_OF_EVENTS = ("event_type", "timestamp")
"""What every event has: there is none without a type and a time."""

NEVER_EMPTY = (ID, "event_type", "event_source")
"""Columns that hold no empty text."""


class Cell(NamedTuple):
    """A column of a record, or with ``keys`` a path into its data."""

    row: int
    name: str
    type: DataType
    keys: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What people call it."""
        return ".".join(self.keys) or self.name


def cell_of(term: core.Term) -> Cell | None:
    """Return the place that a term reads directly; a key of v1's event map is a unique argument."""
    if isinstance(term, core.ColumnValue):
        return Cell(term.row, term.name, term.type)
    if isinstance(term, core.JsonValue):
        return Cell(term.row, DATA, DataType.VARIANT, term.keys)
    if isinstance(term, core.MapValue):
        return Cell(term.row, DATA, DataType.VARIANT, (*_ARGUMENTS, term.key))
    if isinstance(term, core.HasKey) and isinstance(term.key, core.Constant) and term.key.value is not None:
        return Cell(term.row, DATA, DataType.VARIANT, (*_ARGUMENTS, str(term.key.value)))
    return None


def cells_in(term: core.Term) -> list[Cell]:
    """Return the places that a term reads, each once."""
    return list(dict.fromkeys([cell for read in reads(term) if (cell := cell_of(read)) is not None]))


class CellsIn:
    """The places that terms read, each term looked through once: it is kept, as long as this is."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[core.Term, frozenset[Cell]]] = {}

    def __call__(self, term: core.Term) -> frozenset[Cell]:
        """Return the places that a term reads."""
        known = self._known.get(id(term))
        if known is None:
            known = self._known[id(term)] = (term, frozenset(cells_in(term)))
        return known[1]


def value_at(record: Mapping[str, Any], cell: Cell) -> Any:
    """Return the value of a record at a place, whichever record the place is of.

    None is none; a JSON null, which is a value, is ``JSON_NULL``.
    """
    if not cell.keys:
        return record.get(cell.name)
    return read_path(record.get(cell.name), cell.keys, DataType.VARIANT)


def as_json(value: Any) -> Any:
    """Return a value as it stands in JSON, where moments are texts."""
    return write_timestamp(value) if isinstance(value, datetime) else value


def key_of(term: core.Term) -> Key:
    """Return what stands for something read in boxes."""
    return (term.row, term.name) if isinstance(term, core.ColumnValue) else term


class Domains:
    """What each thing read can be at all, in records as SendGrid has them."""

    def __init__(self, schema: Schema) -> None:
        self._contact = schema.contact_data.columns

    def of(self, term: core.Term, *, of_event: bool) -> Values:
        """Return all values of something read; NULL only where SendGrid may leave it so."""
        values = Values(True, domain(term))
        if not isinstance(term, core.ColumnValue):
            return values
        column = (EVENT_TABLE.columns if of_event else self._contact).get(term.name)
        needed = of_event and term.name in NEEDED_OF_EVENTS
        if needed or (column is not None and not column.nullable):
            values = values._replace(null=False)
        if term.name in NEVER_EMPTY:
            values = values._replace(known=values.known._replace(cuts=(("", 1),)))
        return values


def data_of(values: Iterable[tuple[tuple[str, ...], Any]], start: Any = None) -> dict[str, Any] | None:
    """Return a JSON object, like another one except for the values at some paths, of which None is none.

    None where one path leads through another's value.
    """
    data: dict[str, Any] = deepcopy(start) if isinstance(start, dict) else {}
    for keys, value in sorted(values, key=lambda entry: len(entry[0])):
        inner: Any = data
        for key in keys[:-1]:
            inner = inner.get(key, _NOTHING) if value is None else inner.setdefault(key, {})
            if not isinstance(inner, dict):
                return None
        if value is None:
            inner.pop(keys[-1], None)
        elif not isinstance(inner.get(keys[-1]), dict):
            inner[keys[-1]] = None if value is JSON_NULL else deepcopy(value)
        elif not isinstance(value, dict):
            return None
    return data


_NOTHING: dict[str, Any] = {}
"""Where a path leads through nothing."""
