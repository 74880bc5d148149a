"""Members in bulk: to CSV, NDJSON or Parquet, without a Python object for any of them."""

from __future__ import annotations

import os
import select
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from sql_seg.engines.duckdb.connection import Aside, Connection, name, text, writing
from sql_seg.engines.duckdb.readers import is_whole
from sql_seg.frozen import frozen
from sql_seg.whole_files import whole_file

MembersForm = Literal["csv", "ndjson", "parquet"]

ENDINGS: Mapping[str, MembersForm] = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".parquet": "parquet",
}
"""What the ending of a file's name says of its form."""

_OPTIONS = {
    "csv": "FORMAT csv, HEADER true",
    "ndjson": "FORMAT json",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}
_ONCE = 1 << 16
_A_MOMENT = 0.01


def selected(columns: Sequence[tuple[str, str]], form: MembersForm, source: str) -> str:
    """Return the statement that selects columns, each with its DuckDB type, as a form has them."""
    if form == "parquet":
        listed = ", ".join(_in_parquet(key, kind) for key, kind in columns)
    else:
        write = _in_csv if form == "csv" else _in_json
        listed = ", ".join(f"{write(name(key), kind)} AS {name(key)}" for key, kind in columns)
    return f"SELECT {listed} {source}"


def packed(columns: Sequence[tuple[str, str]]) -> str:
    """Return the SQL of a row's cells as CSV has them, in one text; none of them may hold a NUL."""
    return f"concat({', chr(0), '.join(_in_csv(name(key), kind) for key, kind in columns)})"


@frozen
class Packed:
    """Members that a scan has kept: in ``table`` as ``_packed``, their ``columns`` in one text, NULL of others."""

    table: str
    columns: Sequence[str]

    def cells(self, columns: Sequence[str]) -> str:
        """Return the statement that selects columns as CSV has them; NULL is what was not kept."""
        cells = {key: f"nullif(cells[{at}], '')" for at, key in enumerate(self.columns, 1)}
        listed = ", ".join(f"{cells.get(key, 'NULL')} AS {name(key)}" for key in columns)
        split = f"SELECT string_split(_packed, chr(0)) AS cells FROM {self.table} WHERE _packed IS NOT NULL"
        return f"SELECT {listed} FROM ({split})"


def _in_parquet(key: str, kind: str) -> str:
    column = name(key)
    return f"({column} AT TIME ZONE 'UTC') AS {column}" if kind == "TIMESTAMP" else column


def _in_json(column: str, kind: str) -> str:
    return _moment(column) if kind == "TIMESTAMP" else _number(column) if kind == "DOUBLE" else column


def _in_csv(column: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        return _moment(column)
    if kind == "DOUBLE":
        whole, other = f"CAST(CAST({column} AS BIGINT) AS VARCHAR)", f"CAST({column} AS VARCHAR)"
        return f"CASE WHEN {is_whole(column)} THEN {whole} ELSE {other} END"
    if kind == "VARCHAR[]":
        quoted = f"list_transform({column}, lambda x: CAST(to_json(x) AS VARCHAR))"
        return f"CASE WHEN len({column}) = 0 THEN '[]' ELSE '[' || array_to_string({quoted}, ', ') || ']' END"
    return f"nullif({column}, '')" if kind == "VARCHAR" else column


def _number(column: str) -> str:
    return f"CASE WHEN {is_whole(column)} THEN to_json(CAST({column} AS BIGINT)) ELSE to_json({column}) END"


def _moment(column: str) -> str:
    return (
        f"CASE WHEN epoch_us({column}) % 1000000 = 0 THEN strftime({column}, '%Y-%m-%dT%H:%M:%SZ') "
        f"ELSE strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ') END"
    )


def write(connection: Connection, statement: str, path: Path, form: MembersForm) -> int:
    """Write the rows of a statement into a file, and return how many there are.

    The file is there as a whole or not at all. Raises EngineError where it cannot be written.
    """
    with writing(path), whole_file(path) as part:
        (count,) = connection.row(
            f"COPY ({statement}) TO {text(str(part.absolute()))} ({_OPTIONS[form]}, USE_TMP_FILE false)"
        )
    return int(count)


def write_bytes(path: Path, content: Iterable[bytes]) -> None:
    """Write pieces of one text into a file, which is there as a whole or not at all; see ``write``."""
    with writing(path), whole_file(path) as part, part.open("wb") as file:
        file.writelines(content)


def pieces(connection: Connection, statement: str, form: MembersForm) -> Iterator[bytes]:
    """Yield the rows of a statement as pieces of one text, while they are found."""
    pipe = connection.folder / "members"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    cursor = connection.cursor()
    copied = f"COPY ({statement}) TO {text(str(pipe))} ({_OPTIONS[form]}, USE_TMP_FILE false)"
    work = Aside(lambda: cursor.execute(copied), cursor)
    # opened before somebody writes: the end of the text is where nobody does any more
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        work.start()
        while True:
            is_over = work.over.is_set()
            select.select([reader], [], [], _A_MOMENT)
            try:
                piece = os.read(reader, _ONCE)
            except BlockingIOError:
                continue
            if piece:
                yield piece
            elif is_over:
                break
            else:
                work.over.wait(_A_MOMENT)
    finally:
        os.close(reader)
        work.end()
    work.found()
