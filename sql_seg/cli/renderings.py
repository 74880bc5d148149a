"""How the preview of one segment looks: a table for people, JSON, or CSV with all members."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from sql_seg.cli.tables import NULL, Column, lines_of
from sql_seg.diagnostics.report import visible
from sql_seg.engines.dataset import Dataset
from sql_seg.language.literals import write_second, write_timestamp
from sql_seg.language.schema import Schema
from sql_seg.segments.preview import Preview
from sql_seg.wording import counted

_FIRST_CSV_COLUMNS = ("contact_id", "email", "updated_at")
_DERIVED = frozenset({"email_domains"})
_ROWS_AT_ONCE = 1000
_WIDEST = 40


def as_json(preview: Preview, warnings: Sequence[str], columns: Sequence[str] = ()) -> str:
    """Return a preview as a JSON object, in ASCII; timestamps are ISO texts.

    Of the sample only the ``columns`` are there, if any are chosen; a NULL is an absent key.
    """
    sample = preview.sample
    if columns:
        sample = [{name: one[name] for name in columns if one.get(name) is not None} for one in sample]
    form = {
        "count": preview.count,
        "total": preview.total,
        "now": write_timestamp(preview.now),
        "sample": sample,
        "warnings": list(warnings),
    }
    return json.dumps(form, indent=2, default=plain)


def csv_pieces(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
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


def as_table(
    preview: Preview, read_columns: Iterable[str], schema: Schema, columns: Sequence[str] = ()
) -> str:
    """Return the count and the share of a preview, and the sample with the columns that the query reads.

    If ``columns`` are chosen, these stand there instead.
    """
    share = f" ({preview.share:.1%})" if preview.total else ""
    moment = write_second(preview.now)
    headline = f"{preview.count:,} of {counted(preview.total, 'contact')}{share} at {moment}"
    if not preview.sample:
        return headline
    known = list(schema.contact_data.columns)
    read = [name for name in known if name in read_columns and name not in ("email", "contact_id")]
    names = columns or ["email", *read, "contact_id"]
    lines = [headline, "", *lines_of([_column(name, preview.sample) for name in names])]
    if preview.count > len(preview.sample):
        lines.append(f"  and {preview.count - len(preview.sample):,} more")
    return "\n".join(lines)


def _column(name: str, sample: list[dict[str, Any]]) -> Column:
    """Return a column of the sample for a table."""
    values = [contact.get(name) for contact in sample]
    return Column(
        name,
        [_shown(value) for value in values],
        is_numeric=any(isinstance(value, int | float) for value in values),
        can_give_way=not any(isinstance(value, int | float | datetime) for value in values),
        most=_WIDEST,
    )


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


def _shown(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return visible(csv_cell(value))
