"""DuckDB reads a cell as Python does: usual forms, odd ones, and what is only nearly one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from sql_seg.engines.duckdb.connection import Connection
from sql_seg.engines.duckdb.readers import reading, reads
from sql_seg.records.raw_values import DATE, INSTANT, NUMBER, TEXTS, RawKind

TIMES = [
    "2024-05-07T02:49:00Z",
    "2024-02-30T02:49:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2024-05-07T24:00:00Z",
    "2024-05-07T02:49:60Z",
    "12024-5-07T02:49:00Z",
    "2024-5-007T02:49:00Z",
    " 2024-5-07T02:49:00Z",
    "2024-5-07T02:49:00Z ",
    "2024-05-07T\n2:49:00Z",
    "2024-05-07T\t2:49:00Z",
    "2024-05-07T02:49:6.Z",
    "2024-05-07T02:49:00z",
    "2024-05-07T02:4٣:00Z",
    "2024-05-07 02:49:00",
    "2024-05-07T02:49:00.25+02:00",
    "5/7/2024",
    "13/7/2024",
    "1700000000",
]
NUMBERS = [
    "5",
    "-5",
    "007",
    "0",
    "-0",
    "+5",
    "+-5",
    "1.5",
    "5.",
    ".5",
    "1e5",
    "1E+5",
    "1_000",
    " 5",
    "5 ",
    "5\t",
]
NUMBERS += [
    "inf",
    "nan",
    "1e999",
    "2147483648",
    "-2147483648",
    "12345678901",
    "0x10",
    "1,000",
    "٣",
    "-",
    "e5",
]
LISTS = [
    '["a", "b"]',
    "[]",
    '["a",]',
    '["a", 1]',
    '["a"',
    "a, b;c",
    '["", "a"]',
    ' ["a"]',
    '["a\\n"]',
    '[["a"]]',
]
LETTERS = "0123456789 -:TZ+._eE\t\nz٣,[]\"'"


def bent(texts: list[str], number: int) -> Iterator[str]:
    """Yield the texts, and texts near to them."""
    draw = random.Random(7)
    yield from texts
    for _ in range(number):
        letters = list(draw.choice(texts))
        for _ in range(draw.choice((1, 1, 2, 3))):
            at = draw.randrange(len(letters) + 1)
            letters[at : at + draw.randrange(2)] = draw.choice(LETTERS) if draw.randrange(3) else ""
        yield "".join(letters)


def as_duckdb_has_it(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return float(value) if isinstance(value, int) else value


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Connection]:
    connection = Connection()
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("kind", "texts"),
    [(INSTANT, TIMES), (DATE, TIMES), (NUMBER, NUMBERS), (TEXTS, LISTS)],
    ids=["instants", "dates", "numbers", "lists"],
)
def test_a_cell_is_what_python_reads(duckdb: Connection, kind: RawKind, texts: list[str]) -> None:
    cells = sorted({text for text in bent(texts, 5_000) if text and not is_past_a_microsecond(kind, text)})
    duckdb.run("CREATE OR REPLACE TABLE cells (x VARCHAR)")
    duckdb.run(
        "INSERT INTO cells VALUES " + ", ".join(f"('{cell.replace(chr(39), chr(39) * 2)}')" for cell in cells)
    )
    found = duckdb.rows(
        f"SELECT x, {reading(kind, 'x', json=False)}, {reads(kind, 'x', json=False)} FROM cells"
    )
    expected: Callable[[Any], Any] = kind.read
    wrong = [
        (cell, value, can_be_read)
        for cell, value, can_be_read in found
        if value != as_duckdb_has_it(expected(cell)) or can_be_read != (value is not None)
    ]
    assert not wrong


def is_past_a_microsecond(kind: RawKind, text: str) -> bool:
    """Return whether a text is Unix time whose last microsecond a double cannot tell."""
    return kind is INSTANT and NUMBER.read(text) is not None and len(text) > 10


@pytest.mark.parametrize(
    "kind", [INSTANT, DATE, NUMBER, TEXTS], ids=["instants", "dates", "numbers", "lists"]
)
def test_no_cell_is_no_value_and_nothing_wrong(duckdb: Connection, kind: RawKind) -> None:
    none = "(SELECT NULL::VARCHAR AS x FROM range(1))"
    read = f"SELECT {reading(kind, 'x', json=False)}, {reads(kind, 'x', json=False)} FROM {none}"
    assert duckdb.row(read) == (None, True)
