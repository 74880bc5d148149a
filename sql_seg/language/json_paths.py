"""What a path into JSON finds, and how a JSON value reads beside a value of another type.

The conversions are Snowflake's, on which SendGrid's queries run; where Snowflake would end the query, the
value is NULL. They are written down once, here, as one function for each type:

========== =========================== ================== ======================== =======================
JSON       VARCHAR                     NUMBER             BOOLEAN                  TIMESTAMP
========== =========================== ================== ======================== =======================
a text     itself                      ``[+-]?1.5``       ``true``, ``false``      of a timestamp's form
a number   its decimal text            itself             NULL                     seconds since 1970
a truth    ``true``, ``false``         1, 0               itself                   NULL
a list     NULL                        NULL               NULL                     NULL
an object  NULL                        NULL               NULL                     NULL
null       NULL                        NULL               NULL                     NULL
========== =========================== ================== ======================== =======================

As an ARRAY, which only ARRAY_CONTAINS asks for, a list is its texts, and a text a list of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sql_seg.language.arithmetic import double
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import LARGEST_EXACT_INTEGER, is_number, write_number
from sql_seg.language.timestamps import read_timestamp


class JsonNull:
    """JSON's own null, which is a value: a path that leads to it is not NULL."""

    def __repr__(self) -> str:
        return "null"


JSON_NULL: Final = JsonNull()
_MISSING: Final = object()

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_TRUTHS = {"true": True, "false": False}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SECONDS = 300_000_000_000
"""More than any moment of the years 1 to 9999 is away from 1970."""


def as_text(value: Any) -> str | None:
    """Return a JSON value as a VARCHAR."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return decimal_text(value) if is_number(value) else None


def decimal_text(number: int | float) -> str:
    """Return a number's text: an integer's digits, else the shortest text of its double; no exponent."""
    if isinstance(number, float) and number.is_integer() and abs(number) <= LARGEST_EXACT_INTEGER:
        return str(int(number))
    text = write_number(number)
    return text.removesuffix(".0")


def as_number(value: Any) -> int | float | None:
    """Return a JSON value as a NUMBER: a finite double; an integer where that is exact."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return _number_of_text(value)
    return double(value) if is_number(value) else None


def _number_of_text(text: str) -> float | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    number = float(text)
    return number if is_number(number) else None


def as_boolean(value: Any) -> bool | None:
    """Return a JSON value as a BOOLEAN."""
    if isinstance(value, bool):
        return value
    return _TRUTHS.get(value.lower()) if isinstance(value, str) else None


def as_timestamp(value: Any) -> datetime | None:
    """Return a JSON value as a TIMESTAMP: a number is seconds since 1970, to the nearest microsecond."""
    if isinstance(value, str):
        return read_timestamp(value)
    if isinstance(value, bool) or not is_number(value) or abs(value) > _MOST_SECONDS:
        return None
    try:
        return _EPOCH + timedelta(microseconds=round(value * 1_000_000))
    except OverflowError:
        return None


def as_array(value: Any) -> tuple[str, ...] | None:
    """Return a JSON value as an ARRAY of texts: what else a list holds never equals a text."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        return None
    return tuple([item for item in value if isinstance(item, str)])


def as_variant(value: Any) -> Any:
    """Return a JSON value that is there as it is, which is never None."""
    return JSON_NULL if value is None else value


JSON_READERS: dict[DataType, Callable[[Any], Any]] = {
    DataType.VARCHAR: as_text,
    DataType.NUMBER: as_number,
    DataType.BOOLEAN: as_boolean,
    DataType.TIMESTAMP: as_timestamp,
    DataType.ARRAY: as_array,
    DataType.VARIANT: as_variant,
}
"""How a JSON value that a path finds is read as each type; None is NULL."""


def read_path(data: Any, keys: tuple[str, ...], data_type: DataType) -> Any:
    """Return what a path into JSON finds, read as a type; None where it leads nowhere.

    ``data`` is the column that the path starts from: None, where it is NULL.
    """
    if data is None:
        return None
    found = find(data, keys, _MISSING)
    return None if found is _MISSING else JSON_READERS[data_type](found)


def find(data: Any, keys: tuple[str, ...], nothing: Any = None) -> Any:
    """Return what a path into JSON finds: of JSON values, objects alone have ``get``."""
    try:
        for key in keys:
            data = data.get(key, nothing)
    except AttributeError:
        return nothing
    return data
