"""Searches end after as many steps on every machine; what differs in form alone is found by its form."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import check, parse
from sql_seg.solver import (
    Difference,
    Found,
    Impossible,
    NearMiss,
    NotFound,
    budget,
    distinguish,
    near_miss,
    witness,
)
from sql_seg.solver.binding import settled
from sql_seg.solver.normal_form import form, normal
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW, joined, opened, where

ATOMS = [
    "age > 1",
    "age IN (1, 2)",
    "city = 'a'",
    "city LIKE 'a%'",
    "plan IS NULL",
    "NOT score <= 3",
    "score != age",
]
Tree = str | tuple[str, list["Tree"]]
TREES = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=1, max_size=4)),
    max_leaves=12,
)


def written(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree
    word, parts = tree
    return "(" + f" {word} ".join(map(written, parts)) + ")"


def otherwise(tree: Tree, draw: st.DataObject) -> Tree:
    """Return a tree in another order, with repetitions, and nested in another way."""
    if isinstance(tree, str):
        return tree
    word, parts = tree
    changed: list[Tree] = [otherwise(part, draw) for part in draw.draw(st.permutations(parts))]
    changed += draw.draw(st.lists(st.sampled_from(changed), max_size=2))
    size = draw.draw(st.integers(0, len(changed)))
    return word, [(word, changed[:size]), *changed[size:]] if size else changed


@given(TREES, st.data())
@settings(deadline=None)
def test_order_repetition_and_nesting_are_no_difference(tree: Tree, data: st.DataObject) -> None:
    one, other = (
        form(normal(settled(check(parse(written(shape)), SCHEMA).condition, NOW)))
        for shape in (tree, otherwise(tree, data))
    )
    assert one == other


def likes(count: int, order: int = 1) -> str:
    return where(" AND ".join([f"city NOT LIKE '%a{i}b%'" for i in range(count)][::order]))


def domains(count: int, order: int = 1) -> str:
    return where(" OR ".join([f"email LIKE '%@d{i}.com'" for i in range(count)][::order]))


def pairs(count: int) -> str:
    return where(" OR ".join(f"(city = 'c{i}' AND country = 'k{i % 7}')" for i in range(count)))


def joins(count: int) -> str:
    aliases = [f"e{i}" for i in range(1, count)]
    asked = [f"{alias}.event_type = 't{alias}'" for alias in ["e", *aliases]]
    return joined(" AND ".join(asked), *aliases)


def never(count: int) -> str:
    parts = [f"contact_id NOT IN {opened(condition=f'''event_type = 't{i}' ''')}" for i in range(count)]
    return where(" AND ".join(parts))


LONG: dict[str, tuple[str, str, type]] = {
    "many NOT LIKE in another order": (likes(30), likes(30, -1), Impossible),
    "one NOT LIKE more": (likes(60), likes(61), Difference),
    "sixty domains and one": (domains(60), domains(61), Difference),
    "many domains in another order": (domains(500), domains(500, -1), Impossible),
    "two hundred pairs and one": (pairs(200), pairs(201), Difference),
    "thirty joins": (joins(30), joins(29), Difference),
    "thirty subqueries": (never(30), never(29), Difference),
}


@pytest.mark.parametrize(("one", "other", "answer"), LONG.values(), ids=LONG)
def test_long_queries_are_answered_within_the_usual_steps(one: str, other: str, answer: type) -> None:
    assert isinstance(distinguish(one, other, now=NOW), answer)
    assert isinstance(witness(one, now=NOW), Found)


@pytest.mark.parametrize("query", [domains(60), pairs(200), joins(30), never(30)])
def test_who_is_just_out_of_a_long_query(query: str) -> None:
    assert isinstance(near_miss(query, now=NOW), NearMiss)


def test_a_search_ends_with_its_steps_and_a_larger_effort_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "STEPS", 300)
    few = distinguish(pairs(40), pairs(41), now=NOW)
    assert isinstance(few, NotFound)
    assert few.reason == "gave up after 300 steps; a larger effort tries more"
    more = distinguish(pairs(40), pairs(41), now=NOW, effort=100)
    assert isinstance(more, Difference)


def test_an_effort_is_one_or_more() -> None:
    with pytest.raises(ValueError, match="effort is 1 or more, not 0"):
        witness("city = 'a'", effort=0)


ASKED = [
    (pairs(40), pairs(41)),
    (likes(15), likes(16)),
    (
        joined("e.timestamp < f.timestamp AND f.timestamp < c.created_at", "f"),
        joined("e.timestamp < c.created_at"),
    ),
    (where("age * 2 > 6 AND LOWER(city) LIKE 'a%'"), where("age > 3 AND city LIKE 'a%'")),
]
PROGRAM = """
import sys
from tests.laws.test_searches import ASKED, NOW, SCHEMA, distinguish, near_miss
for one, other in ASKED:
    print(distinguish(one, other, schema=SCHEMA, now=NOW), near_miss(one, schema=SCHEMA, now=NOW))
"""


def answers(seed: int) -> Sequence[str]:
    """Return the answers of a process of its own, in which sets have another order."""
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": "."}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_the_answer_is_the_same_in_every_process() -> None:
    assert answers(1) == answers(2)
