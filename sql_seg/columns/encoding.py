"""Choosing the form in which a column is kept: small, and exactly what was given.

Values that are equal and not the same (1, 1.0 and True; 0.0 and -0.0; one instant in two zones) are never
made one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sql_seg.columns import vectors
from sql_seg.columns.structs import MOST_KEYS, StructVector
from sql_seg.columns.vectors import (
    ABSENT,
    MISSING,
    NONE,
    VALUE,
    Absent,
    CodedVector,
    NumberVector,
    PlainVector,
    TimeVector,
    Vector,
    microseconds,
    packed,
)

_ROWS_A_CODE = 4
"""How many rows must share a value on average for codes of more than a byte to be worth their while."""


def encoded(values: Sequence[Any]) -> Vector:
    """Return the vector of a column's values, one for each row: None, or ABSENT, where there is none."""
    kinds = set(map(type, values)) - {type(None), Absent}
    if not kinds <= _KEYS.keys():
        return _structs(values) if kinds == {dict} else PlainVector(values)
    kind = kinds.pop() if len(kinds) == 1 else None
    keys = _keys(values, kind)
    if keys is None:
        return PlainVector(values)
    coded = _coded(values, keys)
    if coded is not None:
        return coded
    numbers = _numbers(values, kind)
    return PlainVector(values) if numbers is None else numbers


def _keys(values: Sequence[Any], kind: type | None) -> Sequence[Hashable] | None:
    """Return a key for each value: equal where the values are the same, and there alone."""
    if kind is None:
        mixed = [_KEYS[type(value)](value) for value in values]
        return None if any(key is None for key in mixed) else list(zip(map(type, values), mixed, strict=True))
    if kind in (str, int, bool):
        return values
    keys = [_KEYS[type(value)](value) for value in values]
    return None if any(key is None for key in keys) else keys


def _key_of_number(number: float) -> Hashable:
    return number or str(number)


def _key_of_time(moment: datetime) -> Hashable:
    return moment if moment.tzinfo is UTC else None


def _key_of_list(items: Sequence[Any]) -> Hashable:
    return tuple(items) if all(type(item) is str for item in items) else None


def _key_of_nothing(nothing: Absent | None) -> Hashable:
    return "" if nothing is None else ABSENT


def _itself(value: Hashable) -> Hashable:
    return value


_KEYS: dict[type, Callable[[Any], Hashable]] = {
    str: _itself,
    int: _itself,
    bool: _itself,
    float: _key_of_number,
    datetime: _key_of_time,
    list: _key_of_list,
    tuple: _key_of_list,
    type(None): _key_of_nothing,
    Absent: _key_of_nothing,
}
"""The key of each type of value that may have a code; None for a value that has no such key."""


def _coded(values: Sequence[Any], keys: Sequence[Hashable]) -> CodedVector | None:
    firsts = dict(zip(reversed(keys), reversed(values), strict=True))
    if len(firsts) > max(vectors.MOST_CODES_OF_A_BYTE, len(values) // _ROWS_A_CODE):
        return None
    codes = {key: code for code, key in enumerate(firsts)}
    return CodedVector(packed(map(codes.__getitem__, keys), len(codes)), list(firsts.values()))


def _numbers(values: Sequence[Any], kind: type | None) -> NumberVector | None:
    if kind not in (int, float, datetime):
        return None
    nulls = bytes([NONE if value is None else MISSING if value is ABSENT else VALUE for value in values])
    if not nulls.strip(bytes([VALUE])):
        nulls = b""
    some: Iterable[Any] = (0 if value is None or value is ABSENT else value for value in values)
    if kind is datetime:
        return TimeVector(array("q", [microseconds(value) if value else 0 for value in some]), nulls)
    try:
        return NumberVector(array("q" if kind is int else "d", some), nulls)
    except OverflowError:
        return None


def _structs(values: Sequence[Any]) -> Vector:
    keys = dict.fromkeys(key for value in values if type(value) is dict for key in value)
    if len(keys) > MOST_KEYS:
        return PlainVector(values)
    fields = {
        key: encoded([value.get(key, ABSENT) if type(value) is dict else ABSENT for value in values])
        for key in keys
    }
    return StructVector(encoded([type(value) is dict or value for value in values]), fields)
