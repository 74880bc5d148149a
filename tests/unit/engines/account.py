"""Small files for the tests of loading."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sql_seg import Dataset
from sql_seg.language.schema import Schema
from sql_seg.records.loading_report import Report

Write = Callable[[str, str | bytes], Path]

EXPORT_HEADER = (
    "EMAIL,FIRST_NAME,LAST_NAME,ADDRESS_LINE_1,ADDRESS_LINE_2,CITY,STATE_PROVINCE_REGION,POSTAL_CODE,COUNTRY,"
    "ALTERNATE_EMAILS,PHONE_NUMBER,WHATSAPP,LINE,FACEBOOK,UNIQUE_NAME,CREATED_AT,UPDATED_AT,CONTACT_ID,"
    "PLAN,PHONE_NUMBER_ID,EXTERNAL_ID,ANONYMOUS_ID"
)


def rows(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def ndjson(*items: Any) -> str:
    return rows(*map(json.dumps, items))


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]


@dataclass
class Loaded:
    """What files hold, as lists: for tests that look at everything."""

    contacts: list[dict[str, Any]]
    events: list[dict[str, Any]]
    schema: Schema
    has_list_ids: bool
    report: Report


def load(*arguments: Any, **options: Any) -> Loaded:
    """Load files, without what every contact has: its domains, and lists that are empty."""
    with Dataset.load(*arguments, **options) as dataset:
        return Loaded(
            list(dataset), list(dataset.events), dataset.schema, dataset.has_list_ids, dataset.report
        )
