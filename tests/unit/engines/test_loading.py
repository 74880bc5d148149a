from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import Dataset
from sql_seg.errors import RecordError, SqlSegError

from .account import Write, load, rows

CONTACTS = rows(
    "EMAIL,ALTERNATE_EMAILS,CREATED_AT,CONTACT_ID,AGE",
    'a@x.example,"[""b@x.example""]",2024-01-02T03:04:05Z,1,3',
    'c@x.example,"d;e",1700000000,2,"4,5"',
)
JSON_CONTACT = {
    "id": "1",
    "email": "a@x.example",
    "list_ids": ["l"],
    "custom_fields": {"age": 1.5, "on": "1/2/2024"},
}
EVENT = {
    "event": "open",
    "email": "a@x.example",
    "timestamp": 1700000000,
    "sg_event_id": "1",
    "x": {"y": [1]},
}
DEFINITIONS = {"custom_fields": [{"id": "w1", "name": "age", "field_type": "Number"}]}

SEEDS = [
    CONTACTS.encode(),
    json.dumps([JSON_CONTACT, JSON_CONTACT], indent=1).encode(),
    (json.dumps(JSON_CONTACT) + "\n" + json.dumps(EVENT) + "\n").encode(),
    json.dumps(DEFINITIONS).encode(),
    rows("CONTACT_ID,EVENT_TYPE,TIMESTAMP,DATA", '1,open,2024-01-01,"{""a"": 1}"').encode(),
]

PIECES = [*b'",;[]{}\n\r\0:\\@ \t09eEn-.\xff\xef']


@st.composite
def broken_files(draw: st.DrawFn) -> bytes:
    """Bytes of any kind, and good files with a few bytes cut, put in or put in others' place."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.binary(max_size=200))
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = start + draw(st.integers(0, 3))
        content[start:end] = bytes(draw(st.lists(st.sampled_from(PIECES), max_size=3)))
    return bytes(content)


@pytest.mark.parametrize("on_error", ["fail", "skip", "null"])
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, on_error: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    contacts, other = folder / "contacts", folder / "other"

    @settings(max_examples=60, deadline=None)
    @given(broken_files(), st.sampled_from(["contacts", "events", "lists", "fields"]))
    def check(content: bytes, role: str) -> None:
        contacts.write_bytes(CONTACTS.encode() if role != "contacts" else content)
        other.write_bytes(content)
        files: dict[str, Any] = {"events": other, "lists": {"l": other}, "fields": other}
        more = {name: given for name, given in files.items() if name == role}
        try:
            loaded = load(contacts, on_error=on_error, **more)
        except SqlSegError:
            return
        assert len(loaded.contacts) == loaded.report.contacts.kept
        assert len(loaded.events) == loaded.report.events.kept
        assert all(problem.file and problem.row for problem in loaded.report.problems)
        for contact in loaded.contacts:
            assert contact["contact_id"]
            assert all(value is not None for value in contact.values())

    check()


def test_nothing_given_is_nothing_read() -> None:
    loaded = load([])
    assert (loaded.contacts, loaded.events, loaded.report.warnings) == ([], [], [])


def test_no_events_and_no_lists_may_be_none(write: Write) -> None:
    path = write("c.csv", CONTACTS)
    with Dataset.load(path, events=None, lists=None) as dataset:
        assert len(dataset) == len(load(path).contacts)


def test_one_file_of_definitions(write: Write, tmp_path: Path) -> None:
    path = write("c.csv", CONTACTS)
    write("f1.json", json.dumps(DEFINITIONS))
    assert load(path, fields=tmp_path / "f*.json", on_error="skip").schema.custom_fields[0].name == "age"
    write("f2.json", json.dumps(DEFINITIONS))
    with pytest.raises(RecordError, match="more than one file"):
        load(path, fields=tmp_path / "f*.json")


@pytest.mark.parametrize("wrong", [{"on_error": "ignore"}, {"empty": "nil"}])
def test_choices_that_do_not_exist(write: Write, wrong: Any) -> None:
    with pytest.raises(ValueError, match="is none of"):
        load(write("c.csv", CONTACTS), **wrong)


def test_the_garbage_collector_is_left_as_it_was(write: Write, tmp_path: Path) -> None:
    load(write("c.csv", CONTACTS))
    assert gc.isenabled()
    with pytest.raises(RecordError):
        load(tmp_path / "missing.csv")
    assert gc.isenabled()
