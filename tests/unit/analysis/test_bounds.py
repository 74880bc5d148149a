"""Long and deep queries: reasoning takes time in proportion, and gives up rather than explode."""

from __future__ import annotations

import time

import pytest

from sql_seg import SENDGRID, check, parse
from sql_seg.analysis import NeverTrue, claims
from tests.laws.strategies import SCHEMA

MANY = 3_000


def chain(word: str, condition: str) -> str:
    return f" {word} ".join(condition.replace("#", str(n)) for n in range(MANY))


@pytest.mark.parametrize(
    "text",
    [
        chain("OR", "age = #"),
        chain("AND", "age != #"),
        chain("AND", "age > #"),
        chain("AND", "plan NOT LIKE '%x#%'"),
        chain("OR", "plan LIKE '%x#y%'"),
        chain("AND", "(age = # OR plan = 'x#')"),
        chain("OR", "(age > # AND plan = 'x#' AND city != 'c#')"),
        chain("OR", "CONTAINS(list_ids, 'x#')"),
        chain("AND", "(age = # OR plan = 'x#' OR city = 'c#' AND line = 'l#')"),
        f"age IN ({', '.join(map(str, range(30_000)))}) AND age = 7.5",
    ],
    ids=lambda text: text[:40],
)
def test_long_chains_take_time_in_proportion(text: str) -> None:
    checked = check(parse(text), SCHEMA)
    start = time.process_time()
    claims(checked)
    assert time.process_time() - start < 10


def test_deep_nesting_is_no_trouble() -> None:
    text = "age > 1000"
    for level in range(90):
        text = f"NOT ({text} AND (age != {level} OR plan = 'x{level}'))"
    claims(check(parse(text), SCHEMA))


def test_what_is_too_much_to_follow_is_not_claimed() -> None:
    wide = " AND ".join(f"(age = {n} OR plan = '{n}' OR city = '{n}' OR line = '{n}')" for n in range(8))
    assert not {type(claim) for claim in claims(check(parse(wide), SCHEMA))} - {NeverTrue}


def test_a_long_list_is_held_against_a_short_one() -> None:
    text = f"city IN ({', '.join(repr(str(n)) for n in range(5_000))}) AND city = 'x'"
    assert [type(claim) for claim in claims(check(parse(text), SENDGRID))] == [NeverTrue]
