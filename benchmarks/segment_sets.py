"""All segments of an account in one pass, against a pass for each of them.

200 segments over 100,000 contacts with 500,000 events. The passes for each are over dicts, by the code that
is compiled for it, and over the same Dataset, which forgets all answers before each of the 200, and before
the one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from contact_predicates import SCHEMA, forget
from generate import NOW, contacts, events
from generate_segments import SegmentText, segments
from measure import Measured, Results, Work, measured, without_collection

from sql_seg import Dataset, Segment, SegmentSet
from sql_seg.evaluate import Account, Compiler


class Asking(NamedTuple):
    """One question to all segments: one by one over dicts and over a Dataset, and all at once."""

    over_dicts: Work
    over_dataset: Work
    one_pass: Work


def askings(together: SegmentSet, account: Account, dataset: Dataset) -> dict[str, Asking]:
    """Return what is asked of the segments; the dataset forgets all answers before each pass."""
    rows = account.contacts
    compiled = {text: Compiler(segment.checked) for text, segment in together.items()}

    def forgetful() -> Iterator[tuple[str, Segment]]:
        for item in together.items():
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
            lambda: {text: list(code.ids(rows, account, NOW)) for text, code in compiled.items()},
            lambda: {text: list(segment.ids(dataset, now=NOW)) for text, segment in forgetful()},
            ids_at_once,
        ),
        "counts": Asking(
            lambda: {text: code.count(rows, account, NOW) for text, code in compiled.items()},
            lambda: {text: segment.count(dataset, now=NOW) for text, segment in forgetful()},
            counts_at_once,
        ),
    }


def note_on(texts: list[SegmentText]) -> str:
    """Say how much the segments have in common."""
    times = Counter(condition for made in texts for condition in made.conditions)
    shared = sum(count > 1 for count in times.values())
    return (
        f"{len(texts)} segments have {times.total()} conditions, {len(times)} of them different; {shared} of "
        f"these stand in more than one segment:\nof conditions that are all as dear, one pass asks "
        f"{len(times) / times.total():.2f} of those that {len(texts)} passes ask. The `Dataset`\n"
        "forgets all answers before each pass."
    )


def measure() -> Results:
    rows = contacts(100_000)
    account = Account(rows, events(rows, 500_000))
    dataset = without_collection(lambda: Dataset(rows, account.events, SCHEMA))
    texts = segments()
    together = SegmentSet({made.text: made.text for made in texts}, SCHEMA)
    of_dicts: list[Measured] = []
    of_dataset: list[Measured] = []
    for name, asked in askings(together, account, dataset).items():
        assert asked.over_dicts() == asked.over_dataset() == asked.one_pass()
        of_dicts.append(measured(name, asked.over_dicts, asked.one_pass, rounds=3))
        of_dataset.append(measured(name, asked.over_dataset, asked.one_pass))
    ways = {"one pass": of_dicts, "one pass, against 200 over the Dataset": of_dataset}
    title = f"Many segments: {len(texts)} over {len(rows):,} contacts with {len(account.events):,} events"
    return Results(title, ways, yardstick="200 passes over dicts", note=note_on(texts), has_mean=False)
