"""P1 to P10 over a large account in Parquet: previews as processes, within 1 GiB."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from generate_large import write_large
from large_files import LIMIT
from measure import Results
from processes import compared, python, sql_seg
from sql import BY_HAND, PREDICATES

_PROGRAM = """
import duckdb
con = duckdb.connect(config={{"memory_limit": "1GiB"}})
con.execute("SET TimeZone = 'UTC'")
con.execute("CREATE VIEW event_data AS FROM 'events.parquet'")
where = {where!r}
con.execute(f"SELECT count(*) FROM 'contacts.parquet' WHERE {{where}}").fetchone()
con.execute(f"SELECT * FROM 'contacts.parquet' WHERE {{where}} LIMIT 50").fetchall()
"""


def measure(contacts: int = 1_000_000, events: int = 3_000_000, rounds: int = 1) -> Results:
    found = []
    with TemporaryDirectory() as folder:
        write_large(Path(folder), contacts, events, parquet=True)
        for name, query in PREDICATES.items():
            files = ["--contacts", "contacts.parquet", "--fields", "fields.json", "--memory-limit", LIMIT]
            if name in ("P9", "P10"):
                files += ["--events", "events.parquet"]
            ours = sql_seg(folder, "preview", "-q", query, "--now", "2026-11-23T12:00Z", *files)
            where = BY_HAND[name].format(events="event_data")
            by_hand = python(folder, "-c", _PROGRAM.format(where=where), folder=folder)
            found.append(compared(name, by_hand, ours, rounds))
    times, memory = zip(*found, strict=True)
    limit = [one._replace(yardstick=1 << 30, ratio=one.yardstick * one.ratio / (1 << 30)) for one in memory]
    return Results(
        f"Parquet: {contacts:,} contacts with {events:,} events, --memory-limit {LIMIT}, whole processes",
        {"sql-seg: time": list(times), "memory, of 1 GiB": limit},
        "DuckDB by hand",
    )
