"""The odd rows among contacts that a scan has put into a table: found, read once more as they are, and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from sql_seg.engines.duckdb.cells import Cells
from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.odd_rows import OddRowReader, Raw, Verdicts
from sql_seg.engines.duckdb.readers import sql_type
from sql_seg.engines.duckdb.typed_rows import TypedRows
from sql_seg.language.addresses import EMAIL_DOMAINS, email_domains
from sql_seg.records.contact_objects import Contact
from sql_seg.records.loading_report import Problem, Report
from sql_seg.records.raw_values import TEXT, TEXTS, RawKind

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
    cells: Sequence[Cells]
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
        if len(self.cells) > 1:
            self._starts = dict(
                self.connection.rows(f"SELECT _file, min(rowid) FROM {self.table} GROUP BY 1")
            )
        names = {key: given for cells in self.cells for key, given in cells.names.items()}
        matters = (
            None
            if self.rows.wanted is None
            else frozenset(key for key in self.rows.fields.kinds if self.rows.matters(key))
        )
        judge = OddRowReader(self.rows.fields, self.report, self.rows.empty, matters, names)
        return judge.judge(merge(self._odd_rows(), self._refused_rows(), key=_place_of))

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
        order = {cells.source.name: index for index, cells in enumerate(self.cells)}
        places = [((order[problem.file or ""], problem.row or 0), problem) for problem in self.refused]
        for place, problem in sorted(places, key=_first):
            yield Raw(place, problem.file or "", None, None, is_sure=False, problem=problem)

    def _odd_rows(self) -> Iterator[Raw]:
        """Yield the odd rows of all files, in order."""
        for index, cells in enumerate(self.cells):
            keys = [] if cells.is_json else list(cells.source.keys)
            for number, is_bad, *values in sorted(self._odd_cells(index, cells), key=_first):
                place = index, number
                if cells.is_json:
                    yield Raw(place, cells.source.name, None, values[0], not is_bad)
                else:
                    yield Raw(
                        place, cells.source.name, dict(zip(keys, values, strict=True)), None, not is_bad
                    )

    def _odd_cells(self, index: int, cells: Cells) -> Iterable[tuple[Any, ...]]:
        """Return the numbers of a file's odd rows, whether they are bad, and their cells, in any order."""
        odd = "_bad OR _id IN (SELECT _id FROM odd_ids)"
        keys = ["j"] if cells.is_json else list(map(name, cells.source.keys))
        if cells.source.form != "csv":
            columns = ", ".join(["_row", "_bad", *keys])
            return self.connection.rows(f"SELECT {columns} FROM {self.rows.odd(cells)} WHERE {odd}")
        # the table's rows are numbered as the file's: nothing need be read as a value once more
        number = self._number(index)
        of_file = f" AND _file = {index}" if len(self.cells) > 1 else ""
        known = f"FROM {self.table} WHERE ({odd}){of_file}"
        are_bad = dict(self.connection.rows(f"SELECT {number}, _bad {known}"))
        few = ", ".join(map(str, are_bad)) if 0 < len(are_bad) <= FEW else f"SELECT {number} {known}"
        raw = cells.relation(keeps_empty=self.rows.empty == "string", numbered=True)
        found = self.connection.rows(f"SELECT {', '.join(['_row', *keys])} FROM {raw} WHERE _row IN ({few})")
        return ((row[0], are_bad[row[0]], *row[1:]) for row in found)

    def _place(self) -> str:
        """Return the SQL of the file and the number of a row of the table, as a pair."""
        file = "_file" if len(self.cells) > 1 or self.cells[0].is_json else "0"
        numbers = [self._number(index) for index in range(len(self.cells))]
        if len(set(numbers)) == 1:
            return f"{file}, {numbers[0]}"
        cases = " ".join(f"WHEN {index} THEN {number}" for index, number in enumerate(numbers))
        return f"{file}, CASE {file} {cases} END"

    def _number(self, index: int) -> str:
        """Return the SQL of the number in its file of a row of the table."""
        source = self.cells[index].source
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


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]


def _place_of(row: Raw) -> tuple[int, int]:
    return row.place


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
