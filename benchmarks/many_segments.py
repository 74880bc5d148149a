"""Many segments in one scan, against a scan for each: over CSV, Parquet, and a loaded account."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from contact_predicates import SCHEMA
from generate import NOW
from generate_files import FIELDS
from generate_large import write_large
from generate_segments import segments
from measure import Measured, Results, Work, measured, seconds

from sql_seg import Dataset, Segment, SegmentSet
from sql_seg.engines.duckdb.files import AccountFiles
from sql_seg.records.account_sources import AccountSources

FEW, MANY = 20, 200


def texts(count: int, *, with_events: bool) -> list[str]:
    """Return queries; some of them ask for events, or none."""
    made = [segment.text for segment in segments(count * 2)]
    return [text for text in made if with_events or "event_data" not in text][:count]


def counted_from(csv: Path, asked: Sequence[Segment], events: Sequence[str] = ()) -> list[int]:
    """Read a CSV file, and events of the account, for some segments in one scan."""
    wanted = frozenset(column for segment in asked for column in segment.checked.columns)
    sources = AccountSources([str(csv)], events=events, definitions=FIELDS)
    files = AccountFiles(sources, wanted=wanted | {"contact_id", "email"})
    checked = [segment.checked for segment in asked]
    with closing(files):
        home = files.read(checked, NOW)
        if not events:
            return [home.count(segment, NOW) for segment in asked]
        return home.counts(SegmentSet({str(at): segment for at, segment in enumerate(asked)}), NOW)


def measure(contacts: int = 500_000, events: int = 1_000_000, rounds: int = 3) -> Results:
    found: list[Measured] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_large(folder, contacts, events, csv=True, parquet=True, ndjson=True)
        for count in (FEW, MANY):
            asked = [Segment(text, SCHEMA) for text in texts(count, with_events=False)]
            csv = folder / "contacts.csv"
            each, at_once = partial(_each_from, csv, asked), partial(counted_from, csv, asked)
            found.append(_compared(f"CSV, {count} segments of contacts", each, at_once, count, rounds))
        asked = [Segment(text, SCHEMA) for text in texts(FEW, with_events=True)]
        happened = [str(folder / "events.ndjson")]
        each = partial(_each_from, csv, asked, happened)
        at_once = partial(counted_from, csv, asked, happened)
        assert each() == at_once()
        found.append(_compared(f"CSV, {FEW} segments with events", each, at_once, FEW, rounds))
        given = [str(folder / file) for file in ("contacts.parquet", "events.parquet")]
        dataset = Dataset.load(given[0], events=given[1], fields=FIELDS)
        for count in (FEW, MANY):
            for with_events in (False, True):
                some = texts(count, with_events=with_events)
                together = SegmentSet({text: text for text in some}, SCHEMA)
                said = "with events" if with_events else "of contacts"
                assert list(together.counts(dataset, now=NOW).values()) == _apart(together, dataset)
                one_scan = partial(together.counts, dataset, now=NOW)
                apart = partial(_apart, together, dataset)
                found.append(_compared(f"Parquet, {count} segments {said}", apart, one_scan, count, rounds))
        dataset.close()
    return Results(
        f"Many segments in one scan: {contacts:,} contacts, {events:,} events",
        {"one scan": found},
        "a scan for each",
        has_mean=False,
    )


def _compared(name: str, apart: Work, together: Work, count: int, rounds: int) -> Measured:
    if count == FEW:
        return measured(name, apart, together, rounds)
    first, second = seconds(apart), seconds(together)  # long enough to be measured once
    return Measured(name, first, second / first)


def _each_from(csv: Path, asked: Sequence[Segment], events: Sequence[str] = ()) -> list[int]:
    return [counted_from(csv, [segment], events)[0] for segment in asked]


def _apart(together: SegmentSet, dataset: Dataset) -> list[int]:
    return [segment.count(dataset, now=NOW) for segment in together.values()]
