"""Functions made for one path read what the general function reads."""

from __future__ import annotations

from typing import Any

import pytest

from sql_seg.evaluate.path_code import path_reader
from sql_seg.language.datatypes import DataType
from sql_seg.language.json_paths import JSON_READERS, read_path

HELD = [
    "a",
    "",
    "2026-11-23T12:00:00Z",
    3,
    2.5,
    True,
    False,
    None,
    {},
    {"k": "x"},
    [],
    ["a"],
    "5",
    "true",
    "2024",
]
DATA = [
    *[{"payload": {"it's\n": value}} for value in HELD],
    *[{"payload": value} for value in HELD],
    *HELD,
]
PATHS = [("payload", "it's\n"), ("payload",), ("payload", "it's\n", "k"), ("absent", "it's\n")]


@pytest.mark.parametrize("data_type", JSON_READERS, ids=str)
@pytest.mark.parametrize("keys", PATHS, ids=".".join)
def test_what_a_path_finds(keys: tuple[str, ...], data_type: DataType) -> None:
    def told(value: Any) -> tuple[type, Any]:
        return type(value), value

    read = path_reader(keys, data_type)
    assert [told(read(data)) for data in DATA] == [told(read_path(data, keys, data_type)) for data in DATA]


def test_a_path_is_compiled_once() -> None:
    assert path_reader(("a", "b"), DataType.NUMBER) is path_reader(("a", "b"), DataType.NUMBER)
    assert path_reader(("a", "b"), DataType.NUMBER) is not path_reader(("a", "b"), DataType.VARCHAR)
