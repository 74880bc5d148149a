"""Tables, columns and field definitions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sql_seg.errors import SchemaError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS, NO_COLUMNS, SENDGRID, V1_EVENT_FIELDS
from sql_seg.segments.segment import Segment

REFERENCE = """
contact_id VARCHAR(36), email VARCHAR(254), phone_number_id VARCHAR, external_id VARCHAR(254),
anonymous_id VARCHAR(254), first_name VARCHAR(50), last_name VARCHAR(50), alternate_emails VARCHAR ARRAY,
address_line_1 VARCHAR(100), address_line_2 VARCHAR(100), city VARCHAR(60), state_province_region VARCHAR(50),
postal_code VARCHAR(60), country VARCHAR(55), list_ids VARCHAR ARRAY, created_at TIMESTAMP,
updated_at TIMESTAMP,
email_domains VARCHAR ARRAY, phone_number VARCHAR(24), whatsapp VARCHAR(254), line VARCHAR(254),
facebook VARCHAR(254), unique_name VARCHAR(254)
"""


def test_the_reserved_columns_are_those_of_the_reference() -> None:
    written = [
        f"{column.name} {column.type.value[0]}" + (f"({column.length})" if column.length else "")
        for column in CONTACT_COLUMNS
    ]
    assert written == re.split(r",\s+", REFERENCE.strip())


def test_what_is_never_null() -> None:
    never = {column.name for column in CONTACT_COLUMNS if not column.nullable}
    assert never == {
        "contact_id",
        "created_at",
        "updated_at",
        "alternate_emails",
        "list_ids",
        "email_domains",
    }


def test_tables_and_columns_in_any_case() -> None:
    table = SENDGRID.table("Contact_DATA")
    assert table is not None
    assert table.column("EMAIL") is table.column("email") is not None
    assert table.column("e_mail") is None
    assert SENDGRID.table("contacts") is None
    events = SENDGRID.table("event_data")
    assert events is not None
    assert list(events.columns) == [
        "contact_id",
        "event_source",
        "event_type",
        "timestamp",
        "event_timestamp",
        "data",
    ]
    assert list(V1_EVENT_FIELDS.columns) == ["event_source", "event_type", "event_timestamp", "event_data"]


FIELDS: list[dict[str, Any]] = [
    {"id": "e1_T", "name": "Plan", "field_type": "Text", "_metadata": {}},
    {"id": "e2_N", "name": "age", "field_type": "Number"},
    {"id": "e3_D", "name": "_born", "field_type": "date"},
]


@pytest.mark.parametrize(
    "definitions",
    [
        FIELDS,
        tuple(FIELDS),
        {"custom_fields": FIELDS},
        {"custom_fields": FIELDS, "reserved_fields": [{"name": "email"}]},
    ],
)
def test_field_definitions(definitions: Any) -> None:
    schema = SENDGRID.with_fields(definitions)
    columns = [(column.name, column.key, column.type, column.length) for column in schema.custom_fields]
    assert columns == [
        ("Plan", "plan", DataType.VARCHAR, 1000),
        ("age", "age", DataType.NUMBER, None),
        ("_born", "_born", DataType.TIMESTAMP, None),
    ]
    assert list(schema.contact_data.columns)[-4:] == ["unique_name", "plan", "age", "_born"]


@pytest.mark.parametrize(
    "definitions", [[], {"custom_fields": []}, {"custom_fields": None}, {"reserved_fields": []}]
)
def test_no_custom_fields(definitions: Any) -> None:
    assert SENDGRID.with_fields(definitions).custom_fields == ()


def test_definitions_replace_those_before() -> None:
    schema = SENDGRID.with_fields(FIELDS).with_fields(FIELDS[:1])
    assert [column.name for column in schema.custom_fields] == ["Plan"]


def named(*names: Any) -> list[dict[str, Any]]:
    return [{"name": name, "field_type": "Text"} for name in names]


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ({}, "an object with the key custom_fields"),
        ({"fields": []}, "an object with the key custom_fields"),
        ("plan", "must be a list, not str"),
        ({"custom_fields": {"plan": "Text"}}, "must be a list, not dict"),
        (["plan"], "custom field 1 must be an object with name and field_type, not 'plan'"),
        ([{"field_type": "Text"}], "custom field 1 has no name"),
        (named("plan", 5), "custom field 2 has no name"),
        ([{"name": "plan"}], "has the field_type None; it must be Text, Number or Date"),
        ([{"name": "plan", "field_type": "Boolean"}], "has the field_type 'Boolean'"),
        ([{"name": "plan", "field_type": 1}], "has the field_type 1"),
        (named(""), "is no custom field's name"),
        (named("1st"), "is no custom field's name"),
        (named("first name"), "is no custom field's name"),
        (named("größe"), "is no custom field's name"),
        (named("plan\n"), "is no custom field's name"),
        (named("a" * 101), "is no custom field's name"),
        (named("Email"), "has the name of a reserved field"),
        (named("last_opened"), "has the name of a reserved field"),
        (named("plan", "PLAN"), "'PLAN' is defined twice"),
        (named(*(f"f{i}" for i in range(501))), "501 custom fields, but an account has at most 500"),
    ],
)
def test_definitions_that_cannot_be(definitions: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=re.escape(message)):
        SENDGRID.with_fields(definitions)


def test_the_longest_name_and_the_most_fields() -> None:
    assert SENDGRID.with_fields(named("a" * 100))
    assert len(SENDGRID.with_fields(named(*(f"f{i}" for i in range(500)))).custom_fields) == 500


def test_lenient() -> None:
    schema = SENDGRID.with_fields(FIELDS)
    assert not schema.lenient
    assert schema.as_lenient().lenient
    assert schema.as_lenient().custom_fields == schema.custom_fields
    assert schema.as_lenient().with_fields([]).lenient


def test_fields_that_are_no_columns() -> None:
    assert set(NO_COLUMNS) == {
        "last_opened",
        "last_clicked",
        "last_emailed",
        "singlesend_id",
        "automation_id",
        "segment_ids",
    }
    assert not set(NO_COLUMNS) & set(SENDGRID.contact_data.columns)


@pytest.mark.parametrize(
    "having",
    ["last > 3", "MAX(visits) = 3", "last + 1 > 3", "last IN (3, 4)", "-last < 0", "last > LENGTH('a')"],
)
def test_a_lenient_schema_learns_a_type_from_what_is_asked_of_a_maximum(having: str) -> None:
    joined = "contact_data JOIN event_data ON contact_id"
    text = f"SELECT contact_id, updated_at, MAX(visits) AS last FROM {joined} HAVING {having}"
    assert Segment(text, SENDGRID.as_lenient()).checked.assumed_types == {"visits": DataType.NUMBER}
