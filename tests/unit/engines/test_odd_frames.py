"""Frames whose columns are odd: the same members as of records, or a refusal that names the column."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sql_seg import SENDGRID, Dataset, RecordError, Segment
from sql_seg.errors import EngineError

SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "birthday", "field_type": "Date"},
    ]
)
PEOPLE = {"contact_id": ["1", "2", "3", "4"], "email": ["a@x.example", "b@x.example", "c@x.example", None]}
OLDER, BORN = "age > 1", "birthday >= TIMESTAMP '2024-01-01T12:00:00Z'"
ON_LIST = "CONTAINS(list_ids, 'l1')"
NOON = datetime(2024, 1, 1, 12)


def of_pandas(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({**PEOPLE, **columns})


def of_arrow(**columns: Any) -> pa.Table:
    return pa.table({**PEOPLE, **columns})


def of_polars(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame({**PEOPLE, **columns})


def objects(*values: Any) -> pd.Series:
    return pd.Series(values, dtype=object)


READ: dict[str, tuple[Callable[[], Any], str, list[str]]] = {
    "sparse": (lambda: of_pandas(age=pd.arrays.SparseArray([1.0, 2.0, np.nan, 4.0])), OLDER, ["2", "4"]),
    "numbers and texts": (lambda: of_pandas(age=objects(1, "2", None, 4.5)), OLDER, ["2", "4"]),
    "a late text": (
        lambda: pd.DataFrame({"contact_id": range(5000), "age": objects(*[1] * 4999, "7")}),
        OLDER,
        ["4999"],
    ),
    "times of many zones": (
        lambda: of_pandas(birthday=objects(NOON, NOON.replace(tzinfo=UTC), None, date(2024, 1, 1))),
        BORN,
        ["1", "2"],
    ),
    "lists that are arrays": (
        lambda: of_pandas(list_ids=objects(np.array(["l1"]), np.array(["l2"]), np.array([]), None)),
        ON_LIST,
        ["1"],
    ),
    "odd columns that nobody asks for": (
        lambda: of_pandas(
            age=[1, 2, 3, 4],
            a=pd.interval_range(0, 4),
            b=pd.period_range("2024-01", periods=4, freq="M"),
            c=[1, "a", None, [2]],
            d=np.array([1, 2, 3, 4], dtype="complex128"),
        ),
        OLDER,
        ["2", "3", "4"],
    ),
    "an index that is the id": (
        lambda: of_pandas(age=[1, 2, 3, 4]).set_index("contact_id"),
        OLDER,
        ["2", "3", "4"],
    ),
    "an index of two": (
        lambda: of_pandas(age=[1, 2, 3, 4]).set_index(["contact_id", "email"]),
        OLDER,
        ["2", "3", "4"],
    ),
    "an index called as a column": (
        lambda: of_pandas(age=[1, 2, 3, 4]).set_index("contact_id", drop=False),
        OLDER,
        ["2", "3", "4"],
    ),
    "half floats": (
        lambda: of_arrow(age=pa.array([np.float16(1), np.float16(2), None, np.float16(4)], pa.float16())),
        OLDER,
        ["2", "4"],
    ),
    "wide decimals": (
        lambda: of_arrow(age=pa.array([Decimal(1), Decimal(2), None, Decimal(4)], pa.decimal256(50, 2))),
        OLDER,
        ["2", "4"],
    ),
    "a reader, which is read once": (
        lambda: of_arrow(age=[1, 2, None, 4]).to_reader(),
        OLDER,
        ["2", "4"],
    ),
    "a batch": (lambda: of_arrow(age=[1, 2, None, 4]).to_batches()[0], OLDER, ["2", "4"]),
    "integers of 128 bits": (
        lambda: of_polars(age=pl.Series([1, 2, None, 4]).cast(pl.Int128)),
        OLDER,
        ["2", "4"],
    ),
    "a lazy frame": (lambda: of_polars(age=[1, 2, None, 4]).lazy(), OLDER, ["2", "4"]),
}


@pytest.mark.parametrize("case", READ)
def test_a_column_is_read_whatever_its_kind(case: str) -> None:
    make, query, members = READ[case]
    with Dataset.of(make(), schema=SCHEMA) as dataset:
        segment = Segment(query, SCHEMA)
        assert sorted(map(str, dataset.ids(segment))) == members
        assert dataset.count(segment) == len(members)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "one name twice": (
        lambda: pd.DataFrame([["1", "a", "b"]], columns=["contact_id", "email", "email"]),
        "twice",
    ),
    "one name in two cases": (
        lambda: pd.DataFrame([["1", "a", "b"]], columns=["contact_id", "email", "EMAIL"]),
        "the columns email and EMAIL, which are one name",
    ),
    "one name in two cases, polars": (lambda: of_polars(Email=PEOPLE["email"]), "email and Email"),
    "one name in two cases, Arrow": (lambda: of_arrow(Email=PEOPLE["email"]), "email and Email"),
    "one name twice, DuckDB": (lambda: duckdb.sql("SELECT '1' contact_id, 1 age, 2 age"), "column age twice"),
    "no columns": (pd.DataFrame, "the DataFrame: has no columns"),
    "no columns, rows": (lambda: pd.DataFrame(index=range(3)), "has no columns"),
    "no columns, polars": (pl.DataFrame, "has no columns"),
    "no columns, Arrow": (lambda: pa.table({}), "has no columns"),
    "Python's objects in polars": (
        lambda: of_polars(odd=pl.Series([object()] * 4, dtype=pl.Object)),
        "the column odd is Object, which cannot be read",
    ),
    "a bad value among others": (lambda: of_pandas(age=objects(1, "x", None, 4.5)), "row 2, column age: 'x'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_named(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecordError, match=message):
        Dataset.of(make(), schema=SCHEMA)


def test_what_the_engine_cannot_do_while_it_reads_is_an_error_of_ours() -> None:
    table = of_arrow(birthday=pa.array([2**62] * 4, pa.timestamp("s")))
    with pytest.raises(EngineError, match="DuckDB"):
        Dataset.of(table, schema=SCHEMA)


def test_the_frame_that_is_given_stays_as_it_was() -> None:
    frame = of_pandas(age=objects(1, "2", None, 4.5)).set_index("contact_id")
    before = frame.copy(deep=True)
    Dataset.of(frame, schema=SCHEMA).close()
    pd.testing.assert_frame_equal(frame, before)


CLICKED = {"payload": {"event": "click", "url": "u"}}
OPENED = {"payload": {"event": "open"}}
DATA: dict[str, Callable[[list[str]], Any]] = {
    "texts": lambda texts: texts,
    "bytes": lambda texts: [text.encode() for text in texts],
    "categories": pd.Categorical,
    "objects": lambda texts: objects(*map(json.loads, texts)),
    "structs": lambda texts: pl.Series(map(json.loads, texts)),
    "a dictionary": lambda texts: pa.array(texts).dictionary_encode(),
}


@pytest.mark.parametrize("kind", DATA)
def test_the_data_of_events_is_read_whatever_its_kind(kind: str) -> None:
    rows = {
        "contact_id": ["1", "2"],
        "event_type": ["click", "open"],
        "timestamp": [NOON, NOON],
        "data": DATA[kind]([json.dumps(CLICKED), json.dumps(OPENED)]),
    }
    frame = {"structs": pl.DataFrame, "a dictionary": pa.table}.get(kind, pd.DataFrame)(rows)
    with Dataset.of(pd.DataFrame(PEOPLE), frame) as dataset:
        assert list(dataset.ids(Segment(of_events("e.data:payload.url = 'u'")))) == ["1"]
        assert list(dataset.ids(Segment(of_events("e.data:payload.url IS NULL")))) == ["2"]


def of_events(condition: str) -> str:
    return (
        "SELECT c.contact_id, c.updated_at FROM contact_data c "
        f"JOIN event_data e ON c.contact_id = e.contact_id WHERE {condition}"
    )


def test_data_that_are_no_json_are_a_bad_event_wherever_they_stand(tmp_path: Path) -> None:
    rows = {
        "contact_id": ["1", "2"],
        "event_type": ["open", "open"],
        "timestamp": [NOON, NOON],
        "data": ["{}", '{"k"'],
    }
    opened = Segment(of_events("e.event_type = 'open'"))
    for events in (pd.DataFrame(rows), pl.DataFrame(rows), pa.table(rows)):
        with pytest.raises(RecordError, match=r"row 2, column data: malformed JSON: '\{\"k\"'"):
            Dataset.of(pd.DataFrame(PEOPLE), events).count(opened)
        with Dataset.of(pd.DataFrame(PEOPLE), events, on_error="skip") as dataset:
            assert list(dataset.ids(opened)) == ["1"]
            assert dataset.report.warnings == ["left out 1 bad event row"]
    contacts, path = tmp_path / "contacts.csv", tmp_path / "events.parquet"
    contacts.write_text("contact_id,email\n1,a@x.example\n2,b@x.example\n")
    pq.write_table(pa.table(rows), path)
    with pytest.raises(RecordError, match=r"events\.parquet, row 2: malformed JSON"):
        Dataset.load(contacts, events=path)
    with Dataset.load(contacts, events=path, on_error="skip") as dataset:
        assert list(dataset.ids(opened)) == ["1"]


def test_what_is_null_in_a_table_of_webhook_events_is_not_there(tmp_path: Path) -> None:
    contacts, events = tmp_path / "contacts.csv", tmp_path / "events.parquet"
    pd.DataFrame(PEOPLE).dropna().to_csv(contacts, index=False)
    table = pa.table(
        {
            "email": ["a@x.example", "b@x.example"],
            "event": ["click", "open"],
            "timestamp": [1704110400, 1704110400],
            "url": ["u", None],
            "unique_args": [{"plan": "p"}, {"other": "q"}],
        }
    )
    pq.write_table(table, events)
    with Dataset.load(contacts=contacts, events=events) as dataset:
        for path in ("url", "unique_args.plan"):
            assert list(dataset.ids(Segment(of_events(f"e.data:payload.{path} IS NULL")))) == ["2"]
            assert list(dataset.ids(Segment(of_events(f"e.data:payload.{path} IS NOT NULL")))) == ["1"]
