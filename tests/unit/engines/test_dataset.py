from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas
import pytest

from sql_seg.engines.dataset import Dataset
from sql_seg.errors import DataWarning, RecordError, SqlSegError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID, custom_column
from sql_seg.segments.segment import Segment

MOMENT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)

ANN: dict[str, Any] = {
    "contact_id": "1",
    "email": "ann@example.com",
    "city": None,
    "list_ids": ["l1"],
    "alternate_emails": ("a@alt.example",),
    "created_at": MOMENT,
    "age": 33,
    "plan": "pro",
    "last_order_at": MOMENT,
}
BOB: dict[str, Any] = {"contact_id": "2", "email": "bob@example.com", "age": 2.5}
OPEN = {
    "event": "open",
    "email": "ANN@example.com",
    "timestamp": 1700000000,
    "sg_event_id": "e",
    "tag": ["x"],
}


def test_its_members_are_equal_contacts_in_order() -> None:
    dataset = Dataset([ANN, BOB])
    ann, bob = (
        {**ANN, "email_domains": ["example.com", "alt.example"]},
        {**BOB, "email_domains": ["example.com"]},
    )
    assert list(dataset) == [ann, bob]
    assert dataset.contacts == [ann, bob]
    assert dataset.contacts[1] == bob
    assert len(dataset) == len(dataset.contacts) == 2


def test_contacts_may_be_any_iterable() -> None:
    assert len(Dataset(iter([ANN, BOB]))) == 2
    assert len(Dataset([])) == 0


def test_it_does_not_change_when_what_it_was_made_of_does() -> None:
    contact = {"contact_id": "1", "email": "a@x.example", "list_ids": ["l1"], "_metadata": {"a": [1]}}
    event = {"event": "open", "contact_id": "1", "timestamp": 1, "nested": {"tags": ["x"]}}
    dataset = Dataset([contact], [event])
    contact["list_ids"].append("l2")  # type: ignore[attr-defined]
    contact["_metadata"]["a"].append(2)  # type: ignore[index]
    contact["email"] = "b@x.example"
    event["nested"]["tags"].append("y")  # type: ignore[index]
    assert dataset.contacts[0] == {
        "contact_id": "1",
        "email": "a@x.example",
        "list_ids": ["l1"],
        "_metadata": {"a": [1]},
        "email_domains": ["x.example"],
    }
    assert dataset.events[0]["data"]["payload"]["unique_args"] == {"nested": {"tags": ["x"]}}


def test_it_does_not_change_when_what_it_gave_does() -> None:
    dataset = Dataset([ANN], [OPEN])
    before = list(dataset)
    for contact in (*dataset, dataset.contacts[0], *dataset.contacts[:]):
        contact["list_ids"].append("l2")
        contact["email"] = "x"
    for event in (*dataset.events, dataset.events[0]):
        event["data"]["payload"]["unique_args"]["tag"].append("y")
    assert list(dataset) == before
    assert dataset.events[0]["data"]["payload"]["unique_args"] == {"tag": ["x"]}


def test_custom_fields_get_the_types_of_their_values() -> None:
    fields = Dataset([BOB, {**ANN, "is_vip": True}]).schema.custom_fields
    assert {column.name: column.type for column in fields} == {
        "age": DataType.NUMBER,
        "plan": DataType.VARCHAR,
        "last_order_at": DataType.TIMESTAMP,
        "is_vip": DataType.BOOLEAN,
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shoe size", "42"),
        ("last_opened", MOMENT),
        ("tags", ["a"]),
        ("_metadata", {"a": 1}),
        ("nothing", None),
    ],
)
def test_keys_that_make_no_field_are_kept_outside_the_schema(key: str, value: Any) -> None:
    dataset = Dataset([{"contact_id": "1", key: value}])
    assert list(dataset) == [{"contact_id": "1", key: value}]
    assert dataset.schema == SENDGRID


def test_a_given_schema_stays_and_keeps_what_it_does_not_know() -> None:
    schema = SENDGRID.with_columns([custom_column("Age", DataType.NUMBER)])
    dataset = Dataset([ANN, {"contact_id": "2", "plan": 7}], schema=schema)
    assert dataset.schema is schema
    assert dataset.contacts[1]["plan"] == 7
    with pytest.raises(RecordError, match="record 1, key age: 'old' is not a finite number"):
        Dataset([{"age": "old"}], schema=schema)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("email", 5, "a text"),
        ("email", b"a@x.example", "a text"),
        ("age", True, "a finite number"),
        ("age", "33", "a finite number"),
        ("age", float("inf"), "a finite number"),
        ("age", 10**400, "a finite number"),
        ("plan", 3, "a text"),
        ("created_at", "2024-01-01", "a datetime with a time zone"),
        ("created_at", datetime(2024, 1, 1), "a datetime with a time zone"),
        ("created_at", MOMENT.date(), "a datetime with a time zone"),
        ("last_order_at", 1700000000, "a datetime with a time zone"),
        (
            "last_order_at",
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            "a datetime in the years 1 to 9999",
        ),
        ("list_ids", "l1", "a list of texts"),
        ("list_ids", ["l1", None], "a list of texts"),
        ("list_ids", {"l1"}, "a list of texts"),
        ("Email", "a@x.example", "a lower-case column name"),
        (5, "a", "a lower-case column name"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_an_error(key: Any, value: Any, expected: str) -> None:
    with pytest.raises(RecordError) as caught:
        Dataset([ANN, {"contact_id": "2", key: value}])
    error = caught.value
    assert (error.key, error.expected, error.row, error.file) == (str(key), expected, 2, None)
    assert isinstance(error, SqlSegError)
    assert str(error).startswith(f"record 2, key {key}: ")


def test_a_contact_is_a_mapping() -> None:
    with pytest.raises(RecordError, match="record 1: 'ann' is not a mapping"):
        Dataset(["ann"])  # type: ignore[list-item]


def test_timestamps_of_any_zone_are_one_instant() -> None:
    local = MOMENT.astimezone(timezone(timedelta(hours=5)))
    (contact,) = Dataset([{"contact_id": "1", "created_at": local}])
    assert contact["created_at"] == MOMENT
    assert contact["created_at"].tzinfo is UTC


def test_a_contact_id_names_one_contact() -> None:
    with pytest.raises(RecordError, match="record 2: the contact id '1' was there before") as caught:
        Dataset([ANN, {"contact_id": "1"}])
    assert caught.value.key == "contact_id"
    assert caught.value.row == 2
    assert len(Dataset([{"email": "a@x.example"}, {"email": "a@x.example"}])) == 1


@pytest.mark.parametrize("number", [1, 1000, 1001, 2345])
def test_one_record_among_many(number: int) -> None:
    """What one alone has is found wherever it is: a key, a bad value, a list, the id of another."""
    many: list[dict[str, Any]] = [
        {"contact_id": str(n), "city": "Ulm", "list_ids": ["a"]} for n in range(1, 2346)
    ]
    one = many[number - 1]
    one |= {"age": 5, "tags": [["x"]]}
    dataset = Dataset(many)
    assert [contact["contact_id"] for contact in dataset if contact.get("age") == 5] == [str(number)]
    assert dataset.schema.contact_data.columns["age"].type is DataType.NUMBER
    one["list_ids"].append("b")
    one["tags"][0].append("y")
    assert dataset.contact(str(number))["list_ids"] == ["a"]
    assert dataset.contact(str(number))["tags"] == [["x"]]
    for key, value in [("city", 5), ("list_ids", [5]), ("created_at", "soon")]:
        with pytest.raises(RecordError) as caught:
            Dataset([*many[: number - 1], {**one, key: value}, *many[number:]])
        assert (caught.value.row, caught.value.key) == (number, key)
    local = MOMENT.astimezone(timezone(timedelta(hours=5)))
    moved = Dataset([*many[: number - 1], {**one, "created_at": local}, *many[number:]])
    assert moved.contact(str(number))["created_at"].tzinfo is UTC
    with pytest.raises(RecordError, match="was there before"):
        Dataset([*many, {**one, "city": "Bonn"}])
    assert len(Dataset([*many, one | {"contact_id": None, "email": "a@x.example"}])) == len(many) + 1


def test_events_are_matched_to_contacts() -> None:
    row = {"event_type": "click", "contact_id": "2", "timestamp": MOMENT, "event_source": "mail", "data": {}}
    stranger = {"event": "open", "email": "who@example.com", "timestamp": 1}
    alternate = {"event": "open", "email": "A@alt.example", "timestamp": 1}
    dataset = Dataset([ANN, BOB], [OPEN, OPEN, row, stranger, alternate])
    assert [(event["contact_id"], event["event_type"]) for event in dataset.events] == [
        ("1", "open"),
        ("2", "click"),
        ("1", "open"),
    ]
    assert dataset.events[1] == row
    assert (dataset.report.events.repeats, dataset.report.events.strangers) == (1, 1)


def test_a_bad_event_is_an_error() -> None:
    with pytest.raises(RecordError, match="record 2, column timestamp: has no timestamp") as caught:
        Dataset([ANN], [OPEN, {"event": "open", "contact_id": "1"}])
    assert (caught.value.key, caught.value.row) == ("timestamp", 2)
    with pytest.raises(RecordError, match="record 1: an event is an object, not 7"):
        Dataset([ANN], [7])  # type: ignore[list-item]


def test_a_dataset_is_made_of_a_dataset() -> None:
    first = Dataset([ANN, BOB], [OPEN])
    second = Dataset(first, first.events, first.schema)
    assert (second.contacts, second.events, second.schema) == (first.contacts, first.events, first.schema)


def test_loading_files_gives_a_checked_dataset(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("EMAIL,CONTACT_ID,AGE\nann@example.com,1,33\nbob@example.com,2,\n")
    (tmp_path / "news.csv").write_text("EMAIL\nbob@example.com\n")
    (tmp_path / "events.ndjson").write_text(json.dumps(OPEN))
    dataset = Dataset.load(
        contacts=tmp_path / "contacts.csv",
        events=[tmp_path / "*.ndjson"],
        fields={"custom_fields": [{"name": "age", "field_type": "Number"}]},
        lists={"l1": tmp_path / "news.csv"},
    )
    assert dataset.contacts == [
        {
            "email": "ann@example.com",
            "contact_id": "1",
            "age": 33,
            "list_ids": [],
            "alternate_emails": [],
            "email_domains": ["example.com"],
        },
        {
            "email": "bob@example.com",
            "contact_id": "2",
            "list_ids": ["l1"],
            "alternate_emails": [],
            "email_domains": ["example.com"],
        },
    ]
    assert [event["contact_id"] for event in dataset.events] == ["1"]
    assert [column.name for column in dataset.schema.custom_fields] == ["age"]
    assert dataset.has_list_ids
    assert Dataset(dataset, dataset.events, dataset.schema).contacts == dataset.contacts
    assert repr(dataset) == "<Dataset: 2 contacts, 1 events>"


def test_loading_takes_the_ways_to_deal_with_bad_values(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("EMAIL,CITY,AGE\na@x.example,,old\nb@x.example,Rome,3\n")
    hints = {"age": DataType.NUMBER}
    with pytest.raises(RecordError):
        Dataset.load(path, hints=hints)
    assert len(Dataset.load(path, hints=hints, on_error="skip")) == 1
    dataset = Dataset.load(path, hints=hints, on_error="null", empty="string")
    assert dataset.contacts[0]["city"] == ""
    assert [str(problem) for problem in dataset.report.problems] == [
        f"{path}, row 2, column AGE: 'old' is not a number"
    ]
    assert dataset.report.warnings == ["read 1 bad contact value as NULL"]
    assert not dataset.has_list_ids


def test_whoever_has_no_id_is_known_by_the_email() -> None:
    nobody: dict[str, Any] = {"city": "Rome"}
    dataset = Dataset([{"email": "a@x.example"}, nobody], [{**OPEN, "email": "A@x.example"}])
    assert [contact.get("contact_id") for contact in dataset] == ["a@x.example", None]
    assert [event["contact_id"] for event in dataset.events] == ["a@x.example"]


def test_a_contact_is_found_by_its_id_or_an_address() -> None:
    dataset = Dataset([ANN, BOB], [OPEN])
    for name in ("1", "ann@example.com", "ANN@example.com", "A@alt.example"):
        assert dataset.contact(name)["contact_id"] == "1"
        assert [event["event_type"] for event in dataset.events_of(name)] == ["open"]
    assert dataset.events_of(BOB) == []
    with pytest.raises(KeyError, match="no contact has the id or the address 'who'"):
        dataset.contact("who")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([ANN], SENDGRID), "events are mappings, not a schema: write Dataset\\(contacts, schema=schema\\)"),
        ((SENDGRID,), "contacts are mappings, not a schema"),
        (("contacts.csv",), "contacts must be a list of contacts, not a str: Dataset.load reads files"),
        ((ANN,), "contacts must be a list of contacts, not a dict"),
        ((5,), "contacts must be a list of contacts, not a int"),
        (([ANN], OPEN), "events must be a list of events, not a dict"),
        (([ANN], [], {"custom_fields": []}), "schema must be a Schema, such as .*, not a dict"),
    ],
)
def test_an_argument_of_another_kind_is_named(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Dataset(*arguments)


def test_a_dataset_can_be_pickled_and_closed() -> None:
    with Dataset([ANN, BOB], [OPEN]) as dataset:
        copy = pickle.loads(pickle.dumps(dataset))
    assert (copy.contacts, copy.events, copy.schema) == (dataset.contacts, dataset.events, dataset.schema)


def test_a_dataset_answers_from_several_threads() -> None:
    others = [{**ANN, "contact_id": f"a{number}"} for number in range(99)]
    dataset = Dataset(
        [ANN, BOB, *others], [OPEN, *({**OPEN, "contact_id": one["contact_id"]} for one in others)]
    )
    segment = Segment("event_type = 'open' AND email_domains IS NOT NULL")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: segment.count(dataset), range(50))) == {100}


def test_a_dataset_is_asked_as_a_segment_is() -> None:
    dataset = Dataset([ANN, BOB], [OPEN])
    for query in ("age > 3", "event_type = 'open'", "age > 1"):
        segment = Segment(query, dataset.schema)
        ids = list(segment.ids(dataset))
        assert dataset.count(segment) == segment.count(dataset) == len(ids)
        assert list(dataset.ids(segment)) == ids
        assert list(dataset.members(segment)) == list(segment.members(dataset))
        assert dataset.preview(segment, now=MOMENT) == segment.preview(dataset, now=MOMENT)
        asked: list[Any] = ["1", "bob@example.com", BOB]
        for contact in asked:
            known = dataset.contact(contact) if isinstance(contact, str) else contact
            assert dataset.matches(segment, contact) is (known["contact_id"] in ids)
    with pytest.raises(KeyError):
        dataset.matches(segment, "nobody")
    with pytest.raises(TypeError, match="Segment\\(text"):
        dataset.count("age > 3")  # type: ignore[arg-type]


def test_records_in_memory_become_frames() -> None:
    dataset = Dataset([ANN, {**BOB, "extra": {"a": 1}}])
    table = dataset.to_arrow()
    assert table.num_rows == 2
    assert table["age"].to_pylist() == [33, 2.5]
    assert table["list_ids"].to_pylist() == [["l1"], None]
    assert table["created_at"].to_pylist() == [MOMENT, None]
    assert table["extra"].to_pylist() == [None, '{"a": 1}']
    assert dataset.to_pandas()["email"].to_list() == ["ann@example.com", "bob@example.com"]
    assert dataset.to_polars()["plan"].to_list() == ["pro", None]
    again = Dataset.of(table)
    segment = Segment("age > 3", again.schema)
    assert list(again.ids(segment)) == list(dataset.ids(Segment("age > 3", dataset.schema))) == ["1"]


@pytest.mark.parametrize("column", ["list_ids", "alternate_emails"])
def test_a_missing_array_is_null_in_records_by_hand_and_empty_in_a_file(column: str, tmp_path: Path) -> None:
    contacts: list[dict[str, Any]] = [
        {"contact_id": "absent"},
        {"contact_id": "null", column: None},
        {"contact_id": "empty", column: []},
    ]
    path = tmp_path / "contacts.json"
    path.write_text(json.dumps(contacts), "utf-8")
    is_null, lacks = Segment(f"{column} IS NULL"), Segment(f"NOT CONTAINS({column}, 'A')")
    for by_hand in (contacts, Dataset(contacts), Dataset.of(contacts)):
        assert list(is_null.ids(by_hand)) == ["absent", "null"]
        assert list(lacks.ids(by_hand)) == ["empty"]
    by_pandas = pandas.DataFrame([{column: [], **contact} for contact in contacts])
    for account in (Dataset.load(path), Dataset.of(by_pandas)):
        assert list(is_null.ids(account)) == []
        assert list(lacks.ids(account)) == ["absent", "null", "empty"]


RECORDS: dict[str, Any] = {"records": list, "Dataset": Dataset, "Dataset.of": Dataset.of}


@pytest.mark.parametrize("how", RECORDS)
def test_records_say_what_they_lack_of_lists_and_of_columns(how: str) -> None:
    records = [{"contact_id": "1", "email": "a@b.c"}, {"contact_id": "2", "list_ids": ["l"]}]
    on_none, without = Segment("NOT CONTAINS(list_ids, 'l')"), Segment("city IS NULL")
    with pytest.warns(
        DataWarning, match="1 contact has no list_ids, which is NULL there: write an empty list"
    ):
        assert on_none.count(RECORDS[how](records)) == 0
    with pytest.warns(DataWarning, match=r"come without: .* as it is, list_ids is NULL"):
        assert on_none.count(RECORDS[how](records[:1])) == 0
    with pytest.warns(DataWarning, match="reads city, which none of the 2 contacts has"):
        assert without.count(RECORDS[how](records)) == 2


def test_a_file_without_lists_says_that_nobody_is_on_one(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("EMAIL\na@b.c\n")
    with pytest.warns(DataWarning, match=r"come without: .* as it is, nobody is on a list"):
        assert Segment("NOT CONTAINS(list_ids, 'l')").count(Dataset.load(path)) == 1


@pytest.mark.parametrize("how", [Dataset, Dataset.of])
def test_a_record_that_comes_twice_is_one_contact(how: Any) -> None:
    records = [{"contact_id": "1", "city": "Rome"}, {"email": "a@b.c"}, {"contact_id": "1", "city": "Rome"}]
    with how([*records, {"email": "a@b.c", "city": None}, {}, {}]) as dataset:
        assert [contact.get("contact_id") for contact in dataset] == ["1", "a@b.c", None, None]
        assert dataset.report.warnings == ["dropped 2 repeated contacts"]
    with pytest.raises(RecordError, match=r"record 2: the contact id .* was there before"):
        how([{"email": "a@b.c"}, {"email": "a@b.c", "city": "Rome"}])
