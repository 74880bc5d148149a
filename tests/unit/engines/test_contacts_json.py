from __future__ import annotations

import json
from typing import Any

import pytest

from sql_seg.errors import RecordError

from .account import Write, load, ndjson, rows, utc

CONTACT: dict[str, Any] = {
    "id": "id-1",
    "email": "ann@example.com",
    "phone_number_id": "",
    "first_name": "Ann",
    "last_name": None,
    "alternate_emails": ["a@alt.example"],
    "postal_code": 80202,
    "list_ids": ["l1", "l2"],
    "segment_ids": ["s1"],
    "custom_fields": {"Plan": "pro", "age": 33, "last_order_at": "2024-05-06"},
    "created_at": "2024-01-02T03:04:05Z",
    "updated_at": 1700000000,
    "_metadata": {"self": "https://api.example/1"},
}

READ: dict[str, Any] = {
    "contact_id": "id-1",
    "email": "ann@example.com",
    "first_name": "Ann",
    "alternate_emails": ["a@alt.example"],
    "postal_code": "80202",
    "list_ids": ["l1", "l2"],
    "segment_ids": ["s1"],
    "plan": "pro",
    "age": 33,
    "last_order_at": utc(2024, 5, 6),
    "created_at": utc(2024, 1, 2, 3, 4, 5),
    "updated_at": utc(2023, 11, 14, 22, 13, 20),
    "_metadata": {"self": "https://api.example/1"},
    "email_domains": ["example.com", "alt.example"],
}

OTHER = {"contact_id": "id-2", "EMAIL": "bob@example.com", "Age": 4}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([CONTACT, OTHER]),
        json.dumps([CONTACT, OTHER], indent=2),
        json.dumps({"result": [CONTACT, OTHER], "contact_count": 2, "_metadata": {}}),
        json.dumps({"result": [CONTACT, OTHER], "contact_count": 2, "_metadata": {}}, indent=2),
        ndjson(CONTACT, OTHER),
        "\ufeff\n" + ndjson(CONTACT) + "\r\n\r\n" + ndjson(OTHER),
        ndjson({"result": [CONTACT]}, [OTHER]),
        "[" + json.dumps(CONTACT) + ",\n" + json.dumps(OTHER) + "]",
        "[\n" + json.dumps(CONTACT) + "\n,\n" + json.dumps(OTHER) + "\n]\n",
    ],
)
@pytest.mark.parametrize("name", ["contacts.json", "contacts.ndjson.gz"])
def test_a_list_an_api_answer_and_ndjson_hold_the_same_contacts(write: Write, text: str, name: str) -> None:
    loaded = load(write(name, text))
    first, second = loaded.contacts
    assert first == READ
    assert (second["contact_id"], second["email"], second["age"]) == ("id-2", "bob@example.com", 4)
    assert loaded.has_list_ids


def test_one_object_is_one_contact(write: Write) -> None:
    assert load(write("c.json", json.dumps(CONTACT, indent=1))).contacts == [READ]


def test_custom_fields_may_be_flat(write: Write) -> None:
    flat = {**CONTACT, **CONTACT["custom_fields"]}
    del flat["custom_fields"]
    assert load(write("c.json", json.dumps(flat))).contacts == [READ]


def test_keys_that_are_no_fields_are_kept_outside_the_schema(write: Write) -> None:
    schema = load(write("c.json", json.dumps(CONTACT))).schema
    assert [column.name for column in schema.custom_fields] == ["plan", "age", "last_order_at"]


@pytest.mark.parametrize("text", ["[]", '{"result": [], "contact_count": 0}'])
def test_no_contacts_are_no_error(write: Write, text: str) -> None:
    assert load(write("c.json", text)).contacts == []


def test_unset_fields_are_empty_texts_which_are_null_by_default(write: Write) -> None:
    path = write(
        "c.json", ndjson({"id": "1", "city": "", "alternate_emails": "", "custom_fields": {"plan": ""}})
    )
    (contact,) = load(path).contacts
    assert contact == {"contact_id": "1", "alternate_emails": [], "list_ids": [], "email_domains": []}
    (contact,) = load(path, empty="string").contacts
    assert contact["city"] == ""
    assert contact["plan"] == ""
    assert contact["alternate_emails"] == []


def test_a_field_that_is_always_null_is_a_field(write: Write) -> None:
    loaded = load(write("c.json", ndjson({"id": "1", "custom_fields": {"age": None}})))
    assert loaded.schema.contact_data.column("age") is not None
    assert "age" not in loaded.contacts[0]


def test_list_ids_may_be_absent(write: Write) -> None:
    loaded = load(write("c.json", ndjson({"id": "1"})))
    assert loaded.contacts[0]["list_ids"] == []
    assert not loaded.has_list_ids
    assert load(write("d.json", ndjson({"id": "1", "list_ids": []}))).has_list_ids


@pytest.mark.parametrize(
    ("item", "column", "message"),
    [
        ({"id": "1", "email": True}, "email", "True is not a text"),
        ({"id": "1", "city": ["Rome"]}, "city", "not a text"),
        ({"id": "1", "created_at": True}, "created_at", "not a timestamp"),
        ({"id": "1", "created_at": 1e300}, "created_at", "not a timestamp"),
        ({"id": "1", "alternate_emails": [1]}, "alternate_emails", "not a list of texts"),
        ({"id": "1", "list_ids": {"a": 1}}, "list_ids", "not a list of texts"),
        ({"id": "1", "custom_fields": {"Vip": True}}, "Vip", "True is not a text or a number"),
        ({"id": "1", "custom_fields": {"Vip": {"a": 1}}}, "Vip", "not a text or a number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_bad(write: Write, item: Any, column: str, message: str) -> None:
    path = write("c.ndjson", ndjson({"id": "0"}, item))
    with pytest.raises(RecordError, match=message) as caught:
        load(path)
    assert (caught.value.row, caught.value.column) == (2, column)
    loaded = load(path, on_error="null")
    assert len(loaded.contacts) == (1 if column == "created_at" else 2)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "1"', "malformed JSON at column 11"),
        ("id,email", "malformed JSON"),
        ('{"id": "1", "age": NaN}', "NaN is no number"),
        ('{"id": "1", "age": 1e999}', "1e999 is too large"),
        ('{"id": "1", "age": ' + "9" * 5000 + "}", "5000 digits"),
        ('{"id": "1", "city": "\\ud800"}', "surrogate"),
        ('{"id": "1", "x": ' + "[" * 300 + "]" * 300 + "}", "nested deeper than 200 levels"),
        ('{"id": "1", "x": ' + "[" * 90_000 + "]" * 90_000 + "}", "nested deeper than 200 levels"),
        ('"text"', "a contact is a JSON object, not 'text'"),
        ("[3]", "a contact is a JSON object, not 3"),
        ('{"first_name": "Ann"}', "has neither a contact id nor an email"),
        ('{"id": "", "email": null}', "has neither a contact id nor an email"),
        ('{"id": "1", "email": "a", "Email": "b"}', "the keys email and Email name one column"),
        (
            '{"id": "1", "plan": "a", "custom_fields": {"PLAN": "b"}}',
            "the keys plan and PLAN name one column",
        ),
        ('{"id": "1", "contact_id": "2"}', "the keys id and contact_id name one column"),
        ('{"id": "1", "custom_fields": ["a"]}', "custom_fields must be an object"),
    ],
)
def test_a_line_that_is_bad_as_a_whole(write: Write, line: str, message: str) -> None:
    path = write("c.ndjson", rows('{"id": "8"}', line, '{"id": "9"}'))
    with pytest.raises(RecordError, match=message) as caught:
        load(path)
    assert (caught.value.file, caught.value.row) == (str(path), 2)
    loaded = load(path, on_error="skip")
    assert [contact["contact_id"] for contact in loaded.contacts] == ["8", "9"]
    assert loaded.report.contacts.skipped == 1
    assert len(loaded.report.problems) == 1


def test_the_first_line_may_be_the_bad_one(write: Write) -> None:
    path = write("c.ndjson", rows('{"id": "1"', '{"id": "2"}', '{"id": "3"}'))
    loaded = load(path, on_error="skip")
    assert [contact["contact_id"] for contact in loaded.contacts] == ["2", "3"]
    assert loaded.report.problems[0].row == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[\n  {"id": "1"},\n  {"id": "2"\n]\n', "line 4, column 1"),
        ('[\n\n  {"id": "1"},\n\n  {"id": "2"\n]\n', "line 6, column 1"),
        ('{"id": "1"', "line 1, column 11"),
        ('  {"id": "1"', "line 1, column 13"),
        ('\n\n{"id": "1"', "line 3, column 11"),
    ],
)
def test_a_malformed_document_is_no_contacts_at_all(write: Write, text: str, place: str) -> None:
    with pytest.raises(RecordError, match=f"{place}: malformed JSON"):
        load(write("c.json", text), on_error="skip")


def test_id_and_contact_id_may_say_the_same(write: Write) -> None:
    (contact,) = load(write("c.json", ndjson({"id": "1", "contact_id": "1"}))).contacts
    assert contact["contact_id"] == "1"
