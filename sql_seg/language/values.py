"""The Python values of each type: what a contact's columns may hold.

numpy's scalars are the numbers they hold, without numpy being known here. NaN, NaT and ``pandas.NA`` stand
for "no value" in what pandas and numpy make: they are NULL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import is_number


def is_missing(value: Any) -> bool:
    """Return whether a value is no value: NaN, NaT or ``pandas.NA``."""
    try:
        return bool(value != value)  # NaN is not equal to itself
    except (TypeError, ValueError):  # pandas.NA has no truth; nor has an array
        return type(value).__name__ == "NAType"
    except ArithmeticError:  # a decimal's signaling NaN may not even be compared
        return True


def read_plain(value: Any, data_type: DataType) -> Any:
    """Return a value as columns of a type hold it: None, str, int, float, bool, datetime in UTC, list of str.

    Raises ValueError, with what is expected, for a value that cannot stand there.
    """
    if value is None or is_missing(value):
        return None
    plain = without_numpy(value)
    if isinstance(plain, Decimal) and data_type is DataType.NUMBER:
        plain = float(plain)
    if not HOLDS[data_type](plain):
        raise ValueError(expected(data_type))
    return _moment(plain) if data_type is DataType.TIMESTAMP else plain


def without_numpy(value: Any) -> Any:
    """Return the Python value of a numpy scalar, or the list of an array."""
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def _moment(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError("a datetime in the years 1 to 9999") from None
    if type(moment) is datetime:
        return moment
    return datetime(*moment.timetuple()[:6], moment.microsecond, tzinfo=UTC)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


HOLDS: dict[DataType, Callable[[Any], bool]] = {
    DataType.VARCHAR: lambda value: isinstance(value, str),
    DataType.NUMBER: is_number,
    DataType.TIMESTAMP: lambda value: isinstance(value, datetime) and value.utcoffset() is not None,
    DataType.BOOLEAN: lambda value: isinstance(value, bool),
    DataType.ARRAY: _is_list_of_texts,
    DataType.VARIANT: lambda _: True,
}
"""Whether a value is one of a type."""

_EXPECTED = {
    DataType.VARCHAR: "a text",
    DataType.NUMBER: "a finite number",
    DataType.TIMESTAMP: "a datetime with a time zone",
    DataType.BOOLEAN: "a bool",
    DataType.ARRAY: "a list of texts",
    DataType.VARIANT: "a JSON value",
}


def fits(value: Any, data_type: DataType) -> bool:
    """Return whether a value can stand in a column of a type; what is NULL always can."""
    try:
        read_plain(value, data_type)
    except ValueError:
        return False
    return True


def expected(data_type: DataType) -> str:
    """Return what a column of a type holds, in words."""
    return _EXPECTED[data_type]
