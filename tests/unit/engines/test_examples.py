from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID
from sql_seg.linting import diagnose
from sql_seg.syntax.parsing import parse

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
GENERATE = runpy.run_path(str(ROOT / "benchmarks" / "generate.py"))
GENERATED = [
    "contacts.csv",
    "events.ndjson",
    "field_definitions.json",
    "lists/customers.csv",
    "lists/newsletter.csv",
]


def test_the_examples_are_what_the_generator_writes(tmp_path: Path) -> None:
    GENERATE["write_examples"](tmp_path)
    written = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [str(path.relative_to(tmp_path)) for path in written] == GENERATED
    for name in GENERATED:
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_the_examples_load() -> None:
    dataset = Dataset.load(
        EXAMPLES / "contacts.csv",
        events=EXAMPLES / "events.ndjson",
        fields=EXAMPLES / "field_definitions.json",
        lists={
            GENERATE["LIST_IDS"][1]: EXAMPLES / "lists/newsletter.csv",
            GENERATE["LIST_IDS"][2]: EXAMPLES / "lists/customers.csv",
        },
    )
    report = dataset.report
    assert len(dataset) == 500
    assert not report.problems
    assert report.notes == []
    assert all(list_report.strangers == 0 for list_report in report.lists.values())
    assert report.events.kept == len(dataset.events) > 1000
    assert report.events.repeats > 0
    assert report.events.strangers > 0


@pytest.mark.parametrize("path", sorted((EXAMPLES / "segments").glob("*.sql")), ids=lambda path: path.stem)
def test_the_example_segments_are_beyond_reproach(path: Path) -> None:
    schema = SENDGRID.with_fields(json.loads((EXAMPLES / "field_definitions.json").read_text()))
    assert diagnose(path.read_text(), schema) == []
    assert parse(path.read_text()).dialect is (Dialect.V1 if path.stem.endswith("_v1") else Dialect.V2)


def test_without_definitions_the_values_say_the_same() -> None:
    by_value = Dataset.load(EXAMPLES / "contacts.csv")
    defined = Dataset.load(EXAMPLES / "contacts.csv", fields=EXAMPLES / "field_definitions.json")
    assert by_value.contacts == defined.contacts
    assert {column.key: column.type for column in by_value.schema.custom_fields} == {
        column.key: column.type for column in defined.schema.custom_fields
    }


def test_the_large_account_is_the_same_for_the_same_seed() -> None:
    contacts = GENERATE["contacts"](2000)
    assert contacts == GENERATE["contacts"](2000)
    dataset = Dataset(contacts, GENERATE["events"](contacts, 3000))
    assert len(dataset) == 2000
    assert len(dataset.events) == 3000
    share_of_null = sum(contact.get("age") is None for contact in dataset) / len(dataset)
    share_of_missing = sum("age" not in contact for contact in dataset) / len(dataset)
    assert 0.08 < share_of_null < 0.12
    assert 0.03 < share_of_missing < 0.07
