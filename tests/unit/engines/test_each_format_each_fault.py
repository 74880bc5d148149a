"""What becomes of a fault is the same in whatever holds it: fail, skip and null mean one thing everywhere.

Contacts, and events, with one fault of each kind, written in each format.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sql_seg import SENDGRID, Dataset, RecordError, Segment
from tests.cli.running import COULD_NOT_RUN, FINE, run

FIELDS = {
    "custom_fields": [
        {"id": "e1_N", "name": "age", "field_type": "Number"},
        {"id": "e2_D", "name": "joined", "field_type": "Date"},
    ]
}
SCHEMA = SENDGRID.with_fields(FIELDS)
Row = dict[str, Any]
CONTACTS: list[Row] = [
    {
        "contact_id": f"c{number}",
        "email": f"u{number}@x.example",
        "city": "Rome",
        "age": str(number),
        "joined": "2024-01-02",
        "created_at": "2024-01-01T00:00:00Z",
        "alternate_emails": "",
    }
    for number in (1, 2, 3)
]
EVENTS: list[Row] = [
    {
        "contact_id": f"c{number}",
        "event_type": "open",
        "timestamp": "2024-01-01T00:00:00Z",
        "data": json.dumps({"payload": {"unique_args": {}}}),
    }
    for number in (1, 2, 3)
]


def texts(rows: list[Row]) -> pa.Table:
    return pa.table({key: pa.array([row[key] for row in rows], pa.string()) for key in rows[0]})


def as_csv(path: Path, rows: list[Row]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def as_ndjson(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in objects(rows)), encoding="utf-8")
    return path


def as_list(path: Path, rows: list[Row]) -> Path:
    path.write_text(json.dumps(objects(rows), indent=1), encoding="utf-8")
    return path


def objects(rows: list[Row]) -> list[Row]:
    return [{**row, **({"data": json.loads(row["data"])} if row.get("data") else {})} for row in rows]


def as_parquet(path: Path, rows: list[Row]) -> Path:
    pq.write_table(texts(rows), path)
    return path


def as_relation(rows: list[Row]) -> Any:
    connection = duckdb.connect()
    connection.register("given", texts(rows))
    return connection.sql("SELECT * FROM given")


def as_tables(contacts: list[Row], events: list[Row]) -> Any:
    connection = duckdb.connect()
    for called, rows in (("contact_data", contacts), ("event_data", events)):
        connection.register("given", texts(rows))
        connection.execute(f"CREATE TABLE {called} AS SELECT * FROM given")
    return connection


FILES: dict[str, tuple[Callable[[Path, list[Row]], Path], int]] = {
    "csv": (as_csv, 1),
    "ndjson": (as_ndjson, 0),
    "list": (as_list, 0),
    "parquet": (as_parquet, 0),
    "parquet beside a list": (as_parquet, 0),
}
"""How a file is written, and how many rows stand before its records."""
FRAMES: dict[str, Callable[[list[Row]], Any]] = {
    "pandas": lambda rows: pd.DataFrame(rows, dtype=object),
    "polars": lambda rows: pl.from_arrow(texts(rows)),
    "arrow": texts,
    "relation": as_relation,
}
FORMATS = [*FILES, *FRAMES, "tables"]


def loaded(form: str, contacts: list[Row], events: list[Row], on_error: Any, folder: Path) -> Dataset:
    if form in FRAMES:
        frame = FRAMES[form]
        return Dataset.of(frame(contacts), frame(events), schema=SCHEMA, on_error=on_error)
    if form == "tables":
        return Dataset.of(as_tables(contacts, events), schema=SCHEMA, on_error=on_error)
    write, _ = FILES[form]
    lists = {}
    if form == "parquet beside a list":
        lists["l1"] = as_csv(folder / "list.csv", [{"email": "u1@x.example"}])
    return Dataset.load(
        write(folder / "contacts", contacts),
        events=write(folder / "events", events),
        fields=FIELDS,
        lists=lists,
        on_error=on_error,
    )


def row_of(form: str, number: int) -> str:
    """Return how a message calls a record."""
    return f"row {number + (FILES[form][1] if form in FILES else 0)}"


def row_of_the_second(form: str) -> str:
    return row_of(form, 2)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a contact, and what ``null`` keeps of it: None where it is left out."""

    change: Row
    message: str
    column: str | None = None
    null: Row | None = None


FAULTS = {
    "no number": Fault({"age": "x"}, "'x' is not a number", "age", null={"city": "Rome"}),
    "no finite number": Fault({"age": "inf"}, "'inf' is not a number", "age", null={"city": "Rome"}),
    "no date": Fault({"joined": "soon"}, "'soon' is not a date", "joined", null={"age": 2}),
    "no moment, where there is always one": Fault(
        {"created_at": "soon"}, "'soon' is not a timestamp", "created_at"
    ),
    "no list": Fault({"alternate_emails": '["a"'}, "is not a list", "alternate_emails", null={"age": 2}),
    "nobody": Fault({"contact_id": "", "email": ""}, "has neither a contact id nor an email"),
    "somebody else": Fault({"contact_id": "c0"}, "the contact id 'c0' was there before, with other values"),
    "other values that no query reads": Fault(
        {"contact_id": "c0", "email": "u0@x.example", "city": "Oslo"},
        "the contact id 'c0' was there before, with other values",
    ),
}


def with_second(rows: list[Row], change: Row) -> list[Row]:
    return [rows[0], {**rows[1], **change}, rows[2]]


def changed(form: str, row: Row, change: Row) -> Row:
    """Return a row with a fault; in what is no file an empty text is a text, so nothing stands for it."""
    return {**row, **{key: value if form in FILES else value or None for key, value in change.items()}}


def numbered(rows: list[Row], number: int) -> Row:
    row = {**rows[0], "contact_id": f"c{number}"}
    return {**row, "email": f"u{number}@x.example", "age": "2"} if "email" in row else row


@pytest.mark.parametrize("mode", ["skip", "null"])
@pytest.mark.parametrize("form", FORMATS)
def test_bad_contacts(form: str, mode: str, tmp_path: Path) -> None:
    faults = list(FAULTS.values())
    contacts = [numbered(CONTACTS, 0)]
    contacts += [changed(form, numbered(CONTACTS, at), fault.change) for at, fault in enumerate(faults, 1)]
    contacts.append({**numbered(CONTACTS, 98), "age": "y", "joined": "later"})
    contacts.append(numbered(CONTACTS, 99))
    nulled = {at: fault for at, fault in enumerate(faults, 1) if fault.null and mode == "null"}
    with loaded(form, contacts, EVENTS[:1], mode, tmp_path) as dataset:
        two = ["c98"] if mode == "null" else []
        ids = [contact["contact_id"] for contact in dataset]
        assert ids == ["c0", *(f"c{at}" for at in nulled), *two, "c99"]
        assert len(dataset) == len(ids)
        report = dataset.report
        places = [
            *(place(form, at + 1, fault.column) for at, fault in enumerate(faults, 1)),
            *(place(form, len(faults) + 2, column) for column in ("age", "joined")),
        ]
        for expected, problem in zip(places, report.problems, strict=True):
            assert f"{expected}: " in str(problem)
        for fault, problem in zip(faults, report.problems, strict=False):
            assert fault.message in problem.message
        assert report.contacts.skipped == len(contacts) - len(ids)
        assert report.contacts.nulled == (len(nulled) + 2 if mode == "null" else 0)
        for at, fault in nulled.items():
            contact = dataset.contact(f"c{at}")
            assert fault.null is not None
            assert fault.null.items() <= contact.items()
            assert not contact.get(str(fault.column))


def place(form: str, number: int, column: str | None) -> str:
    called = {"pandas": "the DataFrame", "polars": "the DataFrame", "arrow": "the Table"}
    called |= {"relation": "the DuckDBPyRelation", "tables": "the table contact_data"}
    file = called.get(form, "contacts")
    return f"{file}, {row_of(form, number)}" + (f", column {column}" if column else "")


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        *((form, "no number") for form in FORMATS),
        *((form, fault) for form in ("csv", "parquet") for fault in FAULTS if fault != "no number"),
    ],
)
def test_the_first_bad_contact_is_the_error(form: str, fault: str, tmp_path: Path) -> None:
    case = FAULTS[fault]
    contacts = [numbered(CONTACTS, 0), changed(form, CONTACTS[1], case.change), {**CONTACTS[2], "age": "z"}]
    column = f", column {case.column}" if case.column else ""
    with pytest.raises(RecordError) as caught:
        loaded(form, contacts, EVENTS[:1], "fail", tmp_path)
    assert f"{row_of_the_second(form)}{column}: " in str(caught.value)
    assert case.message in str(caught.value)


@pytest.mark.parametrize("form", FORMATS)
def test_a_contact_that_comes_again_is_counted_and_no_fault(form: str, tmp_path: Path) -> None:
    with loaded(form, with_second(CONTACTS, CONTACTS[0]), EVENTS, "fail", tmp_path) as dataset:
        assert [contact["contact_id"] for contact in dataset] == ["c1", "c3"]
        assert (dataset.report.contacts.repeats, dataset.report.problems) == (1, [])


EVENT_FAULTS: dict[str, tuple[Row, str, str]] = {
    "no type": ({"event_type": ""}, "has no event_type", "event_type"),
    "no time": ({"timestamp": ""}, "has no timestamp", "timestamp"),
    "another time": ({"timestamp": "later"}, "'later' is not a timestamp", "timestamp"),
    "nobody": ({"contact_id": ""}, "has neither an email nor a contact_id", "email"),
}


@pytest.mark.parametrize("mode", ["skip", "null"])
@pytest.mark.parametrize("form", FORMATS)
def test_bad_events(form: str, mode: str, tmp_path: Path) -> None:
    """Of tables, events of nobody are those of no known contact."""
    events = [EVENTS[0], *(changed(form, EVENTS[1], fault) for fault, *_ in EVENT_FAULTS.values()), EVENTS[2]]
    with loaded(form, CONTACTS, events, mode, tmp_path) as dataset:
        assert [event["contact_id"] for event in dataset.events] == ["c1", "c3"]
        faults = list(enumerate(EVENT_FAULTS.values(), 2))[: None if form in FILES else -1]
        report = dataset.report
        assert len(report.problems) == len(faults)
        for (number, (_, message, column)), problem in zip(faults, report.problems, strict=True):
            assert f"{row_of(form, number)}, column {column}: {message}" in str(problem)
        assert (report.events.kept, report.events.skipped) == (2, len(faults))
        assert report.events.strangers == (0 if form in FILES else 1)


@pytest.mark.parametrize("form", FORMATS)
def test_the_first_bad_event_is_the_error(form: str, tmp_path: Path) -> None:
    events = [
        EVENTS[0],
        changed(form, EVENTS[1], {"timestamp": "later"}),
        changed(form, EVENTS[2], {"event_type": ""}),
    ]
    with pytest.raises(RecordError, match=f"{row_of_the_second(form)}.*: 'later' is not a timestamp"):
        loaded(form, CONTACTS, events, "fail", tmp_path)


@pytest.mark.parametrize("form", FILES)
def test_a_preview_counts_what_is_bad_where_nothing_reads(form: str, tmp_path: Path) -> None:
    write, _ = FILES[form]
    path = write(tmp_path / "contacts", with_second(CONTACTS, {"age": "x", "joined": "soon"}))
    (tmp_path / "fields.json").write_text(json.dumps(FIELDS), encoding="utf-8")
    asked: list[Any] = ["--contacts", path, "--fields", tmp_path / "fields.json"]
    if form == "parquet beside a list":
        asked += ["--list", f"l1={as_csv(tmp_path / 'list.csv', [{'email': 'u1@x.example'}])}"]
    result = run("preview", "-q", "city = 'Rome'", *asked)
    assert (result.exit_code, "3 of 3 contacts" in result.stdout) == (FINE, True)
    assert "1 contact with a value that cannot be read, in columns that no query reads" in result.stderr
    result = run("preview", "-q", "age > 1", *asked)
    assert result.exit_code == COULD_NOT_RUN
    assert f"{row_of_the_second(form)}, column age: 'x' is not a number" in result.stderr
    for mode in ("skip", "null"):
        result = run("preview", "-q", "age > 1", *asked, "--on-error", mode)
        assert (result.exit_code, f"1 of {2 if mode == 'skip' else 3} contacts" in result.stdout) == (
            FINE,
            True,
        )


@pytest.mark.parametrize("form", FILES)
def test_an_empty_text_is_null_unless_it_is_asked_for(form: str, tmp_path: Path) -> None:
    write, _ = FILES[form]
    path = write(tmp_path / "contacts", with_second(CONTACTS, {"city": "", "age": "", "contact_id": ""}))
    lists = {}
    if form == "parquet beside a list":
        lists["l1"] = as_csv(tmp_path / "list.csv", [{"email": "u1@x.example"}])
    with Dataset.load(path, fields=FIELDS, lists=lists) as dataset:
        assert list(Segment("city IS NULL", SCHEMA).ids(dataset)) == ["u2@x.example"]
    with Dataset.load(path, fields=FIELDS, lists=lists, empty="string") as dataset:
        assert list(Segment("city = ''", SCHEMA).ids(dataset)) == ["u2@x.example"]
        assert list(Segment("age IS NULL", SCHEMA).ids(dataset)) == ["u2@x.example"]


# Types that only tables have


@pytest.mark.parametrize("mode", ["fail", "skip", "null"])
@pytest.mark.parametrize("form", ["parquet", "parquet beside a list", "arrow"])
@pytest.mark.parametrize(
    ("key", "values", "message"),
    [
        ("age", pa.array([1.0, float("inf"), 3.0]), "inf' is not a number|inf is not a number"),
        ("age", pa.array([None, True, None]), "age is a NUMBER|True is not a number"),
        ("city", pa.array([None, {"a": 1}, None]), "city is a VARCHAR|is not a text"),
        ("list_ids", pa.array([["a"], ["b", None], []]), "is not a list of texts"),
        ("joined", pa.array([None, 5, None]), "joined is a TIMESTAMP|is not a date"),
    ],
    ids=["infinite", "boolean", "struct", "null in a list", "number for a date"],
)
def test_a_value_that_only_tables_have(
    key: str, values: Any, message: str, form: str, mode: Any, tmp_path: Path
) -> None:
    table = texts([{k: v for k, v in row.items() if k != key} for row in CONTACTS]).append_column(key, values)

    def ask() -> Dataset:
        if form == "arrow":
            return Dataset.of(table, schema=SCHEMA, on_error=mode)
        pq.write_table(table, tmp_path / "c.parquet")
        lists = {}
        if form == "parquet beside a list":
            lists["l1"] = as_csv(tmp_path / "list.csv", [{"email": "u1@x.example"}])
        return Dataset.load(tmp_path / "c.parquet", fields=FIELDS, lists=lists, on_error=mode)

    if mode == "fail":
        with pytest.raises(RecordError, match=message):
            ask()
        return
    with ask() as dataset:
        ids = ["c1", "c3"] if mode == "skip" else ["c1", "c2", "c3"]
        assert [contact["contact_id"] for contact in dataset] == ids
        (problem,) = dataset.report.problems
        assert (problem.row, problem.column) == (2, key)


@pytest.mark.parametrize("form", ["parquet", "parquet beside a list", "arrow"])
def test_what_tables_hold_is_read_alike(form: str, tmp_path: Path) -> None:
    """Whole numbers where texts belong, NaN, moments with a zone and without: NULL or the value, no fault."""
    table = pa.table(
        {
            "contact_id": pa.array([1, 2], pa.int64()),
            "email": ["a@x.example", "b@x.example"],
            "postal_code": pa.array([80202.0, None], pa.float64()),
            "age": pa.array([float("nan"), 1.5]),
            "joined": pa.array([datetime(2024, 1, 2), None], pa.timestamp("ns")),
            "created_at": pa.array([datetime(2024, 1, 2, tzinfo=UTC)] * 2, pa.timestamp("us", "Europe/Rome")),
            "vip": [True, None],
            "plan": pa.array(["pro", "pro"]).dictionary_encode(),
            "list_ids": pa.array([["a", ""], None], pa.list_(pa.string())),
        }
    )
    if form == "arrow":
        dataset = Dataset.of(table)
    else:
        pq.write_table(table, tmp_path / "c.parquet")
        lists = {}
        if form == "parquet beside a list":
            lists["l1"] = as_csv(tmp_path / "list.csv", [{"email": "nobody@x.example"}])
        dataset = Dataset.load(tmp_path / "c.parquet", lists=lists)
    with dataset:
        types = {field.name: field.type.name for field in dataset.schema.custom_fields}
        assert types == {"age": "NUMBER", "joined": "TIMESTAMP", "vip": "BOOLEAN", "plan": "VARCHAR"}
        first, second = dataset
        assert (first["contact_id"], first["postal_code"], first["vip"]) == ("1", "80202", True)
        assert (first["joined"], first["created_at"]) == (datetime(2024, 1, 2, tzinfo=UTC),) * 2
        assert ("age" in first, second["age"], "postal_code" in second) == (False, 1.5, False)
        assert (first["list_ids"], second["list_ids"]) == (["a"], [])


@pytest.mark.parametrize("form", ["parquet", "parquet beside a list"])
def test_the_use_decides_of_texts_in_parquet(form: str, tmp_path: Path) -> None:
    path = as_parquet(tmp_path / "c.parquet", CONTACTS)
    asked: list[Any] = ["--contacts", path]
    if form == "parquet beside a list":
        asked += ["--list", f"l1={as_csv(tmp_path / 'list.csv', [{'email': 'u1@x.example'}])}"]
    for query, members in (("age > 1", 2), ("age = '2'", 1), ("joined < '2025-01-01T00:00:00Z'", 3)):
        result = run("preview", "-q", query, *asked)
        assert (result.exit_code, f"{members} of 3 contacts" in result.stdout) == (FINE, True), result.output


def test_a_bad_value_is_named_with_its_own_file(tmp_path: Path) -> None:
    first = as_parquet(tmp_path / "a.parquet", CONTACTS[:2])
    second = as_parquet(
        tmp_path / "b.parquet", [CONTACTS[2], {**CONTACTS[2], "contact_id": "c4", "age": "x"}]
    )
    with pytest.raises(RecordError, match=r"b\.parquet, row 2, column age: 'x' is not a number"):
        Dataset.load([first, second], fields=FIELDS)


def test_records_take_no_way_with_errors() -> None:
    with pytest.raises(ValueError, match="is for frames and tables"):
        Dataset.of([{"contact_id": "1"}], on_error="skip")
    with pytest.raises(ValueError, match="'ignore' is none of fail, skip, null"):
        Dataset.of(pd.DataFrame([{"contact_id": "1"}]), on_error="ignore")  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["parquet", "arrow", "tables"])
def test_an_account_without_events_is_one(form: str, tmp_path: Path) -> None:
    with loaded(form, CONTACTS, EVENTS, "fail", tmp_path) as dataset:
        assert dataset.report.events.kept == 3
    nothing = texts(EVENTS).slice(0, 0)
    if form == "parquet":
        pq.write_table(nothing, tmp_path / "none")
        dataset = Dataset.load(as_parquet(tmp_path / "c", CONTACTS), events=tmp_path / "none", fields=FIELDS)
    else:
        dataset = Dataset.of(texts(CONTACTS), nothing, schema=SCHEMA)
    with dataset:
        assert (list(dataset.events), dataset.report.events.kept, dataset.report.warnings) == ([], 0, [])


def test_a_loaded_account_without_events_is_one(tmp_path: Path) -> None:
    contacts = as_parquet(tmp_path / "c.parquet", CONTACTS)
    for called in ("account.duckdb", "folder"):
        assert run("load", "--contacts", contacts, "-o", tmp_path / called).exit_code == FINE
        result = run("preview", "-q", "city = 'Rome'", "--account", tmp_path / called)
        assert (result.exit_code, "3 of 3 contacts" in result.stdout) == (FINE, True)


def test_no_contacts_in_parquet_are_said(tmp_path: Path) -> None:
    pq.write_table(texts(CONTACTS).slice(0, 0), tmp_path / "c.parquet")
    result = run("preview", "-q", "city = 'Rome'", "--contacts", tmp_path / "c.parquet")
    assert (result.exit_code, f"{tmp_path}/c.parquet: has no contacts" in result.stderr) == (FINE, True)


def test_two_columns_of_one_name_in_parquet(tmp_path: Path) -> None:
    """DuckDB calls the second otherwise, without a word."""
    table = pa.table(
        [["a@x.example"], ["Rome"], [{"city": 1}], ["Oslo"]], names=["email", "city", "more", "City"]
    )
    pq.write_table(table, tmp_path / "c.parquet")
    with pytest.raises(RecordError, match=r"c\.parquet: has the column City twice"):
        Dataset.load(tmp_path / "c.parquet")
    pq.write_table(table.drop_columns(["City"]), tmp_path / "c.parquet")
    Dataset.load(tmp_path / "c.parquet").close()
