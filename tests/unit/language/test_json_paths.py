"""What a path into JSON finds, and how it reads as each type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg.language.datatypes import DataType
from sql_seg.language.json_paths import JSON_NULL, JSON_READERS, read_path

VARCHAR, NUMBER, BOOLEAN = DataType.VARCHAR, DataType.NUMBER, DataType.BOOLEAN
TIMESTAMP, ARRAY, VARIANT = DataType.TIMESTAMP, DataType.ARRAY, DataType.VARIANT

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
TABLE: list[tuple[Any, Any, Any, Any, Any, Any]] = [
    # value, VARCHAR, NUMBER, BOOLEAN, TIMESTAMP, ARRAY
    ("a", "a", None, None, None, ("a",)),
    ("", "", None, None, None, ("",)),
    ("5", "5", 5.0, None, None, ("5",)),
    ("-05.50", "-05.50", -5.5, None, None, ("-05.50",)),
    ("+1", "+1", 1.0, None, None, ("+1",)),
    ("1.", "1.", None, None, None, ("1.",)),
    ("--1", "--1", None, None, None, ("--1",)),
    ("9" * 400, "9" * 400, None, None, None, ("9" * 400,)),
    ("nan", "nan", None, None, None, ("nan",)),
    ("True", "True", None, True, None, ("True",)),
    ("FALSE", "FALSE", None, False, None, ("FALSE",)),
    ("2024-02-29T12:00Z", "2024-02-29T12:00Z", None, None, NOON, ("2024-02-29T12:00Z",)),
    (0, "0", 0, None, datetime(1970, 1, 1, tzinfo=UTC), None),
    (-1.5, "-1.5", -1.5, None, datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=UTC), None),
    (1709208000.0, "1709208000", 1709208000, None, NOON, None),
    (2**53 + 1, "9007199254740993", 2.0**53, None, None, None),
    (1e-7, "0.0000001", 1e-7, None, datetime(1970, 1, 1, tzinfo=UTC), None),
    (1e21, "1" + "0" * 21, 1e21, None, None, None),
    (-62135596800, "-62135596800", -62135596800, None, datetime(1, 1, 1, tzinfo=UTC), None),
    (-62135596801, "-62135596801", -62135596801, None, None, None),
    (253402300800, "253402300800", 253402300800, None, None, None),
    (10**400, None, None, None, None, None),
    (float("inf"), None, None, None, None, None),
    (float("nan"), None, None, None, None, None),
    (True, "true", 1, True, None, None),
    (False, "false", 0, False, None, None),
    (None, None, None, None, None, None),
    ([], None, None, None, None, ()),
    (["a", 5, None, ["b"], "c"], None, None, None, None, ("a", "c")),
    ({"a": "b"}, None, None, None, None, None),
]


@pytest.mark.parametrize(("value", "text", "number", "truth", "moment", "array"), TABLE, ids=repr)
def test_a_json_value_as_each_type(
    value: Any, text: Any, number: Any, truth: Any, moment: Any, array: Any
) -> None:
    expected = {VARCHAR: text, NUMBER: number, BOOLEAN: truth, TIMESTAMP: moment, ARRAY: array}
    found = {data_type: read_path({"k": value}, ("k",), data_type) for data_type in expected}
    assert found == expected
    assert type(found[NUMBER]) in (int, float, type(None))


@pytest.mark.parametrize("value", ["", 0, False, [], {}, "a"])
def test_a_value_that_is_there_is_not_null(value: Any) -> None:
    assert read_path({"k": value}, ("k",), VARIANT) == value


def test_json_s_null_is_a_value_and_converts_to_nothing() -> None:
    assert read_path({"k": None}, ("k",), VARIANT) is JSON_NULL
    assert repr(JSON_NULL) == "null"
    assert all(
        read_path({"k": None}, ("k",), data_type) is None
        for data_type in JSON_READERS
        if data_type is not VARIANT
    )


@pytest.mark.parametrize("data_type", JSON_READERS, ids=str)
@pytest.mark.parametrize("data", [None, "payload", 5, [], {}, {"payload": None}, {"payload": "text"}])
def test_a_path_to_nowhere_is_null(data: Any, data_type: DataType) -> None:
    assert read_path(data, ("payload", "text"), data_type) is None


@pytest.mark.parametrize("data_type", JSON_READERS, ids=str)
def test_a_column_that_is_null_is_null_without_a_path_too(data_type: DataType) -> None:
    assert read_path(None, (), data_type) is None
