"""A Dataset of records in memory: made of 200,000 contacts, and of ten that are asked once.

Against a loop by hand that looks at each value's type once, and keeps the record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from contact_predicates import SCHEMA
from generate import NOW, contacts
from measure import Measured, Results, measured, seconds

from sql_seg import Dataset, Segment
from sql_seg.language.datatypes import DataType

Row = dict[str, Any]
KINDS: dict[DataType, Any] = {
    DataType.VARCHAR: str,
    DataType.NUMBER: (int, float),
    DataType.TIMESTAMP: datetime,
    DataType.ARRAY: list,
}


def looked_at(rows: list[Row]) -> list[Row]:
    """Look at each value by hand."""
    kinds = {name: KINDS[column.type] for name, column in SCHEMA.contact_data.columns.items()}
    for number, row in enumerate(rows):
        for key, value in row.items():
            if value is None:
                continue
            kind = kinds[key]
            if not isinstance(value, kind):
                raise TypeError(f"record {number}, {key}: {value!r}")
            if kind is datetime and value.tzinfo is not UTC:
                raise TypeError(f"record {number}, {key}: no UTC")
    return rows


def measure() -> Results:
    rows = contacts()
    segment = Segment("country = 'US'", SCHEMA)
    few = rows[:10]
    segment.count(Dataset(few, schema=SCHEMA), now=NOW)
    made = measured("made", lambda: looked_at(rows), lambda: Dataset(rows, schema=SCHEMA))
    ten = seconds(lambda: segment.count(Dataset(few, schema=SCHEMA), now=NOW))
    found = [made, Measured("ten contacts, made and asked, against a millisecond", 0.001, ten / 0.001)]
    return Results(f"Records: a Dataset of {len(rows):,} contacts", {"Dataset": found}, has_mean=False)
