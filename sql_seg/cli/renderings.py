"""How a preview looks: a table for people, JSON, or CSV with all members."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from sql_seg.cli.output import counted, is_terminal
from sql_seg.dataset import Dataset
from sql_seg.literals import write_timestamp
from sql_seg.report import visible
from sql_seg.segment import Preview

_FIRST_CSV_COLUMNS = ("contact_id", "email", "updated_at")
_DERIVED = frozenset({"email_domains"})
_ROWS_AT_ONCE = 1000
_NARROWEST = 12
_WIDEST = 40
_GAP = 3
_ENDLESS = 100_000
_NULL = "NULL"


def as_json(preview: Preview, warnings: Sequence[str]) -> str:
    """Return a preview as a JSON object, in ASCII; timestamps are ISO texts."""
    form = {
        "count": preview.count,
        "total": preview.total,
        "now": write_timestamp(preview.now),
        "sample": preview.sample,
        "warnings": list(warnings),
    }
    return json.dumps(form, indent=2, default=_plain)


def as_csv(members: Iterable[Mapping[str, Any]], dataset: Dataset) -> Iterator[str]:
    """Yield a header, then all members, as pieces of one CSV text."""
    columns = _csv_columns(dataset)
    buffer = StringIO()
    # csv quotes line breaks of all kinds only with this line end; it is taken off again below.
    rows = csv.writer(buffer, lineterminator="\r\n")
    pieces: list[str] = []

    def write(row: Iterable[str]) -> None:
        rows.writerow(row)
        pieces.append(buffer.getvalue()[:-2] + "\n")
        buffer.seek(0)
        buffer.truncate()

    write(columns)
    for contact in members:
        write([_cell(contact.get(column)) for column in columns])
        if len(pieces) >= _ROWS_AT_ONCE:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces)


def as_table(preview: Preview, read_columns: Iterable[str], dataset: Dataset) -> str:
    """Return the count and the share of a preview, and the sample with the columns that the query reads."""
    share = f" ({preview.share:.1%})" if preview.total else ""
    moment = write_timestamp(preview.now.replace(microsecond=0))
    headline = f"{preview.count:,} of {counted(preview.total, 'contact')}{share} at {moment}"
    if not preview.sample:
        return headline
    known = list(dataset.schema.contact_data.columns)
    read = [name for name in known if name in read_columns and name not in ("email", "contact_id")]
    lines = [headline, "", *_table(preview.sample, ["email", *read, "contact_id"])]
    if preview.count > len(preview.sample):
        lines.append(f"  and {preview.count - len(preview.sample):,} more")
    return "\n".join(lines)


class _Column:
    """A column of a table: its cells, and how much room they take.

    Texts can be cut to ``least``; what is cut off a number or a timestamp would change it.
    """

    def __init__(self, name: str, sample: list[dict[str, Any]]) -> None:
        from rich.cells import cell_len

        values = [contact.get(name) for contact in sample]
        self.name = name
        self.cells = [_shown(value) for value in values]
        self.is_numeric = any(isinstance(value, int | float) for value in values)
        longest = max(cell_len(text) for text in (name, *self.cells))
        cuttable = not any(isinstance(value, int | float | datetime) for value in values)
        self.width = min(longest, _WIDEST) if cuttable else longest
        self.least = min(longest, _NARROWEST) if cuttable else longest


def _table(sample: list[dict[str, Any]], names: list[str]) -> Iterator[str]:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    on_terminal = is_terminal(sys.stdout)
    room = Console().width if on_terminal else _ENDLESS
    columns = _fitted([_Column(name, sample) for name in names], room)
    unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
    table = Table(box=box.SIMPLE_HEAD if unicode else box.ASCII, show_edge=False)
    for column in columns:
        table.add_column(
            Text(column.name),
            width=column.width,
            justify="right" if column.is_numeric else "left",
            no_wrap=True,
            overflow="ellipsis",
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*[Text(cell, style="dim" if cell == _NULL else "") for cell in cells])
    console = Console(file=StringIO(), width=room, force_terminal=on_terminal, legacy_windows=False)
    with console.capture() as capture:
        console.print(table)
    yield from (line.rstrip() for line in capture.get().splitlines())
    if len(columns) < len(names):
        yield f"  not shown, for want of room: {', '.join(names[len(columns) :])}"


def _fitted(columns: list[_Column], room: int) -> list[_Column]:
    """Return the columns that there is room for, one at least; the widest give way first."""
    while len(columns) > 1 and sum(column.least + _GAP for column in columns) > room:
        columns.pop()
    while sum(column.width + _GAP for column in columns) > room:
        widest = max(columns, key=lambda column: column.width - column.least)
        if widest.width <= 1:
            break
        widest.width -= 1
    return columns


def _csv_columns(dataset: Dataset) -> list[str]:
    """Return all columns of the schema, in its order, then what the contacts hold beside them."""
    beside = sorted(dataset.columns.contacts.vectors)
    columns = dict.fromkeys((*_FIRST_CSV_COLUMNS, *dataset.schema.contact_data.columns, *beside))
    return [name for name in columns if name not in _DERIVED]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return write_timestamp(value)
    raise TypeError(f"no JSON for {value!r}")


def _cell(value: Any) -> str:
    """Return a value as a CSV cell; NULL is empty, a list is JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return write_timestamp(value)
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _shown(value: Any) -> str:
    if value is None:
        return _NULL
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return visible(_cell(value))
