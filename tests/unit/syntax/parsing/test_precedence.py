"""How tight operators bind, by example: each text beside the one with all its parentheses."""

from __future__ import annotations

import itertools

import pytest

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.parsing import parse

V1, V2 = Dialect
SELECT = "SELECT contact_id FROM contact_data WHERE "


def same(one: str, other: str, dialect: Dialect) -> bool:
    frame = "" if dialect is V1 else SELECT
    return parse(frame + one, dialect) == parse(frame + other, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("a OR b AND c", "a OR (b AND c)"),
        ("a AND b OR c AND d", "(a AND b) OR (c AND d)"),
        ("NOT a AND b", "(NOT a) AND b"),
        ("NOT a OR b", "(NOT a) OR b"),
        ("NOT NOT a", "NOT (NOT a)"),
        ("NOT a = b", "NOT (a = b)"),
        ("NOT a IS NULL", "NOT (a IS NULL)"),
        ("NOT a IN (b)", "NOT (a IN (b))"),
        ("a = b AND c", "(a = b) AND c"),
        ("a BETWEEN b AND c AND d", "(a BETWEEN b AND c) AND d"),
        ("a BETWEEN b AND c OR d", "(a BETWEEN b AND c) OR d"),
        ("NOT a BETWEEN b AND c AND d", "(NOT (a BETWEEN b AND c)) AND d"),
        ("a + b = c - d", "(a + b) = (c - d)"),
        ("a + b LIKE c + d", "(a + b) LIKE (c + d)"),
        ("a + b IS NULL", "(a + b) IS NULL"),
        ("a * b IN (c + d)", "(a * b) IN ((c + d))"),
        ("a BETWEEN b + c AND d - e", "a BETWEEN (b + c) AND (d - e)"),
        ("-a + b = c", "((-a) + b) = c"),
        ("-a % b = c", "((-a) % b) = c"),
        ("a - -b = c", "(a - (-b)) = c"),
        ("- -a = b", "(-(-a)) = b"),
        ("a + b * c = d", "(a + (b * c)) = d"),
        ("a - b - c = d", "((a - b) - c) = d"),
        ("a / b / c = d", "((a / b) / c) = d"),
        ("a % b % c = d", "((a % b) % c) = d"),
    ],
)
def test_alike_in_both(text: str, bracketed: str, dialect: Dialect) -> None:
    assert same(text, bracketed, dialect)


@pytest.mark.parametrize(
    ("text", "v1", "v2"),
    [
        ("10 - 2 + 3 = a", "(10 - (2 + 3)) = a", "((10 - 2) + 3) = a"),
        ("8 / 2 * 4 = a", "(8 / (2 * 4)) = a", "((8 / 2) * 4) = a"),
        ("8 * 2 / 4 = a", "((8 * 2) / 4) = a", "((8 * 2) / 4) = a"),
        ("8 % 3 * 4 = a", "((8 % 3) * 4) = a", "((8 % 3) * 4) = a"),
        ("8 * 3 % 4 = a", "(8 * (3 % 4)) = a", "((8 * 3) % 4) = a"),
        ("8 / 3 % 4 = a", "(8 / (3 % 4)) = a", "((8 / 3) % 4) = a"),
        ("1 + 2 - 3 + 4 = a", "((1 + 2) - (3 + 4)) = a", "(((1 + 2) - 3) + 4) = a"),
        ("1 - 2 - 3 + 4 = a", "((1 - 2) - (3 + 4)) = a", "(((1 - 2) - 3) + 4) = a"),
    ],
)
def test_each_its_own_arithmetic(text: str, v1: str, v2: str) -> None:
    assert same(text, v1, V1)
    assert same(text, v2, V2)


TIGHTER = ["-", "+", "/", "*", "%"]
PAIRS = list(itertools.product(TIGHTER, repeat=2))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_v1_has_a_precedence_for_each_operator(first: str, second: str) -> None:
    left_first = TIGHTER.index(first) >= TIGHTER.index(second)
    bracketed = f"((a {first} b) {second} c) = 1" if left_first else f"(a {first} (b {second} c)) = 1"
    assert same(f"a {first} b {second} c = 1", bracketed, V1)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_v2_has_two_as_sql(first: str, second: str) -> None:
    left_first = not (first in "+-" and second in "*/%")
    bracketed = f"((a {first} b) {second} c) = 1" if left_first else f"(a {first} (b {second} c)) = 1"
    assert same(f"a {first} b {second} c = 1", bracketed, V2)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "text",
    [
        "a = b = c",
        "a < b < c",
        "a = b LIKE c",
        "a LIKE b LIKE c",
        "a IS NULL IS NULL",
        "a IS NULL = b",
        "a IN (b) IN (c)",
        "a = NOT b",
        "a BETWEEN b = c AND d",
        "a BETWEEN b AND c BETWEEN d AND e",
        "a + NOT b",
        "-NOT a",
        "a IN (b = c)",
        "a IN (b AND c)",
    ],
)
def test_predicates_do_not_chain(text: str, dialect: Dialect) -> None:
    with pytest.raises(QuerySyntaxError):
        same(text, text, dialect)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_predicate_is_an_operand_in_parentheses(dialect: Dialect) -> None:
    text = "(a = b) = (c < d)" if dialect is V1 else f"{SELECT}(a = b) IS NOT TRUE"
    assert to_text(parse(text)) == text


@pytest.mark.parametrize("dialect", Dialect)
def test_chains_are_flat_and_written_groups_stay(dialect: Dialect) -> None:
    assert same("a AND b AND c", "(a AND b AND c)", dialect)
    assert not same("a AND b AND c", "(a AND b) AND c", dialect)
    assert not same("a OR b OR c", "a OR (b OR c)", dialect)
