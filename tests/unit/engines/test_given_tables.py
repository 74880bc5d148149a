"""What is given as it is, frames, Arrow, relations of DuckDB's: each contact once, events of somebody."""

from __future__ import annotations

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

from sql_seg import Dataset, RecordError, Segment
from sql_seg.errors import EngineError

MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
CONTACTS: list[dict[str, Any]] = [
    {"contact_id": "1", "email": "a@x.example", "age": 1.0, "created_at": MOMENT},
    {"contact_id": "2", "email": "b@x.example", "age": 2.0, "created_at": MOMENT},
]
EVENT: dict[str, Any] = {"contact_id": "1", "event_type": "open", "timestamp": MOMENT}
NOT_OPENED = (
    "SELECT contact_id, updated_at FROM contact_data WHERE contact_id NOT IN "
    "(SELECT contact_id FROM event_data WHERE event_type = 'open')"
)


def relation(rows: list[dict[str, Any]]) -> Any:
    connection = duckdb.connect()
    connection.register("given", pa.Table.from_pylist(rows))
    return connection.sql("SELECT * FROM given")


FRAMES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "lazy polars": pl.LazyFrame,
    "arrow": pa.Table.from_pylist,
    "relation": relation,
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_contact_that_comes_twice_counts_once(frame: str) -> None:
    with Dataset.of(FRAMES[frame]([*CONTACTS, CONTACTS[0]])) as dataset:
        assert Segment("age >= 1", dataset.schema).count(dataset) == len(dataset) == len(list(dataset)) == 2
        assert dataset.report.warnings == ["dropped 1 repeated contact"]


@pytest.mark.parametrize("frame", FRAMES)
def test_one_id_with_two_contacts_is_an_error(frame: str) -> None:
    with pytest.raises(RecordError, match="row 3: the contact id '1' was there before, with other values"):
        Dataset.of(FRAMES[frame]([*CONTACTS, {**CONTACTS[0], "age": 7.0}]))


def test_a_contact_without_any_id_is_an_error() -> None:
    nobody = {**CONTACTS[0], "contact_id": None, "email": None}
    with pytest.raises(RecordError, match="row 3: has neither a contact id nor an email"):
        Dataset.of(pa.Table.from_pylist([*CONTACTS, nobody]))


def test_emails_stand_in_for_ids_whatever_their_case() -> None:
    rows = [{"email": "a@x.example"}, {"email": "a@x.example"}, {"email": "b@x.example"}]
    with Dataset.of(pl.DataFrame(rows)) as dataset:
        assert [contact["contact_id"] for contact in dataset] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize("frame", FRAMES)
def test_events_of_nobody_keep_nobody_out(frame: str) -> None:
    events = FRAMES[frame]([EVENT, {**EVENT, "contact_id": None}])
    with Dataset.of(FRAMES[frame](CONTACTS), events) as dataset:
        assert list(Segment(NOT_OPENED).ids(dataset)) == ["2"]
        assert dataset.report.warnings == ["left out 1 event of no known contact"]


@pytest.mark.parametrize("frame", FRAMES)
def test_what_comes_out_is_what_went_in(frame: str) -> None:
    with Dataset.of(FRAMES[frame](CONTACTS)) as dataset:
        assert dataset.to_arrow().column("age").to_pylist() == [1.0, 2.0]
        assert list(dataset.to_pandas()["email"]) == ["a@x.example", "b@x.example"]
        assert dataset.to_polars()["contact_id"].to_list() == ["1", "2"]
        again = Dataset.of(dataset.to_polars())
        assert list(again) == list(dataset)
        with ThreadPoolExecutor(4) as pool:
            segment = Segment("age > 1", dataset.schema)
            assert set(pool.map(lambda _: segment.count(dataset), range(20))) == {1}
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(dataset)


def test_records_can_be_pickled() -> None:
    dataset = Dataset(CONTACTS)
    assert list(pickle.loads(pickle.dumps(dataset))) == list(dataset)


def test_a_closed_dataset_says_so() -> None:
    dataset = Dataset.of(pl.DataFrame(CONTACTS))
    dataset.close()
    dataset.close()
    segment = Segment("age > 1", dataset.schema)
    asked: list[Callable[[], Any]] = [
        lambda: segment.count(dataset),
        lambda: list(segment.ids(dataset)),
        lambda: segment.preview(dataset),
        lambda: list(dataset),
        lambda: dataset.contact("c1"),
        lambda: dataset.events_of("c1"),
        dataset.to_arrow,
        dataset.to_pandas,
        dataset.to_polars,
    ]
    for ask in asked:
        with pytest.raises(EngineError, match="this dataset was closed"):
            ask()


def test_what_is_walked_while_the_dataset_is_closed_says_so() -> None:
    dataset = Dataset.of(pl.DataFrame([{**CONTACTS[0], "contact_id": f"n{at}"} for at in range(10)]))
    rows = iter(dataset)
    next(rows)
    dataset.close()
    with pytest.raises(EngineError, match="this dataset was closed"):
        list(rows)
