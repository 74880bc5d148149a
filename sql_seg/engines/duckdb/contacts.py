"""Contacts from files: one scan that types, counts what is wrong and answers; then the odd rows alone.

Three lanes, one result. The *fast* one is a scan by DuckDB; where its counts say that all is well, that is all.
Else the *middle* one reads the odd rows once more, with their numbers, in Python. The *slow* one is for files
that DuckDB does not read, or whose rows it counts otherwise: Python writes a clean copy of them first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from typing import Any

from sql_seg.engines.duckdb.cells import Cells, cells_of
from sql_seg.engines.duckdb.clean_copies import clean_csv, clean_json, counts_as_python_does
from sql_seg.engines.duckdb.connection import Connection, name, text
from sql_seg.engines.duckdb.fields import Evidence, Fields
from sql_seg.engines.duckdb.odd_rows import NEVER_NULL, Contact, Judge, Raw, Verdicts
from sql_seg.engines.duckdb.readers import always_reads, reading, sql_type
from sql_seg.engines.duckdb.sources import Source, listed
from sql_seg.errors import RecordError
from sql_seg.records.report import Empty, Problem, Report
from sql_seg.records.report import count as counted
from sql_seg.records.values import TEXT, TEXTS, Kind

TABLE = "contacts"
"""The table that contacts are put into."""

_IDENTITY = frozenset({"contact_id", "email"})
_DERIVED = "email_domains"
_LONGEST_HEADER = 200


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

        Raises RecordError where one cannot be read, or lacks what tells contacts apart.
        """
        for source in sources:
            self.cells.append(self._opened(source))
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
        import duckdb

        try:
            return cells_of(source, self.fields, self.connection)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
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
        parts = []
        for cells in self.cells:
            columns = [
                f"{_evidence(key, json=cells.is_json) if key in cells.keys else 'NULL::VARCHAR'} AS {name(key)}"
                for key in undecided
            ]
            relation = cells.relation(keeps_empty=False, numbered=False, keys=undecided)
            parts.append(f"SELECT {', '.join(columns)} FROM {relation}")
        asked = ", ".join(
            f"count({column}), {_of_all(_is_plain_number(column), column)}, {_of_all(_is_time(column), column)}"
            for column in map(name, undecided)
        )
        found = self._of_readable_files(lambda: f"SELECT {asked} FROM ({listed(parts)})")
        for index, key in enumerate(undecided):
            self.fields.decide(key, Evidence(*found[3 * index : 3 * index + 3]))

    def _of_readable_files(self, sql: Any) -> tuple[Any, ...]:
        import duckdb

        try:
            return self.connection.row(sql())
        except (duckdb.InvalidInputException, duckdb.ConversionException):
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
        import duckdb

        relation = cells.relation(keeps_empty=False, numbered=False)
        try:
            self.connection.rows(f"SELECT count(COLUMNS(*)) FROM {relation}")
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            return False
        return True

    @property
    def keys(self) -> list[str]:
        """The columns that the files have, or that follow from them."""
        found = dict.fromkeys(key for cells in self.cells for key in cells.keys)
        return [
            *found,
            *(key for key in ("contact_id", "list_ids", "alternate_emails", _DERIVED) if key not in found),
        ]

    def kept(self) -> list[str]:
        """Return the columns that are kept."""
        if self.wanted is None:
            return self.keys
        return [
            *dict.fromkeys(
                ["contact_id", *(key for key in self.keys if key in self.wanted), *sorted(self.wanted)]
            )
        ]

    def kind(self, key: str) -> Kind:
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
        return listed(self._typed(index, cells) for index, cells in enumerate(self.cells))

    def _typed(self, index: int, cells: Cells) -> str:
        columns = [f"{self._identity(cells)} AS contact_id"]
        columns += [
            f"{self._column(key, cells)} AS {name(key)}" for key in self.kept() if key != "contact_id"
        ]
        columns += [f"hash({self._told_apart(cells)}) AS _id"]
        columns += [
            f"({bad}) AS {flag}" for flag, bad in zip(("_bad", "_elsewhere"), self._flags(cells), strict=True)
        ]
        if len(self.cells) > 1 or cells.is_json:
            columns.append(f"{index}::USMALLINT AS _file")
        if cells.source.form == "clean csv" or cells.is_json:
            columns.append("_row")
        columns += [f"{name(key)} AS {name(key)}" for key in cells.nameless]
        return f"SELECT {', '.join(columns)} FROM {self._values(cells, numbered=False)}"

    def _values(self, cells: Cells, *, numbered: bool) -> str:
        """Return the cells of a file, and beside them what they are as values.

        In a step of its own: a macro repeats the text of what it is given.
        """
        relation = cells.relation(keeps_empty=self.empty == "string", numbered=numbered)
        read = [
            f"{reading(self.kind(key), self._cell(key, cells), json=cells.is_json)} AS {_value(key)}"
            for key in cells.keys
            if self._is_read(key, cells)
        ]
        return f"(SELECT {', '.join(['*', *read])} FROM {relation})"

    def _is_read(self, key: str, cells: Cells) -> bool:
        """Return whether a column's cells are not their own values."""
        return not always_reads(self.kind(key), json=cells.is_json)

    def _cell(self, key: str, cells: Cells) -> str:
        """Return the cell of a column: NULL for an empty one that is no text."""
        kind = self.kind(key)
        if self.empty == "string" and not (kind.textual and key not in NEVER_NULL):
            empty = '""' if cells.is_json else ""
            return f"nullif({name(key)}, {text(empty)})"
        return name(key)

    def _read(self, key: str, cells: Cells) -> str:
        return _value(key) if self._is_read(key, cells) else self._cell(key, cells)

    def _column(self, key: str, cells: Cells) -> str:
        kind = self.kind(key)
        if key == _DERIVED:
            email = self._read("email", cells) if "email" in cells.keys else "NULL"
            return f"domains_of({email}, {self._column('alternate_emails', cells)})"
        if key not in cells.keys:
            return "[]::VARCHAR[]" if kind is TEXTS else f"CAST(NULL AS {sql_type(kind)})"
        return f"coalesce({self._read(key, cells)}, [])" if kind is TEXTS else self._read(key, cells)

    def _identity(self, cells: Cells) -> str:
        present = [
            f"nullif({self._read(key, cells)}, '')" for key in ("contact_id", "email") if key in cells.keys
        ]
        return f"coalesce({', '.join(present)})" if present else "NULL::VARCHAR"

    def _told_apart(self, cells: Cells) -> str:
        """Return the SQL of what is the same in two rows of one contact."""
        parts = [self._read("contact_id", cells)] if "contact_id" in cells.keys else []
        parts += [f"lower({self._read('email', cells)})"] if "email" in cells.keys else []
        return f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"

    def _matters(self, key: str) -> bool:
        if self.wanted is None or key in self.wanted or key in _IDENTITY:
            return True
        return key == "alternate_emails" and _DERIVED in self.wanted

    def _flags(self, cells: Cells) -> tuple[str, str]:
        """Return the SQL of whether something that matters cannot be read, and whether something else cannot."""
        bad = [f"{self._identity(cells)} IS NULL"]
        elsewhere: list[str] = []
        for key in cells.keys:
            matters = self._matters(key)
            if self._is_read(key, cells):
                if matters or self.kind(key) is not TEXT:
                    unread = f"{self._cell(key, cells)} IS NOT NULL AND {_value(key)} IS NULL"
                    (bad if matters else elsewhere).append(unread)
            elif matters and not cells.is_json:
                bad.append(f"coalesce(contains({name(key)}, chr(0)), FALSE)")
        if cells.is_json:
            bad.append("NOT _ok")
        return " OR ".join(bad), " OR ".join(elsewhere or ["FALSE"])

    # loading

    def answer(self, conditions: Sequence[str]) -> list[int] | None:
        """Count in one scan for how many contacts each condition is true; None where rows are odd.

        Nothing is kept: the contacts are read anew for each further question.
        """
        tallies = "".join(f", count(*) FILTER (WHERE {condition})" for condition in conditions)
        counts = self._checked(f"({self.typed()})", tallies)
        if counts is None:
            return None
        self.lanes.append("contacts: fast")
        return counts

    def _checked(self, relation: str, tallies: str = "") -> list[int] | None:
        """Count rows and what is wrong with them; None where something is, or DuckDB cannot read a file."""
        import duckdb

        nameless = dict.fromkeys(key for cells in self.cells for key in cells.nameless)
        met = "".join(f", count({name(key)})" for key in nameless)
        try:
            n, bad, elsewhere, ids, *more = self.connection.row(
                "SELECT count(*), count(*) FILTER (WHERE _bad), count(*) FILTER (WHERE _elsewhere), "
                f"count(DISTINCT _id){met}{tallies} FROM {relation} c"
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
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
        import duckdb

        try:
            self._fill()
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            self._clean_unreadable()
            self._fill()
        if self._checked(TABLE) is not None:
            self.lanes.append("contacts: fast")
        else:
            self._judge()
        self.is_table = True
        for cells in self.cells:
            cells.source.must_be_unchanged()

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
            None if self.wanted is None else frozenset(key for key in self.fields.kinds if self._matters(key))
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
            odd = "_bad OR _id IN (SELECT _id FROM odd_ids)"
            bad, _ = self._flags(cells)
            inner = (
                f"SELECT *, ({bad}) AS _bad, hash({self._told_apart(cells)}) AS _id "
                f"FROM {self._values(cells, numbered=True)}"
            )
            keys = [] if cells.is_json else list(cells.source.keys)
            columns = ", ".join(["_row", "_bad", *(["j"] if cells.is_json else map(name, keys))])
            for number, is_bad, *values in sorted(
                self.connection.rows(f"SELECT {columns} FROM ({inner}) WHERE {odd}"), key=_first
            ):
                place = index, number
                if cells.is_json:
                    yield Raw(place, cells.source.name, None, values[0], not is_bad)
                else:
                    yield Raw(
                        place, cells.source.name, dict(zip(keys, values, strict=True)), None, not is_bad
                    )

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


def _value(key: str) -> str:
    """Return what the value of a cell is called, which no column of a file is."""
    return name(f"\x1f{key}")


def check_header(source: Source) -> None:
    """Raise RecordError where a CSV file has no column that tells contacts apart."""
    if not source.is_csv or not _IDENTITY.isdisjoint(source.keys):
        return
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


def _stored(contact: Contact, key: str, kind: Kind) -> Any:
    value = contact.get(key)
    if key == _DERIVED:
        from sql_seg.language.addresses import email_domains

        return email_domains([contact.get("email") or "", *(contact.get("alternate_emails") or ())])
    if kind is TEXTS:
        return value or []
    if value is None or isinstance(value, str | list):
        return value
    if hasattr(value, "tzinfo"):
        return value.replace(tzinfo=None)
    return float(value) if kind is not TEXT and not isinstance(value, dict) else str(value)


_NUMBER_IN_JSON = "\x1f"


def _evidence(key: str, *, json: bool) -> str:
    """Return the SQL of what a cell says of its column's type: a text, with a mark before a JSON number."""
    cell = name(key)
    if not json:
        return cell
    return (
        f"CASE WHEN {cell}[1] = '\"' THEN jstr({cell}) "
        f"WHEN jnum({cell}) IS NOT NULL THEN '{_NUMBER_IN_JSON}' || {cell} END"
    )


def _of_all(test: str, cell: str) -> str:
    return f"coalesce(bool_and({test}) FILTER (WHERE {cell} IS NOT NULL), FALSE)"


def _is_plain_number(cell: str) -> str:
    return (
        f"starts_with({cell}, '{_NUMBER_IN_JSON}') OR "
        f"regexp_full_match({cell}, '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?') AND read_num({cell}) IS NOT NULL"
    )


def _is_time(cell: str) -> str:
    return f"read_ts({cell}) IS NOT NULL"


__all__ = ["TABLE", "Contacts", "counted"]
