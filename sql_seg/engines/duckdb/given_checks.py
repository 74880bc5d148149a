"""The contacts of tables that are there already: which rows are bad, and which come again; named in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from typing import Any

from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.engines.duckdb.given_columns import GivenColumn
from sql_seg.engines.duckdb.typed_rows import NEVER_NULL
from sql_seg.errors import RecordError
from sql_seg.frozen import field as frozen_field
from sql_seg.frozen import frozen
from sql_seg.records.loading_report import Problem, Report, shown
from sql_seg.records.raw_values import why_not

_TOLD_APART = "CASE WHEN contact_id = email THEN lower(email) ELSE contact_id END"
_IDS = f"count(*), count({_TOLD_APART}), count(DISTINCT hash({_TOLD_APART})) FILTER (WHERE {_TOLD_APART} IS NOT NULL)"
_FILE_BITS = 40


@frozen
class GivenRelation:
    """A relation that people have: what to select it from, its rows in order by ``at``.

    ``said`` is what messages call it. The first row is at ``first``; of several ``files``, the number of a
    row's file stands above its number in it.
    """

    relation: str
    at: str
    said: str
    first: int = 0
    files: tuple[str, ...] = ()

    def place(self, at: int) -> tuple[str, int]:
        """Return what to call the file, or the relation, of a row, and its number there, from 1."""
        if not self.files:
            return self.said, at - self.first + 1
        return self.files[at >> _FILE_BITS], (at & ((1 << _FILE_BITS) - 1)) + 1

    @property
    def numbered(self) -> str:
        """The relation with the place of each row as ``_at``."""
        return f"(SELECT {self.at} AS _at, * FROM {self.relation})"


def at_in_files() -> str:
    """Return the SQL of the place of a row among those of several Parquet files."""
    return f"(file_index::BIGINT << {_FILE_BITS}) + file_row_number"


@dataclass(slots=True)
class Checks:
    """Looks at the values of ``columns``, by key, and at whether each contact is there once.

    Of what ``reads`` does not name it is only counted in how many rows something is bad; None is all.
    ``others`` are further columns, which no query knows.
    """

    connection: Connection
    given: GivenRelation
    columns: Mapping[str, GivenColumn]
    others: Sequence[str]
    report: Report
    reads: frozenset[str] | None
    met: tuple[int, int, int] | None = None
    """How many contacts there are, how many of them have an id, and how many ids: where nothing is odd."""

    def odd(
        self, relation: str, tallies: Sequence[str], *, is_everywhere: bool
    ) -> tuple[list[str], list[int] | None]:
        """Return the columns that are read and have something odd, and what is tallied on the way.

        ``relation`` has the columns as they are read. All is found in one scan; nothing is tallied where a row
        is odd, or an id comes twice. Rows that are bad elsewhere, and ids, are counted if ``is_everywhere``.
        Raises RecordError for a column that is none of its type at all, where problems are to fail.
        """
        asked = [key for key in self.columns if self._matters(key)]
        flags: list[str] = []

        def flag(test: str) -> str:
            if not test:
                return "FALSE"
            called = name(f"\x1f{len(flags)}")  # as no column is
            flags.append(f"{test} AS {called}")
            return f"c.{called}"

        tests = [
            f"count(*) FILTER (WHERE {flag(column.bad)}), coalesce(bool_or({flag(column.empty)}), FALSE)"
            for column in map(self.columns.__getitem__, asked)
        ]
        others = [
            column.bad
            for key, column in self.columns.items()
            if is_everywhere and not self._matters(key) and column.bad
        ]
        elsewhere = flag(" OR ".join(f"coalesce({bad}, FALSE)" for bad in others))
        counted = [f"count(*) FILTER (WHERE {elsewhere})", _IDS if is_everywhere else "0, 0, 0", *tests]
        flagged = relation.replace("(SELECT ", f"(SELECT {', '.join(flags)}, ", 1) if flags else relation
        self.report.elsewhere, *found = self.connection.row(
            f"SELECT {', '.join([*counted, *tallies])} FROM {flagged} c"
        )
        ids, found = found[:3], found[3:]
        odd = []
        tallied = found[2 * len(asked) :]
        for key, bad, empty in zip(
            asked, found[: 2 * len(asked) : 2], found[1 : 2 * len(asked) : 2], strict=True
        ):
            column = self.columns[key]
            if bad and column.misfit and self.report.on_error == "fail":
                raise RecordError(
                    f"{self.given.said}: the column {column.name} {column.misfit}", key=column.name
                )
            if bad or empty:
                odd.append(key)
        if odd:
            return odd, None
        if is_everywhere:
            self.met = ids[0], ids[1], ids[2]
        return odd, tallied if len(set(ids)) == 1 else None

    def _matters(self, key: str) -> bool:
        return self.reads is None or key in self.reads

    def each_once(self, relation: str, odd: Sequence[str], n: int, *, looks_for_ids: bool) -> str:
        """Return contacts without bad rows, and without those that came before; count what is left out.

        ``relation`` has ``n`` rows, their places as ``_at``, and the columns as they are read. Raises
        RecordError for the first bad row where problems are to fail.
        """
        bad = {key: column.bad for key in odd if (column := self.columns[key]).bad}
        rows: list[Iterator[_Row]] = []
        if bad:
            rows.append(self._bad_values(bad))
            relation = f"(SELECT * FROM {relation} WHERE _at NOT IN ({self._gone(bad)}))"
        met = known = distinct = n
        if looks_for_ids:
            met, known, distinct = self.met or self.connection.row(f"SELECT {_IDS} FROM {relation}")
        if known < met:
            rows.append(self._nobody(relation))
            relation = f"(SELECT * FROM {relation} WHERE contact_id IS NOT NULL)"
        if distinct < known:
            rows.append(self._later(relation))
            relation = f"(SELECT * FROM {relation} QUALIFY row_number() OVER (PARTITION BY {_TOLD_APART} ORDER BY _at) = 1)"
        tally = self.report.contacts
        for row in merge(*rows, key=attrgetter("at")):
            self._tell(row)
        tally.kept = n - tally.skipped - tally.repeats
        return relation

    def _gone(self, bad: Mapping[str, str]) -> str:
        """Return the statement that finds the places of rows that have to go for their bad values."""
        gone = [test for key, test in bad.items() if self.report.on_error != "null" or key in NEVER_NULL]
        listed = " OR ".join(f"coalesce({test}, FALSE)" for test in gone) or "FALSE"
        return f"SELECT _at FROM {self.given.numbered} WHERE {listed}"

    def _bad_values(self, bad: Mapping[str, str]) -> Iterator[_Row]:
        """Yield the rows that have bad values, with them."""
        tests = [f"coalesce({test}, FALSE)" for test in bad.values()]
        values = ", ".join(
            f"{test}, {name(self.columns[key].name)}" for key, test in zip(bad, tests, strict=True)
        )
        rows = self.connection.rows(
            f"SELECT _at, {values} FROM {self.given.numbered} WHERE {' OR '.join(tests)} ORDER BY _at"
        )
        for at, *found in rows:
            of_row = {
                key: value for key, is_bad, value in zip(bad, found[::2], found[1::2], strict=True) if is_bad
            }
            yield _Row(at, values=of_row)

    def _nobody(self, relation: str) -> Iterator[_Row]:
        statement = f"SELECT _at FROM {relation} WHERE contact_id IS NULL ORDER BY 1"
        for (at,) in self.connection.rows(statement):
            yield _Row(at, message="has neither a contact id nor an email")

    def _later(self, relation: str) -> Iterator[_Row]:
        """Yield the rows whose id came before; those that say the same without a message."""
        values = [column.careful or column.plain for column in self.columns.values()]
        whole = f"row({', '.join([*values, *map(name, self.others)])})"
        ids = f"SELECT {_TOLD_APART} AS k FROM {relation} GROUP BY 1 HAVING count(*) > 1"
        wholes = f"(SELECT _at, {whole} AS whole FROM {self.given.numbered})"
        rows = self.connection.rows(
            "SELECT _at, contact_id, whole IS NOT DISTINCT FROM first FROM (SELECT *, first_value(whole) OVER w AS first, "
            f"row_number() OVER w AS place FROM (SELECT contact_id, {_TOLD_APART} AS k, whole, _at "
            f"FROM {relation} JOIN {wholes} USING (_at)) WHERE k IN ({ids}) WINDOW w AS (PARTITION BY k ORDER BY _at)) WHERE place > 1 ORDER BY 1"
        )
        for at, contact_id, is_same in rows:
            said = f"the contact id {shown(contact_id)} was there before, with other values"
            yield _Row(at, contact_id, "" if is_same else said)

    def _tell(self, row: _Row) -> None:
        """Report a row. Raises RecordError where problems are to fail."""
        report, (file, number) = self.report, self.given.place(row.at)
        is_good = True
        for key, value in row.values.items():
            column = self.columns[key]
            problem = Problem(file, number, column.name, value, why_not(value, column.expected))
            is_nulled = report.null_value(
                report.contacts, problem, column.expected, nullable=key not in NEVER_NULL
            )
            is_good = is_good and is_nulled
        if row.message:
            report.skip_row(report.contacts, Problem(file, number, None, row.value, row.message))
        elif not is_good:
            report.contacts.skipped += 1
        elif not row.values:
            report.contacts.repeats += 1


@frozen
class _Row:
    """An odd row: with ``values`` that are bad, by key; or bad as a whole; or, with neither, a repeat."""

    at: int
    value: Any = None
    message: str = ""
    values: Mapping[str, Any] = frozen_field(default_factory=dict)
