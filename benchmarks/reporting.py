"""A report of many segments as a process, against ``preview`` of the same folder.

The report asks for everything that the preview does, and for funnels, timelines, samples and the overlap.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from generate import NOW, contacts, events
from generate_files import write_records
from generate_segments import segments
from measure import Results, measured
from processes import sql_seg, time_of_children

CONTACTS, EVENTS, SEGMENTS = 200_000, 400_000, 50


def measure(number: int = CONTACTS, of_events: int = EVENTS, of_segments: int = SEGMENTS) -> Results:
    with TemporaryDirectory() as place:
        folder = Path(place)
        rows = contacts(number)
        write_records(folder, rows, events(rows, of_events))
        (folder / "segments").mkdir()
        for index, made in enumerate(segments(of_segments)):
            (folder / "segments" / f"s{index:03}.sql").write_text(made.text, encoding="utf-8")
        account = "--contacts contacts.ndjson --events events.ndjson --fields fields.json --now".split()
        preview, report = (
            sql_seg(place, *command, "segments", *account, NOW.isoformat())
            for command in (["preview"], ["report", "-o", "report.html"])
        )
        found = measured(f"{of_segments} segments", preview, report, 1, clock=time_of_children)
        assert (folder / "report.html").stat().st_size > 1_000 * of_segments
    return Results(
        f"A report of {of_segments} segments over {number:,} contacts, {of_events:,} events, whole processes",
        {"sql-seg report": [found]},
        "sql-seg preview",
        has_mean=False,
    )
