"""Parquet: alone it is asked where it is; beside other files it is read as they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sql_seg import Dataset, RecordError, Segment
from tests.cli.running import COULD_NOT_RUN, FINE, run

from .account import Write, load, ndjson, rows

OPENED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE e.event_type = 'open' AND e.data:payload.unique_args.k = 'v'"
)
CONTACTS: list[dict[str, Any]] = [
    {"contact_id": "1", "email": "A@x.example", "age": 3, "created_at": datetime(2024, 1, 2, tzinfo=UTC)},
    {"contact_id": "2", "email": "b@x.example", "age": None, "created_at": datetime(2024, 1, 3, tzinfo=UTC)},
]
E: dict[str, Any] = {
    "email": "a@X.example",
    "event": "open",
    "timestamp": 1715050143,
    "sg_event_id": "s",
    "k": "v",
}


def parquet(path: Path, records: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(records), path)
    return path


def opened(*arguments: Any, **options: Any) -> list[str | None]:
    with Dataset.load(*arguments, **options) as dataset:
        return list(Segment(OPENED, dataset.schema).ids(dataset))


def test_events_of_the_webhook_beside_contacts_in_parquet(write: Write, tmp_path: Path) -> None:
    contacts = parquet(tmp_path / "c.parquet", CONTACTS)
    events = write("e.ndjson", ndjson(E, E, {**E, "email": "nobody@x.example", "sg_event_id": "t"}))
    loaded = load(contacts, events=events)
    assert [contact["age"] for contact in loaded.contacts if "age" in contact] == [3]
    assert loaded.contacts[0]["created_at"] == CONTACTS[0]["created_at"]
    assert (loaded.report.events.kept, loaded.report.events.repeats, loaded.report.events.strangers) == (
        1,
        1,
        1,
    )
    assert opened(contacts, events=events) == ["1"]


def test_webhook_objects_in_parquet(write: Write, tmp_path: Path) -> None:
    records = [E, E, {**E, "email": "b@x.example", "sg_event_id": "t", "k": None}]
    events = parquet(tmp_path / "e.parquet", records)
    contacts = write("c.csv", rows("EMAIL,CONTACT_ID", "a@x.example,1", "b@x.example,2"))
    assert opened(contacts, events=events) == ["1"]
    assert opened(parquet(tmp_path / "c.parquet", CONTACTS), events=events) == ["1"]


def test_rows_of_event_data_in_parquet_beside_csv(write: Write, tmp_path: Path) -> None:
    data = json.dumps({"payload": {"unique_args": {"k": "v"}}})
    row: dict[str, Any] = {
        "contact_id": "1",
        "event_type": "open",
        "timestamp": datetime(2024, 1, 1, tzinfo=UTC),
        "data": data,
    }
    events = parquet(tmp_path / "e.parquet", [row, {**row, "contact_id": "9"}])
    contacts = write("c.csv", rows("EMAIL,CONTACT_ID", "a@x.example,1", "b@x.example,2"))
    assert opened(contacts, events=events) == ["1"]


def test_lists_beside_contacts_in_parquet(write: Write, tmp_path: Path) -> None:
    contacts = parquet(tmp_path / "c.parquet", CONTACTS)
    members = write("l.csv", rows("EMAIL", "a@x.example", "z@x.example"))
    loaded = load(contacts, lists={"l1": members, "l2": parquet(tmp_path / "l.parquet", CONTACTS)})
    assert [contact.get("list_ids") for contact in loaded.contacts] == [["l1", "l2"], ["l2"]]
    assert loaded.report.lists["l1"].strangers == 1


def test_contacts_in_parquet_and_csv_together(write: Write, tmp_path: Path) -> None:
    more = write("c.csv", rows("CONTACT_ID,EMAIL,CREATED_AT", "3,c@x.example,2024-01-04T00:00:00Z"))
    loaded = load([parquet(tmp_path / "c.parquet", CONTACTS), more])
    assert [contact["contact_id"] for contact in loaded.contacts] == ["1", "2", "3"]


def test_a_contact_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    loaded = load(parquet(tmp_path / "c.parquet", [*CONTACTS, CONTACTS[0]]))
    assert (len(loaded.contacts), loaded.report.contacts.repeats) == (2, 1)
    assert loaded.report.warnings == ["dropped 1 repeated contact"]
    both = [parquet(tmp_path / f"c{part}.parquet", CONTACTS) for part in (1, 2)]
    assert load(both).report.contacts.repeats == 2


def test_a_contact_with_other_values_is_a_bad_row(tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", [*CONTACTS, {"age": 1}, {**CONTACTS[0], "age": 4}])
    with pytest.raises(RecordError, match=r"c\.parquet, row 3: has neither a contact id nor an email"):
        load(path)
    path = parquet(path, [*CONTACTS, {**CONTACTS[0], "age": 4}, {"age": 1}])
    with pytest.raises(RecordError, match=r"row 3: the contact id '1' was there before, with other values"):
        load(path)
    loaded = load(path, on_error="skip")
    assert [contact.get("age") for contact in loaded.contacts] == [3, None]
    assert (loaded.report.contacts.skipped, loaded.report.contacts.kept) == (2, 2)


def test_a_column_that_one_of_several_files_lacks_is_said(tmp_path: Path) -> None:
    parquet(tmp_path / "c1.parquet", CONTACTS)
    parquet(tmp_path / "c2.parquet", [{"contact_id": "3", "email": "c@x.example"}])
    result = run("preview", "-q", "age IS NULL", "--contacts", tmp_path / "c*.parquet")
    assert result.exit_code == FINE
    assert "2 of 3 contacts" in result.stdout
    assert f"{tmp_path}/c2.parquet has no column age, which the query reads" in result.stderr


@pytest.mark.parametrize("kept", [6, 40, 300])
def test_half_a_file_is_no_account(tmp_path: Path, kept: int) -> None:
    path = parquet(tmp_path / "c.parquet", CONTACTS)
    path.write_bytes(path.read_bytes()[:kept])
    result = run("preview", "-q", "email IS NULL", "--contacts", path)
    assert result.exit_code == COULD_NOT_RUN
    assert f"Error: {path}: is not a whole Parquet file" in result.output


def test_a_preview_fails_only_for_columns_that_it_reads(tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", [{**CONTACTS[0], "created_at": "yesterday"}])
    assert run("preview", "-q", "email IS NOT NULL", "--contacts", path).exit_code == FINE
    result = run("preview", "-q", "created_at IS NOT NULL", "--contacts", path)
    assert result.exit_code == COULD_NOT_RUN
    assert "column created_at: 'yesterday' is not a timestamp" in result.output


def test_unix_times_in_numbers(tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", [{**CONTACTS[0], "created_at": 1704153600}])
    assert load(path).contacts[0]["created_at"] == datetime(2024, 1, 2, tzinfo=UTC)
