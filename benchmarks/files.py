"""From files to the answer: a preview as a process, against one that asks DuckDB by hand.

By hand there is no check at all: it counts repeats, knows no alternate emails, and reads what is no number.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from generate_files import write_account
from measure import Measured, Results
from processes import compared, python, sql_seg

CONTACTS, EVENTS = 500_000, 1_000_000
FEW = 500
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
BY_HAND = """
import duckdb
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
source, where = {source!r}, {where!r}
"""
WHERE = "country = 'US' OR plan = 'pro' AND age >= 30 AND updated_at >= TIMESTAMP '2025-11-28 12:00:00'"
WHERE_EVENTS = (
    "plan = 'pro' AND lower(email) IN (SELECT email FROM "
    "(SELECT email, event, to_timestamp(timestamp) AS moment FROM read_ndjson('events.ndjson')) "
    "WHERE event = 'open' AND moment >= TIMESTAMPTZ '2026-08-30 12:00:00Z')"
)
PREVIEW = """
con.execute(f"SELECT count(*) FROM {source} WHERE {where}").fetchone()
con.execute(f"SELECT contact_id, email, updated_at, plan FROM {source} WHERE {where} LIMIT 3").fetchall()
"""
MEMBERS = """
con.execute(f"COPY (SELECT * FROM {source} WHERE {where}) TO 'by_hand.csv' (FORMAT csv, HEADER)")
"""
CSV = "read_csv('contacts.csv')"
ACCOUNT = ("--contacts", "contacts.csv", "--fields", "fields.json", "--now", NOW)
WITH_EVENTS = (*ACCOUNT, "--events", "events.ndjson")


def measure(contacts: int = CONTACTS, events: int = EVENTS) -> Results:
    found: list[tuple[Measured, Measured]] = []
    with TemporaryDirectory() as folder:
        for name, number, where, then, given in (
            ("contacts", contacts, WHERE, PREVIEW, ["-q", OF_CONTACTS, *ACCOUNT, "--sample", "3"]),
            ("events", contacts, WHERE_EVENTS, PREVIEW, ["-q", OF_EVENTS, *WITH_EVENTS, "--sample", "3"]),
            ("members to CSV", contacts, WHERE, MEMBERS, ["-q", OF_CONTACTS, *ACCOUNT, "-o", "ours.csv"]),
            (f"{FEW} contacts", FEW, WHERE, PREVIEW, ["-q", OF_CONTACTS, *ACCOUNT, "--sample", "3"]),
        ):
            account = Path(folder, str(number))
            if not account.exists():
                account.mkdir()
                write_account(account, number, events if number == contacts else 2 * number)
            program = BY_HAND.format(source=CSV, where=where) + then
            by_hand = python(folder, "-c", program, folder=str(account))
            found.append(compared(name, by_hand, sql_seg(str(account), "preview", *given), ROUNDS))
    times, memory = zip(*found, strict=True)
    return Results(
        f"Files: {contacts:,} contacts in CSV, {events:,} events in NDJSON, whole processes",
        {"sql-seg: time": list(times), "memory": list(memory)},
        "DuckDB by hand",
        has_mean=False,
    )
