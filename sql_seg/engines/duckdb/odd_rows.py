"""The odd rows of contacts, read again one by one: named with their place, and kept or left out.

Odd is what the scan of all rows is not sure of: a cell that it cannot read, and an id that comes twice. The
rows are few; here they are Python's, and what ``records`` says of values and shapes holds for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.readers import sql_type
from sql_seg.engines.duckdb.sources import NAMELESS, DataFile
from sql_seg.engines.duckdb.typed_rows import NEVER_NULL, TypedRows
from sql_seg.language.addresses import EMAIL_DOMAINS, email_domains
from sql_seg.records.contact_objects import Contact, contact_from_json
from sql_seg.records.json_text import read_json, why_malformed
from sql_seg.records.loading_report import Problem, Report, shown
from sql_seg.records.raw_values import TEXT, TEXTS, RawKind, why_not


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
    """Reads odd rows, in the order of the files; ``names`` are the columns' own spelling."""

    rows: TypedRows
    report: Report
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
            if any("\0" in (cell or "") for key, cell in row.cells.items() if self.rows.matters(key)):
                self._refuse(row, "holds a NUL character", None)
            elif any(row.cells.values()):
                yield row.cells, self.names
            return
        assert row.json is not None
        try:
            value = read_json(row.json)
        except ValueError as error:
            self._refuse(row, why_malformed(error), row.json)
            return
        for item in value if isinstance(value, list) else [value]:
            try:
                yield contact_from_json(self._by_name(item))
            except ValueError as error:
                self._refuse(row, str(error), item)

    def _by_name(self, item: Any) -> Any:
        """Return a contact whose custom fields are by name where they were by id."""
        customs = item.get("custom_fields") if isinstance(item, dict) else None
        if not isinstance(customs, dict) or not self.rows.fields.by_id:
            return item
        named = {self.rows.fields.by_id.get(key.lower(), key): value for key, value in customs.items()}
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
            kind = self.rows.fields.kinds.get(key)
            if raw == "":
                if (
                    self.rows.empty == "string"
                    and kind is not None
                    and kind.textual
                    and key not in NEVER_NULL
                ):
                    contact[key] = ""
                continue
            value = raw if kind is None else kind.read(raw)
            if value is not None:
                contact[key] = value
            elif not self.rows.matters(key):
                contact[key] = raw
            else:
                assert kind is not None
                is_good = self._nulled(row, key, names.get(key, key), raw, kind) and is_good
        return contact if is_good else None

    def _nulled(self, row: Raw, key: str, name: str, raw: Any, kind: RawKind) -> bool:
        expected = "a text or a number" if key in self.rows.fields.by_values else kind.expected
        problem = Problem(row.file, row.place[1], name, raw, why_not(raw, expected))
        nullable = key not in NEVER_NULL
        return self.report.null_value(self.report.contacts, problem, expected, nullable=nullable)

    def _refuse(self, row: Raw, message: str, value: Any) -> None:
        problem = Problem(row.file, row.place[1], None, value, message)
        self.report.skip_row(self.report.contacts, problem)


FEW = 100
"""How many rows may be named one by one in a statement."""


@dataclass(slots=True)
class OddRows:
    """The odd rows of ``table``: those that are bad, and all of an id that comes twice.

    The table has ``_id`` and ``_bad`` of each row of the files, in their order; where they are several
    ``_file``, and ``_row`` where the file gives its rows a number. ``columns`` are those that are kept of
    contacts, ``refused`` are the problems of what did not become a row.
    """

    connection: Connection
    files: Sequence[DataFile]
    rows: TypedRows
    columns: Sequence[str]
    report: Report
    refused: Sequence[Problem]
    table: str
    _starts: dict[int, int] = field(default_factory=dict)

    def verdicts(self) -> Verdicts:
        """Return what becomes of the odd rows.

        Raises RecordError for the first problem where problems are to fail.
        """
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE odd_ids AS SELECT _id FROM {self.table} WHERE _id IS NOT NULL GROUP BY _id HAVING count(*) > 1"
        )
        self._starts = {0: 0}
        if len(self.files) > 1:
            self._starts = dict(
                self.connection.rows(f"SELECT _file, min(rowid) FROM {self.table} GROUP BY 1")
            )
        names = {key: given for file in self.files for key, given in file.names.items()}
        return OddRowReader(self.rows, self.report, names).judge(
            merge(self._odd_rows(), self._refused_rows(), key=attrgetter("place"))
        )

    def carry_out(self, verdicts: Verdicts, table: str) -> None:
        """Take odd rows out of the whole table, and put what stands in their place where they were."""
        self.take_out(verdicts, table)
        if verdicts.instead:
            self._put(verdicts.instead, table)

    def take_out(self, verdicts: Verdicts, table: str) -> None:
        """Take odd rows out of a table, whose rows are numbered as this one's."""
        if not verdicts.gone:
            return
        places = ", ".join(f"({file}, {row})" for file, row in verdicts.gone)
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE gone AS SELECT * FROM (VALUES {places}) v(_file, _row)"
        )
        self.connection.run(
            f"DELETE FROM {table} WHERE ({self._place()}) IN (SELECT (_file, _row) FROM gone)"
        )

    def _refused_rows(self) -> Iterator[Raw]:
        """Yield what was refused before it became a row of the table, in order."""
        order = {file.name: index for index, file in enumerate(self.files)}
        places = [((order[problem.file or ""], problem.row or 0), problem) for problem in self.refused]
        for place, problem in sorted(places, key=itemgetter(0)):
            yield Raw(place, problem.file or "", None, None, is_sure=False, problem=problem)

    def _odd_rows(self) -> Iterator[Raw]:
        """Yield the odd rows of all files, in order."""
        for index, file in enumerate(self.files):
            keys = [] if file.is_json else list(file.keys)
            for number, is_bad, *values in sorted(self._odd_cells(index, file), key=itemgetter(0)):
                place = index, number
                if file.is_json:
                    yield Raw(place, file.name, None, values[0], not is_bad)
                else:
                    yield Raw(place, file.name, dict(zip(keys, values, strict=True)), None, not is_bad)

    def _odd_cells(self, index: int, file: DataFile) -> Iterable[tuple[Any, ...]]:
        """Return the numbers of a file's odd rows, whether they are bad, and their cells, in any order."""
        odd = "_bad OR _id IN (SELECT _id FROM odd_ids)"
        keys = ["j"] if file.is_json else list(map(name, file.keys))
        if file.form != "csv":
            columns = ", ".join(["_row", "_bad", *keys])
            return self.connection.rows(f"SELECT {columns} FROM {self.rows.odd(file)} WHERE {odd}")
        # the table's rows are numbered as the file's: nothing need be read as a value once more
        number = self._number(index)
        of_file = f" AND _file = {index}" if len(self.files) > 1 else ""
        known = f"FROM {self.table} WHERE ({odd}){of_file}"
        are_bad = dict(self.connection.rows(f"SELECT {number}, _bad {known}"))
        few = ", ".join(map(str, are_bad)) if 0 < len(are_bad) <= FEW else f"SELECT {number} {known}"
        raw = file.cells(keeps_empty=self.rows.empty == "string", numbered=True)
        found = self.connection.rows(f"SELECT {', '.join(['_row', *keys])} FROM {raw} WHERE _row IN ({few})")
        return ((row[0], are_bad[row[0]], *row[1:]) for row in found)

    def _place(self) -> str:
        """Return the SQL of the file and the number of a row of the table, as a pair."""
        file = "_file" if len(self.files) > 1 or self.files[0].is_json else "0"
        numbers = [self._number(index) for index in range(len(self.files))]
        if len(set(numbers)) == 1:
            return f"{file}, {numbers[0]}"
        cases = " ".join(f"WHEN {index} THEN {number}" for index, number in enumerate(numbers))
        return f"{file}, CASE {file} {cases} END"

    def _number(self, index: int) -> str:
        """Return the SQL of the number in its file of a row of the table."""
        source = self.files[index]
        if source.form == "clean csv" or not source.is_csv:
            return "_row"
        return f"rowid - {self._starts.get(index, 0)} + {source.first_row}"

    def _put(self, instead: Sequence[tuple[tuple[int, int], Contact]], table: str) -> None:
        """Put typed rows among the others, in the order of the files."""
        place = self._place()
        columns = self.columns
        typed = ", ".join(f"{name(key)} {sql_type(self.rows.kind(key))}" for key in columns)
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE instead (_file USMALLINT, _row BIGINT, _nth BIGINT, {typed})"
        )
        marks = ", ".join("?" for _ in range(len(columns) + 3))
        self.connection.duckdb.executemany(
            f"INSERT INTO instead VALUES ({marks})",
            [
                [*where, nth, *(_stored(contact, key, self.rows.kind(key)) for key in columns)]
                for nth, (where, contact) in enumerate(instead)
            ],
        )
        self.connection.run(
            f"CREATE OR REPLACE TABLE {table}_sorted AS SELECT * EXCLUDE (_place, _nth) FROM ("
            f"SELECT *, ({place}) AS _place, 0 AS _nth FROM {table} UNION ALL BY NAME "
            f"SELECT *, (_file, _row) AS _place, hash(contact_id) AS _id, FALSE AS _bad, FALSE AS _elsewhere FROM instead) ORDER BY _place, _nth;"
            f"DROP TABLE {table}; ALTER TABLE {table}_sorted RENAME TO {table}"
        )


def _stored(contact: Contact, key: str, kind: RawKind) -> Any:
    value = contact.get(key)
    if key == EMAIL_DOMAINS:
        return email_domains([contact.get("email") or "", *(contact.get("alternate_emails") or ())])
    if kind is TEXTS:
        return value or []
    if value is None or isinstance(value, str | list | bool):
        return value
    if hasattr(value, "tzinfo"):
        return value.replace(tzinfo=None)
    return float(value) if kind is not TEXT and not isinstance(value, dict) else str(value)
