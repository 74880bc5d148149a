"""``sql-seg overlap``: which segments share contacts, hold each other, or are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.csv_text import put_csv
from sql_seg.cli.output import painter, put, terminal_width
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import candidates_in, dataset_for, exit_code, remarks_on, say_remarks
from sql_seg.cli.tables import TableColumn, lines_of
from sql_seg.diagnostics.formats import paragraph, visible
from sql_seg.language.timestamps import the_moment, write_second
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.overlap import CONTAINS, DISJOINT, EQUAL, OVERLAPPING, Overlap, Pair
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace

_CELL = 3
_MOST_PROVEN = 200
"""Proofs are looked for where there are at most so many segments' pairs; each takes some milliseconds."""


@click.command("overlap")
@options.files_and_queries
@options.workspace()
@account_options()
@options.now()
@click.option(
    "--proofs/--no-proofs",
    default=None,
    help="Look for what holds always, whatever the data: by default, where the segments are few.",
)
@options.output_format(["table", "json", "csv"], "table", "A matrix for people, JSON, or CSV with all pairs.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    account: AccountOptions,
    now: datetime | None,
    proofs: bool | None,
    output_format: str,
) -> int:
    """Say which segments share contacts, which hold others, and which are the same.

    "always" means that it is proven for all contacts that there can be; else it is what the data says.

    Exit codes: 0 there is an answer; 1 a query has errors; 2 something could not be read.
    """
    standard_input_is_free(files, account)
    candidates = candidates_in(workspace, files, queries)
    moment = the_moment(now or workspace.settings.now)
    dataset = dataset_for(candidates, account, workspace, moment, wanted=frozenset(), everything=True)
    if dataset is not None:
        with dataset:
            say_remarks(candidates, dataset, remarks_on(candidates, dataset))
            with told_elsewhere(), progress("evaluating"):
                overlap = SegmentSet(candidates.segments).overlap(dataset, now=moment)
                number = len(overlap.counts)
                proven = number * (number - 1) // 2 <= _MOST_PROVEN if proofs is None else proofs
                pairs = list(overlap.pairs(proofs=proven))
            if output_format == "json":
                form = overlap.to_json() | {"pairs": [pair.to_json() for pair in pairs]}
                put(json.dumps(form, indent=2))
            elif output_format == "csv":
                put_csv(_csv(overlap, pairs))
            else:
                put("\n".join(_lines(overlap, pairs)))
    return exit_code(candidates)


def _csv(overlap: Overlap, pairs: list[Pair]) -> Iterator[tuple[object, ...]]:
    yield ("first", "second", "first_count", "second_count", "both", "relation", "always")
    for pair in pairs:
        counts = overlap.counts[pair.first], overlap.counts[pair.second]
        always = "true" if pair.always else "false"
        yield (pair.first, pair.second, *counts, pair.both, pair.relation, always)


def _lines(overlap: Overlap, pairs: list[Pair]) -> Iterator[str]:
    moment = write_second(overlap.now)
    segments, contacts = counted(len(overlap.counts), "segment"), counted(overlap.total, "contact")
    nowhere = f"{overlap.nowhere:,} {'is' if overlap.nowhere == 1 else 'are'} in none of them"
    paint = painter()
    for line in paragraph(f"{segments} over {contacts} at {moment}; {nowhere}", terminal_width()):
        yield paint(line, "strong")
    yield ""
    columns = _columns(overlap)
    yield from lines_of(columns)
    shown = len(columns) - 2
    if shown < len(overlap.names):
        missing = (
            f"& {shown + 1} to & {len(overlap.names)}" if shown + 1 < len(overlap.names) else f"& {shown + 1}"
        )
        yield f"  no room for {missing}: --output-format csv has all pairs"
    empty = {name for name, count in overlap.counts.items() if not count}
    said = [
        _said(pair)
        for pair in pairs
        if pair.relation != OVERLAPPING and (pair.always or not {pair.first, pair.second} & empty)
    ]
    if said:
        yield ""
        yield from said


def _columns(overlap: Overlap) -> list[TableColumn]:
    """Return the matrix as columns: as many of the segments' as there is room for."""
    names = overlap.names
    rows = [f"{number} {visible(name)}" for number, name in enumerate(names, 1)]
    counts = [f"{count:,}" for count in overlap.counts.values()]
    matrix = [
        [f"{overlap.both(name, other):,}" if name != other else "-" for name in names] for other in names
    ]
    columns = [
        TableColumn("segment", rows, wraps=True),
        TableColumn("members", counts, is_numeric=True),
    ]
    room = terminal_width() - max(map(len, rows)) - len("members") - 2 * _CELL
    for number, cells in enumerate(matrix, 1):
        room -= max(map(len, (*cells, f"& {number}"))) + _CELL
        if room < 0:
            break
        styles = ["dim" if cell in ("0", "-") else "" for cell in cells]
        columns.append(TableColumn(f"& {number}", cells, is_numeric=True, styles=styles))
    return columns


def _said(pair: Pair) -> str:
    always = "always " if pair.always else ""
    first, second = visible(pair.first), visible(pair.second)
    if pair.relation == EQUAL:
        return f"{first} and {second} are {always}equal"
    if pair.relation == DISJOINT:
        return f"{first} and {second} {always}share no contact"
    if pair.relation == CONTAINS:
        first, second = second, first
    return f"{first} is {always}contained in {second}"
