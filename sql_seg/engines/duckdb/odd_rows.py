"""The odd rows of contacts, read again one by one: named with their place, and kept or left out.

Odd is what the scan of all rows is not sure of: a cell that it cannot read, and an id that comes twice. The
rows are few; here they are Python's, and what ``records`` says of values and shapes holds for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.sources import NAMELESS
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS
from sql_seg.records.contact_objects import Contact, contact_from_json
from sql_seg.records.json_text import read_json
from sql_seg.records.loading_report import Empty, Problem, Report, shown
from sql_seg.records.raw_values import RawKind, why_not

NEVER_NULL = frozenset(
    column.key for column in CONTACT_COLUMNS if not column.nullable and column.type is not DataType.ARRAY
)
"""Columns whose row has to go where their value cannot be read."""


class Raw(NamedTuple):
    """A row as its file has it: cells by key, or a JSON text; ``is_sure`` where only its id is odd.

    With a ``problem`` it is no row of the table: it was refused before.
    """

    place: tuple[int, int]
    file: str
    cells: Mapping[str, str | None] | None
    json: str | None
    is_sure: bool
    problem: Problem | None = None


@dataclass(slots=True)
class Verdicts:
    """What became of odd rows: ``gone`` leave the table, ``instead`` come in their place."""

    gone: list[tuple[int, int]] = field(default_factory=list)
    instead: list[tuple[tuple[int, int], Contact]] = field(default_factory=list)


@dataclass(slots=True)
class OddRowReader:
    """Reads odd rows, in the order of the files; ``read`` are the columns whose values matter, None for all.

    ``names`` are the columns' own spelling.
    """

    fields: Fields
    report: Report
    empty: Empty
    read: frozenset[str] | None
    names: Mapping[str, str]
    _known: dict[str, Contact] = field(default_factory=dict)

    def judge(self, rows: Iterable[Raw]) -> Verdicts:
        """Return what becomes of rows. Raises RecordError for the first problem where problems are to fail."""
        verdicts = Verdicts()
        for row in rows:
            if row.problem is not None:
                self.report.skip_row(self.report.contacts, row.problem)
                continue
            before = len(self.report.problems)
            kept = [contact for item in self._items(row) if (contact := self._kept(item, row)) is not None]
            is_plain = row.cells is not None and (row.is_sure or len(self.report.problems) > before)
            if not kept:
                verdicts.gone.append(row.place)
            elif not is_plain:
                verdicts.gone.append(row.place)
                verdicts.instead += [(row.place, contact) for contact in kept]
        return verdicts

    def _items(self, row: Raw) -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
        """Yield the contacts of a row: values by key, with their names."""
        if row.cells is not None:
            if any("\0" in (cell or "") for key, cell in row.cells.items() if self._matters(key)):
                self._refuse(row, "holds a NUL character", None)
            elif any(row.cells.values()):
                yield row.cells, self.names
            return
        assert row.json is not None
        try:
            value = read_json(row.json)
        except ValueError as error:
            self._refuse(row, f"malformed JSON{_column(error)}: {_reason(error)}", row.json)
            return
        for item in value if isinstance(value, list) else [value]:
            try:
                yield contact_from_json(self._by_name(item))
            except ValueError as error:
                self._refuse(row, str(error), item)

    def _by_name(self, item: Any) -> Any:
        """Return a contact whose custom fields are by name where they were by id."""
        customs = item.get("custom_fields") if isinstance(item, dict) else None
        if not isinstance(customs, dict) or not self.fields.by_id:
            return item
        named = {self.fields.by_id.get(key.lower(), key): value for key, value in customs.items()}
        return {**item, "custom_fields": named}

    def _kept(self, item: tuple[Mapping[str, Any], Mapping[str, str]], row: Raw) -> Contact | None:
        contact = self._read(*item, row)
        if contact is None:
            self.report.contacts.skipped += 1
            return None
        by_id = contact.get("contact_id") is not None
        identity = contact.setdefault("contact_id", contact.get("email"))
        if not identity:
            self._refuse(row, "has neither a contact id nor an email", None)
            return None
        known = self._known.setdefault(identity if by_id else identity.lower(), contact)
        if known is contact:
            return contact
        if known == contact:
            self.report.contacts.repeats += 1
        else:
            name = "contact id" if by_id else "email"
            self._refuse(row, f"the {name} {shown(identity)} was there before, with other values", identity)
        return None

    def _read(self, values: Mapping[str, Any], names: Mapping[str, str], row: Raw) -> Contact | None:
        """Return the typed contact, or None where it has to go; what is not read stays as it is."""
        contact: Contact = {}
        is_good = True
        for key, raw in values.items():
            if raw is None or key.startswith(NAMELESS):
                continue
            kind = self.fields.kinds.get(key)
            if raw == "":
                if self.empty == "string" and kind is not None and kind.textual and key not in NEVER_NULL:
                    contact[key] = ""
                continue
            value = raw if kind is None else kind.read(raw)
            if value is not None:
                contact[key] = value
            elif not self._matters(key):
                contact[key] = raw
            else:
                assert kind is not None
                is_good = self._nulled(row, key, names.get(key, key), raw, kind) and is_good
        return contact if is_good else None

    def _matters(self, key: str) -> bool:
        return self.read is None or key in self.read

    def _nulled(self, row: Raw, key: str, name: str, raw: Any, kind: RawKind) -> bool:
        expected = "a text or a number" if key in self.fields.by_values else kind.expected
        problem = Problem(row.file, row.place[1], name, raw, why_not(raw, expected))
        nullable = key not in NEVER_NULL
        return self.report.null_value(self.report.contacts, problem, expected, nullable=nullable)

    def _refuse(self, row: Raw, message: str, value: Any) -> None:
        problem = Problem(row.file, row.place[1], None, value, message)
        self.report.skip_row(self.report.contacts, problem)


def _column(error: ValueError) -> str:
    column = getattr(error, "colno", None)
    return "" if column is None else f" at column {column}"


def _reason(error: ValueError) -> str:
    reason: str = getattr(error, "msg", None) or str(error)
    return reason
