"""Texts that would be SQL, patterns or paths elsewhere are texts here: values, ids, and names of anything.

What cannot stand somewhere is refused with the reason; nothing is ever asked other than it was meant.
"""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sql_seg import SENDGRID, Dataset, RecordError, Segment, SqlSegError, UnsupportedSqlError, to_sql
from sql_seg.build import quote

PIECES = [
    *(
        "'",
        "''",
        '"',
        '""',
        "\\",
        "\\'",
        "%",
        "_",
        "%s",
        "{}",
        "{0}",
        "$1",
        "?",
        ";",
        "--",
        "/*",
        "*/",
        "`",
        "\n",
    ),
    *(
        "\r\n",
        "\t",
        " ",
        "\u2028",
        "\u200b",
        "é",
        "ß",
        "İ",
        "東",
        "😀",
        "NULL",
        "null",
        "SELECT",
        "' OR '1'='1",
        "); DROP",
    ),
    *(
        " TABLE contacts; --",
        "[",
        "]",
        "{",
        "}",
        ",",
        "a",
        "0",
        "e1",
        "\\n",
        "\\u0041",
        "chr(0)",
        "~1",
        "/",
        "@",
    ),
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
NOW = datetime(2024, 3, 31, tzinfo=UTC)
FIELDS = [{"name": "plan", "field_type": "Text"}]
SCHEMA = SENDGRID.with_fields(FIELDS)
FEW = max(15, settings().max_examples // 5)


def ids(segment: Segment, dataset: Dataset) -> list[str | None]:
    return list(segment.ids(dataset))


@settings(max_examples=FEW)
@given(values=st.lists(texts, min_size=1, max_size=4), wanted=texts, dialect=st.sampled_from(["v1", "v2"]))
def test_values(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], wanted: str, dialect: str
) -> None:
    values = [*values, wanted]
    contacts = [{"contact_id": f"c{number}", "plan": value} for number, value in enumerate(values)]
    text = f"plan = {quote(wanted, dialect)}"
    segment = Segment(text if dialect == "v1" else WHERE + text, SCHEMA, dialect=dialect)
    meant = [contact["contact_id"] for contact in contacts if contact["plan"] == wanted]
    assert ids(segment, Dataset(contacts, schema=SCHEMA)) == meant
    folder = tmp_path_factory.mktemp("values")
    path = folder / "contacts.ndjson"
    path.write_text("".join(json.dumps(contact) + "\n" for contact in contacts), encoding="utf-8")
    with Dataset.load(path, fields=FIELDS) as dataset:
        assert ids(segment, dataset) == meant
    path = folder / "contacts.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerows([["CONTACT_ID", "PLAN"], *(contact.values() for contact in contacts)])
    with Dataset.load(path, fields=FIELDS) as dataset:
        assert ids(segment, dataset) == meant


@settings(max_examples=FEW)
@given(list_id=texts, name=texts)
def test_list_ids_and_names_of_files(
    tmp_path_factory: pytest.TempPathFactory, list_id: str, name: str
) -> None:
    assume("/" not in name and "\0" not in name)
    folder = tmp_path_factory.mktemp("lists")
    contacts, members = folder / f"c{name}.csv", folder / f"{name}.csv"
    contacts.write_text("EMAIL\na@x.example\nb@x.example\n")
    members.write_text("EMAIL\nb@x.example\n")
    segment = Segment(f"{WHERE}ARRAY_CONTAINS(list_ids, [{quote(list_id)}])")
    with Dataset.load(str(contacts), lists={list_id: members}) as dataset:
        assert ids(segment, dataset) == ["b@x.example"]


@settings(max_examples=FEW)
@given(name=texts)
def test_names_of_columns(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """A header may be anything; a query can name it, or the report says that none can."""
    path = tmp_path_factory.mktemp("columns") / "contacts.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["EMAIL", name], ["a@x.example", "x"]])
    try:
        dataset = Dataset.load(path)
    except RecordError as error:
        assert "has the column" in str(error)  # noqa: PT017 -- it need not be refused
        return
    with dataset:
        assert len(list(dataset)) == 1
        fields = [field.name for field in dataset.schema.custom_fields]
        for field in fields:
            segment = Segment(f"{WHERE}\"{field}\" = 'x'", dataset.schema)
            assert ids(segment, dataset) == ["a@x.example"]
        assert fields or not name.strip() or dataset.report.notes


@settings(max_examples=FEW)
@given(names=st.lists(texts, min_size=4, max_size=4, unique_by=str.lower), value=texts)
def test_tables_and_columns_of_others(names: list[str], value: str) -> None:
    contacts, events, plan, key = names
    assume("." not in contacts + events and contacts.lower() != events.lower())
    columns = {"plan": plan, "contact_id": key}
    segment = Segment(f"{WHERE}plan = {quote(value)}", SCHEMA)
    try:
        sql = to_sql(segment.checked, "duckdb", now=NOW, contacts=contacts, events=events, columns=columns)
    except (SqlSegError, ValueError) as error:
        assert str(error)  # noqa: PT017 -- it need not be refused
        return
    quoted = ['"' + name.replace('"', '""') + '"' for name in (contacts, key, plan)]
    with duckdb.connect() as connection:
        connection.execute(
            f'CREATE TABLE {quoted[0]} ({quoted[1]} VARCHAR, "updated_at" TIMESTAMP, {quoted[2]} VARCHAR)'
        )
        connection.execute(f"INSERT INTO {quoted[0]} VALUES ('1', NULL, ?), ('2', NULL, 'other')", [value])
        found: list[Any] = connection.execute(sql).fetchall()
    assert [row[0] for row in found] == (["1", "2"] if value == "other" else ["1"])


def test_a_nul_and_half_a_character(tmp_path: Path) -> None:
    segment = Segment(f"{WHERE}plan = {quote('a' + chr(0) + 'b')}", SCHEMA)
    path = tmp_path / "contacts.json"
    path.write_text(json.dumps([{"contact_id": "1", "plan": "a\0b"}, {"contact_id": "2", "plan": "a"}]))
    with Dataset.load(path, fields=FIELDS) as dataset:
        assert ids(segment, dataset) == ["1"]
    with pytest.raises(SqlSegError, match="PostgreSQL cannot run this query"):
        to_sql(segment.checked, "postgres", now=NOW)
    path.write_text(json.dumps([{"contact_id": "1", "plan": "\ud800"}]))
    with pytest.raises(RecordError, match="half of a surrogate pair"):
        Dataset.load(path, fields=FIELDS)
    half = Segment(f"{WHERE}plan = '\ud800'", SCHEMA)
    assert half.count([{"contact_id": "1", "plan": "\ud800"}]) == 1
    dataset = Dataset.of([{"contact_id": "1", "plan": "a"}], schema=SCHEMA)
    with dataset, pytest.raises(UnsupportedSqlError, match="half a surrogate pair"):
        half.count(dataset)
    with pytest.raises(RecordError, match="record 1: holds half of a surrogate pair"):
        Dataset.of([{"contact_id": "1", "plan": "\ud800"}], schema=SCHEMA)


def test_a_name_of_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.csv")  # noqa: PTH118 -- bytes
    Path(os.fsdecode(path)).write_text("EMAIL\na@x.example\n")
    with Dataset.load(os.fsdecode(path)) as dataset:
        assert len(dataset) == 1
