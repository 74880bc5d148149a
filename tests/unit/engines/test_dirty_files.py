"""Dirty files of many seeds: what is kept and what is said of them stays as it is in the goldens.

The goldens are what the reader before this one, in Python and row by row, made of the same files. To write
them again, after a decision that changes them: ``python -m tests.unit.engines.test_dirty_files``.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sql_seg import Dataset, RecordError, Segment
from sql_seg.engines.duckdb import contacts
from sql_seg.engines.duckdb.files import AccountFiles
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.records.account_sources import AccountSources
from sql_seg.records.loading_report import OnError

from .dirty import FIELDS, Dirt

GOLDENS = Path(__file__).parent / "goldens" / "dirty.json"
SEEDS = range(8)
SIZE = 240
ON_ERROR = ("skip", "null", "fail")


def outcome(seed: int, on_error: str, folder: Path, load: Any = Dataset.load) -> dict[str, Any]:
    """Return what becomes of the files of a seed."""
    contacts, events = Dirt(seed, SIZE).write(folder)
    try:
        dataset = load(contacts, events=events, fields=FIELDS, on_error=on_error)
    except RecordError as error:
        return {"error": said(str(error), folder)}
    report = dataset.report
    tallies = [report.contacts, report.events]
    return {
        "problems": [said(str(problem), folder) for problem in report.problems],
        "tallies": [[t.kept, t.skipped, t.nulled, t.repeats, t.strangers] for t in tallies],
        "contacts": digest([plain(contact) for contact in dataset.contacts]),
        "events": digest(sorted(map(plain, dataset.events))),
    }


def said(message: str, folder: Path) -> str:
    return message.replace(f"{folder}/", "")


def plain(record: Any) -> str:
    kept = {
        key: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in record.items()
        if value is not None
    }
    return json.dumps(kept, sort_keys=True, default=str)


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@pytest.mark.parametrize("on_error", ON_ERROR)
@pytest.mark.parametrize("seed", SEEDS)
def test_dirty_files_are_read_as_ever(seed: int, on_error: str, tmp_path: Path) -> None:
    expected = json.loads(GOLDENS.read_text(encoding="utf-8"))[f"{seed} {on_error}"]
    assert outcome(seed, on_error, tmp_path) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_both_readings_of_events_agree(seed: int, tmp_path: Path) -> None:
    """Only the paths that a query reads are kept, or whole events: the members are the same."""
    contacts, events = Dirt(seed, SIZE).write(tmp_path)
    whole = Dataset.load(contacts, events=events, fields=FIELDS, on_error="skip")
    in_memory = Dataset(whole.contacts, whole.events, whole.schema)
    segments = [
        Segment(
            "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
            "JOIN event_data AS e ON c.contact_id = e.contact_id "
            f"WHERE e.data:payload.unique_args.n = {value} AND e.data:payload.singlesend_id = 's1'",
            whole.schema,
        )
        for value in ("1", "'1'", "TRUE")
    ]
    # Files are read for one query, or for several at once: each seed takes one of both.
    for read_for in [segments] if seed % 2 else [[segment] for segment in segments]:
        sources = AccountSources(contacts, events, FIELDS, on_error="skip")
        files = AccountFiles(sources, wanted=frozenset(whole._home.keys()))
        only = Dataset.at(files.read([segment.checked for segment in read_for]))
        for segment in read_for:
            expected = list(segment.ids(in_memory))
            assert list(segment.ids(whole)) == expected
            assert list(segment.ids(only)) == expected
        only.close()


NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUESTIONS = ("age >= 5 OR plan = 'pro'", "created_at IS NULL OR last_order_at IS NOT NULL OR city = 'other'")


@pytest.mark.parametrize("on_error", ON_ERROR)
@pytest.mark.parametrize("files", [("a.csv",), ("c.csv.gz",), ("a.csv", "c.csv.gz"), ("a.csv", "b.csv")])
def test_asking_while_reading_is_as_reading_first(
    files: tuple[str, ...], on_error: OnError, tmp_path: Path
) -> None:
    """No table is made where few rows are odd: the same members, in CSV too, problems and tallies."""
    Dirt(5, SIZE).write(tmp_path)
    with mock.patch.object(contacts, "_SMALL", -1):
        assert_alike([tmp_path / name for name in files], on_error, tmp_path, streams="b.csv" not in files)


@pytest.mark.parametrize("on_error", ["skip", "null"])
def test_a_table_is_made_where_more_rows_have_to_go(on_error: OnError, tmp_path: Path) -> None:
    Dirt(5, SIZE).write(tmp_path)
    with mock.patch.object(contacts, "FEW", 1), mock.patch.object(contacts, "_SMALL", -1):
        assert_alike([tmp_path / "a.csv", tmp_path / "c.csv.gz"], on_error, tmp_path, streams=False)


@pytest.mark.parametrize("on_error", ["skip", "null"])
@pytest.mark.parametrize("odd", ['{"age": 5}', '[{"id": "x", "age": 7}, {"id": "y"}]', '{"id": '])
def test_lines_that_are_odd(odd: str, on_error: OnError, tmp_path: Path) -> None:
    lines = [f'{{"id": "i{n}", "age": {n % 9}, "city": "other"}}' for n in range(20)]
    lines[3] = '{"id": "i3", "age": "soon"}'
    lines[7] = '{"id": "i5", "age": 5, "city": "other"}'
    lines[9] = odd
    path = tmp_path / "c.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    with mock.patch.object(contacts, "_SMALL", -1):
        assert_alike([path], on_error, tmp_path, streams=False)


def test_small_files_become_a_table_at_once(tmp_path: Path) -> None:
    Dirt(5, SIZE).write(tmp_path)
    path = tmp_path / "a.csv"
    with mock.patch.object(contacts, "_SMALL", path.stat().st_size):
        assert_alike([path], "skip", tmp_path, streams=False)
    with mock.patch.object(contacts, "_SMALL", path.stat().st_size - 1):
        assert_alike([path], "skip", tmp_path, streams=True)


def assert_alike(files: list[Path], on_error: OnError, folder: Path, *, streams: bool) -> None:
    """Two ways of reading give the same: asked at once, and read as a whole."""
    sources = AccountSources(files, definitions=FIELDS, on_error=on_error)
    if on_error == "fail":
        assert refusal(asked, sources) == refusal(lambda given: AccountFiles(given).read(), sources)
        return
    first = AccountFiles(sources).read()
    segments, at_once = asked(sources)
    assert at_once.streams is streams
    assert at_once.report == first.report
    assert not any("has no contacts" in note for note in at_once.report.notes)
    assert len(at_once) == len(first)
    assert list(at_once) == list(first)
    for number, segment in enumerate(segments):
        assert segment.count(Dataset.at(at_once), now=NOW) == segment.count(Dataset.at(first), now=NOW)
        assert at_once.preview(segment, NOW, 5) == first.preview(segment, NOW, 5)
        written = [
            folder / f"{number}-{home.streams}-{which}.csv" for which, home in enumerate((at_once, first))
        ]
        for home, path in zip((at_once, first), written, strict=True):
            home.write(segment, NOW, path, "csv", first.keys())
        assert len({path.read_bytes() for path in written}) == 1
    at_once.close()
    first.close()


def refusal(read: Any, sources: AccountSources) -> str:
    with pytest.raises(RecordError) as caught:
        read(sources)
    return str(caught.value)


def asked(sources: AccountSources) -> tuple[list[Segment], DuckDBHome]:
    files = AccountFiles(sources)
    segments = [Segment(text, files.schema) for text in QUESTIONS]
    return segments, files.read([segment.checked for segment in segments], NOW)


if __name__ == "__main__":
    found = {}
    for a_seed in SEEDS:
        for choice in ON_ERROR:
            with tempfile.TemporaryDirectory() as made:
                found[f"{a_seed} {choice}"] = outcome(a_seed, choice, Path(made))
    GOLDENS.parent.mkdir(exist_ok=True)
    GOLDENS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
