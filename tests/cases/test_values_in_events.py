"""Values in events that cannot be read as what a query asks for: told beside the answer, in every home."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Dataset, DataWarning, Segment
from sql_seg.cli import main

JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)
CONTACTS = [{"contact_id": "1", "email": "a@b.c"}]


def events(*values: dict[str, Any]) -> list[dict[str, Any]]:
    opened = {"event": "open", "email": "a@b.c"}
    return [{**opened, "timestamp": 1790000000 + number, **value} for number, value in enumerate(values)]


def of_files(folder: Path, happened: list[dict[str, Any]]) -> Dataset:
    for name, records in (("contacts", CONTACTS), ("events", happened)):
        (folder / f"{name}.json").write_text("\n".join(map(json.dumps, records)))
    return Dataset.load(folder / "contacts.json", events=folder / "events.json")


def of_frames(folder: Path, happened: list[dict[str, Any]]) -> Dataset:
    import pandas

    return Dataset.of(pandas.DataFrame(CONTACTS), pandas.DataFrame(rows_of(happened)))


def of_parquet(folder: Path, happened: list[dict[str, Any]]) -> Dataset:
    import pyarrow
    from pyarrow import parquet

    for name, records in (("contacts", CONTACTS), ("events", rows_of(happened))):
        parquet.write_table(pyarrow.Table.from_pylist(records), folder / f"{name}.parquet")
    return Dataset.load(folder / "contacts.parquet", events=folder / "events.parquet")


def rows_of(happened: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "data": json.dumps(row["data"])} for row in Dataset(CONTACTS, happened).events]


HOMES: list[Callable[[Path, list[dict[str, Any]]], Dataset]] = [
    lambda _, happened: Dataset(CONTACTS, happened),
    of_files,
    of_frames,
    of_parquet,
]
IDS = ["memory", "files", "frames", "parquet"]


def answer(dataset: Dataset, query: str) -> tuple[int, list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        preview = Segment(query).preview(dataset)
    return preview.count, list(preview.warnings)


WRITTEN = (
    "1 event has a list written as a text under payload.category, "
    'such as ["news"]: it is one value, and nothing finds what stands in it'
)
UNREAD = "{} under payload.{} that is no {}, such as {}: it is NULL there"


@pytest.mark.parametrize("home", HOMES, ids=IDS)
@pytest.mark.parametrize(
    ("condition", "values", "told"),
    [
        ("e.data:payload.attempt > 3", [{"attempt": "5"}, {"attempt": 2}, {"attempt": None}, {}], []),
        (
            "e.data:payload.attempt > 3",
            [{"attempt": "5"}, {"attempt": "many"}],
            [UNREAD.format("1 event has a value", "attempt", "number", '"many"')],
        ),
        (
            "e.data:payload.attempt IN (1, 2)",
            [{"attempt": 1}, {"attempt": "1e5"}, {"attempt": ""}],
            [UNREAD.format("2 events have a value", "attempt", "number", '"1e5"')],
        ),
        (
            "e.data:payload.attempt + 1 = 2",
            [{"attempt": 1}, {"attempt": [1]}],
            [UNREAD.format("1 event has a value", "attempt", "number", "[1]")],
        ),
        (
            "e.data:payload.send_at > TIMESTAMP '2026-01-01'",
            [{"send_at": "2026-02-01"}, {"send_at": 1790000000}, {"send_at": "01/02/2026"}],
            [UNREAD.format("1 event has a value", "send_at", "timestamp", '"01/02/2026"')],
        ),
        (
            "e.data:payload.send_at > TIMESTAMP '2026-01-01'",
            [{"send_at": 1790000000}, {"send_at": 1790000000000}],
            [UNREAD.format("1 event has a value", "send_at", "timestamp", "1790000000000")],
        ),
        (
            "e.data:payload.tls IS TRUE",
            [{"tls": True}, {"tls": "FALSE"}, {"tls": 1}],
            [UNREAD.format("1 event has a value", "tls", "truth value", "1")],
        ),
        (
            "e.data:payload.category = 'news'",
            [{"category": "news"}, {"category": '["news"]'}, {"category": "[x] y"}],
            [
                WRITTEN,
            ],
        ),
        (
            "ARRAY_CONTAINS(e.data:payload.category, 'news')",
            [{"category": ["news"]}, {"category": '["news"]'}, {"category": 5}],
            [
                UNREAD.format("1 event has a value", "category", "list and no text", "5"),
                WRITTEN,
            ],
        ),
        (
            "e.data:payload.category = 'news'",
            [{"category": "news"}, {"category": ["news"]}, {"category": {"a": 1}}],
            [
                "1 event has a list under payload.category, which never equals a text",
                "1 event has an object under payload.category, which never equals a text",
            ],
        ),
        ("e.data:payload.category IS NOT NULL", [{"category": ["news"]}, {"category": "x"}], []),
    ],
)
def test_what_cannot_be_read_is_told_alike_in_all_homes(
    tmp_path: Path,
    home: Callable[[Path, list[dict[str, Any]]], Dataset],
    condition: str,
    values: list[dict[str, Any]],
    told: list[str],
) -> None:
    with home(tmp_path, events(*values)) as dataset:
        assert answer(dataset, JOINED + condition) == (1, told)


@pytest.mark.parametrize("home", HOMES, ids=IDS)
def test_a_path_that_is_read_as_two_types_is_judged_by_each(
    tmp_path: Path, home: Callable[[Path, list[dict[str, Any]]], Dataset]
) -> None:
    query = JOINED + "e.data:payload.attempt > 3 OR e.data:payload.attempt IS TRUE"
    with home(tmp_path, events({"attempt": 5}, {"attempt": "true"})) as dataset:
        count, told = answer(dataset, query)
    assert count == 1
    assert told == [
        UNREAD.format("1 event has a value", "attempt", "number", '"true"'),
        UNREAD.format("1 event has a value", "attempt", "truth value", "5"),
    ]


@pytest.mark.parametrize("home", HOMES, ids=IDS)
def test_so_it_is_of_the_map_of_v1(
    tmp_path: Path, home: Callable[[Path, list[dict[str, Any]]], Dataset]
) -> None:
    with home(tmp_path, events({"campaign": '["a"]'}, {"campaign": "a"})) as dataset:
        count, told = answer(dataset, "event_data['campaign'] = 'a'")
    assert count == 1
    assert [sentence.split(",")[0] for sentence in told] == [
        "1 event has a list written as a text under campaign"
    ]


def test_a_path_that_no_event_has_is_told_of_frames_too(tmp_path: Path) -> None:
    for home in HOMES:
        with home(tmp_path, events({}, {})) as dataset:
            count, told = answer(dataset, JOINED + "e.data:payload.reason = 'x'")
            assert (count, told) == (
                0,
                ["the query reads payload.reason of events, which none of the 2 has"],
            )


def test_the_library_warns_without_a_dataset_too() -> None:
    happened = events({"attempt": "5"}, {"attempt": "many"})
    with pytest.warns(DataWarning, match='that is no number, such as "many"'):
        assert Segment(JOINED + "e.data:payload.attempt > 3").count(CONTACTS, happened) == 1


def test_the_command_line_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_files(tmp_path, events({"attempt": "5"}, {"attempt": "many"})).close()
    paths = ["--contacts", str(tmp_path / "contacts.json"), "--events", str(tmp_path / "events.json")]
    with pytest.raises(SystemExit) as ended:
        main(["preview", "-q", JOINED + "e.data:payload.attempt > 3", *paths])
    assert ended.value.code == 0
    shown = capsys.readouterr()
    assert "that is no number" in " ".join((shown.out + shown.err).split())
