"""Small files for the tests of loading."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
