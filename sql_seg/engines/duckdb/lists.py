"""List membership from per-list exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sql_seg.engines.duckdb.clean_copies import BadRow, clean, clean_csv, counts_as_python_does
from sql_seg.engines.duckdb.connection import Connection, text, unreadable
from sql_seg.engines.duckdb.contacts import BY_EMAIL, by_alternate_email, check_header
from sql_seg.engines.duckdb.contacts import TABLE as CONTACTS
from sql_seg.engines.duckdb.fields import Fields, with_columns
from sql_seg.engines.duckdb.parquet_rows import as_json_rows
from sql_seg.engines.duckdb.sources import DataFile
from sql_seg.records.contact_objects import contact_from_json
from sql_seg.records.json_text import read_json
from sql_seg.records.loading_report import Problem, Report, Tally

TABLE = "listed"
"""The table of the lists that contacts are on: ``rid``, and ``list_ids`` in the order given."""


@dataclass(slots=True)
class Lists:
    """The exports of lists, matched with the contacts in their table: by contact id, else by address."""

    connection: Connection
    report: Report

    def load(self, given: Iterable[tuple[str, Sequence[DataFile]]]) -> None:
        """Find who is on which list.

        Raises RecordError where a file, or with ``fail`` a row of it, cannot be read.
        """
        self.connection.run(
            "CREATE OR REPLACE TEMP TABLE met (list_id VARCHAR, nth BIGINT, id VARCHAR, address VARCHAR)"
        )
        for nth, (list_id, sources) in enumerate(given):
            tally = self.report.lists.setdefault(list_id, Tally())
            for source in sources:
                self._load_one(list_id, nth, source, tally)
                source.must_be_unchanged()
        self._find_members()

    def _load_one(self, list_id: str, nth: int, source: DataFile, tally: Tally) -> None:
        def refuse(problem: Problem) -> None:
            self.report.skip_row(tally, problem)

        source = as_json_rows(source, self.connection)
        if source.form == "any json":
            source = clean(source, self.connection, "contact", refuse)
        check_header(source)
        try:
            self._put(list_id, nth, self._opened(source), refuse)
        except unreadable():
            copy = clean(source, self.connection, "contact", refuse)
            self._put(list_id, nth, self._opened(copy), refuse)

    def _opened(self, source: DataFile) -> DataFile:
        return with_columns(source, Fields(None, {}, Report()), self.connection)

    def _put(self, list_id: str, nth: int, file: DataFile, refuse: BadRow) -> None:
        keys = {"contact_id", "email"} & set(file.names)
        read = "jstr({})" if file.is_json else "{}"
        contact_id = read.format("contact_id") if "contact_id" in keys else "NULL::VARCHAR"
        email = read.format("email") if "email" in keys else "NULL::VARCHAR"
        odd = f"nullif({contact_id}, '') IS NULL AND nullif({email}, '') IS NULL"
        if file.is_json:
            odd += "".join(f" OR {key} IS NOT NULL AND jstr({key}) IS NULL" for key in sorted(keys))
        relation = file.cells(keeps_empty=False, numbered=False, keys=keys)
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE one AS SELECT {contact_id} AS id, lower({email}) AS address, ({odd}) AS odd FROM {relation}"
        )
        (some,) = self.connection.row("SELECT count(*) FROM one WHERE odd")
        if some:
            for problem in self._problems(file, odd, keys, refuse):
                refuse(problem)
        self.connection.run(
            f"INSERT INTO met SELECT {text(list_id)}, {nth}, nullif(id, ''), nullif(address, '') FROM one WHERE NOT odd"
        )

    def _problems(self, file: DataFile, odd: str, keys: set[str], refuse: BadRow) -> Iterator[Problem]:
        if not counts_as_python_does(file):
            file = clean_csv(file, self.connection, refuse)
        relation = file.cells(keeps_empty=False, numbered=True, keys=keys)
        if file.is_json:
            for number, line in self.connection.rows(
                f"SELECT _row, j FROM {relation} WHERE {odd} ORDER BY 1"
            ):
                yield Problem(file.name, number, None, line, _why_not(line))
            return
        filled = " OR ".join(f'"{key}" IS NOT NULL'.replace('""', '"') for key in file.keys)
        for (number,) in self.connection.rows(
            f"SELECT _row FROM {relation} WHERE ({odd}) AND ({filled}) ORDER BY 1"
        ):
            yield Problem(file.name, number, None, None, _NEITHER)

    def _find_members(self) -> None:
        """Match what was met with the contacts."""
        self.connection.run(
            f"CREATE OR REPLACE TEMP TABLE list_emails AS {BY_EMAIL};"
            f"CREATE OR REPLACE TEMP TABLE member AS SELECT m.list_id, m.nth, m.address, coalesce(i.rowid, e.rid) AS rid FROM met m "
            f"LEFT JOIN {CONTACTS} i ON m.id = i.contact_id LEFT JOIN list_emails e ON i.rowid IS NULL AND m.address = e.address"
        )
        (lost,) = self.connection.row("SELECT count(*) FROM member WHERE rid IS NULL AND address IS NOT NULL")
        if lost:
            self.connection.run(
                f"CREATE OR REPLACE TEMP TABLE late AS {by_alternate_email('SELECT address FROM member WHERE rid IS NULL')};"
                "UPDATE member SET rid = late.rid FROM late WHERE member.rid IS NULL AND member.address = late.address"
            )
        tallies = self.connection.rows(
            "SELECT list_id, count(DISTINCT rid), count(rid) - count(DISTINCT rid), count(*) - count(rid) FROM member GROUP BY 1"
        )
        for list_id, kept, repeats, strangers in tallies:
            tally = self.report.lists[list_id]
            tally.kept, tally.repeats, tally.strangers = kept, repeats, strangers
        self.connection.run(
            f"CREATE OR REPLACE TABLE {TABLE} AS SELECT rid AS _rid, list(list_id ORDER BY nth) AS list_ids FROM "
            "(SELECT rid, list_id, min(nth) AS nth FROM member WHERE rid IS NOT NULL GROUP BY 1, 2) GROUP BY 1"
        )


_NEITHER = "has neither a contact id nor an email"


def _why_not(line: str) -> str:
    """Return why a JSON text is no member of a list."""
    try:
        value = read_json(line)
    except ValueError as error:
        return f"malformed JSON: {error}"
    try:
        values = contact_from_json(value)[0]
    except ValueError as error:
        return str(error)
    given = [values.get("contact_id") or "", values.get("email") or ""]
    return _NEITHER if given == ["", ""] else "the contact id and the email must be texts"
