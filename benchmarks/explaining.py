"""What it costs to explain: a funnel against one count, an overlap against the counts, and one contact.

A funnel of 15 conditions over 200,000 contacts is to take at most 4 times one count, an overlap of 200
segments at most twice their counts, and to explain one contact at most 5 ms.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any

from contact_predicates import SCHEMA
from generate import NOW, contacts, events
from generate_segments import segments
from measure import Measured, Results, measured, seconds, without_collection

from sql_seg import Dataset, DataWarning, Segment, SegmentSet

QUERY = " AND ".join(
    f"({condition})"
    for condition in (
        "country != 'XX'",
        "email LIKE '%@%'",
        "first_name IS NULL OR first_name != 'Dave'",
        "city != 'Nowhere'",
        "LENGTH(email) > 3",
        "last_name != 'x'",
        "postal_code IS NULL OR postal_code != '0'",
        "country != 'YY'",
        "email NOT LIKE '%.invalid'",
        "LENGTH(email) < 250",
        "city != 'Elsewhere'",
        "last_name != 'y'",
        "first_name IS NULL OR first_name != 'Eve'",
        "created_at < NOW()",
        "updated_at < NOW()",
    )
)
OPENED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE c.country = 'US' AND e.event_type = 'open' AND e.timestamp > TIMESTAMPADD(day, -30, NOW())"
)
Record = dict[str, Any]
LIMIT = 0.005
_OVERLAPPED = 50_000
"""Of how many contacts the overlap is: 200 segments over all of them take minutes."""


def measure(number: int = 200_000) -> Results:
    warnings.simplefilter("ignore", DataWarning)  # of the odd events that every account has
    rows = contacts(number)
    some = rows[:_OVERLAPPED]
    own = events(some, 5 * len(some))
    funnel, overlap = [], []
    for name, home in (("in memory", _in_memory), ("DuckDB", _in_duckdb)):
        with without_collection(partial(home, rows, ())) as dataset:
            funnel.append(_funnel(f"15 conditions over {number:,} contacts, {name}", dataset))
        with without_collection(partial(home, some, own)) as dataset:
            overlap.append(_overlap(f"{len(some):,} contacts with {len(own):,} events, {name}", dataset))
    return Results(
        "Explaining: funnels against one count, overlaps against counts, one contact against 5 ms",
        {"funnel": funnel, "overlap": overlap, "explain": [_one_contact(some[0], own)]},
        yardstick="one count; all counts; 5 ms",
        has_mean=False,
    )


def _in_memory(rows: list[Record], own: Sequence[Record]) -> Dataset:
    return Dataset(rows, own, SCHEMA)


def _in_duckdb(rows: list[Record], own: Sequence[Record]) -> Dataset:
    return Dataset.of(rows, own, schema=SCHEMA)


def _funnel(name: str, dataset: Dataset) -> Measured:
    segment = Segment(QUERY, SCHEMA)
    count, funnel = partial(segment.count, dataset, now=NOW), partial(segment.funnel, dataset, now=NOW)
    return measured(name, count, funnel, rounds=5)


def _overlap(name: str, dataset: Dataset) -> Measured:
    texts = [made.text for made in segments()]
    together = SegmentSet(dict(zip(map(str, range(len(texts))), texts, strict=True)), SCHEMA)
    counts, overlap = partial(together.counts, dataset, now=NOW), partial(together.overlap, dataset, now=NOW)
    return measured(f"{len(texts)} segments over {name}", counts, overlap, rounds=3)


def _one_contact(contact: Record, own: list[Record]) -> Measured:
    """Measure the worse of two queries, the smallest changes left out: they are looked for when asked for."""
    mine = [event for event in own if event["contact_id"] == contact["contact_id"]]
    asked = [Segment(query, SCHEMA) for query in (QUERY, OPENED)]
    works = [partial(one.explain, contact, mine, now=NOW) for one in asked]
    times = [statistics.median(seconds(work) for _ in range(9)) for work in works]
    return Measured(f"one contact with {len(mine)} events, against 5 ms", LIMIT, max(times) / LIMIT)


if __name__ == "__main__":
    for way, found in measure().ways.items():
        for one in found:
            print(f"{way:>8} {one.name}: {one.ratio:.2f} times {one.yardstick * 1000:.1f} ms")
