"""Clean copies of files that DuckDB does not read: what Python reads of them, with the number of each row."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Any

from sql_seg.engines.duckdb.connection import Connection
from sql_seg.engines.duckdb.csv_rows import CsvRows
from sql_seg.engines.duckdb.json_values import records_in
from sql_seg.engines.duckdb.sources import LARGEST_CELL, DataFile, Noun, unpacked
from sql_seg.errors import RecordError
from sql_seg.frozen import replace
from sql_seg.records.loading_report import Problem
from sql_seg.wording import counted

BadRow = Callable[[Problem], None]
"""Is called for a row that cannot be read."""


def clean(source: DataFile, connection: Connection, noun: Noun, bad: BadRow) -> DataFile:
    """Return a copy of a file of CSV or JSON that DuckDB reads: see ``clean_csv`` and ``clean_json``."""
    if source.is_csv:
        return clean_csv(source, connection, bad)
    return clean_json(source, connection, noun, bad)


def clean_csv(source: DataFile, connection: Connection, bad: BadRow) -> DataFile:
    """Return a copy of a CSV file as Python's csv module reads it, all its rows whole; ``bad`` hears of others.

    Raises RecordError where the file is not whole or not text.
    """
    path = connection.new_place("clean")
    with written(path, source) as out:
        # csv quotes line breaks of all kinds only with this line end
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([*source.keys, "_row"])
        for number, cells in records_of_csv(source, connection, bad):
            writer.writerow([*cells, number])
    return replace(
        source,
        path=path,
        form="clean csv",
        compression="none",
        delimiter=",",
        skipped=0,
    )


def records_of_csv(source: DataFile, connection: Connection, bad: BadRow) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each whole row of a CSV file; ``bad`` hears of the others.

    Cells beyond the header are no loss where they are empty.
    """
    source = unpacked(source, connection)
    width = len(source.header)
    with source.open_text() as lines:
        for number, cells in _records(source, lines, bad):
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                said = f"has {counted(len(cells), 'cell')} where the header has {width}"
                bad(Problem(source.name, number, None, None, said))
            elif "\0" in "".join(cells):
                bad(Problem(source.name, number, None, None, "holds a NUL character"))
            else:
                yield number, cells


def _records(source: DataFile, lines: IO[str], bad: BadRow) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbers and cells of the records below the header that are not blank."""
    for _ in range(source.skipped):
        next(lines, None)
    with _cells_of(LARGEST_CELL):
        reader = CsvRows(lines, source.delimiter)
        next(reader)
        for number in count(source.first_row):
            first = reader.line_num + source.skipped + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                last = reader.line_num + source.skipped
                place = f"line {first}" if first == last else f"lines {first} to {last}"
                bad(Problem(source.name, number, None, None, f"is no CSV ({place}): {_reason(error)}"))
                continue
            if cells:
                yield number, cells


def _reason(error: csv.Error) -> str:
    reason = str(error)
    return f"a cell is longer than {LARGEST_CELL >> 20} MiB" if "field limit" in reason else reason


@contextmanager
def _cells_of(most: int) -> Iterator[None]:
    """Let the csv module read cells of a size."""
    before = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def clean_json(source: DataFile, connection: Connection, noun: Noun, bad: BadRow) -> DataFile:
    """Return a copy of a JSON file with a record a line; ``bad`` hears of lines that are no JSON.

    Raises RecordError where the file as a whole is none, or holds no records.
    """
    if source.form == "rows":
        raise RecordError(f"{source.name}: is not a whole Parquet file", file=source.name)
    source = unpacked(source, connection)
    path = connection.new_place("clean")

    def refuse(number: int, message: str, _value: Any) -> None:
        bad(Problem(source.name, number, None, None, message))

    with source.open_text() as stream:
        text = stream.read()
    with written(path, source) as out:
        for number, record in records_in(text, source.name, noun, refuse):
            out.write(f"{number}\x01{json.dumps(record)}\n")
    return replace(source, path=path, form="clean json", compression="none")


_BLANK = re.compile(rb"\r\r|\n\r?\n")
_ONCE = 1 << 20


def counts_as_python_does(source: DataFile) -> bool:
    """Return whether DuckDB's rows of a CSV file are the csv module's: no blank line, which it leaves out.

    A blank line inside a cell is taken for one too.
    """
    if source.form != "csv":
        return True
    if source.compression == "zstd":
        return False
    with source.open_bytes() as raw:
        tail = b""
        while block := raw.read(_ONCE):
            if (b"\n\n" in (piece := tail + block)) or (b"\r" in piece and _BLANK.search(piece)):
                return False
            tail = piece[-2:]
    return True


@contextmanager
def written(path: Path, source: DataFile) -> Iterator[IO[str]]:
    """Open a copy of a file to write text into it. Raises RecordError where it cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise RecordError(
            f"{source.name}: cannot be copied to {path}: {error.strerror}", file=source.name
        ) from error
