"""Contacts and events that are in frames, tables and records: asked where they are, the same answers."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from sql_seg import Dataset, RecordError, Segment, SegmentSet
from sql_seg.engines.duckdb import connection

MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
CONTACTS = [
    {
        "contact_id": f"c{number}",
        "email": f"U{number}@x.example",
        "age": number * 1.5,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "list_ids": ["l1"] if number % 2 else [],
    }
    for number in range(10)
]
EVENTS: list[dict[str, Any]] = [
    {
        "contact_id": "c1",
        "event_type": "open",
        "event_source": "mail",
        "timestamp": MOMENT,
        "data": {"payload": {"unique_args": {"k": "v"}}},
    }
]
IN_COLUMNS = [{**event, "data": json.dumps(event["data"])} for event in EVENTS]
QUERIES = {
    "event": "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
    "ON c.contact_id = e.contact_id WHERE c.age > 1 AND e.data:payload.unique_args.k = 'v'",
    "domain": "SELECT contact_id, updated_at FROM contact_data "
    "WHERE ARRAY_CONTAINS(email_domains, ['x.example'])",
    "list": "SELECT contact_id, updated_at FROM contact_data WHERE ARRAY_CONTAINS(list_ids, ['l1'])",
    "age": "SELECT contact_id, updated_at FROM contact_data WHERE age >= 6 OR age IS NULL",
}


def a_connection() -> Any:
    connection = duckdb.connect()
    for name, rows in (("contact_data", CONTACTS), ("event_data", IN_COLUMNS)):
        connection.register("given", pa.Table.from_pylist(rows))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return connection


MAKERS: dict[str, Callable[[], Dataset]] = {
    "records": lambda: Dataset.of(CONTACTS, EVENTS),
    "pandas": lambda: Dataset.of(pd.DataFrame(CONTACTS), pd.DataFrame(IN_COLUMNS)),
    "polars": lambda: Dataset.of(pl.DataFrame(CONTACTS), pl.DataFrame(IN_COLUMNS)),
    "arrow": lambda: Dataset.of(pa.Table.from_pylist(CONTACTS), pa.Table.from_pylist(IN_COLUMNS)),
    "connection": lambda: Dataset.of(a_connection()),
    "named tables": lambda: Dataset.of("contact_data", "event_data", connection=a_connection()),
}


@pytest.mark.parametrize("made_of", MAKERS)
def test_the_answers_are_those_of_records(made_of: str) -> None:
    in_memory = Dataset(CONTACTS, EVENTS)
    with MAKERS[made_of]() as dataset:
        segments = SegmentSet(QUERIES, dataset.schema)
        assert segments.ids(dataset) == segments.ids(in_memory)
        assert segments.counts(dataset) == segments.counts(in_memory)
        assert dataset.contact("u1@X.example")["age"] == 1.5
        assert dataset.events_of("c1") == in_memory.events_of("c1")
        preview = segments["age"].preview(dataset, sample=2)
        assert (preview.count, [contact["contact_id"] for contact in preview.sample]) == (6, ["c4", "c5"])


def test_a_table_comes_out_of_either_home() -> None:
    for dataset in (Dataset(CONTACTS, EVENTS), Dataset.of(CONTACTS, EVENTS)):
        frame = dataset.to_pandas()
        assert list(frame["age"]) == [contact["age"] for contact in CONTACTS]
        assert dataset.to_polars()["contact_id"].to_list() == [f"c{number}" for number in range(10)]


def test_a_connection_stays_as_it_was() -> None:
    connection = a_connection()
    connection.execute("SET TimeZone = 'America/New_York'")
    Dataset.of(connection).close()
    assert connection.execute("SELECT current_setting('TimeZone')").fetchone() == ("America/New_York",)
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (2,)


def test_it_answers_from_several_threads_and_cannot_be_pickled() -> None:
    dataset = Dataset.of(CONTACTS, EVENTS)
    segment = Segment(QUERIES["age"], dataset.schema)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: segment.count(dataset), range(16))) == {6}
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(dataset)


def test_texts_that_do_not_read_as_their_column_are_an_error() -> None:
    frame = pd.DataFrame([{"contact_id": "1", "created_at": "yesterday"}])
    with pytest.raises(RecordError, match="column created_at: 'yesterday' is not a timestamp"):
        Dataset.of(frame)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match="contacts and events come from records, frames"):
        Dataset.of(5)


def test_duckdb_draws_no_progress_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    one = connection.Connection()
    (drawn,) = one.duckdb.execute("SELECT current_setting('enable_progress_bar_print')").fetchall()
    one.close()
    assert drawn == (False,)
    execute = connection.execute

    def as_in_jupyter_without_ipywidgets(
        to: duckdb.DuckDBPyConnection, sql: str
    ) -> duckdb.DuckDBPyConnection:
        if "progress" in sql:
            raise duckdb.InvalidInputException("required package 'ipywidgets' is missing")
        return execute(to, sql)

    monkeypatch.setattr(connection, "execute", as_in_jupyter_without_ipywidgets)
    assert len(Dataset.of(CONTACTS)) == 10
