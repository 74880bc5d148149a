from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError, SchemaError
from sql_seg.language.datatypes import DataType

from .account import Write, load, ndjson, rows, utc

NUMBER, TIMESTAMP, VARCHAR = DataType.NUMBER, DataType.TIMESTAMP, DataType.VARCHAR

DEFINITIONS = {
    "custom_fields": [
        {"id": "w1", "name": "num_orders", "field_type": "Number"},
        {"id": "w2", "name": "Plan", "field_type": "Text"},
        {"id": "w3", "name": "last_order", "field_type": "Date"},
    ],
    "reserved_fields": [{"id": "_rf0_T", "name": "first_name", "field_type": "Text", "read_only": False}],
}


def _column(write: Write, *cells: str, **options: Any) -> tuple[DataType, list[Any]]:
    """Return the type that a custom column X of these cells is given, and its values."""
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    path = write("c.csv", rows("EMAIL,X", *(f"a{n}@x.example,{cell}" for n, cell in enumerate(quoted))))
    loaded = load(path, **options)
    column = loaded.schema.contact_data.column("x")
    assert column is not None
    return column.type, [contact.get("x") for contact in loaded.contacts]


def test_definitions_decide(write: Write) -> None:
    definitions = write("fields.json", json.dumps(DEFINITIONS))
    path = write(
        "c.csv",
        rows("EMAIL,NUM_ORDERS,PLAN,LAST_ORDER", "a@x.example,007,5,2024-02-03", "b@x.example,,,2/3/2024"),
    )
    for fields in (definitions, str(definitions), DEFINITIONS, DEFINITIONS["custom_fields"]):
        loaded = load(path, fields=fields)
        first, second = loaded.contacts
        assert (first["num_orders"], first["plan"], first["last_order"]) == (7, "5", utc(2024, 2, 3))
        assert second["last_order"] == utc(2024, 2, 3)
        assert [column.name for column in loaded.schema.custom_fields] == ["num_orders", "Plan", "last_order"]
        assert loaded.report.field_types == {}


def test_definitions_decide_for_json_too(write: Write) -> None:
    item = {"id": "1", "custom_fields": {"num_orders": "12.50", "plan": 3, "last_order": "12/31/2023"}}
    (contact,) = load(write("c.json", ndjson(item)), fields=DEFINITIONS).contacts
    assert (contact["num_orders"], contact["plan"], contact["last_order"]) == (12.5, "3", utc(2023, 12, 31))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("num_orders", "many", "a number"),
        ("num_orders", "1e999", "a number"),
        ("num_orders", "0x10", "a number"),
        ("num_orders", "1_000", "a number"),
        ("num_orders", "١٢", "a number"),
        ("num_orders", "nan", "a number"),
        ("num_orders", " 1", "a number"),
        ("last_order", "31/12/2023", "a date (YYYY-MM-DD[THH:MM[:SS]][Z], or M/D/YYYY)"),
        ("last_order", "2/30/2024", "a date (YYYY-MM-DD[THH:MM[:SS]][Z], or M/D/YYYY)"),
        ("last_order", "1700000000", "a date (YYYY-MM-DD[THH:MM[:SS]][Z], or M/D/YYYY)"),
        ("last_order", "2/3/24", "a date (YYYY-MM-DD[THH:MM[:SS]][Z], or M/D/YYYY)"),
    ],
)
def test_values_that_do_not_fit_their_definition_are_bad(
    write: Write, field: str, value: str, expected: str
) -> None:
    path = write("c.csv", rows(f"EMAIL,{field.upper()}", f"a@x.example,{value}"))
    with pytest.raises(RecordError) as caught:
        load(path, fields=DEFINITIONS)
    error = caught.value
    assert (error.row, error.column, error.value, error.expected) == (2, field.upper(), value, expected)
    assert str(error) == f"{path}, row 2, column {field.upper()}: {value!r} is not {expected}"


def test_columns_that_are_not_defined_are_kept_as_text(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,SHOE_SIZE", "a@x.example,42"))
    loaded = load(path, fields=DEFINITIONS)
    assert loaded.contacts[0]["shoe_size"] == "42"
    assert loaded.schema.contact_data.column("shoe_size") is None
    assert loaded.report.notes == ["column SHOE_SIZE is not among the field definitions: kept as text"]


def test_the_use_decides_of_columns_that_are_not_defined(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,SHOE_SIZE,NUM_ORDERS", "a@x.example,42,7"))
    loaded = load(path, fields=DEFINITIONS, hints={"shoe_size": NUMBER, "num_orders": VARCHAR})
    assert (loaded.contacts[0]["shoe_size"], loaded.contacts[0]["num_orders"]) == (42, 7)
    column = loaded.schema.contact_data.column("shoe_size")
    assert column is not None
    assert column.type is NUMBER
    assert loaded.report.notes == ["custom field SHOE_SIZE is read as NUMBER: queries use it so"]


@pytest.mark.parametrize(
    "definitions",
    [{"fields": []}, {"custom_fields": [{"name": "x", "field_type": "Blob"}]}, 5, {"custom_fields": [3]}],
)
def test_definitions_that_cannot_be(write: Write, definitions: Any) -> None:
    path = write("c.csv", rows("EMAIL", "a@x.example"))
    with pytest.raises(SchemaError):
        load(path, fields=write("fields.json", json.dumps(definitions)))
    with pytest.raises(SchemaError):
        load(path, fields=definitions)


def test_definitions_that_are_no_json(write: Write) -> None:
    path = write("c.csv", rows("EMAIL", "a@x.example"))
    with pytest.raises(RecordError, match=r"fields.json: malformed JSON"):
        load(path, fields=write("fields.json", "{"))


def test_the_use_decides_without_definitions(write: Write) -> None:
    assert _column(write, "007", hints={"X": NUMBER}) == (NUMBER, [7])
    assert _column(write, "7", hints={"x": VARCHAR}) == (VARCHAR, ["7"])
    assert _column(write, "2/3/2024", hints={"x": TIMESTAMP}) == (TIMESTAMP, [utc(2024, 2, 3)])
    with pytest.raises(RecordError, match="column X: 'a' is not a number"):
        _column(write, "a", hints={"x": NUMBER})


def test_a_use_that_no_field_can_have_decides_nothing(write: Write) -> None:
    assert _column(write, "7", hints={"x": DataType.BOOLEAN}) == (NUMBER, [7])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "", "-2.50", "0"], [1, None, -2.5, 0]),
        (["0.5"], [0.5]),
        (["9007199254740993"], [9007199254740992.0]),
    ],
)
def test_a_column_of_numbers_is_a_number(write: Write, cells: list[str], values: list[Any]) -> None:
    assert _column(write, *cells) == (NUMBER, values)


@pytest.mark.parametrize(
    "cell", ["007", "+49170", "1e5", "1,5", " 1", ".5", "1.", "-", "٣", "9" * 400, "-01"]
)
def test_a_column_with_anything_else_is_text(write: Write, cell: str) -> None:
    assert _column(write, "1", cell) == (VARCHAR, ["1", cell])


def test_a_column_of_timestamps_is_a_timestamp(write: Write) -> None:
    data_type, values = _column(write, "2024-01-02", "", "2024-01-02 03:04+01:00", "2024-01-02T03:04:05.6Z")
    assert data_type is TIMESTAMP
    assert values == [utc(2024, 1, 2), None, utc(2024, 1, 2, 2, 4), utc(2024, 1, 2, 3, 4, 5, 600_000)]


@pytest.mark.parametrize("cell", ["1/2/2024", "2024-02-30", "soon", "20240102"])
def test_a_column_with_another_form_of_date_is_text(write: Write, cell: str) -> None:
    assert _column(write, "2024-01-02", cell) == (VARCHAR, ["2024-01-02", cell])


def test_a_column_without_values_is_text(write: Write) -> None:
    assert _column(write, "", "") == (VARCHAR, [None, None])


def test_json_numbers_among_texts_become_texts(write: Write) -> None:
    items = [{"id": "1", "x": 5}, {"id": "2", "x": 1.5}, {"id": "3", "x": "many"}, {"id": "4", "x": 0}]
    loaded = load(write("c.json", ndjson(*items)))
    assert [contact["x"] for contact in loaded.contacts] == ["5", "1.5", "many", "0"]


def test_json_numbers_and_numeric_texts_are_numbers(write: Write) -> None:
    items = [{"id": "1", "x": 5}, {"id": "2", "x": "1.5"}, {"id": "3", "x": 0}]
    loaded = load(write("c.json", ndjson(*items)))
    assert [contact["x"] for contact in loaded.contacts] == [5, 1.5, 0]


def test_all_files_decide_together(write: Write) -> None:
    first = write("1.csv", rows("EMAIL,X", "a@x.example,1"))
    second = write("2.csv", rows("EMAIL,X", "b@x.example,one"))
    assert [contact["x"] for contact in load([first, second]).contacts] == ["1", "one"]


def test_the_report_says_which_type_was_taken_and_why(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,Age,Code,Seen,Plan,None", "a@x.example,1,x,2024-01-01,2,"))
    report = load(path, hints={"plan": VARCHAR}).report
    assert {key: choice.type for key, choice in report.field_types.items()} == {
        "age": NUMBER,
        "code": VARCHAR,
        "seen": TIMESTAMP,
        "plan": VARCHAR,
        "none": VARCHAR,
    }
    assert sorted(report.notes) == [
        "custom field Age is read as NUMBER: all its values are numbers",
        "custom field Code is read as VARCHAR: its values are not all numbers, nor all timestamps",
        "custom field None is read as VARCHAR: it has no values",
        "custom field Plan is read as VARCHAR: queries use it so",
        "custom field Seen is read as TIMESTAMP: all its values are timestamps",
    ]


@pytest.mark.parametrize("name", ["Shoe size", "2nd", "last_opened", "größe"])
def test_columns_that_no_query_can_name_are_kept_as_text(write: Write, name: str) -> None:
    loaded = load(write("c.csv", rows(f"EMAIL,{name}", "a@x.example,5")))
    assert loaded.contacts[0][name.lower()] == "5"
    assert loaded.schema.custom_fields == ()
    assert loaded.report.notes[0].startswith(f"column {name} is kept, but no query can name it: ")


@pytest.mark.parametrize(
    ("header", "column"), [("First Name", "first_name"), ("Postal-Code", "postal_code"), ("E-Mail", "email")]
)
def test_a_header_that_is_nearly_a_column_is_named_after_it(tmp_path: Path, header: str, column: str) -> None:
    (tmp_path / "c.csv").write_text(f"CONTACT_ID,{header}\n1,x\n")
    (note,) = Dataset.load(tmp_path / "c.csv", fields={"custom_fields": []}).report.notes
    assert note.endswith(
        f"kept as text; for the column {column}, call it {column.upper()} in the file's header"
    )
