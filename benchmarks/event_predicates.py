"""Who opened lately, and who was sent something and never opened it, over 1,000,000 events.

By hand: sets of ids in one flat pass over the events, then one pass over the contacts. Ours: over the
rows of contact_data and event_data as they are, and over a Dataset of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from generate import NOW, contacts, events
from measure import Measured, Work, measured, report

from sql_seg import SENDGRID, Dataset, Segment
from sql_seg.predicate import Account, Compiler

Row = Mapping[str, Any]
SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "last_order_at", "field_type": "Date"},
    ]
)
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


def measure(name: str, account: Account, dataset: Dataset, sections: dict[str, list[Measured]]) -> None:
    """Measure a predicate over loaded rows and over a Dataset, after comparing what they give."""
    by_hand, segment = BY_HAND[name], Segment(PREDICATES[name], SCHEMA)
    compiler = Compiler(segment.checked)

    def hand() -> list[str]:
        return by_hand(account.contacts, account.events)

    ways: dict[str, Work] = {
        "rows in memory": lambda: list(compiler.ids(account.contacts, account, NOW)),
        "Dataset": lambda: list(segment.ids(dataset, now=NOW)),
    }
    for way, work in ways.items():
        assert work() == hand(), name
        sections.setdefault(way, []).append(measured(name, hand, work, rounds=9))


def main() -> None:
    rows = contacts()
    happened = events(rows)
    account, dataset = Account(rows, happened), Dataset(rows, happened, SCHEMA)
    sections: dict[str, list[Measured]] = {}
    for name in PREDICATES:
        measure(name, account, dataset, sections)
    report(f"Events: {len(rows):,} contacts with {len(happened):,} events", sections)


if __name__ == "__main__":
    main()
