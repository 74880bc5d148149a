"""One raw value, a CSV cell or a JSON value, read as a column's type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER, is_number
from sql_seg.language.timestamps import read_timestamp
from sql_seg.records.json_text import read_json
from sql_seg.records.loading_report import shown

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MONTH_DAY_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d[\d.,' ]*,\d[\d.,' ]*", re.ASCII)
_SEPARATORS = re.compile("[,; \t\n\r\f]+")

FIRST_MILLISECOND = 100_000_000_000
"""Unix times from here on are milliseconds: as seconds past the year 5138, as milliseconds in 1973."""

SPREADSHEET_DAYS = 20_000, 80_000
"""Numbers that are no Unix times but the days of a spreadsheet, of the years 1954 to 2119."""

DAYS_WITHOUT_DASHES = 19_000_101, 21_001_231
"""Numbers that are no Unix times, which would all lie in August 1970, but days as YYYYMMDD."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class RawKind:
    """How a column's values are read: ``read`` gives None for what is not ``expected``.

    ``read`` never sees None or an empty text. Only a ``textual`` column can hold an empty text.
    """

    read: Callable[[Any], Any]
    expected: str
    textual: bool = False


def read_text(value: Any) -> str | None:
    """Return a text; a JSON number (postal codes come as such) is the text that JSON writes."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if is_number(value) else None


def read_number(value: Any) -> int | float | None:
    """Return a number, also from its text; integers past 2**53 become doubles."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        try:
            value = int(value)
        except ValueError:
            value = float(value)
    if not is_number(value):
        return None
    if isinstance(value, int) and abs(value) > LARGEST_EXACT_INTEGER:
        try:
            return float(value)
        except OverflowError:
            return None
    number: int | float = value
    return number


_IN_UTC = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: \+0000)? UTC", re.ASCII)


def read_time(text: str) -> datetime | None:
    """Return the instant that a text names, also as the API's search answers and BigQuery write it."""
    match = _IN_UTC.fullmatch(text)
    return read_timestamp(text if match is None else match[1])


def read_instant(value: Any) -> datetime | None:
    """Return an instant in UTC, from ISO text or from Unix time (a number or its text).

    Unix time is in seconds; where it would lie past the year 5138, in milliseconds. What a spreadsheet
    writes for a date, the number of its day, is none, nor is a day written as 20240131 [ours].
    """
    if isinstance(value, str):
        instant = read_time(value)
        if instant is not None:
            return instant
    number = read_number(value)
    return None if number is None else _from_unix_time(number)


def _from_unix_time(number: int | float) -> datetime | None:
    if _is_spreadsheet_day(number) or _is_day_without_dashes(number):
        return None
    in_milliseconds = abs(number) >= FIRST_MILLISECOND
    try:
        return _EPOCH + (timedelta(milliseconds=number) if in_milliseconds else timedelta(seconds=number))
    except OverflowError:
        return None


def _is_spreadsheet_day(number: int | float) -> bool:
    first, last = SPREADSHEET_DAYS
    return first <= number <= last


def _is_day_without_dashes(number: int | float) -> bool:
    first, last = DAYS_WITHOUT_DASHES
    return first <= number <= last


def why_not(value: Any, expected: str) -> str:
    """Return what to say of a value that is not what its column holds, with what it may be instead."""
    said = f"{shown(value)} is not {expected}"
    number = read_number(value)
    if number is not None and "YYYY" in expected and _is_spreadsheet_day(number):
        return (
            f"{said}; it may be the number of a day, as spreadsheets have it: format the cells as YYYY-MM-DD"
        )
    if number is not None and "YYYY" in expected and _is_day_without_dashes(number):
        return f"{said}; it may be a day without its dashes: write it as YYYY-MM-DD"
    if expected == NUMBER.expected and isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value):
        return f"{said}; write a decimal point, and nothing between thousands"
    return said


def read_date(value: Any) -> datetime | None:
    """Return an instant in UTC, from ISO text or from SendGrid's import form, month/day/year."""
    if not isinstance(value, str):
        return None
    match = _MONTH_DAY_YEAR.fullmatch(value)
    if match is None:
        return read_time(value)
    month, day, year = map(int, match.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def read_texts(value: Any) -> list[str] | None:
    """Return a list of texts: a JSON list or its text, or texts between commas, semicolons or white space."""
    if isinstance(value, str):
        if not value.lstrip().startswith(("[", "{")):
            return [part for part in (piece.strip('"') for piece in _SEPARATORS.split(value)) if part]
        try:
            value = read_json(value)
        except ValueError:
            return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return [item for item in value if item]


def read_boolean(value: Any) -> bool | None:
    """Return a boolean, also from its text."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def read_as_is(value: Any) -> Any:
    """Return the value itself: for keys that are no columns."""
    return value


_FORM = "YYYY-MM-DD[THH:MM[:SS]][Z]"

TEXT = RawKind(read_text, "a text", textual=True)
NUMBER = RawKind(read_number, "a number")
INSTANT = RawKind(read_instant, f"a timestamp ({_FORM}, or Unix time)")
DATE = RawKind(read_date, f"a date ({_FORM}, or M/D/YYYY)")
TEXTS = RawKind(read_texts, "a list of texts")
BOOLEAN = RawKind(read_boolean, "a boolean")
AS_IS = RawKind(read_as_is, "anything", textual=True)

CUSTOM_KINDS = {DataType.VARCHAR: TEXT, DataType.NUMBER: NUMBER, DataType.TIMESTAMP: DATE}
"""How custom fields are read, by the types that they can have."""

RESERVED_KINDS = {DataType.VARCHAR: TEXT, DataType.TIMESTAMP: INSTANT, DataType.ARRAY: TEXTS}
"""How reserved columns are read, by type."""
