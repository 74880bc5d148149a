"""Contacts from files: one scan that types, counts what is wrong and answers; then the odd rows alone.

Three lanes, one result. The *fast* one is a scan by DuckDB; where its counts say that all is well, that is all.
Else the *middle* one reads the odd rows once more, with their numbers, in Python. The *slow* one is for files
that DuckDB does not read, or whose rows it counts otherwise: Python writes a clean copy of them first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from typing import Any

from sql_seg.engines.duckdb.asking import counted
from sql_seg.engines.duckdb.cells import Cells, cells_of
from sql_seg.engines.duckdb.clean_copies import clean_csv, clean_json, counts_as_python_does
from sql_seg.engines.duckdb.connection import Connection, name, unreadable
from sql_seg.engines.duckdb.evidence import asked_of, said
from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.odd_rows import Contact, Judge, Raw, Verdicts
from sql_seg.engines.duckdb.readers import sql_type
from sql_seg.engines.duckdb.sources import Source, listed
from sql_seg.engines.duckdb.typed_rows import DERIVED, IDENTITY, TypedRows
from sql_seg.errors import RecordError
from sql_seg.records.loading_report import Empty, Problem, Report
from sql_seg.records.raw_values import TEXT, TEXTS, RawKind

TABLE = "contacts"
"""The table that contacts are put into."""

_LONGEST_HEADER = 200
_FEW = 1000


@dataclass(slots=True)
class Contacts:
    """The contacts of some files; nothing is read of them but their headers until they are asked.

    ``wanted`` are the columns to keep, by lower-case name; None is all. Columns that the files lack are NULL.
    """

    connection: Connection
    fields: Fields
    report: Report
    empty: Empty
    wanted: frozenset[str] | None
    cells: list[Cells] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    """Which way each step went, for tests and the curious."""
    is_table: bool = False
    _starts: dict[int, int] = field(default_factory=dict)
    _refused: list[Problem] = field(default_factory=list)

    # what there is

    def open(self, sources: Sequence[Source]) -> None:
        """Look at files: their columns, and the types of those that nothing else says.

        Raises RecordError where one cannot be read, or lacks what identifies contacts.
        """
        for source in sources:
            cells = self._opened(source)
            refuse_events(source.name, cells.keys)
            self.cells.append(cells)
        self.report.note_absent({cells.source.name: cells.keys for cells in self.cells})
        undecided = [key for key in self.fields.undecided if self.wanted is None or key in self.wanted]
        if undecided:
            self._decide(undecided)

    def _opened(self, source: Source) -> Cells:
        if source.form == "any json":
            source = self._clean(source)
        check_header(source)
        return self._or_clean(source)

    def _or_clean(self, source: Source) -> Cells:
        """Return the cells of a file, of its clean copy where DuckDB cannot read it."""
        try:
            return cells_of(source, self.fields, self.connection)
        except unreadable():
            return cells_of(self._clean(source), self.fields, self.connection)

    def _clean(self, source: Source) -> Source:
        self.lanes.append(f"{source.name}: slow")
        if source.is_csv:
            return clean_csv(source, self.connection, self._refuse)
        return clean_json(source, self.connection, "contact", self._refuse)

    def _refuse(self, problem: Problem) -> None:
        """Keep a problem until it is its row's turn."""
        self._refused.append(problem)

    def _decide(self, undecided: Sequence[str]) -> None:
        """Find out by their values what undeclared columns are."""
        found = self._of_readable_files(lambda: asked_of(self.cells, undecided))
        for key, evidence in said(found, undecided).items():
            self.fields.decide(key, evidence)

    def _of_readable_files(self, sql: Any) -> tuple[Any, ...]:
        try:
            return self.connection.row(sql())
        except unreadable():
            self._clean_unreadable()
            return self.connection.row(sql())

    def _clean_unreadable(self) -> None:
        """Make clean copies of the files that DuckDB cannot read."""
        unclean = [cells for cells in self.cells if not cells.source.form.startswith("clean")]
        bad = [cells for cells in unclean if not self._is_readable(cells)] or unclean
        self.cells = [
            replace(cells, source=self._clean(cells.source)) if cells in bad else cells
            for cells in self.cells
        ]

    def _is_readable(self, cells: Cells) -> bool:
        relation = cells.relation(keeps_empty=False, numbered=False)
        try:
            self.connection.rows(f"SELECT count(COLUMNS(*)) FROM {relation}")
        except unreadable():
            return False
        return True

    @property
    def keys(self) -> list[str]:
        """The columns that the files have, or that follow from them."""
        found = self.found
        return [
            *found,
            *(key for key in ("contact_id", "list_ids", "alternate_emails", DERIVED) if key not in found),
        ]

    @property
    def found(self) -> list[str]:
        """The columns that the files have."""
        return list(dict.fromkeys(key for cells in self.cells for key in cells.keys))

    def kept(self) -> list[str]:
        """Return the columns that are kept."""
        if self.wanted is None:
            return list(dict.fromkeys([*self.keys, *IDENTITY]))
        return [
            *dict.fromkeys(
                ["contact_id", *(key for key in self.keys if key in self.wanted), *sorted(self.wanted)]
            )
        ]

    def kind(self, key: str) -> RawKind:
        """Return how a column is read."""
        return self.fields.kinds.get(key, TEXT)

    @property
    def has_list_ids(self) -> bool:
        """Whether a file says which lists its contacts are on."""
        return any("list_ids" in cells.keys for cells in self.cells)

    # the scan

    def typed(self) -> str:
        """Return the statement that selects all rows, typed, each with what is said of it.

        ``_bad`` is whether something that matters cannot be read, ``_elsewhere`` whether something else cannot.
        """
        many, columns = len(self.cells) > 1, self.kept()
        if not self.cells:
            none = ", ".join(f"CAST(NULL AS {sql_type(self.kind(key))}) AS {name(key)}" for key in columns)
            return f"SELECT {none}, 0::UBIGINT AS _id, FALSE AS _bad, FALSE AS _elsewhere WHERE FALSE"
        return listed(
            self._rows.of(index, cells, columns, many=many) for index, cells in enumerate(self.cells)
        )

    @property
    def _rows(self) -> TypedRows:
        return TypedRows(self.fields, self.empty, self.wanted)

    # loading

    def answer(self, conditions: Sequence[str]) -> list[int] | None:
        """Count in one scan for how many contacts each condition is true; None where rows are odd.

        Nothing is kept: the contacts are read again for each further question.
        """
        tallies = "".join(f", {counted(condition)}" for condition in conditions)
        counts = self._checked(f"({self.typed()})", tallies)
        if counts is None:
            return None
        self.lanes.append("contacts: fast")
        self.must_be_unchanged()
        return counts

    def must_be_unchanged(self) -> None:
        """Raise RecordError where a file has changed since its reading began."""
        for cells in self.cells:
            cells.source.must_be_unchanged()

    def _checked(self, relation: str, tallies: str = "") -> list[int] | None:
        """Count rows and what is wrong with them; None where something is, or DuckDB cannot read a file."""
        nameless = dict.fromkeys(key for cells in self.cells for key in cells.nameless)
        met = "".join(f", count({name(key)})" for key in nameless)
        try:
            n, bad, elsewhere, ids, *more = self.connection.row(
                "SELECT count(*), count(*) FILTER (WHERE _bad), count(*) FILTER (WHERE _elsewhere), "
                f"count(DISTINCT _id){met}{tallies} FROM {relation} c"
            )
        except unreadable():
            self._clean_unreadable()
            return None
        if bad or ids != n or self._refused:
            return None
        self._keep_count(n, elsewhere)
        self._note_nameless(dict(zip(nameless, more, strict=False)))
        self._note_empty()
        return more[len(nameless) :]

    def _note_empty(self) -> None:
        """Say which files have no contacts."""
        if self.report.contacts.met and len(self.cells) == 1:
            return
        for cells in self.cells:
            if len(self.cells) == 1 or not self.connection.rows(
                f"SELECT 1 FROM {cells.relation(keeps_empty=False, numbered=False, keys=())} LIMIT 1"
            ):
                self.report.notes.append(f"{cells.source.name}: has no contacts")

    def _keep_count(self, n: int, elsewhere: int) -> None:
        self.report.contacts.kept = n
        self.report.elsewhere = elsewhere

    def _note_nameless(self, met: dict[str, int]) -> None:
        for cells in self.cells:
            for index, key in enumerate(cells.source.keys if not cells.is_json else (), 1):
                if met.get(key):
                    note = f"{cells.source.name}: column {index} has values but no name: left out"
                    if note not in self.report.notes:
                        self.report.notes.append(note)

    def load(self) -> None:
        """Put the contacts into a table, the odd ones judged.

        Raises RecordError for the first problem where problems are to fail.
        """
        try:
            self._fill()
        except unreadable():
            self._clean_unreadable()
            self._fill()
        if self._checked(TABLE) is not None:
            self.lanes.append("contacts: fast")
        else:
            self._judge()
        self.is_table = True
        self.must_be_unchanged()

    def _fill(self) -> None:
        self.connection.run(f"CREATE OR REPLACE TABLE {TABLE} AS {self.typed()}")

    def _judge(self) -> None:
        """Judge the odd rows: those that are bad, and all of an id that comes twice."""
        self.lanes.append("contacts: middle")
        if any(not counts_as_python_does(cells.source) for cells in self.cells):
            self.cells = [
                cells
                if counts_as_python_does(cells.source)
                else replace(cells, source=self._clean(cells.source))
                for cells in self.cells
            ]
            self._fill()
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE odd_ids AS SELECT _id FROM {TABLE} WHERE _id IS NOT NULL GROUP BY _id HAVING count(*) > 1"
        )
        self._starts = {0: 0}
        if len(self.cells) > 1:
            self._starts = dict(self.connection.rows(f"SELECT _file, min(rowid) FROM {TABLE} GROUP BY 1"))
        names = {key: given for cells in self.cells for key, given in cells.names.items()}
        matters = (
            None
            if self.wanted is None
            else frozenset(key for key in self.fields.kinds if self._rows.matters(key))
        )
        judge = Judge(self.fields, self.report, self.empty, matters, names)
        verdicts = judge.judge(merge(self._odd_rows(), self._refused_rows(), key=_place_of))
        self._carry_out(verdicts)
        n, elsewhere = self.connection.row(
            f"SELECT count(*), count(*) FILTER (WHERE _elsewhere) FROM {TABLE}"
        )
        self._keep_count(n, elsewhere)
        nameless = list(dict.fromkeys(key for cells in self.cells for key in cells.nameless))
        if nameless:
            met = self.connection.row(
                f"SELECT {', '.join(f'count({name(key)})' for key in nameless)} FROM {TABLE}"
            )
            self._note_nameless(dict(zip(nameless, met, strict=True)))

    def _refused_rows(self) -> Iterator[Raw]:
        """Yield what was refused before it became a row of the table, in order."""
        order = {cells.source.name: index for index, cells in enumerate(self.cells)}
        places = [((order[problem.file or ""], problem.row or 0), problem) for problem in self._refused]
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
            return self.connection.rows(f"SELECT {columns} FROM {self._rows.odd(cells)} WHERE {odd}")
        # the table's rows are numbered as the file's: nothing need be read as a value once more
        number = f"rowid - {self._starts.get(index, 0)} + {cells.source.first_row}"
        of_file = f" AND _file = {index}" if len(self.cells) > 1 else ""
        known = f"FROM {TABLE} WHERE ({odd}){of_file}"
        are_bad = dict(self.connection.rows(f"SELECT {number}, _bad {known}"))
        few = ", ".join(map(str, are_bad)) if 0 < len(are_bad) <= _FEW else f"SELECT {number} {known}"
        raw = cells.relation(keeps_empty=self.empty == "string", numbered=True)
        found = self.connection.rows(f"SELECT {', '.join(['_row', *keys])} FROM {raw} WHERE _row IN ({few})")
        return ((row[0], are_bad[row[0]], *row[1:]) for row in found)

    def _carry_out(self, verdicts: Verdicts) -> None:
        """Take odd rows out of the table, and put what stands in their place where they were."""
        if not verdicts.gone:
            return
        places = ", ".join(f"({file}, {row})" for file, row in verdicts.gone)
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE gone AS SELECT * FROM (VALUES {places}) v(_file, _row)"
        )
        place = self._place()
        self.connection.run(f"DELETE FROM {TABLE} WHERE ({place}) IN (SELECT (_file, _row) FROM gone)")
        if verdicts.instead:
            self._put(verdicts.instead)

    def _place(self) -> str:
        """Return the SQL of the file and the number of a row of the table, as a pair."""
        files = [cells.source for cells in self.cells]
        many = len(files) > 1 or self.cells[0].is_json
        if all(source.form == "clean csv" or not source.is_csv for source in files):
            return f"{'_file' if many else '0'}, _row"
        starts = self._starts
        numbers = " ".join(
            f"WHEN {index} THEN "
            + (
                "_row"
                if source.form == "clean csv" or not source.is_csv
                else f"rowid - {starts.get(index, 0)} + {source.first_row}"
            )
            for index, source in enumerate(files)
        )
        return f"{'_file' if many else '0'}, CASE {'_file' if many else '0'} {numbers} END"

    def _put(self, instead: Sequence[tuple[tuple[int, int], Contact]]) -> None:
        """Put typed rows among the others, in the order of the files."""
        place = self._place()
        columns = self.kept()
        typed = ", ".join(f"{name(key)} {sql_type(self.kind(key))}" for key in columns)
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE instead (_file USMALLINT, _row BIGINT, _nth BIGINT, {typed})"
        )
        marks = ", ".join("?" for _ in range(len(columns) + 3))
        self.connection.duckdb.executemany(
            f"INSERT INTO instead VALUES ({marks})",
            [
                [*where, nth, *(_stored(contact, key, self.kind(key)) for key in columns)]
                for nth, (where, contact) in enumerate(instead)
            ],
        )
        self.connection.run(
            f"CREATE OR REPLACE TABLE {TABLE}_sorted AS SELECT * EXCLUDE (_place, _nth) FROM ("
            f"SELECT *, ({place}) AS _place, 0 AS _nth FROM {TABLE} UNION ALL BY NAME "
            f"SELECT *, (_file, _row) AS _place, hash(contact_id) AS _id, FALSE AS _bad, FALSE AS _elsewhere FROM instead) ORDER BY _place, _nth;"
            f"DROP TABLE {TABLE}; ALTER TABLE {TABLE}_sorted RENAME TO {TABLE}"
        )


def refuse_one_value(source: Source) -> None:
    """Raise RecordError for a file that is one JSON value, taken for a header."""
    if source.is_one_value:
        said = "holds one JSON value, not records; give a list of objects, or an object a line"
        raise RecordError(f"{source.name}: {said}", file=source.name)


def refuse_events(named: str, keys: Collection[str]) -> None:
    """Raise RecordError for a file whose columns are those of events."""
    if "event" in keys and ("sg_event_id" in keys or {"processed", "message_id"} <= set(keys)):
        raise RecordError(f"{named}: holds events, not contacts: give it with --events", file=named)


def check_header(source: Source) -> None:
    """Raise RecordError where a CSV file has no column that identifies contacts."""
    if not source.is_csv or not IDENTITY.isdisjoint(source.keys):
        return
    refuse_one_value(source)
    header = ", ".join(source.header)
    raise RecordError(
        f"{source.name}, row {source.first_row - 1}: the header has neither EMAIL nor CONTACT_ID; "
        f"it is: {header if len(header) <= _LONGEST_HEADER else header[:_LONGEST_HEADER] + '…'}",
        file=source.name,
        row=source.first_row - 1,
    )


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]


def _place_of(row: Raw) -> tuple[int, int]:
    return row.place


def _stored(contact: Contact, key: str, kind: RawKind) -> Any:
    value = contact.get(key)
    if key == DERIVED:
        from sql_seg.language.addresses import email_domains

        return email_domains([contact.get("email") or "", *(contact.get("alternate_emails") or ())])
    if kind is TEXTS:
        return value or []
    if value is None or isinstance(value, str | list | bool):
        return value
    if hasattr(value, "tzinfo"):
        return value.replace(tzinfo=None)
    return float(value) if kind is not TEXT and not isinstance(value, dict) else str(value)
