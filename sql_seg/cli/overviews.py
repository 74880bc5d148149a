"""How the previews of many segments look together: a table for people, JSON, or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sql_seg.cli.csv_text import csv_pieces, plain
from sql_seg.cli.tables import TableColumn, lines_of
from sql_seg.diagnostics.formats import visible
from sql_seg.language.literals import write_second, write_timestamp
from sql_seg.segments.candidates import Candidate, Candidates
from sql_seg.segments.preview import Preview
from sql_seg.wording import counted

Previews = Mapping[str, Preview]
"""The previews of the queries without errors, by name; of one at least."""

_CSV_COLUMNS = ("name", "count", "share")


def as_json(candidates: Candidates, previews: Previews, warnings: Sequence[str]) -> str:
    """Return previews as a JSON object, in ASCII; ``warnings`` are about the data, or about all queries."""
    one = _one_of(previews)
    form = {
        "total": one.total,
        "now": write_timestamp(one.now),
        "segments": [_form(candidate, previews.get(candidate.name)) for candidate in candidates.all],
        "warnings": list(warnings),
    }
    return json.dumps(form, indent=2, default=plain)


def as_csv(candidates: Candidates, previews: Previews, *, marked: bool) -> Iterator[str]:
    """Yield a header, then a line for each query, as pieces of one CSV text; of errors, only the name.

    It is ``marked`` by a byte order mark or not.
    """
    rows = ((one.name, *_numbers(previews.get(one.name))) for one in candidates.all)
    return csv_pieces((_CSV_COLUMNS, *rows), marked=marked)


def as_table(candidates: Candidates, previews: Previews) -> str:
    """Return a line for each query: its name, how many members it has, and their share of all contacts."""
    one = _one_of(previews)
    moment = write_second(one.now)
    headline = f"{counted(len(candidates.all), 'segment')} over {counted(one.total, 'contact')} at {moment}"
    rows = [_cells(candidate, previews.get(candidate.name)) for candidate in candidates.all]
    names, members, shares, warnings = zip(*rows, strict=True)
    columns = [
        TableColumn("segment", names, wraps=True),
        TableColumn("members", members, is_numeric=True, can_give_way=False),
        TableColumn("share", shares, is_numeric=True, can_give_way=False),
    ]
    if any(warnings):
        columns.append(TableColumn("warnings", warnings, is_numeric=True, can_give_way=False))
    return "\n".join([headline, "", *lines_of(columns)])


def _one_of(previews: Previews) -> Preview:
    """Return any of the previews: they share the moment, and the contacts that were asked."""
    return next(iter(previews.values()))


def _form(candidate: Candidate, preview: Preview | None) -> dict[str, Any]:
    count, share = _numbers(preview)
    return {
        "name": candidate.name,
        "file": candidate.query.file,
        "count": count,
        "share": share,
        "sample": [] if preview is None else preview.sample,
        "errors": candidate.concise(candidate.errors),
        "warnings": candidate.concise(candidate.warnings),
    }


def _numbers(preview: Preview | None) -> tuple[int | None, float | None]:
    """Return the number of members, and their share; None for what there is not."""
    if preview is None:
        return None, None
    return preview.count, preview.share if preview.total else None


def _cells(candidate: Candidate, preview: Preview | None) -> tuple[str, str, str, str]:
    count, share = _numbers(preview)
    return (
        visible(candidate.name),
        "error" if count is None else f"{count:,}",
        "" if share is None else f"{share:.1%}",
        f"{len(candidate.warnings):,}" if candidate.warnings else "",
    )
