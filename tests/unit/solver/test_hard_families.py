"""Families of hard questions: each has an honest answer within the budget, in steps and not in seconds."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, Segment
from sql_seg.solver import Difference, Found, Impossible, NearMiss, NotFound, distinguish, near_miss, witness

FIELDS = SENDGRID.with_fields(
    [
        {"name": "age", "field_type": "Number"},
        {"name": "score", "field_type": "Number"},
        {"name": "plan", "field_type": "Text"},
        {"name": "d", "field_type": "Date"},
    ]
)
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
OPENED = "(SELECT contact_id FROM event_data WHERE event_type = 'open' AND timestamp > '2026-01-{:02}')"

FAMILIES: dict[str, tuple[str, list[str], set[type], set[type]]] = {
    "IN lists inside of OR and AND": (
        "OR",
        [
            f"(age IN ({i}, {i + 1}) AND (city = 'c{i}' "
            f"OR (country IN ('x{i}', 'y{i}') AND NOT plan = 'p{i}')))"
            for i in range(30)
        ],
        {Found},
        {Difference},
    ),
    "truth values in lists": (
        "AND",
        [f"(age > {i}) IN (TRUE, (score < {i}))" for i in range(12)],
        {Found},
        {Impossible},
    ),
    "moved dates": (
        "AND",
        [f"TIMESTAMPADD(month, {i + 1}, d) > TIMESTAMPADD(day, {31 * i}, created_at)" for i in range(12)],
        {Found},
        {NotFound},
    ),
    "equations": (
        "AND",
        [f"age * {i + 2} + score * {i + 1} = {i * 7 + 20}" for i in range(6)],
        {NotFound},
        {NotFound},
    ),
    "texts put together": (
        "OR",
        [f"CONCAT(first_name, last_name, '{i}') LIKE '%a{i}%b{i}'" for i in range(12)],
        {Found},
        {Difference},
    ),
    "many NOT IN over events": (
        "AND",
        [f"contact_id NOT IN {OPENED.format(i + 1)}" for i in range(20)],
        {Found},
        {Difference},
    ),
    "subqueries in subqueries": (
        "AND",
        [
            f"city IN (SELECT city FROM contact_data WHERE age > {i} AND country IN "
            f"(SELECT country FROM contact_data WHERE score < {i}))"
            for i in range(5)
        ],
        {Found},
        {Difference},
    ),
    "more conditions than columns": (
        "AND",
        [f"(city = 'a{i}' OR country = 'b{i}' OR plan = 'c{i}')" for i in range(12)],
        {Impossible},
        {Impossible},
    ),
    "remainders": (
        "AND",
        [f"LENGTH(city) % {prime} = {prime - 1}" for prime in (2, 3, 5, 7, 11)],
        {NotFound},
        {NotFound},
    ),
    "patterns that overlap": (
        "AND",
        [f"city LIKE 'a_%{i}_%b%'" for i in range(12)],
        {Found},
        {NotFound},
    ),
    "many lists": (
        "AND",
        [
            f"ARRAY_CONTAINS(list_ids, ['l{i}', 'l{i + 1}', 'l{i + 2}']) "
            f"AND NOT ARRAY_CONTAINS(list_ids, 'l{i + 1}')"
            for i in range(0, 30, 2)
        ],
        {Found},
        {Difference},
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_each_has_an_honest_answer(name: str) -> None:
    word, parts, found, different = FAMILIES[name]
    whole, most = (Segment(WHERE + f" {word} ".join(some), FIELDS) for some in (parts, parts[1:]))
    assert type(witness(whole)) in found
    assert type(near_miss(whole)) in {NearMiss} | found - {Found}
    assert type(distinguish(whole, most)) in different
    turned = Segment(WHERE + f" {word} ".join(reversed(parts)), FIELDS)
    assert isinstance(distinguish(whole, turned), Impossible), "another order is no difference"


def test_what_gives_up_says_so() -> None:
    joins = " ".join(f"JOIN event_data AS e{i} ON c.contact_id = e{i}.contact_id" for i in range(4))
    types = " AND ".join(
        f"e{i}.event_type = '{kind}'" for i, kind in enumerate(("open", "click", "bounce", "delivered"))
    )
    maxima = [f"MAX(e{i}.timestamp) > TIMESTAMPADD(day, -{10 + i}, CURRENT_TIMESTAMP)" for i in range(4)]
    queries = [
        "SELECT c.contact_id, c.updated_at, MAX(e0.timestamp) AS last_event FROM contact_data AS c "
        f"{joins} WHERE {types} HAVING {' AND '.join(some)}"
        for some in (maxima, maxima[:3])
    ]
    outcome = distinguish(*queries)
    assert isinstance(outcome, Difference | NotFound)
    assert isinstance(outcome, Difference) or "steps" in outcome.reason
