"""A preview of many contacts with two lists each: from CSV, Parquet and a loaded account, within 1 GiB."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from files import BY_HAND, CSV, NOW, OF_CONTACTS, PREVIEW, WHERE
from generate_large import write_large
from measure import Results
from processes import compared, python, sql_seg

LIMIT = "1GiB"
SOURCES = {
    "CSV": (CSV, ("--contacts", "contacts.csv", "--fields", "fields.json", "--memory-limit", LIMIT)),
    "Parquet": ("'contacts.parquet'", ("--contacts", "contacts.parquet", "--memory-limit", LIMIT)),
    "loaded .duckdb": ("account.contact_data", ("--account", "account.duckdb", "--memory-limit", LIMIT)),
}
_OPEN = "con.execute(\"ATTACH IF NOT EXISTS 'account.duckdb' AS account (READ_ONLY)\")\n"


def measure(contacts: int = 1_000_000, rounds: int = 3) -> Results:
    with TemporaryDirectory() as folder:
        write_large(Path(folder), contacts, csv=True, parquet=True)
        given = ("--contacts", "contacts.csv", "--fields", "fields.json", "-o", "account.duckdb")
        sql_seg(folder, "load", *given)()
        found = []
        for name, (source, files) in SOURCES.items():
            opened = _OPEN if "account" in source else ""
            program = BY_HAND.format(source=source, where=WHERE) + opened + PREVIEW
            by_hand = python(folder, "-c", program, folder=folder)
            ours = sql_seg(folder, "preview", "-q", OF_CONTACTS, "--now", NOW, "--sample", "3", *files)
            found.append(compared(name, by_hand, ours, rounds))
    times, memory = zip(*found, strict=True)
    limit = [one._replace(yardstick=1 << 30, ratio=one.yardstick * one.ratio / (1 << 30)) for one in memory]
    return Results(
        f"Large files: {contacts:,} contacts with two lists, --memory-limit {LIMIT}, whole processes",
        {"sql-seg: time": list(times), "memory": list(memory), "memory, of 1 GiB": limit},
        "DuckDB by hand",
        has_mean=False,
    )
