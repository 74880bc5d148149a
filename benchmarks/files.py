"""From files to the answer: a preview as a process, against one that asks DuckDB by hand.

By hand there is no check at all: it counts repeats, knows no alternate emails, and reads what is no number.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from generate_files import write_account
from measure import Measured, Results, measured
from startup import python, time_of_children

CONTACTS, EVENTS = 500_000, 1_000_000
ROUNDS = 5
NOW = "2026-11-28T12:00Z"

OF_CONTACTS = (
    'country = "US" OR plan = "pro" AND age >= 30 AND updated_at >= TIMESTAMP "2025-11-28T12:00:00Z"'
)
OF_EVENTS = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id "
    "WHERE c.plan = 'pro' AND e.event_type = 'open' AND e.timestamp >= '2026-08-30T12:00:00Z'"
)
_BY_HAND = """
import duckdb
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
source, where = "FROM read_csv('contacts.csv')", {where!r}
"""
_WHERE = "country = 'US' OR plan = 'pro' AND age >= 30 AND updated_at >= TIMESTAMP '2025-11-28 12:00:00'"
_WHERE_EVENTS = (
    "plan = 'pro' AND lower(email) IN (SELECT email FROM "
    "(SELECT email, event, to_timestamp(timestamp) AS moment FROM read_ndjson('events.ndjson')) "
    "WHERE event = 'open' AND moment >= TIMESTAMPTZ '2026-08-30 12:00:00Z')"
)
_PREVIEW = """
con.execute(f"SELECT count(*) {source} WHERE {where}").fetchone()
con.execute(f"SELECT contact_id, email, updated_at, plan {source} WHERE {where} LIMIT 3").fetchall()
"""
_MEMBERS = """
con.execute(f"COPY (SELECT * {source} WHERE {where}) TO 'by_hand.csv' (FORMAT csv, HEADER)")
"""


def measure(contacts: int = CONTACTS, events: int = EVENTS) -> Results:
    found: list[Measured] = []
    account = ["--contacts", "contacts.csv", "--fields", "fields.json", "--now", NOW]
    with TemporaryDirectory() as folder:
        write_account(Path(folder), contacts, events)
        for name, where, then, given in (
            ("contacts", _WHERE, _PREVIEW, ["-q", OF_CONTACTS, *account, "--sample", "3"]),
            (
                "events",
                _WHERE_EVENTS,
                _PREVIEW,
                ["-q", OF_EVENTS, *account, "--events", "events.ndjson", "--sample", "3"],
            ),
            ("members to CSV", _WHERE, _MEMBERS, ["-q", OF_CONTACTS, *account, "-o", "ours.csv"]),
        ):
            there = f"import os; os.chdir({folder!r})"
            by_hand = python(folder, "-c", there + _BY_HAND.format(where=where) + then)
            run = f"{there}; import sys; sys.argv = ['sql-seg', 'preview', *{given!r}]"
            ours = python(folder, "-c", f"{run}; from sql_seg.cli import main; main()")
            found.append(measured(name, by_hand, ours, ROUNDS, clock=time_of_children))
    return Results(
        f"Files: {contacts:,} contacts in CSV, {events:,} events in NDJSON, whole processes",
        {"sql-seg preview": found},
        "DuckDB by hand",
        has_mean=False,
    )
