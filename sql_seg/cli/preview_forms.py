"""How previews look: of one segment, of many, and the way to one's members, as a table, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sql_seg.cli.csv_text import csv_cell, plain, put_csv
from sql_seg.cli.output import painter, put
from sql_seg.cli.tables import NULL, TableColumn, lines_of
from sql_seg.diagnostics.formats import visible
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import write_second, write_timestamp
from sql_seg.segments.candidates import Candidate, Candidates
from sql_seg.segments.preview import Preview
from sql_seg.wording import counted

if TYPE_CHECKING:
    from sql_seg.segments.funnel import Funnel

Previews = Mapping[str, Preview]
"""The previews of the queries without errors, by name; of one at least."""

_WIDEST = 40
"""How wide a column of the sample may be."""


def one_as_json(preview: Preview, warnings: Sequence[str], columns: Sequence[str] = ()) -> str:
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


def one_as_table(
    preview: Preview, read_columns: Iterable[str], schema: Schema, columns: Sequence[str] = ()
) -> str:
    """Return the count and the share of a preview, and the sample with the columns that the query reads.

    If ``columns`` are chosen, these stand there instead.
    """
    if not preview.sample:
        return str(preview)
    known = list(schema.contact_data.columns)
    read = [name for name in known if name in read_columns and name not in ("email", "contact_id")]
    names = columns or ["email", *read, "contact_id"]
    lines = [str(preview), "", *lines_of([_sample_column(name, preview.sample) for name in names])]
    if preview.count > len(preview.sample):
        lines.append(f"  and {preview.count - len(preview.sample):,} more")
    return "\n".join(lines)


def _sample_column(name: str, sample: list[dict[str, Any]]) -> TableColumn:
    """Return a column of the sample for a table."""
    values = [contact.get(name) for contact in sample]
    return TableColumn(
        name,
        [_shown(value) for value in values],
        is_numeric=any(isinstance(value, int | float) for value in values),
        can_give_way=not any(isinstance(value, datetime) for value in values),
        most=_WIDEST,
    )


def _shown(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return visible(csv_cell(value))


def put_many(
    candidates: Candidates, previews: Previews, warnings: Sequence[str], output_format: str, *, marked: bool
) -> None:
    """Write the previews of many segments; of queries with errors only the name.

    CSV is ``marked`` by a byte order mark or not.
    """
    if output_format == "json":
        put(_many_as_json(candidates, previews, warnings))
    elif output_format == "csv":
        rows = ((one.name, *_count_and_share(previews.get(one.name))) for one in candidates.all)
        put_csv((("name", "count", "share"), *rows), marked=marked)
    else:
        put(_many_as_table(candidates, previews))


def _many_as_json(candidates: Candidates, previews: Previews, warnings: Sequence[str]) -> str:
    """Return previews as a JSON object, in ASCII; ``warnings`` are about the data, or about all queries."""
    one = _one_of(previews)
    form = {
        "total": one.total,
        "now": write_timestamp(one.now),
        "segments": [_form(candidate, previews.get(candidate.name)) for candidate in candidates.all],
        "warnings": list(warnings),
    }
    return json.dumps(form, indent=2, default=plain)


def _many_as_table(candidates: Candidates, previews: Previews) -> str:
    """Return a line for each query: its name, how many members it has, and their share of all contacts."""
    one = _one_of(previews)
    moment = write_second(one.now)
    headline = f"{counted(len(candidates.all), 'segment')} over {counted(one.total, 'contact')} at {moment}"
    rows = [_row(candidate, previews.get(candidate.name)) for candidate in candidates.all]
    names, members, shares, warnings = zip(*rows, strict=True)
    columns = [
        TableColumn("segment", names, wraps=True),
        TableColumn("members", members, is_numeric=True),
        TableColumn("share", shares, is_numeric=True),
    ]
    if any(warnings):
        columns.append(TableColumn("warnings", warnings, is_numeric=True))
    return "\n".join([headline, "", *lines_of(columns)])


def _one_of(previews: Previews) -> Preview:
    """Return any of the previews: they share the moment, and the contacts that were asked."""
    return next(iter(previews.values()))


def _form(candidate: Candidate, preview: Preview | None) -> dict[str, Any]:
    count, share = _count_and_share(preview)
    return {
        "name": candidate.name,
        "file": candidate.query.file,
        "count": count,
        "share": share,
        "sample": [] if preview is None else preview.sample,
        "errors": candidate.concise(candidate.errors),
        "warnings": candidate.concise(candidate.warnings),
    }


def _count_and_share(preview: Preview | None) -> tuple[int | None, float | None]:
    """Return the number of members, and their share; None for what there is not."""
    if preview is None:
        return None, None
    return preview.count, preview.share if preview.total else None


def _row(candidate: Candidate, preview: Preview | None) -> tuple[str, str, str, str]:
    count, share = _count_and_share(preview)
    return (
        visible(candidate.name),
        "error" if count is None else f"{count:,}",
        "" if share is None else f"{share:.1%}",
        f"{len(candidate.warnings):,}" if candidate.warnings else "",
    )


def funnel_as_table(funnel: Funnel) -> str:
    """Return the count, a line for each condition, what empties the segment, and hints."""
    share = f" ({funnel.count / funnel.total:.1%})" if funnel.total else ""
    moment = write_second(funnel.now)
    paint = painter()
    headline = f"{funnel.count:,} of {counted(funnel.total, 'contact')}{share} at {moment}"
    lines = [paint(headline, "strong"), ""]
    steps = list(funnel.with_depths())
    if steps:
        names = [f"{'  ' * depth}{visible(step.label)}" for step, depth in steps]
        lines += lines_of(
            [
                TableColumn("condition", names, wraps=True),
                _numbers("pass it", [step.alone for step, _ in steps], zero="red"),
                _numbers("remain", [step.after for step, _ in steps], zero="red"),
                _numbers("decides", [step.only for step, _ in steps]),
                _numbers("NULL", [step.null for step, _ in steps], other="yellow"),
            ]
        )
    if len(funnel.emptied_by) > 1:
        lines += ["", "no contact meets all of these, though some meet all but any one of them:"]
        lines += [f"  - {visible(text)}" for text in funnel.emptied_by]
    elif funnel.emptied_by:
        lines += ["", f"no contact meets {visible(funnel.emptied_by[0])}"]
    lines += [""] * bool(funnel.hints) + [
        f"{paint('hint:', 'hint')} {visible(hint)}" for hint in funnel.hints
    ]
    return "\n".join(lines)


def _numbers(name: str, values: Sequence[int], *, zero: str = "", other: str = "") -> TableColumn:
    """Return a column of numbers; colours say where there is none, or where there are some."""
    cells = [f"{value:,}" for value in values]
    styles = [other if value else zero for value in values]
    return TableColumn(name, cells, is_numeric=True, styles=styles)
