"""A folder of 200 segments, checked by a process: against one in which sqlglot parses them, and 0.5 s."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from generate_segments import segments
from measure import Measured, Results
from processes import Process, Used, compared, python, sql_seg

FILES = 200
LIMIT = 0.5
PARSE_ALL = """
import pathlib, sys, sqlglot
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.sql")):
    sqlglot.parse_one(path.read_text(), read="snowflake")
"""
FIELDS = {"plan": "Text", "age": "Number", "last_order_at": "Date"}


def write_segments(folder: Path, count: int = FILES) -> None:
    """Write so many segments into a folder, each into a file of its own, and settings beside."""
    (folder / "segments").mkdir()
    for number, segment in enumerate(segments(count)):
        (folder / "segments" / f"segment_{number:03}.sql").write_text(segment.text + "\n", encoding="utf-8")
    fields = [{"id": f"w{n}_T", "name": name, "field_type": FIELDS[name]} for n, name in enumerate(FIELDS, 1)]
    (folder / "fields.json").write_text(json.dumps({"custom_fields": fields}), encoding="utf-8")
    (folder / "sql-seg.toml").write_text('fields = "fields.json"\n', encoding="utf-8")


def limit() -> Used:
    """Return what may be used: half a second."""
    return Used(LIMIT, 1)


def measure(files: int = FILES, rounds: int = 9) -> Results:
    with TemporaryDirectory() as folder:
        write_segments(Path(folder), files)
        check = sql_seg(folder, "check", "segments")
        peer = python(f"{folder}/bytecode", "-c", PARSE_ALL, "segments", folder=folder)
        ways: dict[str, list[Measured]] = {
            "against sqlglot's parser": [_time(f"{files} files", peer, check, rounds)],
            "against half a second": [_time(f"{files} files", limit, check, rounds)],
        }
    return Results("A folder of segments, checked", ways, "sqlglot parses them", has_mean=False)


def _time(name: str, yardstick: Process, process: Process, rounds: int) -> Measured:
    time, _ = compared(name, yardstick, process, rounds)
    return time


if __name__ == "__main__":
    print(measure(*map(int, sys.argv[1:])))
