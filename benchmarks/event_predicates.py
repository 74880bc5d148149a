"""Who opened lately, and who was sent something and never opened it, over 1,000,000 events.

By hand: sets of ids in one flat pass over the events, then one pass over the contacts. Ours: over the
same rows, and over a Dataset of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from contact_predicates import SCHEMA
from generate import NOW, contacts, events
from measure import Measured, Results, Work, measured, seconds, without_collection

from sql_seg import Dataset, Segment
from sql_seg.core.interpreter import Account
from sql_seg.evaluate.compiler import Compiler

Row = Mapping[str, Any]
SEND = "5ing1e5e-0000-4000-8000-000000000004"
MONTH_AGO = datetime(2026, 10, 24, 12, tzinfo=UTC)

PREDICATES = {
    "P9": "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id "
    "WHERE e.event_source = 'mail' AND e.event_type = 'open' AND e.timestamp >= '2026-10-24T12:00:00Z'",
    "P10": "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e1 ON c.contact_id = e1.contact_id "
    "WHERE e1.event_source = 'mail' AND e1.event_type = 'processed' "
    f"AND e1.data:payload.unique_args.singlesend_id = '{SEND}' "
    "AND c.contact_id NOT IN (SELECT e2.contact_id FROM event_data AS e2 "
    "WHERE e2.event_source = 'mail' AND e2.event_type = 'open' "
    f"AND e2.data:payload.unique_args.singlesend_id = '{SEND}')",
}


def p9(rows: Sequence[Row], happened: Sequence[Row]) -> list[str]:
    opened = {
        e["contact_id"]
        for e in happened
        if e.get("event_source") == "mail"
        and e.get("event_type") == "open"
        and (t := e.get("timestamp")) is not None
        and t >= MONTH_AGO
    }
    return [r["contact_id"] for r in rows if r["contact_id"] in opened]


def p10(rows: Sequence[Row], happened: Sequence[Row]) -> list[str]:
    sent: set[str] = set()
    opened: set[str] = set()
    for e in happened:
        if e.get("event_source") != "mail":
            continue
        kind = e.get("event_type")
        if kind not in ("processed", "open"):
            continue
        payload = (e.get("data") or {}).get("payload") or {}
        if (payload.get("unique_args") or {}).get("singlesend_id") != SEND:
            continue
        (sent if kind == "processed" else opened).add(e["contact_id"])
    return [r["contact_id"] for r in rows if r["contact_id"] in sent and r["contact_id"] not in opened]


BY_HAND = {"P9": p9, "P10": p10}


def ways_to_ask(segment: Segment, account: Account, dataset: Dataset) -> dict[str, Work]:
    """Return each way to ask who is in a segment."""
    compiler = Compiler(segment.checked)

    def of_dataset() -> list[str | None]:
        return list(segment.ids(dataset, now=NOW))

    return {"rows": lambda: list(compiler.ids(account.contacts, account, NOW)), "Dataset": of_dataset}


def note_on(account: Account) -> str:
    """Say what is dearer: events that are not known yet."""
    rows, happened = account.contacts, account.events
    segment = Segment(PREDICATES["P9"], SCHEMA)
    by_hand = seconds(lambda: p9(rows, happened))
    of_any_events = seconds(lambda: list(segment.ids(rows, happened, now=NOW))) / by_hand
    return (
        "The rows are event_data rows of contacts that are known. `Segment.ids(contacts, events)` makes them "
        "so at every call:\nit checks each event, drops repeats, finds out whose it is. That takes "
        f"{of_any_events:.0f} times as long as P9 by hand."
    )


def measure() -> Results:
    rows = contacts()
    happened = events(rows)
    account = Account(rows, happened)
    dataset = without_collection(lambda: Dataset(rows, happened, SCHEMA))
    note = note_on(account)
    ways: dict[str, list[Measured]] = {}
    for name, text in PREDICATES.items():
        hand = partial(BY_HAND[name], rows, happened)
        for way, asked in ways_to_ask(Segment(text, SCHEMA), account, dataset).items():
            assert asked() == hand(), name
            ways.setdefault(way, []).append(measured(name, hand, asked))
    return Results(f"Events: {len(rows):,} contacts with {len(happened):,} events", ways, note=note)
