"""What oddities cost: a preview of files with repeats or a few bad rows, against one without."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from files import ACCOUNT, OF_CONTACTS, OF_EVENTS, WITH_EVENTS
from generate_files import write_account
from measure import Results
from processes import compared, sql_seg

Odd = Callable[[list[str]], list[str]]


def repeated(lines: list[str]) -> list[str]:
    """Return events of which one in twenty came twice, as the webhook sends them."""
    draw = random.Random(5)
    return [*lines, *draw.sample(lines, len(lines) // 20)]


def with_bad_events(lines: list[str]) -> list[str]:
    """Return events with two lines that are cut."""
    return [*lines[:1000], lines[0][:50] + "\n", *lines[1000:-1000], lines[1][:60] + "\n", *lines[-1000:]]


def with_bad_contacts(lines: list[str]) -> list[str]:
    """Return contacts with two values that cannot be read, and two rows that come twice."""
    bad = [lines[at].replace("T", "t", 1).replace("Z,20", "?,20") for at in (1000, len(lines) - 1000)]
    return [*lines, *bad, lines[3], lines[len(lines) // 2]]


ODDITIES: dict[str, tuple[str, str, Odd]] = {
    "5 % of the events twice": ("events.ndjson", "events", repeated),
    "two bad contacts, two twice": ("contacts.csv", "contacts", with_bad_contacts),
    "two malformed lines of events": ("events.ndjson", "events", with_bad_events),
}


def measure(contacts: int = 500_000, events: int = 1_000_000, rounds: int = 3) -> Results:
    found = []
    with TemporaryDirectory() as folder:
        clean = Path(folder, "clean")
        clean.mkdir()
        write_account(clean, contacts, events)
        for name, (file, of, odd) in ODDITIES.items():
            changed = Path(folder, "odd")
            shutil.copytree(clean, changed)
            with (clean / file).open(encoding="utf-8", newline="") as lines:
                written = odd(lines.readlines())
            with (changed / file).open("w", encoding="utf-8", newline="") as out:
                out.writelines(written)
            asked = ("-q", OF_CONTACTS, *ACCOUNT) if of == "contacts" else ("-q", OF_EVENTS, *WITH_EVENTS)
            given = ("preview", *asked, "--sample", "3", "--on-error", "skip")
            found.append(compared(name, sql_seg(str(clean), *given), sql_seg(str(changed), *given), rounds))
            shutil.rmtree(changed)
    times, memory = zip(*found, strict=True)
    return Results(
        f"Odd files: {contacts:,} contacts, {events:,} events, whole processes",
        {"time": list(times), "memory": list(memory)},
        "the same without",
        has_mean=False,
    )
