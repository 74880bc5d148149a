"""Contacts from files: one scan that types, counts what is wrong and answers; then the odd rows alone.

Three lanes, one result. The *fast* one is a scan by DuckDB; where its counts say that all is well, that is all.
Else the *middle* one reads the odd rows once more, with their numbers, in Python. The *slow* one is for files
that DuckDB does not read, or whose rows it counts otherwise: Python writes a clean copy of them first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sql_seg.engines.duckdb.asking import counted
from sql_seg.engines.duckdb.clean_copies import clean, counts_as_python_does
from sql_seg.engines.duckdb.connection import Connection, name, unreadable
from sql_seg.engines.duckdb.fields import Fields, evidence_asked, evidence_found, with_columns
from sql_seg.engines.duckdb.members import Packed, packed
from sql_seg.engines.duckdb.odd_rows import FEW, OddRows
from sql_seg.engines.duckdb.readers import sql_type
from sql_seg.engines.duckdb.sources import DataFile, listed
from sql_seg.engines.duckdb.typed_rows import IDENTITY, TypedRows
from sql_seg.errors import RecordError
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.records.loading_report import Empty, Problem, Report
from sql_seg.records.raw_values import TEXT, RawKind

TABLE = "contacts"
"""The table that contacts are put into."""

BY_EMAIL = f"SELECT lower(email) AS address, min(rowid) AS rid, count(*) AS n FROM {TABLE} WHERE email <> '' GROUP BY 1"
"""Whose an address is: the first contact's whose email it is, of how many."""


def by_alternate_email(lost: str) -> str:
    """Return the statement that finds whose alternate emails the addresses are that a statement gives."""
    alternates = f"SELECT lower(unnest(alternate_emails)) AS address, rowid AS rid FROM {TABLE}"
    return (
        f"SELECT address, min(rid) AS rid, count(DISTINCT rid) AS n FROM ({alternates}) "
        f"WHERE address IN ({lost}) GROUP BY 1"
    )


SEEN = "seen"
"""The table of what one scan found out of each row: a few bytes a row, by which odd rows are found again."""

_LONGEST_HEADER = 200

_FEW_QUESTIONS = 8

_SMALL = 1 << 20
"""Up to how many bytes files are small: to plan the scan that reads their values takes longer than the scan, and a
table is read with one. A preview of 500 to 5,000 contacts takes 0.90 to 0.95 of the time, of 20,000 as long."""

_MOST_KEPT = 512 << 20
"""How many bytes files have at most whose members are kept: all of them may be members, and take as much memory."""


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
    files: list[DataFile] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    """Which way each step went, for tests and the curious."""
    is_table: bool = False
    _packs: bool = False
    _refused: list[Problem] = field(default_factory=list)
    _gone: dict[int, list[int]] = field(default_factory=dict)
    """The rows of each file that are left out, where there is no table."""

    # what there is

    def open(self, sources: Sequence[DataFile]) -> None:
        """Look at files: their columns, and the types of those that nothing else says.

        Raises RecordError where one cannot be read, or lacks what identifies contacts.
        """
        for source in sources:
            file = self._opened(source)
            refuse_events(file)
            self.files.append(file)
        self.report.note_absent({file.name: file.names for file in self.files})
        undecided = [key for key in self.fields.undecided if self.wanted is None or key in self.wanted]
        if undecided:
            self._decide(undecided)

    def _opened(self, file: DataFile) -> DataFile:
        """Return a file with its columns, or its clean copy where DuckDB cannot read it."""
        if file.form == "any json":
            file = self._clean(file)
        check_header(file)
        try:
            return with_columns(file, self.fields, self.connection)
        except unreadable():
            return with_columns(self._clean(file), self.fields, self.connection)

    def _clean(self, source: DataFile) -> DataFile:
        self.lanes.append(f"{source.name}: slow")
        return clean(source, self.connection, "contact", self._refuse)

    def _refuse(self, problem: Problem) -> None:
        """Keep a problem until it is its row's turn."""
        self._refused.append(problem)

    def _decide(self, undecided: Sequence[str]) -> None:
        """Find out by their values what undeclared columns are."""
        found = self._of_readable_files(lambda: evidence_asked(self.files, undecided))
        for key, evidence in evidence_found(found, undecided).items():
            self.fields.decide(key, evidence)

    def _of_readable_files(self, sql: Any) -> tuple[Any, ...]:
        try:
            return self.connection.row(sql())
        except unreadable():
            self._clean_unreadable()
            return self.connection.row(sql())

    def _clean_unreadable(self) -> None:
        """Make clean copies of the files that DuckDB cannot read."""
        unclean = [file for file in self.files if not file.form.startswith("clean")]
        bad = [file for file in unclean if not self._is_readable(file)] or unclean
        self.files = [self._clean(file) if file in bad else file for file in self.files]

    def _is_readable(self, file: DataFile) -> bool:
        relation = file.cells(keeps_empty=False, numbered=False)
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
            *(
                key
                for key in ("contact_id", "list_ids", "alternate_emails", EMAIL_DOMAINS)
                if key not in found
            ),
        ]

    @property
    def found(self) -> list[str]:
        """The columns that the files have."""
        return list(dict.fromkeys(key for file in self.files for key in file.names))

    def kept(self) -> list[str]:
        """Return the columns that are kept: of those that no file has, the ones whose type is known."""
        if self.wanted is None:
            return list(dict.fromkeys([*self.keys, *IDENTITY]))
        there = [key for key in self.keys if key in self.wanted]
        known = sorted(key for key in self.wanted if key in self.fields.kinds)
        return list(dict.fromkeys(["contact_id", *there, *known]))

    def kind(self, key: str) -> RawKind:
        """Return how a column is read."""
        return self.fields.kinds.get(key, TEXT)

    @property
    def has_list_ids(self) -> bool:
        """Whether a file says which lists its contacts are on."""
        return any("list_ids" in file.names for file in self.files)

    @property
    def is_small(self) -> bool:
        """Whether the files are so small that all contacts are best put into a table at once."""
        return self._size <= _SMALL

    @property
    def _size(self) -> int:
        """About how many bytes of text the files are."""
        return sum(file.size for file in self.files)

    # the scan

    def typed(self) -> str:
        """Return the statement that selects all rows, typed, each with what is said of it.

        ``_bad`` is whether something that matters cannot be read, ``_elsewhere`` whether something else cannot.
        """
        many, columns = len(self.files) > 1, self.kept()
        if not self.files:
            none = ", ".join(f"CAST(NULL AS {sql_type(self.kind(key))}) AS {name(key)}" for key in columns)
            return f"SELECT {none}, 0::UBIGINT AS _id, FALSE AS _bad, FALSE AS _elsewhere WHERE FALSE"
        return listed(
            self._rows.of(index, file, columns, many=many, without=self._gone.get(index, ()))
            for index, file in enumerate(self.files)
        )

    @property
    def _rows(self) -> TypedRows:
        return TypedRows(self.fields, self.empty, self.wanted)

    # loading

    def answer(self, conditions: Sequence[str], *, keeps_members: bool = False) -> list[int] | None:
        """Count for how many contacts each condition is true; None where they have to be in a table for that.

        Nothing is kept: the contacts are read again for each further question, except rows that are left out.
        But of one condition ``members`` may be there afterwards, if it ``keeps_members``.
        Raises RecordError for the first problem where problems are to fail.
        """
        if len(conditions) > _FEW_QUESTIONS:
            tallies = [counted(condition) for condition in conditions]
            counts = self._checked(f"({self.typed()})", tallies)
        else:
            self._packs = keeps_members and self._can_pack(conditions)
            counts = self._seen(conditions)
        if counts is not None:
            self.lanes.append("contacts: fast")
        elif len(conditions) <= _FEW_QUESTIONS and not self._has_clean_copies:
            counts = self._answer_without_odd(len(conditions))
        if counts is None or not self._packs:
            self._packs = False
            self.connection.run(f"DROP TABLE IF EXISTS {SEEN}")
        if counts is not None:
            self.must_be_unchanged()
        return counts

    @property
    def members(self) -> Packed | None:
        """The members of what was asked last, as CSV has them, if they were kept."""
        return Packed(SEEN, self._to_write) if self._packs else None

    def _can_pack(self, conditions: Sequence[str]) -> bool:
        """Return whether the members are kept in the scan: no cell of a CSV file's good rows holds a NUL."""
        are_csv = all(file.is_csv for file in self.files)
        return len(conditions) == 1 and are_csv and self._size <= _MOST_KEPT

    @property
    def _to_write(self) -> list[str]:
        return [key for key in self.kept() if key != EMAIL_DOMAINS]

    def _packed(self, condition: str) -> str:
        """Return the column that keeps what is to be written of members.

        With it the command takes 0.80 of the time that it takes with a second scan, of 500,000 contacts of which
        102,000 are members; if all are, as long (1.01). In columns of their own in place of one text they cost
        the scan two and a half times as much.
        """
        columns = [(key, sql_type(self.kind(key))) for key in self._to_write]
        return f"CASE WHEN {condition} THEN {packed(columns)} END AS _packed"

    @property
    def _has_clean_copies(self) -> bool:
        return any(file.form.startswith("clean") for file in self.files)

    def _seen(self, conditions: Sequence[str]) -> list[int] | None:
        """Find out of each row what matters, and count; None where rows are odd."""
        asked = [
            f"CASE WHEN {condition} THEN TRUE END AS is_in_{at}" for at, condition in enumerate(conditions)
        ]
        if self._packs:
            asked += map(self._packed, conditions)
        names = list(map(name, self._nameless))
        is_json = any(file.is_json for file in self.files)
        own = ["_file"] if is_json or len(self.files) > 1 else []
        own += ["_row"] if is_json or self._has_clean_copies else []
        columns = ", ".join(["_id", "_bad", "_elsewhere", *own, *names, *asked])
        try:
            self.connection.run(f"CREATE OR REPLACE TABLE {SEEN} AS SELECT {columns} FROM ({self.typed()}) c")
        except unreadable():
            self._clean_unreadable()
            return None
        return self._checked(SEEN, _tallies(len(conditions)))

    def _answer_without_odd(self, conditions: int) -> list[int] | None:
        """Judge the odd rows that were seen, and count without those that have to go.

        None where many have to, or others come in their place: then there is a table.
        """
        if any(not counts_as_python_does(file) for file in self.files):
            return None
        self.lanes.append("contacts: middle")
        odd = self._odd_rows_of(SEEN)
        verdicts = odd.verdicts()
        if verdicts.instead or len(verdicts.gone) > FEW:
            self._fill()
            odd.carry_out(verdicts, TABLE)
            self._tally(TABLE)
            self.is_table = True
            return None
        for file, row in verdicts.gone:
            self._gone.setdefault(file, []).append(row)
        odd.take_out(verdicts, SEEN)
        return self._tally(SEEN, _tallies(conditions))

    def must_be_unchanged(self) -> None:
        """Raise RecordError where a file has changed since its reading began."""
        for file in self.files:
            file.must_be_unchanged()

    def _checked(self, relation: str, tallies: Sequence[str] = ()) -> list[int] | None:
        """Count rows and what is wrong with them; None where something is, or DuckDB cannot read a file."""
        try:
            bad, ids, n, *more = self.connection.row(
                "SELECT count(*) FILTER (WHERE _bad), count(DISTINCT _id), "
                f"{self._tally_of(tallies)} FROM {relation} c"
            )
        except unreadable():
            self._clean_unreadable()
            return None
        if bad or ids != n or self._refused:
            return None
        counts = self._tallied([n, *more])
        self._note_files()  # by the number that was tallied
        return counts

    def _tally_of(self, tallies: Sequence[str]) -> str:
        nameless = [f"count({name(key)})" for key in self._nameless]
        return ", ".join(["count(*)", "count(*) FILTER (WHERE _elsewhere)", *nameless, *tallies])

    def _tallied(self, row: Sequence[int]) -> list[int]:
        """Report a row of ``_tally_of``, and return what was tallied beside."""
        n, elsewhere, *more = row
        self._keep_count(n, elsewhere)
        self._note_nameless(dict(zip(self._nameless, more, strict=False)))
        return more[len(self._nameless) :]

    def _tally(self, relation: str, tallies: Sequence[str] = ()) -> list[int]:
        """Count what is left of the rows once the odd ones are judged."""
        return self._tallied(self.connection.row(f"SELECT {self._tally_of(tallies)} FROM {relation}"))

    @property
    def _nameless(self) -> list[str]:
        return list(dict.fromkeys(key for file in self.files for key in file.nameless))

    def _note_files(self) -> None:
        """Say which files have no contacts, and which have a key twice in an object."""
        self.report.keys_twice += [file.twice for file in self.files if file.twice]
        if self.report.contacts.met and len(self.files) == 1:
            return
        for file in self.files:
            if len(self.files) == 1 or not self.connection.rows(
                f"SELECT 1 FROM {file.cells(keeps_empty=False, numbered=False, keys=())} LIMIT 1"
            ):
                self.report.notes.append(f"{file.name}: has no contacts")

    def _keep_count(self, n: int, elsewhere: int) -> None:
        self.report.contacts.kept = n
        self.report.elsewhere = elsewhere

    def _note_nameless(self, met: dict[str, int]) -> None:
        for file in self.files:
            for index, key in enumerate(file.keys if not file.is_json else (), 1):
                if met.get(key):
                    note = f"{file.name}: column {index} has values but no name: left out"
                    if note not in self.report.notes:
                        self.report.notes.append(note)

    def load(self) -> None:
        """Put the contacts into a table, the odd ones judged.

        Raises RecordError for the first problem where problems are to fail.
        """
        if self.is_table:
            return
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
        if any(not counts_as_python_does(file) for file in self.files):
            self.files = [file if counts_as_python_does(file) else self._clean(file) for file in self.files]
            self._fill()
        odd = self._odd_rows_of(TABLE)
        odd.carry_out(odd.verdicts(), TABLE)
        self._tally(TABLE)

    def _odd_rows_of(self, table: str) -> OddRows:
        return OddRows(
            self.connection, self.files, self._rows, self.kept(), self.report, self._refused, table
        )


def _tallies(conditions: int) -> list[str]:
    return [f"count(is_in_{at})" for at in range(conditions)]


def refuse_one_value(source: DataFile) -> None:
    """Raise RecordError for a file that is one JSON value, taken for a header."""
    if source.is_one_value:
        said = "holds one JSON value, not records; give a list of objects, or an object a line"
        raise RecordError(f"{source.name}: {said}", file=source.name)


def refuse_events(file: DataFile) -> None:
    """Raise RecordError for a file whose columns are those of events."""
    keys = file.names.keys()
    if "event" in keys and ("sg_event_id" in keys or {"processed", "message_id"} <= keys):
        raise RecordError(f"{file.name}: holds events, not contacts: give it with --events", file=file.name)


def check_header(source: DataFile) -> None:
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
