"""CSV is read by DuckDB or, where that cannot, by Python: what both can read is the same in both."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import Dataset, RecordError
from sql_seg.engines.duckdb import contacts, fields
from sql_seg.engines.duckdb.clean_copies import records_of_csv
from sql_seg.engines.duckdb.connection import Connection
from sql_seg.engines.duckdb.sniffing import sources_of
from sql_seg.records.account_sources import AccountSources
from sql_seg.records.loading_report import Problem

from .account import Write, load, rows

CELLS = (
    'a| |"a"|"a, b"| "a"|"a" |  "a"|   "a" |"a" "b"|"a"  "b" "c"|"a""b"|"a "" b"|"" ""|""""|"a\nb"|"a\r\nb" |'
    'a"b|"|"a" b|NULL|é|5|\\|\\"|"\\"|\'|#|"a\n\nb"| "a, b"|\t"a"|\xa0"a"|~|\x7f|\x1f|" "|\x85|\u2028|-'
).split("|")


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    made = Connection()
    yield made
    made.close()


@st.composite
def files(draw: st.DrawFn) -> str:
    delimiter = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    width = draw(st.integers(1, 3))
    cell = st.sampled_from(CELLS) | st.text('a" ,', max_size=6)
    header = draw(st.sampled_from(["email", '"email"', ' "email" ', "email "]))
    lines = [[header, "city", "age"][:width]]
    lines += draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=4))
    return end.join(map(delimiter.join, lines)) + draw(st.sampled_from(["", end]))


def test_what_duckdb_reads_python_reads_alike(connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    read = []

    @settings(max_examples=400)
    @given(files())
    def law(text: str) -> None:
        path.write_bytes(text.encode())
        try:
            (source,) = sources_of(path, "contact", connection, AccountSources(path))
            by_duckdb = connection.rows(f"SELECT * FROM {source.rows(keeps_empty=True)}")
        except (RecordError, duckdb.Error):
            return
        bad: list[Problem] = []
        by_python = [tuple(cells) for _, cells in records_of_csv(source, connection, bad.append)]
        # of one column, a blank line is a row for DuckDB; rows without any value are no contacts
        assert (list(filter(any, by_python)), bad) == (list(filter(any, by_duckdb)), [])
        read.append(text)

    law()
    assert len(read) > 50


def slowly(*arguments: Any) -> Any:
    """Read cells of a file as if DuckDB could not."""
    if arguments[0].form == "csv":
        raise duckdb.InvalidInputException("as if it could not be read")
    return WITH_COLUMNS(*arguments)


WITH_COLUMNS = fields.with_columns


@pytest.mark.parametrize("on_error", ["skip", "null", "fail"])
@pytest.mark.parametrize("seed", range(3))
def test_whole_files_are_read_alike(write: Write, seed: int, on_error: Any) -> None:
    """Contacts, problems, tallies, types and notes."""
    drawn = random.Random(seed)
    lines = ['email, "city" ,age,created_at,']
    for number in range(40):
        city = drawn.choice([cell for cell in CELLS if not cell.startswith(('"a" b', "\\")) and cell != '"'])
        age = drawn.choice(["1", " 2", '"3" ', ' "4"', "x" if number > 20 + seed else "5"])
        moment = drawn.choice(["2024-01-01", ' "2024-01-01" ', "" if on_error == "fail" else "soon"])
        lines.append(f"u{drawn.randrange(60)}@x.example,{city},{age},{moment},")
    path = write("contacts.csv", rows(*lines))
    found = outcome(path, on_error)
    with mock.patch.object(contacts, "with_columns", slowly):
        assert outcome(path, on_error) == found


def outcome(path: Path, on_error: Any) -> Any:
    try:
        with Dataset.load(path, on_error=on_error) as dataset:
            report = dataset.report
            said = [report.problems, report.contacts, report.notes, report.warnings, report.field_types]
            return [sorted(contact.items()) for contact in dataset], said
    except RecordError as error:
        return str(error)


def test_blanks_around_a_quoted_cell_are_no_part_of_it(write: Write) -> None:
    lines = ['email, "city" ,age', 'a@x.example, "Rome, Lazio" ,1', ' "b@x.example" , Oslo ,2']
    read = load(write("plain.csv", rows(*lines)))
    # a row that DuckDB does not read makes the whole file Python's
    slow = load(write("slow.csv", rows(*lines, 'c@x.example,"a" b,3')), on_error="skip")
    assert len(slow.report.problems) == 1
    for loaded in (read, slow):
        assert [contact["city"] for contact in loaded.contacts] == ["Rome, Lazio", " Oslo "]
        assert [contact["email"] for contact in loaded.contacts] == ["a@x.example", "b@x.example"]
