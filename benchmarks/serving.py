"""The emulated API, asked in this process: list, get and search over 200 segments and 10,000 contacts.

Against five milliseconds an answer, and ten seconds a day of virtual time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

import httpx
from measure import Measured, Results, seconds

from sql_seg.server import Loaded, LoadedSegment, transport

NOW = datetime(2026, 7, 15, 16, tzinfo=UTC)
LIMIT = 0.005
DAY = 10.0
SEGMENTS, CONTACTS = "/v3/marketing/segments/2.0", "/v3/marketing/contacts"


def account() -> Loaded:
    people = [
        {
            "contact_id": f"{number:08d}-0000-4000-8000-000000000000",
            "email": f"p{number}@example.com",
            "country": ("US", "NO", "CA")[number % 3],
            "city": f"city {number % 50}",
            "created_at": NOW - timedelta(minutes=number),
            "updated_at": NOW - timedelta(minutes=number),
        }
        for number in range(10_000)
    ]
    query = "SELECT contact_id, updated_at FROM contact_data WHERE city = 'city {}'"
    return Loaded(
        people, segments=[LoadedSegment(f"s{number}", query.format(number)) for number in range(200)]
    )


def usual(ask: Callable[[], object]) -> float:
    """Return the median of what an answer takes, once the first was given."""
    return median(seconds(lambda: [ask()][:0]) for _ in range(25))


def measure() -> Results:
    client = httpx.Client(
        transport=transport(now=NOW, loaded=account()),
        base_url="http://emulator",
        headers={"Authorization": "Bearer SG.any"},
    )
    one = client.get(SEGMENTS).json()["results"][0]["id"]
    cities = iter(range(1_000_000))

    def search() -> object:
        query = f"city = 'city {next(cities) % 50}' AND country = 'US'"
        return client.post(f"{CONTACTS}/search", json={"query": query}).raise_for_status()

    asked = {
        "list segments": lambda: client.get(SEGMENTS).raise_for_status(),
        "get a segment": lambda: client.get(f"{SEGMENTS}/{one}").raise_for_status(),
        "list contacts": lambda: client.get(CONTACTS).raise_for_status(),
        "search contacts": search,
        "search by email": lambda: client.post(
            f"{CONTACTS}/search/emails", json={"emails": ["p7@example.com"]}
        ).raise_for_status(),
    }
    found = [Measured(f"{name}, against 5 ms", LIMIT, usual(ask) / LIMIT) for name, ask in asked.items()]
    a_day = seconds(lambda: [client.post("/-/clock/advance", json={"days": 1}).raise_for_status()][:0])
    found.append(Measured("a day of refreshes, against 10 s", DAY, a_day / DAY))
    return Results("Serving: 200 segments and 10,000 contacts", {"Answers": found}, has_mean=False)
