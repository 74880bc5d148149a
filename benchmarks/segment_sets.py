"""All segments of an account in one pass, against a pass for each of them.

200 segments over 100,000 contacts with 500,000 events. The passes for each are over dicts, by the code that
is compiled for it; the one pass is over a Dataset of them.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from contact_predicates import SCHEMA
from generate import NOW, contacts, events
from generate_segments import SegmentText, segments
from measure import Results, Work, measured, without_collection

from sql_seg import Dataset, SegmentSet
from sql_seg.core.interpreter import Account
from sql_seg.evaluate.compiler import Compiler
from sql_seg.records.telling import told_elsewhere


class Asking(NamedTuple):
    """One question to all segments: one by one over dicts, and all at once over a Dataset."""

    over_dicts: Work
    one_pass: Work


def askings(together: SegmentSet, account: Account, dataset: Dataset) -> dict[str, Asking]:
    """Return what is asked of the segments."""
    rows = account.contacts
    compiled = {text: Compiler(segment.checked) for text, segment in together.items()}
    return {
        "ids": Asking(
            lambda: {text: list(code.ids(rows, account, NOW)) for text, code in compiled.items()},
            lambda: together.ids(dataset, now=NOW),
        ),
        "counts": Asking(
            lambda: {text: code.count(rows, account, NOW) for text, code in compiled.items()},
            lambda: together.counts(dataset, now=NOW),
        ),
    }


def note_on(texts: list[SegmentText]) -> str:
    """Say how much the segments have in common."""
    times = Counter(condition for made in texts for condition in made.conditions)
    shared = sum(count > 1 for count in times.values())
    return (
        f"{len(texts)} segments have {times.total()} conditions, {len(times)} of them different; {shared} of "
        f"these stand in more than one segment:\nof conditions that are all as dear, one pass asks "
        f"{len(times) / times.total():.2f} of those that {len(texts)} passes ask."
    )


def measure() -> Results:
    rows = contacts(100_000)
    account = Account(rows, events(rows, 500_000))
    dataset = without_collection(lambda: Dataset(rows, account.events, SCHEMA))
    texts = segments()
    together = SegmentSet({made.text: made.text for made in texts}, SCHEMA)
    found = []
    with told_elsewhere():  # what the drawn events lack is no matter here
        for name, asked in askings(together, account, dataset).items():
            assert asked.over_dicts() == asked.one_pass()
            found.append(measured(name, asked.over_dicts, asked.one_pass, rounds=3))
    title = f"Many segments: {len(texts)} over {len(rows):,} contacts with {len(account.events):,} events"
    return Results(
        title, {"one pass": found}, yardstick="200 passes over dicts", note=note_on(texts), has_mean=False
    )
