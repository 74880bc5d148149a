"""All segments of an account in one pass, against a pass for each of them.

200 segments over 100,000 contacts with 500,000 events. The Dataset forgets all answers before each of the
200 passes, and before the one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from contact_predicates import SCHEMA, forget
from generate import NOW, contacts, events
from generate_segments import SegmentText, segments
from measure import Measured, Results, Work, known_objects_left_alone, measured, seconds, without_collection

from sql_seg import Dataset, Segment, SegmentSet
from sql_seg.predicate import Account, Compiler


class Asking(NamedTuple):
    """One question to all segments of a Dataset: one by one, and all at once."""

    one_by_one: Work
    one_pass: Work


def askings(segments: SegmentSet, dataset: Dataset) -> dict[str, Asking]:
    """Return what is asked of the segments; the dataset forgets all answers before each pass."""

    def forgetful() -> Iterator[tuple[str, Segment]]:
        for item in segments.items():
            forget(dataset)
            yield item

    def ids_at_once() -> dict[str, list[str | None]]:
        forget(dataset)
        return segments.ids(dataset, now=NOW)

    def counts_at_once() -> dict[str, int]:
        forget(dataset)
        return segments.counts(dataset, now=NOW)

    return {
        "ids": Asking(
            lambda: {text: list(segment.ids(dataset, now=NOW)) for text, segment in forgetful()},
            ids_at_once,
        ),
        "counts": Asking(
            lambda: {text: segment.count(dataset, now=NOW) for text, segment in forgetful()},
            counts_at_once,
        ),
    }


def note_on(texts: list[SegmentText], of_dicts: float) -> str:
    """Say how much the segments have in common, and what one pass takes, as a part of passes over dicts."""
    times = Counter(condition for made in texts for condition in made.conditions)
    shared = sum(count > 1 for count in times.values())
    return (
        f"{len(texts)} segments have {times.total()} conditions, {len(times)} of them different; {shared} of "
        "these stand in more than one segment.\nThe `Dataset` forgets all answers before each pass. "
        f"One pass for ids takes {of_dicts:.2f} of\nwhat 200 passes over dicts take, the events as rows."
    )


def measure() -> Results:
    rows = contacts(100_000)
    account = Account(rows, events(rows, 500_000))
    dataset = without_collection(lambda: Dataset(rows, account.events, SCHEMA))
    texts = segments()
    together = SegmentSet({made.text: made.text for made in texts}, SCHEMA)
    code = {text: Compiler(segment.checked) for text, segment in together.items()}
    found: dict[str, Any] = {}

    def ask_dicts() -> None:
        found.update((text, list(one.ids(rows, account, NOW))) for text, one in code.items())

    with known_objects_left_alone():
        of_dicts = seconds(ask_dicts)
    ways: dict[str, list[Measured]] = {}
    for name, asked in askings(together, dataset).items():
        expected = found if name == "ids" else {text: len(ids) for text, ids in found.items()}
        assert asked.one_by_one() == asked.one_pass() == expected
        ways.setdefault("one pass", []).append(measured(name, *asked, rounds=3))
    title = f"Many segments: {len(texts)} over {len(rows):,} contacts with {len(account.events):,} events"
    ids = ways["one pass"][0]
    note = note_on(texts, ids.ratio * ids.yardstick / of_dicts)
    return Results(title, ways, yardstick="200 passes", note=note, has_mean=False)
