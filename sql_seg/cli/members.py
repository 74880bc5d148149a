"""All members of a segment, written in bulk: to standard output as CSV, or into a file by its ending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sql_seg.cli.csv_text import csv_columns
from sql_seg.cli.output import Failure, note
from sql_seg.cli.progress import progress
from sql_seg.engines.dataset import Dataset
from sql_seg.segments.segment import Segment
from sql_seg.wording import counted, did_you_mean

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.home import DuckDBHome

_WORKBOOK = ".xlsx"
_STDOUT = ("-", "/dev/stdout", "/dev/fd/1")
_MARK = b"\xef\xbb\xbf"
"""The byte order mark, without which Excel takes CSV to be in the encoding of its country."""


def _home(dataset: Dataset) -> DuckDBHome:
    from sql_seg.engines.duckdb.home import DuckDBHome

    home = dataset._home
    assert isinstance(home, DuckDBHome)  # all that the command line reads is there
    return home


def form_of(output: str) -> str:
    """Return what form a file is written in, by the ending of its name. Raises BadParameter."""
    from sql_seg.engines.duckdb.members import ENDINGS

    ending = Path(output).suffix.lower()
    if ending == _WORKBOOK:
        import_module("xlsxwriter")  # before anything is read, if it is not there
    form = _WORKBOOK if ending == _WORKBOOK else ENDINGS.get(ending)
    if form is None:
        hint = "; --output-format csv writes all members to standard output" if output in _STDOUT else ""
        raise click.BadParameter(
            f"{output}: its name must end in .csv, .ndjson, .parquet or .xlsx{hint}", param_hint="--output"
        )
    return form


def columns_of(dataset: Dataset, chosen: Sequence[str]) -> list[str]:
    """Return the columns that people chose, or all. Raises Failure for one that there is not."""
    there = {*_home(dataset).present, *dataset.schema.contact_data.columns}
    known = [name for name in csv_columns(dataset) if not chosen or name in there]
    for name in chosen:
        if name not in known:
            hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
            raise Failure(f"--columns: the contacts have no column {name}; {hint}")
    return list(chosen) or known


def members_as_csv(
    dataset: Dataset, segment: Segment, now: datetime, columns: Sequence[str], *, marked: bool
) -> Iterator[bytes]:
    """Yield a header, then all members, as pieces of CSV; ``marked`` by a byte order mark or not."""
    if marked:
        yield _MARK
    yield from _home(dataset).pieces(segment, now, "csv", columns)


def write_members(
    dataset: Dataset,
    segment: Segment,
    now: datetime,
    output: str,
    columns: Sequence[str],
    *,
    marked: bool,
) -> None:
    """Write all members into a file, and say how many they are. Raises EngineError where it cannot."""
    path, form = Path(output), form_of(output)
    home = _home(dataset)
    with progress("writing"):
        if form == _WORKBOOK:
            from sql_seg.cli.workbook import write_workbook

            members: Iterator[dict[str, Any]] = home.members(segment, now)
            written = write_workbook(path, columns, members)
            count = written.rows
            if written.cut:
                note(
                    f"note: {counted(written.cut, 'cell')} cut: Excel takes texts of up to 32,767 characters"
                )
        else:
            mark = _MARK if marked else b""
            count = home.write(segment, now, path, form, columns, mark)  # type: ignore[arg-type]
    note(f"{counted(count, 'member')} in {path}")
