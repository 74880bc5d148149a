"""Past a bound there is one diagnostic, at once; before it, an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import MOST_LEVELS, MOST_VALUES
from sql_seg.syntax.parsing import parse
from sql_seg.syntax.parsing.parser import MOST_BYTES
from tests.unit.marked import syntax_errors
from tests.unit.round_trips import comes_back


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < 20, "seconds of processor time; about one on a usual machine"


def test_a_text_of_a_mebibyte() -> None:
    text = "a = '" + "x" * (MOST_BYTES - 6) + "'"
    assert len(text) == MOST_BYTES
    assert to_text(parse(text)) == text


@pytest.mark.parametrize("text", ["a" * (MOST_BYTES + 1), "é" * (MOST_BYTES // 2 + 1), "(" * 10 * MOST_BYTES])
def test_a_longer_one(text: str) -> None:
    (diagnostic,) = syntax_errors(text)
    assert diagnostic.code == "text-too-long"
    assert diagnostic.message == "the text is longer than 1,048,576 bytes"
    assert (diagnostic.line, diagnostic.column) == (1, 1)


def test_bytes_are_counted_not_characters() -> None:
    assert parse("a = '" + "é" * 500_000 + "'")


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("NOT ", ""), ("-", ""), ("f(", ")"), ("NOT(", ")"), ("a = (", ")")]
)
def test_nesting_up_to_the_bound(opening: str, closing: str) -> None:
    levels = MOST_LEVELS // (2 if opening in ("NOT(", "a = (") else 1)
    query = parse(opening * levels + "x" + closing * levels, "v1")
    assert comes_back(query)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("NOT ", ""), ("- ", ""), ("f(", ")"), ("NOT(", ")"), ("a = (", ")")],
)
@pytest.mark.parametrize("levels", [MOST_LEVELS + 2, 5_000])
def test_nesting_past_the_bound(opening: str, closing: str, levels: int) -> None:
    text = opening * levels + "x" + closing * levels
    (diagnostic,) = syntax_errors(text, "v1")
    assert diagnostic.code == "nesting-too-deep"
    assert diagnostic.message == "the query nests deeper than 200 levels here"


@pytest.mark.parametrize("operator", ["+", "*", "-", "%"])
def test_an_arithmetic_chain_is_a_level_for_each_operator(operator: str) -> None:
    def chain(operators: int) -> str:
        return f" {operator} ".join(["a"] * (operators + 1))

    assert to_text(parse(chain(MOST_LEVELS))) == chain(MOST_LEVELS)
    (diagnostic,) = syntax_errors(chain(MOST_LEVELS + 2))
    assert diagnostic.code == "nesting-too-deep"


def test_the_parentheses_of_a_list_are_no_level() -> None:
    assert to_text(parse("(" * MOST_LEVELS + "a IN (1)" + ")" * MOST_LEVELS)) == "a IN (1)"


def test_subqueries_nest_too() -> None:
    frame = "SELECT a FROM b WHERE c IN ("
    assert parse(frame * 90 + "SELECT a FROM b" + ")" * 90)
    (diagnostic,) = syntax_errors(frame * 3_000 + "SELECT a FROM b" + ")" * 3_000)
    assert diagnostic.code == "nesting-too-deep"


@pytest.mark.parametrize("operator", ["AND", "OR"])
def test_a_chain_of_ten_thousand_conditions_is_one_level(operator: str) -> None:
    text = f" {operator} ".join(f"c{i} = '{i}'" for i in range(10_000))
    assert to_text(parse(text)) == text


def test_a_list_up_to_the_bound() -> None:
    text = f"a IN ({', '.join(['1'] * MOST_VALUES)})"
    assert to_text(parse(text)) == text


def test_a_longer_list() -> None:
    (diagnostic,) = syntax_errors(f"a IN ({', '.join(['1'] * (MOST_VALUES + 1))})")
    assert diagnostic.code == "too-many-values"
    assert diagnostic.message == "an IN list holds at most 100,000 values, not 100,001"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "'" * 100_001,
        "a = " + "(" * 150,
        "NOT " * 20_000,
        "[" * 100_000,
        ")" * 100_000,
        "/*" * 100_000,
        "a AND " * 50_000,
    ],
)
@pytest.mark.parametrize("dialect", ["v1", "v2"])
def test_texts_made_to_hurt(text: str, dialect: str) -> None:
    frame = "" if dialect == "v1" else "SELECT a FROM b WHERE "
    assert len(syntax_errors(frame + text, dialect)) <= 2


@pytest.mark.parametrize("text", ["ORDER BY LIMIT " * 20_000, "a = 1 ILIKE " * 20_000])
def test_many_refused_constructs(text: str) -> None:
    assert syntax_errors("SELECT a FROM b " + text)
