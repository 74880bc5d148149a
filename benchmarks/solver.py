"""What tells two long queries apart, of the kinds that people have, against parsing and checking the two.

Each pair differs in one condition, or in the order of its conditions alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

from measure import Measured, Results, measured

from sql_seg import check, parse
from sql_seg.solver import distinguish

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROUNDS = 3


def where(condition: str) -> str:
    return f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}"


def domains(count: int) -> str:
    return where(" OR ".join(f"email LIKE '%@d{i}.com'" for i in range(count)))


def not_like(count: int, order: int = 1) -> str:
    return where(" AND ".join([f"city NOT LIKE '%a{i}b%'" for i in range(count)][::order]))


def cities(count: int) -> str:
    names = ", ".join(f"'c{i}'" for i in range(count))
    return where(f"city IN ({names})")


def windows(count: int) -> str:
    ago = "TIMESTAMPADD(day, -{}, NOW())".format
    parts = [f"created_at > {ago(3 * i + 2)} AND created_at < {ago(3 * i)}" for i in range(count)]
    return where(" OR ".join(parts))


def pairs(count: int) -> str:
    return where(" OR ".join(f"(city = 'c{i}' AND country = 'k{i % 7}')" for i in range(count)))


def joins(count: int) -> str:
    tables = "".join(f" JOIN event_data AS e{i} ON c.contact_id = e{i}.contact_id" for i in range(count))
    asked = " AND ".join(f"e{i}.event_type = 't{i}'" for i in range(count))
    return f"SELECT c.contact_id, c.updated_at FROM contact_data AS c{tables} WHERE {asked}"


def never(count: int) -> str:
    events = "SELECT contact_id FROM event_data WHERE event_type"
    return where(" AND ".join(f"contact_id NOT IN ({events} = 't{i}')" for i in range(count)))


PAIRS = {
    "60 domains": (domains(60), domains(61)),
    "30 NOT LIKE, in another order": (not_like(30), not_like(30, -1)),
    "60 NOT LIKE": (not_like(60), not_like(61)),
    "IN of 5,000": (cities(5000), cities(5001)),
    "100 windows": (windows(100), windows(101)),
    "200 pairs": (pairs(200), pairs(201)),
    "10 joins": (joins(10), joins(11)),
    "30 NOT IN": (never(30), never(31)),
}


def measure() -> Results:
    rows: list[Measured] = []
    for name, texts in PAIRS.items():
        one, other = [check(parse(text)) for text in texts]

        def checked(texts: tuple[str, str] = texts) -> None:
            for text in texts:
                check(parse(text))

        def told(one: object = one, other: object = other) -> None:
            distinguish(one, other, now=NOW)  # type: ignore[arg-type]

        rows.append(measured(name, checked, told, ROUNDS))
    return Results("What tells two long queries apart", {"distinguish": rows}, "parse and check both")
