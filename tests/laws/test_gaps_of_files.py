"""Files with one thing wrong in them: the answer is right, or something is said, as of records in memory."""

from __future__ import annotations

import csv
import json
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars
import pyarrow
import pyarrow.parquet
import pytest

from sql_seg import Dataset, DataWarning, RecordError, Segment
from tests.laws.test_gaps import CONDITIONS, FIELDS, GOOD, NOW, WHERE

DEFINITIONS = {
    "custom_fields": [
        {"name": "age", "field_type": "Number"},
        {"name": "score", "field_type": "Number"},
        {"name": "plan", "field_type": "Text"},
        {"name": "d", "field_type": "Date"},
    ]
}
SAID: Any = object()
"""Stands for a value that cannot be what was meant: it must be said."""

IN_NOVEMBER = datetime(2026, 11, 23, tzinfo=UTC)
VALUES: dict[str, list[tuple[Any, Any]]] = {
    "plan": [
        ("US ", "US "),
        ("us", "us"),
        ("", None),
        (5, "5"),
        (["US"], SAID),
        ({"a": 1}, SAID),
        (True, SAID),
    ],
    "age": [
        *(("30", 30), ("030", 30), ("3e1", 30), ("-0", 0), ("", None), ("30 ", SAID), ("x", SAID)),
        *(("1,000", SAID), ("NaN", SAID), ("0x1e", SAID), ("1e999", SAID), (True, SAID), ([30], SAID)),
    ],
    "d": [
        *(("2026-11-23", IN_NOVEMBER), ("11/23/2026", IN_NOVEMBER), ("2026-11-23 00:00:00 UTC", IN_NOVEMBER)),
        *(("2026-11-23T05:00:00+05:00", IN_NOVEMBER), ("", None), ("2026-02-30", SAID), ("23.11.2026", SAID)),
        *(("23/11/2026", SAID), ("2026-11-23T24:00:00Z", SAID), ("yesterday", SAID), (True, SAID)),
    ],
    "list_ids": [
        *(("l", ["l"]), ("l,x", ["l", "x"]), ('["l", "x"]', ["l", "x"]), (["l", 5], SAID), ([["l"]], SAID)),
        *(('{"l": 1}', SAID), ("{l,x}", SAID)),
        *(('["l", 5]', SAID), ('["l"', SAID), ({"l": 1}, SAID), (5, SAID)),
    ],
}
"""What may stand under a column, and what it is: what was meant by it."""


FRAMES: dict[str, Any] = {
    "parquet": lambda table: table,
    "pandas": lambda table: table.to_pandas(),
    "polars": lambda table: polars.from_arrow(table),
}
KINDS = ["csv", "json", *FRAMES]
BESIDE_OTHERS: dict[str, tuple[type, ...]] = {"plan": (bool, list, dict), "list_ids": (int,)}
"""Values that no table holds under a column as they are."""


def loaded(folder: Path, kind: str, records: list[dict[str, Any]]) -> Dataset:
    path = folder / f"contacts.{kind}"
    if kind in FRAMES:
        table = in_columns(records)
        if kind != "parquet":
            return Dataset.of(FRAMES[kind](table), schema=FIELDS)
        pyarrow.parquet.write_table(table, path)
    elif kind == "json":
        path.write_text(json.dumps(as_written(records)), encoding="utf-8")
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(records[0]))
            writer.writeheader()
            for one in as_written(records):
                cells = {k: json.dumps(v) if isinstance(v, list) else v for k, v in one.items()}
                writer.writerow(cells)
    return Dataset.load(path, fields=DEFINITIONS)


def in_columns(records: list[dict[str, Any]]) -> pyarrow.Table:
    """Return records as a table: a column that holds several kinds of values is one of texts."""
    columns = {}
    for key in records[0]:
        values = [one[key] for one in records]
        try:
            columns[key] = pyarrow.array(values)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            columns[key] = pyarrow.array([as_text(value) for value in values])
    return pyarrow.table(columns)


def as_text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str) else json.dumps(value)


def told_or_found(dataset: Dataset, condition: str) -> list[str] | None:
    """Return the members; None where something is said."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = sorted(map(str, Segment(WHERE + condition, FIELDS).ids(dataset, now=NOW)))
        except RecordError:
            return None
    is_told = any(issubclass(warning.category, DataWarning) for warning in said)
    return None if is_told or dataset.report.warnings else found


def of_two(**changed: Any) -> list[dict[str, Any]]:
    """Return two contacts, of whom the second is changed."""
    return [
        {**GOOD, "contact_id": "1", "email": "1@b.c"},
        {**GOOD, "contact_id": "2", "email": "2@b.c", **changed},
    ]


def as_written(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: v.isoformat() if isinstance(v, datetime) else v for key, v in one.items()} for one in records
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", sorted(VALUES))
def test_a_value_is_read_rightly_or_something_is_said(tmp_path: Path, key: str, kind: str) -> None:
    for value, means in VALUES[key][:: 3 if kind in FRAMES else 1]:
        if kind == "csv" and not isinstance(value, str):
            continue
        if kind in FRAMES and type(value) in BESIDE_OTHERS.get(key, ()):
            continue  # in one column with a text it is one
        if kind in FRAMES and kind != "parquet" and key == "plan" and value == "":
            means = ""  # frames are taken as they are
        meant = of_two(**{key: GOOD[key] if means is SAID else means})
        try:
            dataset = loaded(tmp_path, kind, of_two(**{key: value}))
        except RecordError:
            continue
        with dataset:
            for condition in [*CONDITIONS[key][: 2 if kind in FRAMES else 5], f"{key} IS NULL"]:
                found = told_or_found(dataset, condition)
                if found is not None:
                    assert means is not SAID, (value, condition)
                    assert found == expected(meant, condition), (value, condition)


def expected(meant: list[dict[str, Any]], condition: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return sorted(map(str, Segment(WHERE + condition, FIELDS).ids(meant, now=NOW)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", sorted(VALUES))
def test_so_it_is_of_its_name(tmp_path: Path, key: str, kind: str) -> None:
    good = of_two()
    renamed = [{(k.upper() if k == key else k): v for k, v in one.items()} for one in good]
    missing = [{k: v for k, v in one.items() if k != key} for one in good]
    blank = [{(f" {k} " if k == key else k): v for k, v in one.items()} for one in good]
    for condition in CONDITIONS[key][: 1 if kind in FRAMES else 2]:
        for records in (renamed, missing, blank):
            try:
                with loaded(tmp_path, kind, records) as dataset:
                    found = told_or_found(dataset, condition)
            except RecordError:
                continue
            assert found is None or found == expected(of_two(), condition), (records[0], condition)
