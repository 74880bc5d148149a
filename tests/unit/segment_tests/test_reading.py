"""Test files: what they say, and what is said of those that are wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import CheckError, SchemaError
from sql_seg.errors import SegmentFileError
from sql_seg.segment_tests import SegmentTests, read_segment_tests, run

NOW = "2026-11-23T12:00:00Z"
OPENED = "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 30 DAY"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "any.sql").write_text("city IS NULL OR city IS NOT NULL")
    (tmp_path / "plan.sql").write_text("plan = 'pro' AND age > 3 AND birthday < TIMESTAMP '2020-01-01'")
    (tmp_path / "opened.sql").write_text(OPENED)
    return tmp_path


def read(folder: Path, form: Any, segment: str = "any", suffix: str = "json", **options: Any) -> SegmentTests:
    path = folder / f"{segment}.test.{suffix}"
    path.write_text(form if isinstance(form, str) else json.dumps(form))
    return read_segment_tests(path, **options)


def problems(folder: Path, form: Any, segment: str = "any", suffix: str = "json") -> list[str]:
    with pytest.raises(SegmentFileError) as raised:
        read(folder, form, segment, suffix)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in raised.value.problems]


def contact(folder: Path, form: dict[str, Any], segment: str = "any", **more: Any) -> dict[str, Any]:
    return dict(read(folder, {"in": [form], **more}, segment).account.contacts[0])


def test_contacts_are_typed_as_their_columns_are(folder: Path) -> None:
    form = {
        "Email": "ada@x.com",
        "alternate_emails": ["ada@Y.com"],
        "created_at": "2024-01-01",
        "updated_at": 1700000000,
        "postal_code": 80202,
        "first_name": None,
        "last_name": "",
    }
    assert contact(folder, form) == {
        "contact_id": "in-1",
        "email": "ada@x.com",
        "alternate_emails": ["ada@Y.com"],
        "email_domains": ["x.com", "y.com"],
        "list_ids": [],
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
        "updated_at": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        "postal_code": "80202",
    }


def test_custom_fields_are_typed_by_the_query(folder: Path) -> None:
    form = {"plan": "pro", "custom_fields": {"AGE": "4", "birthday": "12/31/1999"}}
    read_contact = contact(folder, form, "plan")
    assert (read_contact["plan"], read_contact["age"]) == ("pro", 4)
    assert read_contact["birthday"] == datetime(1999, 12, 31, tzinfo=UTC)


def test_custom_fields_are_typed_by_their_definitions(folder: Path) -> None:
    inline = [{"name": "score", "field_type": "Number"}]
    assert contact(folder, {"score": "7"}, fields=inline)["score"] == 7
    (folder / "fields.json").write_text(json.dumps({"custom_fields": inline}))
    assert contact(folder, {"score": 7}, fields="fields.json")["score"] == 7
    given = read(folder, {"in": [{"score": 7}]}, fields=inline).account.contacts[0]
    assert given["score"] == 7


def test_an_empty_text_is_null_unless_the_file_says_otherwise(folder: Path) -> None:
    assert "city" not in contact(folder, {"city": ""})
    assert contact(folder, {"city": ""}, empty="string")["city"] == ""


def test_a_contact_as_the_api_gives_it_can_be_pasted(folder: Path) -> None:
    form = {"id": "c1", "email": "a@x.com", "segment_ids": ["s"], "_metadata": {}, "custom_fields": {}}
    assert contact(folder, form)["contact_id"] == "c1"


def test_events_are_those_of_their_contact(folder: Path) -> None:
    events = [
        {"event": "open", "timestamp": 1795000000, "campaign": "x"},
        {"event_type": "click", "timestamp": "2026-11-01", "data": {"payload": {"url": "u"}}},
    ]
    tests = read(folder, {"in": [{"email": "a@x.com", "events": events}], "out": [{"events": []}]})
    opened, clicked = tests.account.events
    assert {opened["contact_id"], clicked["contact_id"]} == {"in-1"}
    assert opened["data"]["payload"]["email"] == "a@x.com"
    assert opened["data"]["payload"]["unique_args"] == {"campaign": "x"}
    assert clicked["data"] == {"payload": {"url": "u"}}


def test_cases_have_names_and_places(folder: Path) -> None:
    tests = read(folder, '{"in": [{},\n  {"case": "no  city"}],\n "out": [{}]}')
    assert [(case.name, case.is_in, case.line, case.column) for case in tests.cases] == [
        ("in 1", True, 1, 9),
        ("no city", True, 2, 3),
        ("out 1", False, 3, 10),
    ]


def test_now_is_the_files_else_the_one_given(folder: Path) -> None:
    given = datetime(2020, 1, 1, tzinfo=UTC)
    assert read(folder, {"now": NOW, "in": [{}]}, "opened", now=given).now.year == 2026
    assert read(folder, {"in": [{}]}, "opened", now=given).now == given
    (problem,) = problems(folder, {"in": [{}]}, "opened")
    assert problem.startswith("1:1: the query asks what time it is: give now, such as")
    assert read(folder, {"in": [{}]}).cases  # a query that does not ask for the time needs none


REFUSED = [
    ("[]", "1:1: the file is a list, not one object with now, in and out"),
    ("{}", "1:1: tests nothing: give contacts that must be in, or out"),
    ('{"in": [], "out": []}', "1:1: tests nothing: give contacts that must be in, or out"),
    ('{"inn": [{}]}', "1:2: there is no key inn; did you mean in?"),
    ('{"contacts": [{}]}', "1:2: there is no key contacts; there are now, fields, empty, in and out"),
    ('{"in": [{}], "in": [{}]}', "1:14: the key in is here twice"),
    ('{"in": {}}', "1:8: in is an object, not a list of contacts"),
    ('{"in": ["a"]}', "1:9: a contact is an object; this is a text"),
    ('{"now": "noon", "in": [{}]}', "1:9: now is 'noon', not a time such as 2026-11-23T12:00:00Z"),
    ('{"now": 3, "in": [{}]}', "1:9: now is the number 3, not a time such as 2026-11-23T12:00:00Z"),
    ('{"empty": "x", "in": [{}]}', '1:11: empty is "null" or "string": what an empty text stands for'),
    ('{"fields": 3, "in": [{}]}', "1:12: fields: custom_fields must be a list, not int"),
    ('{"in": [{"case": 3}]}', "1:18: case is the number 3, not a text"),
    ('{"in": [{"contry": "US"}]}', "1:10: there is no column contry; did you mean country?"),
    ('{"in": [{"citty": "a", "events": 3}]}', "1:10: there is no column citty; did you mean city?"),
    ('{"in": [{"city": "a", "City": "b"}]}', "1:23: the key City is here twice"),
    ('{"in": [{"id": "a", "contact_id": "b"}]}', "1:21: contact_id is here twice"),
    ('{"in": [{"city": true}]}', "1:18: city is the truth value true, not a text"),
    ('{"in": [{"list_ids": "x", "city": ["a"]}]}', "1:35: city is ['a'], not a text"),
    ('{"in": [{"email_domains": ["x.com"]}]}', "1:10: email_domains follows from the contact's"),
    ('{"in": [{"custom_fields": 3}]}', "1:27: custom_fields is the number 3, not an object"),
    ('{"in": [{"id": "a"}, {"id": "a"}]}', "1:22: the contact id 'a' is here twice"),
    ('{"in": [{"events": {}}]}', "1:20: events is an object, not a list of events"),
    ('{"in": [{"events": [3]}]}', "1:21: an event is an object; this is the number 3"),
    ('{"in": [{"events": [{"evnt": "a"}]}]}', "1:21: the event has neither event nor event_type; did"),
    ('{"in": [{"events": [{"x": "a"}]}]}', "1:21: the event has neither event nor event_type; give"),
    ('{"in": [{"events": [{"event": "open"}]}]}', "1:21: the event has no timestamp"),
    ('{"in": [{"events": [{"event": "open", "timestamp": "x"}]}]}', "1:52: timestamp: 'x' is not a"),
    ('{"in": [{"events": [{"event_type": "open", "dat": 1}]}]}', "1:44: a row of event_data has no dat"),
    ('{"in": [{"events": [{"event": "a", "contact_id": "z"}]}]}', "1:21: the event has the contact_id"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "expected"), REFUSED)
def test_what_is_wrong_is_said_with_its_place(folder: Path, form: str, expected: str) -> None:
    assert problems(folder, form)[0].startswith(expected)


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    form = '{"in": [{"contry": 1},\n{"created_at": "x"}],\n"out": [3]}'
    assert [problem.split(":")[0] for problem in problems(folder, form)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ('{"city": "a", "City": "b"}', "1:23: the key City is here twice"),
        ('{"custom_fields": {"city": "a", "city": "b"}}', "1:41: the key city is here twice"),
        ('{"city": "a", "custom_fields": {"city": "b"}}', "1:41: city is here twice"),
    ],
)
def test_a_column_that_is_there_twice_is_said_once(folder: Path, contact: str, expected: str) -> None:
    assert problems(folder, f'{{"in": [{contact}]}}') == [expected]


def test_a_repeated_event_is_refused_as_it_would_be_dropped(folder: Path) -> None:
    event = {"event": "open", "timestamp": 1795000000, "sg_event_id": "e1"}
    (problem,) = problems(folder, {"in": [{"events": [event]}, {"events": [event]}]})
    assert "the sg_event_id 'e1' is here twice" in problem


def test_a_custom_field_with_the_name_of_a_key_goes_into_custom_fields(folder: Path) -> None:
    fields = [{"name": "case", "field_type": "Text"}]
    (problem,) = problems(folder, {"fields": fields, "in": [{"case": "a"}]})
    assert problem.endswith("case is not a column here: put the custom field case into custom_fields")
    assert contact(folder, {"custom_fields": {"case": "a"}}, fields=fields)["case"] == "a"


def test_with_definitions_a_field_that_the_query_does_not_read_is_one(folder: Path) -> None:
    assert problems(folder, {"in": [{"shoe": 1}]}) == [
        "1:10: there is no column shoe, and the query reads no custom field of that name; give its `fields`"
    ]
    fields = [{"name": "plan", "field_type": "Text"}]
    assert problems(folder, {"fields": fields, "in": [{"shoe": 1}]})[0].endswith(
        "there is no column shoe, nor a custom field"
    )


def test_yaml_says_the_same(folder: Path) -> None:
    text = f"now: {NOW}\nin:\n- email: a@x.com\n  events:\n  - {{event: open, timestamp: 2026-11-20}}\n"
    tests = read(folder, text, "opened", "yaml")
    assert [outcome.holds for outcome in run(tests)] == [True]
    assert tests.cases[0].line == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NO", "NO is a truth value in YAML; put it in quotes, 'NO', or write true or false"),
        ("02134", "02134 is a number of YAML's own; put it in quotes: '02134'"),
        ("1_000", "1_000 is a number of YAML's own; put it in quotes: '1_000'"),
        ("!x a", "a value tagged !x cannot stand here; write a plain value"),
    ],
)
def test_yamls_own_values_are_not_guessed(folder: Path, value: str, expected: str) -> None:
    pytest.importorskip("yaml")
    assert problems(folder, f"in:\n- city: {value}\n", suffix="yml") == [f"2:9: {expected}"]


def test_a_query_with_errors_is_told_as_such(folder: Path) -> None:
    (folder / "bad.sql").write_text("city = 3")
    with pytest.raises(CheckError):
        read(folder, {"in": [{}]}, "bad")


def test_definitions_that_are_given_are_the_callers(folder: Path) -> None:
    with pytest.raises(SchemaError):
        read(folder, {"in": [{}]}, fields=3)


def test_each_contact_is_asked_among_all_of_the_file(folder: Path) -> None:
    (folder / "shared.sql").write_text(
        "SELECT contact_id, updated_at FROM contact_data WHERE postal_code IN "
        "(SELECT postal_code FROM contact_data WHERE country = 'US')"
    )
    form = {
        "in": [{"postal_code": "1", "country": "CA"}, {"postal_code": "1", "country": "US"}],
        "out": [{"postal_code": "2"}],
    }
    assert all(outcome.holds for outcome in run(read(folder, form, "shared")))
