"""Rows and values as CSV, and values as JSON takes them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from sql_seg.cli.output import put_utf8
from sql_seg.engines.dataset import Dataset
from sql_seg.language.timestamps import write_timestamp

_FIRST_CSV_COLUMNS = ("contact_id", "email", "updated_at")
_DERIVED = frozenset({"email_domains"})
_ROWS_AT_ONCE = 1000


def put_csv(rows: Iterable[Iterable[Any]], *, marked: bool = False) -> None:
    """Write rows to standard output as CSV, ``marked`` by a byte order mark or not."""
    if marked:
        put_utf8("\ufeff")
    for piece in _pieces(rows):
        put_utf8(piece)


def _pieces(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield rows as pieces of one CSV text."""
    buffer = StringIO()
    # csv quotes line breaks of all kinds only with this line end; it is taken off again below.
    writer = csv.writer(buffer, lineterminator="\r\n")
    pieces: list[str] = []
    for row in rows:
        writer.writerow(row)
        pieces.append(buffer.getvalue()[:-2] + "\n")
        buffer.seek(0)
        buffer.truncate()
        if len(pieces) >= _ROWS_AT_ONCE:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces)


def csv_columns(dataset: Dataset) -> list[str]:
    """Return all columns of the schema, in its order, then what the contacts hold beside them."""
    beside = sorted(dataset._home.keys())
    columns = dict.fromkeys((*_FIRST_CSV_COLUMNS, *dataset.schema.contact_data.columns, *beside))
    return [name for name in columns if name not in _DERIVED]


def plain(value: Any) -> Any:
    """Return a value of a contact that JSON has no form for: a timestamp, as ISO text."""
    if isinstance(value, datetime):
        return write_timestamp(value)
    raise TypeError(f"no JSON for {value!r}")


def csv_cell(value: Any) -> str:
    """Return a value as a CSV cell; NULL is empty, a list is JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return write_timestamp(value)
    return json.dumps(value, ensure_ascii=False, default=plain)
