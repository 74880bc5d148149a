"""What it costs to explain: one contact, a funnel against one count, an overlap against the counts.

A funnel of 15 conditions over 200,000 contacts in DuckDB is to take at most 4 times one count, an overlap of
200 segments at most twice their counts, and to explain one contact at most 5 ms.
"""

from __future__ import annotations

from time import perf_counter

from contact_predicates import SCHEMA
from generate import NOW, contacts
from generate_segments import segments

from sql_seg import Dataset, Segment, SegmentSet

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


def best(work: object, times: int = 3) -> float:
    """Return the least seconds that some work takes."""
    found = []
    for _ in range(times):
        start = perf_counter()
        work()  # type: ignore[operator]
        found.append(perf_counter() - start)
    return min(found)


def measure(number: int = 200_000) -> dict[str, float]:
    """Return seconds by what they are of."""
    rows = contacts(number)
    segment = Segment(QUERY, SCHEMA)
    results: dict[str, float] = {}
    with Dataset.of(rows, schema=SCHEMA) as dataset:
        results["count"] = best(lambda: segment.count(dataset, now=NOW))
        results["funnel"] = best(lambda: segment.funnel(dataset, now=NOW))
        known = dataset.contact(rows[0]["email"])
        results["explain"] = best(lambda: segment.explain(known, now=NOW), 20)
        texts = [made.text for made in segments()]
        simple = [text for text in texts if not Segment(text, SCHEMA).checked.reads_events]
        together = SegmentSet(dict(zip(map(str, range(len(simple))), simple, strict=True)), SCHEMA)
        results["segments"] = len(simple)
        results["counts"] = best(lambda: together.counts(dataset, now=NOW), 1)
        results["overlap"] = best(lambda: together.overlap(dataset, now=NOW), 1)
    return results


if __name__ == "__main__":
    for name, seconds in measure().items():
        print(f"{name:>10} {seconds:10.4f}")
