"""Odd values are looked for once in generated code, however often their column is asked for."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from datetime import UTC, datetime
from types import CodeType

import pytest

from sql_seg import SENDGRID, RecordError, check, parse
from sql_seg.core.interpreter import Account
from sql_seg.evaluate.compiler import Compiler
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import custom_column

SCHEMA = SENDGRID.with_columns([custom_column("age", DataType.NUMBER)])
NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAN = float("nan")


def compiler(condition: str) -> Compiler:
    return Compiler(
        check(parse(f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}"), SCHEMA)
    )


def ids(condition: str, *contacts: dict[str, object]) -> list[str]:
    records = [{"contact_id": str(number), **contact} for number, contact in enumerate(contacts)]
    return list(compiler(condition).ids(records, Account(records, []), NOW))


def globals_of(code: CodeType) -> Iterator[str]:
    yield from (step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from globals_of(inner)


@pytest.mark.parametrize(
    "condition",
    [
        " OR ".join(f"city = 'c{number}'" for number in range(50)),
        " OR ".join(f"city IN ('a{number}', 'b{number}')" for number in range(50)),
        " OR ".join(f"(city = 'c{number}' AND age > {number})" for number in range(50)),
        "city = 'a' OR NOT (city != 'b') OR city IN ('c', 'd')",
    ],
)
def test_a_column_is_looked_at_once(condition: str) -> None:
    asked = compiler(condition)
    assert list(asked.ids([], Account([], []), NOW)) == []
    (program,) = asked._passes.values()
    assert list(globals_of(program._code)).count("odd_VARCHAR") == 1


@pytest.mark.parametrize("odd", [3, True, ["a"], {"a": 1}, b"a"])
@pytest.mark.parametrize("condition", ["city = 'a' OR city = 'b'", "age = 5 OR city = 'a' OR city = 'b'"])
def test_an_odd_value_is_an_error_wherever_it_is_met(condition: str, odd: object) -> None:
    with pytest.raises(RecordError):
        ids(condition, {"city": "b", "age": 1}, {"city": odd, "age": 1})


def test_what_is_not_there_is_asked_for_again() -> None:
    condition = "city = 'a' OR (city = 'b' AND age = 3) OR (age = 4 AND city = 'c') OR age = 5"
    contacts: list[dict[str, object]] = [
        {"city": "a"},
        {"city": "b", "age": 3},
        {"city": None, "age": 5},
        {"city": NAN, "age": 5.0},
        {"city": NAN, "age": NAN},
        {"city": "c", "age": 4},
        {"city": "c", "age": NAN},
    ]
    assert ids(condition, *contacts) == ["0", "1", "2", "3", "5"]
