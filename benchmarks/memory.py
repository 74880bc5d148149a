"""What an account takes in memory: as a list of dicts, and as a Dataset."""

from __future__ import annotations

import gc
import resource
import sys
from types import ModuleType
from typing import Any

from contact_predicates import PREDICATES, SCHEMA
from event_predicates import PREDICATES as EVENT_PREDICATES
from generate import NOW, contacts, events
from measure import Measured, Results, without_collection

from sql_seg import Dataset, Segment

MB = 1_000_000


def deep_size(*roots: Any) -> int:
    """Return the bytes of all objects that are reachable, each once, without types and modules."""
    seen: set[int] = set()
    waiting = list(roots)
    size = 0
    while waiting:
        item = waiting.pop()
        if id(item) in seen or isinstance(item, type | ModuleType):
            continue
        seen.add(id(item))
        size += sys.getsizeof(item)
        waiting += gc.get_referents(item)
    return size


def peak() -> float:
    """Return the most memory that the process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


def ask_everything(dataset: Dataset) -> None:
    """Ask what the other measures ask: the dataset remembers answers, and which event is whose."""
    texts = [f"SELECT contact_id, updated_at FROM contact_data WHERE {text}" for text in PREDICATES.values()]
    for text in (*texts, *EVENT_PREDICATES.values()):
        Segment(text, SCHEMA).count(dataset, now=NOW)


def measure() -> Results:
    rows = contacts()
    happened = events(rows)
    peak_of_dicts = peak()
    dataset = without_collection(lambda: Dataset(rows, happened, SCHEMA))
    peak_of_loading = peak()
    columns = dataset.columns
    of_contacts, of_events, of_all = deep_size(rows), deep_size(happened), deep_size(rows, happened)
    loaded = [
        Measured("contacts", of_contacts, deep_size(columns.contacts) / of_contacts),
        Measured("events", of_events, deep_size(columns.events) / of_events),
        Measured("both", of_all, deep_size(columns) / of_all),
    ]
    ask_everything(dataset)
    both_asked = Measured("both, P1–P10 asked", of_all, deep_size(columns) / of_all)
    note = (
        "All objects that can be reached, each once. Records that are read from files share fewer texts than "
        "these dicts.\n"
        f"The process's peak was {peak_of_dicts:,.0f} MB with the dicts alone, and {peak_of_loading:,.0f} MB "
        "when the `Dataset` was made of them."
    )
    title = f"Memory: {len(rows):,} contacts with {len(happened):,} events"
    ways = {"Dataset": [*loaded, both_asked]}
    return Results(title, ways, yardstick="dicts", unit="MB", note=note, has_mean=False)
