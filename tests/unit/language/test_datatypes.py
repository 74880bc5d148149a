"""Types and units of time."""

from __future__ import annotations

import pytest

from sql_seg.language.datatypes import DataType, Dialect, TimeUnit


def test_a_type_has_a_name_in_each_dialect() -> None:
    assert DataType.TIMESTAMP.name_in(Dialect.V1) == "DATETIME"
    assert DataType.TIMESTAMP.name_in(Dialect.V2) == "TIMESTAMP"


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("word", ["day", "DAY", "days", "Days"])
def test_units_in_any_case_and_number(word: str, dialect: Dialect) -> None:
    assert TimeUnit.read(word, dialect) is TimeUnit.DAY


def test_weeks_are_of_v2_alone() -> None:
    assert TimeUnit.read("weeks", Dialect.V2) is TimeUnit.WEEK
    assert TimeUnit.read("weeks", Dialect.V1) is None


@pytest.mark.parametrize("word", ["", "s", "dayss", "quarter", "millisecond", "daY ", "ſecond"])
def test_what_is_no_unit(word: str) -> None:
    assert TimeUnit.read(word, Dialect.V2) is None
