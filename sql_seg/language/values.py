"""The Python values of each type: what a contact's columns may hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import is_number


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_double(value: Any) -> bool:
    try:
        return is_number(value) and math.isfinite(value)
    except OverflowError:
        return False


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_anything(_: Any) -> bool:
    return True


_KINDS: dict[DataType, tuple[Callable[[Any], bool], str]] = {
    DataType.VARCHAR: (_is_text, "a text"),
    DataType.NUMBER: (_is_double, "a finite number"),
    DataType.TIMESTAMP: (_is_aware, "a datetime with a time zone"),
    DataType.BOOLEAN: (_is_boolean, "a bool"),
    DataType.ARRAY: (_is_list_of_texts, "a list of texts"),
    DataType.VARIANT: (_is_anything, "a JSON value"),
}


def fits(value: Any, data_type: DataType) -> bool:
    """Return whether a value can stand in a column of a type; None, which is NULL, always can."""
    return value is None or _KINDS[data_type][0](value)


def expected(data_type: DataType) -> str:
    """Return what a column of a type holds, in words."""
    return _KINDS[data_type][1]
