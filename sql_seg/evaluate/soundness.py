"""What generated code asks of values that nobody checked, once they are not of the class that most have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sql_seg.language.arithmetic import double
from sql_seg.language.datatypes import DataType
from sql_seg.language.literals import is_number
from sql_seg.language.values import is_missing, read_plain


def _sound(data_type: DataType) -> Callable[[Any], bool]:
    def is_sound(value: Any) -> bool:
        """Return whether a value is there; raise TypeError where it must be made plain, or is wrong."""
        if is_missing(value):
            return False
        try:
            plain = read_plain(value, data_type)
        except ValueError as error:
            raise TypeError(f"{value!r:.80} is not {error}") from error
        if plain is value or isinstance(value, float) or data_type is DataType.TIMESTAMP:
            return True
        raise TypeError(f"{value!r:.80} is to be made plain")

    return is_sound


def _odd(data_type: DataType) -> Callable[[Any], bool]:
    is_sound = _sound(data_type)

    def never(value: Any) -> bool:
        """Return False; raise TypeError where a value must be made plain, or is wrong."""
        is_sound(value)
        return False

    return never


def _loosely(value: Any) -> Any:
    """Return a value of a column of which the query does not say what it holds: numbers are doubles."""
    return double(value) if is_number(value) else value


_TYPES = (DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN, DataType.ARRAY)

LIBRARY: dict[str, Any] = {
    **{f"sound_{data_type.name}": _sound(data_type) for data_type in _TYPES},
    **{f"odd_{data_type.name}": _odd(data_type) for data_type in _TYPES},
    "loosely": _loosely,
    "joined": "".join,
    "datetime": datetime,
}
"""The functions by their names in generated code."""
