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
from sql_seg.records.loading_report import OnError
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


@pytest.mark.parametrize("called", ["account.duckdb", "folder"])
@pytest.mark.parametrize(
    ("test", "members"),
    [
        ("e.data:payload.unique_args.k = 'v'", 1),
        ("e.data:payload.unique_args.n >= 3", 1),
        ("e.data:payload.unique_args.at > TIMESTAMP '2024-01-01T00:00:00Z'", 1),
        ("e.data:payload.unique_args.nothing IS NULL", 1),
        ("e.data:payload.unique_args.k = 'other'", 0),
    ],
)
def test_a_loaded_account_is_asked_for_what_stands_at_a_path(
    called: str, test: str, members: int, write: Write, tmp_path: Path
) -> None:
    """What is found there is read by macros, which the database of a loaded account has to have, too."""
    contacts = parquet(tmp_path / "c.parquet", CONTACTS)
    events = write("e.ndjson", ndjson({**E, "n": 3, "at": "2024-05-07T02:49:03Z"}))
    assert run("load", "--contacts", contacts, "--events", events, "-o", tmp_path / called).exit_code == FINE
    query = f"{OPENED.partition(' AND ')[0]} AND {test}"
    result = run("preview", "-q", query, "--account", tmp_path / called)
    assert (result.exit_code, f"{members} of 2 contacts" in result.stdout) == (FINE, True), result.output
    nobody_has_it = "which none of the 1 has" in result.output
    assert nobody_has_it == ("nothing" in test), result.output


@pytest.mark.parametrize(
    ("values", "on_error", "count", "of"),
    [
        ([["l1"], None, ["l1", "l2"]], "fail", 2, 3),
        ([["l1"], ["l1", ""], ["l2"]], "fail", 2, 3),
        ([["l1"], ["l1", None], ["l1"]], "skip", 2, 2),
        ([["l1"], ["l1", None], ["l1"]], "null", 2, 3),
    ],
)
def test_what_is_counted_while_values_are_checked_is_the_answer(
    values: list[Any], on_error: OnError, count: int, of: int, tmp_path: Path
) -> None:
    records = [
        {"contact_id": str(number), "email": "", "list_ids": lists} for number, lists in enumerate(values)
    ]
    path = parquet(tmp_path / "c.parquet", records)
    query = ("-q", "CONTAINS(list_ids, 'l1')", "--now", "2024-01-01T00:00Z")
    result = run("preview", *query, "--contacts", path, "--on-error", on_error)
    assert f"{count} of {of} contacts" in result.stdout, result.output
    with Dataset.load(path, on_error=on_error) as dataset:
        segment = Segment("CONTAINS(list_ids, 'l1')", dataset.schema)
        assert len(list(segment.ids(dataset))) == count


def test_a_repeat_is_not_counted_twice(tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", [*CONTACTS, CONTACTS[0]])
    result = run("preview", "-q", "age = 3", "--contacts", path)
    assert "1 of 2 contacts" in result.stdout, result.output


def test_a_list_that_nobody_is_on_is_told_of_parquet(tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", [{"contact_id": "1", "list_ids": ["l1"]}])
    for list_id, is_told in (("l1", False), ("l2", True)):
        result = run("preview", "-q", f"CONTAINS(list_ids, '{list_id}')", "--contacts", path)
        assert ("which no contact is on" in result.stderr) == is_told, result.output


@pytest.mark.parametrize("form", ["parquet", "account.duckdb", "folder"])
def test_a_column_that_nobody_has_is_null_where_that_is_allowed(form: str, tmp_path: Path) -> None:
    path = parquet(tmp_path / "c.parquet", CONTACTS)
    given = ("--contacts", path)
    if form != "parquet":
        assert run("load", *given, "-o", tmp_path / form).exit_code == FINE
        given = ("--account", tmp_path / form)
    for test, members in (("nofield = 'x'", 0), ("nofield IS NULL", 2)):
        result = run("preview", "--lenient", "-q", test, *given)
        assert (result.exit_code, f"{members} of 2 contacts" in result.stdout) == (FINE, True), result.output


def test_files_whose_columns_are_of_several_types_are_read_value_by_value(tmp_path: Path) -> None:
    """DuckDB would make 1.0 of a number beside texts, or say in its own words that a list is none."""
    one, two, three = (tmp_path / f"{name}.parquet" for name in ("one", "two", "three"))
    parquet(one, [{"contact_id": "1", "email": "a@x.example", "city": "7", "age": 1.0}])
    parquet(two, [{"contact_id": 2, "email": "b@x.example", "city": 7.0, "age": "2"}])
    parquet(three, [{"contact_id": "3", "email": "c@x.example", "city": "7", "age": [3]}])
    with Dataset.load([one, two]) as dataset:
        assert sorted(map(str, dataset.ids(Segment("city = '7'")))) == ["1", "2"]
        assert list(dataset.ids(Segment("age > 1", schema=dataset.schema))) == ["2"]
    with pytest.raises(RecordError, match=r"three.parquet, row 1, column age: \[3\] is not a number"):
        Dataset.load([one, three])
