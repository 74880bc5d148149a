"""How operators bind, by the reference's order of them: the loosest one splits a text first.

What is written of a tree binds as the tree does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import (
    And,
    Binary,
    Column,
    Comparison,
    Expression,
    Negative,
    Not,
    Number,
    Or,
    Predicate,
    Select,
    SelectItem,
    Table,
)
from sql_seg.syntax.parsing import parse

LOOSEST_FIRST = {Dialect.V1: ("-", "+", "/", "*", "%"), Dialect.V2: ("+-", "*/%")}
CHAINS = st.lists(
    st.tuples(st.sampled_from("+-*/%"), st.sampled_from(["", "-"]), st.sampled_from("abc")),
    min_size=1,
    max_size=6,
)
"""Operators, each with the operand behind it and its sign; nothing stands before the first one."""

ID, TABLE = SelectItem(Column("contact_id")), Table("contact_data")
FRAMES = {Dialect.V1: "", Dialect.V2: "SELECT contact_id FROM contact_data WHERE "}


def written(chain: Sequence[tuple[str, str, str]]) -> str:
    """Return a chain as a text without parentheses."""
    return "".join(f" {operator} {sign}{name}" for operator, sign, name in chain)[3:]


def read(chain: Sequence[tuple[str, str, str]], dialect: Dialect) -> Expression:
    """Return what a chain is: split at the last of the operators that bind loosest, again and again."""
    for level in LOOSEST_FIRST[dialect]:
        for place in range(len(chain) - 1, 0, -1):
            if chain[place][0] in level:
                operator = Arithmetic(chain[place][0])
                return Binary(operator, read(chain[:place], dialect), read(chain[place:], dialect))
    ((_, sign, name),) = chain
    return Negative(Column(name)) if sign else Column(name)


def sums(operators: int) -> list[Expression]:
    """Return all trees of so many operators."""
    if not operators:
        return [Column("a")]
    return [
        Binary(operator, left, right)
        for before in range(operators)
        for operator, left, right in product(Arithmetic, sums(before), sums(operators - 1 - before))
    ]


def condition_of(text: str, dialect: Dialect) -> Expression | None:
    """Return the condition that a text is, in a query."""
    query = parse(FRAMES[dialect] + text, dialect)
    assert isinstance(query, Predicate | Select)
    return query.where


@pytest.mark.parametrize("dialect", Dialect)
@given(chain=CHAINS)
def test_arithmetic(dialect: Dialect, chain: list[tuple[str, str, str]]) -> None:
    compared = Comparison(Comparator.EQ, read(chain, dialect), Number(1))
    assert condition_of(f"{written(chain)} = 1", dialect) == compared


@pytest.mark.parametrize("dialect", Dialect)
def test_all_small_sums_are_written_as_they_bind(dialect: Dialect) -> None:
    for total in (*sums(1), *sums(2), *sums(3)):
        for value in (total, Negative(total)):
            condition = Comparison(Comparator.EQ, value, Number(1))
            query = Predicate(condition) if dialect is Dialect.V1 else Select((ID,), TABLE, where=condition)
            assert parse(to_text(query)) == query


@pytest.mark.parametrize("dialect", Dialect)
@given(groups=st.lists(st.lists(st.booleans(), min_size=1, max_size=3), min_size=1, max_size=3))
def test_and_binds_tighter_than_or_and_not_tighter_than_both(
    dialect: Dialect, groups: list[list[bool]]
) -> None:
    is_one, conjunctions, texts = Comparison(Comparator.EQ, Column("a"), Number(1)), [], []
    for group in groups:
        parts: list[Expression] = [Not(is_one) if negated else is_one for negated in group]
        conjunctions.append(And(tuple(parts)) if len(parts) > 1 else parts[0])
        texts.append(" AND ".join("NOT a = 1" if negated else "a = 1" for negated in group))
    expected = Or(tuple(conjunctions)) if len(conjunctions) > 1 else conjunctions[0]
    assert condition_of(" OR ".join(texts), dialect) == expected
