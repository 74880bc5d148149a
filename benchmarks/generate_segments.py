"""Segments of an account, made from a seed: what marketing people ask, again and again in other words."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from generate import DOMAINS, FIRST_NAMES, LIST_IDS, OTHER_PLACES, PLANS, SINGLESEND_IDS, US_PLACES

DAYS = (1, 3, 7, 14, 30, 45, 60, 90, 120, 180, 365, 730)
PLACES = [*US_PLACES, *OTHER_PLACES]
STATES = sorted({place.state for place in PLACES})
COUNTRIES = sorted({place.country for place in PLACES})
CITIES = sorted({place.city for place in PLACES})
POSTAL_CODES = sorted({place.postal_code for place in PLACES})

SHARED = [
    "c.email NOT LIKE '%@example.com'",
    f"NOT array_contains(c.list_ids, ['{LIST_IDS[0]}'])",
    f"array_contains(c.list_ids, ['{LIST_IDS[1]}'])",
    "c.plan != 'free'",
    "c.country = 'US'",
    "c.contact_id NOT IN (SELECT u.contact_id FROM event_data AS u WHERE u.event_type = 'unsubscribe')",
]
"""What many segments of one account have in common."""


class SegmentText(NamedTuple):
    """A query and the conditions that it is made of."""

    text: str
    conditions: list[str]


def segments(count: int = 200, seed: int = 4) -> list[SegmentText]:
    """Return different segments over twelve fields and events; some conditions are in many of them."""
    rng = random.Random(seed)
    found: dict[str, SegmentText] = {}
    while len(found) < count:
        made = _segment(rng)
        found.setdefault(made.text, made)
    return list(found.values())


def _segment(rng: random.Random) -> SegmentText:
    conditions = rng.sample(SHARED, rng.choices([0, 1, 2], [3, 4, 3])[0])
    terms = list(conditions)
    for _ in range(rng.choices([1, 2, 3, 4], [2, 4, 3, 1])[0]):
        chosen = list(dict.fromkeys(_condition(rng) for _ in range(rng.choices([1, 2, 3], [6, 3, 1])[0])))
        conditions += chosen
        terms.append(chosen[0] if len(chosen) == 1 else f"({' OR '.join(chosen)})")
        if rng.random() < 0.15:
            terms[-1] = f"NOT {terms[-1]}" if len(chosen) > 1 else f"NOT ({terms[-1]})"
    join = ""
    if rng.random() < 0.2:
        join = " JOIN event_data AS e ON c.contact_id = e.contact_id"
        asked = [f"e.event_type = {_quoted(_event_type(rng))}", rng.choice([_lately, _of_a_send])(rng)]
        conditions += asked
        terms += asked
    where = " AND ".join(dict.fromkeys(terms))
    text = f"SELECT c.contact_id, c.updated_at FROM contact_data AS c{join} WHERE {where}"
    return SegmentText(text, list(dict.fromkeys(conditions)))


def _condition(rng: random.Random) -> str:
    return rng.choices(list(CONDITIONS), weights=list(CONDITIONS.values()))[0](rng)


def _email(rng: random.Random) -> str:
    domain = rng.choice([*DOMAINS, "hotmail.com", "icloud.com", "gmx.de"])
    return f"c.email {_not(rng)}LIKE '%{rng.choice(['@', ''])}{domain}'"


def _name(rng: random.Random) -> str:
    name = rng.choice(FIRST_NAMES)
    return rng.choice(
        [
            f"c.first_name = {_quoted(name)}",
            f"lower(c.first_name) = {_quoted(name.lower())}",
            f"c.first_name LIKE '{name[0]}%'",
            "c.first_name IS NULL",
            "c.last_name IS NOT NULL",
        ]
    )


def _place(rng: random.Random) -> str:
    column, values = rng.choice(
        [
            ("city", CITIES),
            ("state_province_region", STATES),
            ("country", COUNTRIES),
            ("postal_code", POSTAL_CODES),
        ]
    )
    chosen = sorted(rng.sample(values, rng.randint(1, 4)))
    if len(chosen) == 1:
        return f"c.{column} {rng.choice(['=', '=', '!='])} {_quoted(chosen[0])}"
    return f"c.{column} {_not(rng)}IN ({', '.join(map(_quoted, chosen))})"


def _list(rng: random.Random) -> str:
    chosen = sorted(rng.sample(LIST_IDS, rng.choice([1, 1, 2])))
    return f"{_not(rng)}array_contains(c.list_ids, [{', '.join(map(_quoted, chosen))}])"


def _time(rng: random.Random) -> str:
    column = rng.choice(["created_at", "updated_at", "last_order_at"])
    if rng.random() < 0.25:
        year = rng.randint(2021, 2025)
        return f"c.{column} BETWEEN '{year}-01-01T00:00:00Z' AND '{year + 1}-01-01T00:00:00Z'"
    return f"c.{column} {rng.choice(['>=', '<'])} {_ago(rng)}"


def _age(rng: random.Random) -> str:
    low = rng.randrange(15, 70, 5)
    return rng.choice([f"c.age BETWEEN {low} AND {low + 15}", f"c.age >= {low}", "c.age IS NOT NULL"])


def _plan(rng: random.Random) -> str:
    plan = rng.choice(list(PLANS))
    return rng.choice([f"c.plan = '{plan}'", f"(c.plan != '{plan}' OR c.plan IS NULL)"])


def _no_event(rng: random.Random) -> str:
    asked = rng.choice([_lately, _of_a_send])(rng)
    return (
        f"c.contact_id {rng.choice(['NOT IN', 'NOT IN', 'IN'])} (SELECT e.contact_id FROM event_data AS e "
        f"WHERE e.event_type = {_quoted(_event_type(rng))} AND {asked})"
    )


def _lately(rng: random.Random) -> str:
    return f"e.timestamp >= {_ago(rng)}"


def _of_a_send(rng: random.Random) -> str:
    return f"e.data:payload.unique_args.singlesend_id = {_quoted(rng.choice(SINGLESEND_IDS))}"


def _event_type(rng: random.Random) -> str:
    return rng.choice(["processed", "delivered", "open", "open", "click", "bounce"])


def _ago(rng: random.Random) -> str:
    return f"TIMESTAMPADD(day, -{rng.choice(DAYS)}, CURRENT_TIMESTAMP)"


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _not(rng: random.Random) -> str:
    return "NOT " if rng.random() < 0.2 else ""


CONDITIONS: dict[Callable[[random.Random], str], int] = {
    _email: 10,
    _name: 10,
    _place: 25,
    _list: 15,
    _time: 20,
    _age: 10,
    _plan: 10,
    _no_event: 6,
}
"""The kinds of conditions, by how often they are asked."""
