"""All segments of an account in one pass, against a pass for each of them.

200 segments over 200,000 contacts with 1,000,000 events. The Dataset forgets all answers before each of the
200 passes, and before the one. The same 200 passes over dicts stand beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from contact_predicates import SCHEMA, forget
from generate import NOW, contacts, events
from generate_segments import SegmentText, segments
from measure import Measured, Results, Work, measured, without_collection

from sql_seg import Dataset, Segment, SegmentSet
from sql_seg.predicate import Account, Compiler


class Asking(NamedTuple):
    """One question to all segments: one by one over a Dataset, all at once, and one by one over dicts."""

    one_by_one: Work
    one_pass: Work
    dicts: Work


def askings(texts: list[SegmentText]) -> dict[str, Asking]:
    """Return what is asked of the segments."""
    rows = contacts()
    happened = events(rows)
    account = Account(rows, happened)
    dataset = without_collection(lambda: Dataset(rows, happened, SCHEMA))
    single = {made.text: Segment(made.text, SCHEMA) for made in texts}
    compiled = {text: Compiler(segment.checked) for text, segment in single.items()}
    together = SegmentSet(single)

    def forgetful() -> Iterator[tuple[str, Segment]]:
        for item in single.items():
            forget(dataset)
            yield item

    def ids_at_once() -> dict[str, list[str | None]]:
        forget(dataset)
        return together.ids(dataset, now=NOW)

    def counts_at_once() -> dict[str, int]:
        forget(dataset)
        return together.counts(dataset, now=NOW)

    return {
        "ids": Asking(
            lambda: {text: list(segment.ids(dataset, now=NOW)) for text, segment in forgetful()},
            ids_at_once,
            lambda: {text: list(code.ids(rows, account, NOW)) for text, code in compiled.items()},
        ),
        "counts": Asking(
            lambda: {text: segment.count(dataset, now=NOW) for text, segment in forgetful()},
            counts_at_once,
            lambda: {text: code.count(rows, account, NOW) for text, code in compiled.items()},
        ),
    }


def note_on(texts: list[SegmentText]) -> str:
    """Say how much the segments have in common."""
    times = Counter(condition for made in texts for condition in made.conditions)
    shared = sum(count > 1 for count in times.values())
    return (
        f"{len(texts)} segments have {times.total()} conditions, {len(times)} of them different; {shared} of "
        "these stand in more than one segment.\nThe `Dataset` forgets all answers before each pass."
    )


def measure() -> Results:
    texts = segments()
    ways: dict[str, list[Measured]] = {}
    for name, asked in askings(texts).items():
        found: list[Any] = [work() for work in asked]
        assert found[0] == found[1] == found[2]
        ways.setdefault("one pass", []).append(measured(name, asked.one_by_one, asked.one_pass, 5))
        ways.setdefault("200 passes over dicts", []).append(measured(name, asked.one_by_one, asked.dicts, 1))
    title = "Many segments: 200 over 200,000 contacts with 1,000,000 events"
    return Results(title, ways, yardstick="200 passes", note=note_on(texts))
