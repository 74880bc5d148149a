"""``sql-seg drift``: SendGrid's own counts and samples beside what the data says, and why they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.output import Failure, note, painter, put, terminal_width
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import candidates_in, dataset_for, exit_code
from sql_seg.cli.tables import TableColumn, lines_of
from sql_seg.diagnostics.formats import paragraph, visible
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.language.timestamps import the_moment, write_second
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.candidates import Candidate, Candidates
from sql_seg.segments.drift import IN, MISSING, OUT, Drift
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace

_MOST_OUT = 5
_NO_COUNT = (
    "no segment here carries SendGrid's count: give the JSON of GET /v3/marketing/segments/2.0/{id}, which "
    "has contacts_count, contacts_sample and sample_updated_at beside query_dsl"
)


@click.command("drift")
@options.files_and_queries
@options.workspace()
@account_options()
@options.now("The moment to judge at whether a count is late; by default, now.")
@options.output_format(["table", "json"], "table", "A table with what explains each difference, or JSON.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    account: AccountOptions,
    now: datetime | None,
    output_format: str,
) -> int:
    """Compare SendGrid's counts and samples of segments with what the data says at the time of the count.

    Files have the JSON of segments as the API gives them one by one. What explains a difference is said: who
    of the sample is not in and by which condition, who is not in the data, an export that is older than the
    count, missing events.

    Exit codes: 0 all agree; 1 some differ, or a query has errors; 2 something could not be read.
    """
    standard_input_is_free(files, account)
    candidates = candidates_in(workspace, files, queries)
    counted_ones = [one for one in candidates.all if one.query.counted is not None]
    if not counted_ones:
        raise click.UsageError(_NO_COUNT)
    if len(counted_ones) < len(candidates.all):
        left = len(candidates.all) - len(counted_ones)
        are = "is" if left == 1 else "are"
        note(f"note: {counted(left, 'segment')} without SendGrid's count {are} left out")
    candidates = Candidates(candidates.many, counted_ones, candidates.failures)
    moment = the_moment(now or workspace.settings.now)
    dataset = dataset_for(candidates, account, workspace, moment, wanted=None, everything=True)
    if dataset is None:
        return exit_code(candidates)
    with dataset, told_elsewhere(), progress("comparing"):
        found = {one.name: _drift(one, dataset, moment) for one in candidates.all if one.segment is not None}
        put(_rendered(found, candidates, output_format))
    return exit_code(candidates, is_fine=all(drift.agrees for drift in found.values()))


def _drift(candidate: Candidate, dataset: Dataset, now: datetime) -> Drift:
    assert candidate.segment is not None
    try:
        return candidate.segment.drift(dataset, candidate.query.counted, now=now)
    except RecordError as error:
        raise Failure(f"{candidate.query.file}: {error}") from error


def _rendered(found: Mapping[str, Drift], candidates: Candidates, output_format: str) -> str:
    if output_format == "json":
        forms = [
            {"name": one.name, "file": one.query.file}
            | (found[one.name].to_json() if one.name in found else {"error": True})
            for one in candidates.all
        ]
        return json.dumps({"segments": forms}, indent=2)
    lines = list(_overview(found)) if candidates.many else []
    for name, drift in found.items():
        if not candidates.many or not drift.agrees:
            lines += ["", painter()(visible(name), "strong")] if candidates.many else []
            lines += _about(drift, terminal_width(), "  " * candidates.many)
    return "\n".join(lines)


def _overview(found: Mapping[str, Drift]) -> Iterator[str]:
    """Yield a line for each segment."""
    differ = sum(not drift.agrees for drift in found.values())
    verb = "differs" if differ == 1 else "differ"
    headline = f"{counted(len(found), 'segment')}: {differ:,} {verb} from what SendGrid counted"
    yield painter()(headline, "strong")
    yield ""
    drifts = list(found.values())
    yield from lines_of(
        [
            TableColumn("segment", [visible(name) for name in found], wraps=True),
            TableColumn("SendGrid", [f"{one.there:,}" for one in drifts], is_numeric=True),
            TableColumn("here", [f"{one.here:,}" for one in drifts], is_numeric=True),
            TableColumn(
                "difference",
                [_signed(one) for one in drifts],
                is_numeric=True,
                styles=["" if one.here == one.there else "yellow" for one in drifts],
            ),
            TableColumn(
                "sample in",
                [_share_in(one) for one in drifts],
                is_numeric=True,
                styles=["" if len(one.that_are(IN)) == len(one.sample) else "yellow" for one in drifts],
            ),
            TableColumn("counted at", [_moment(one) for one in drifts], can_give_way=False),
        ]
    )


def _signed(drift: Drift) -> str:
    return f"{drift.here - drift.there:+,}" if drift.here != drift.there else "0"


def _share_in(drift: Drift) -> str:
    return f"{len(drift.that_are(IN)):,} of {len(drift.sample):,}" if drift.sample else ""


def _moment(drift: Drift) -> str:
    return write_second(drift.now)


def _sample_of(drift: Drift) -> str:
    size = len(drift.sample)
    if len(drift.that_are(IN)) == size:
        return f"all {size:,} that SendGrid shows are in" if size > 1 else "the one that SendGrid shows is in"
    numbers = {verdict: len(drift.that_are(verdict)) for verdict in (IN, OUT, MISSING)}
    parts = [f"{number:,} {verdict}" for verdict, number in numbers.items() if number or verdict == IN]
    return f"of the {size:,} that SendGrid shows: {', '.join(parts)}"


def _about(drift: Drift, width: int, indent: str) -> Iterator[str]:
    """Yield what is to be said of one segment, in lines."""
    share = f" of {counted(drift.total, 'contact')}"
    headline = (
        f"SendGrid counted {drift.there:,} at {_moment(drift)}; the data has {drift.here:,}{share} then"
    )
    off = drift.here - drift.there
    if off:
        headline += f": {abs(off):,} {'more' if off > 0 else 'fewer'}"
    yield from paragraph(headline, width, indent)
    if drift.sample:
        yield from paragraph(_sample_of(drift), width, indent)
    if drift.agrees:
        yield f"{indent}nothing differs"
        return
    yield ""
    yield indent + painter()("What explains it:", "strong")
    for cause in drift.causes:
        yield from paragraph(cause, width, f"{indent}  - ", f"{indent}    ")
    out = drift.that_are(OUT)
    if out:
        yield ""
        yield indent + painter()("Shown by SendGrid, and not in by the data:", "strong")
    for one in out[:_MOST_OUT]:
        yield from paragraph(f"{one.who}: {one.reason}", width, f"{indent}  - ", f"{indent}    ")
    if len(out) > _MOST_OUT:
        yield f"{indent}  and {len(out) - _MOST_OUT:,} more: --output-format json has all"
