"""One contact at a time: a predicate, against the function that a careful person writes by hand.

Both are called once for each of 20,000 contacts, as a web hook would call them. The hand-written function is
safe for NULL, and knows nothing but its one question.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from contact_predicates import (
    IN_MAY,
    LIST_A,
    LIST_B,
    LIST_C,
    LONG_AGO,
    MONTH_AGO,
    POSTAL_CODES,
    PREDICATES,
    SCHEMA,
    STATES,
    TWO_MONTHS_AGO,
)
from generate import NOW, contacts
from measure import Measured, Results, measured

from sql_seg import Segment, check, parse, to_predicate

Row = dict[str, Any]
Predicate = Callable[[Row], bool]


def p1(r: Row) -> bool:
    return (e := r.get("email")) is not None and e.endswith("gmail.com")


def p2(r: Row) -> bool:
    return r.get("country") == "US" and r.get("state_province_region") in STATES


def p3(r: Row) -> bool:
    return (p := r.get("postal_code")) is not None and p not in POSTAL_CODES


def p4(r: Row) -> bool:
    return (f := r.get("first_name")) is None or f.lower() == "bob"


def p5(r: Row) -> bool:
    return (
        (a := r.get("age")) is not None and 21 <= a < 65 and (p := r.get("plan")) is not None and p != "free"
    )


def p6(r: Row) -> bool:
    return (
        (u := r.get("updated_at")) is not None
        and u >= MONTH_AGO
        and (c := r.get("created_at")) is not None
        and LONG_AGO <= c <= TWO_MONTHS_AGO
    )


def p7(r: Row) -> bool:
    return (
        (lists := r.get("list_ids")) is not None
        and (LIST_A in lists or LIST_B in lists)
        and LIST_C not in lists
    )


def p8(r: Row) -> bool:
    return (
        (e := r.get("email")) is not None
        and (e.endswith("gmail.com") or e.endswith("yahoo.com"))  # noqa: PIE810 -- a tuple is slower
        and ((country := r.get("country")) is None or country == "US" or country == "CA")
        and (
            ((plan := r.get("plan")) is not None and plan != "free")
            or ((s := r.get("state_province_region")) is not None and s != "TX" and s != "FL")
        )
        and (((a := r.get("age")) is not None and 21 <= a < 65) or (plan is not None and plan != "free"))
        and (
            ((p := r.get("postal_code")) is not None and p not in POSTAL_CODES)
            or ((f := r.get("first_name")) is not None and f.lower() == "bob")
        )
        and (u := r.get("updated_at")) is not None
        and u >= IN_MAY
        and (lists := r.get("list_ids")) is not None
        and (LIST_A in lists or LIST_B in lists or LIST_C not in lists)
    )


BY_HAND: dict[str, Predicate] = {
    "P1": p1,
    "P2": p2,
    "P3": p3,
    "P4": p4,
    "P5": p5,
    "P6": p6,
    "P7": p7,
    "P8": p8,
}


def asked(predicate: Predicate, rows: list[Row]) -> Callable[[], int]:
    """Return the work of asking a predicate of each row; it counts the members."""

    def ask() -> int:
        members = 0
        for row in rows:
            if predicate(row):
                members += 1
        return members

    return ask


def measure() -> Results:
    rows = contacts()[:20_000]
    some = rows[:1000]
    ways: dict[str, list[Measured]] = {"predicate": [], "Segment.matches": []}
    for name, condition in PREDICATES.items():
        by_hand = BY_HAND[name]
        text = f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}"
        predicate = to_predicate(check(parse(text), SCHEMA), now=NOW)
        matches = partial(Segment(text, SCHEMA).matches, now=NOW)
        assert list(map(predicate, rows)) == list(map(by_hand, rows)), name
        assert list(map(matches, some)) == list(map(by_hand, some)), name
        ways["predicate"].append(measured(name, asked(by_hand, rows), asked(predicate, rows), rounds=31))
        ways["Segment.matches"].append(measured(name, asked(by_hand, some), asked(matches, some)))
    note = "`Segment.matches` keeps the predicate of the last `now` that it was asked for."
    return Results(f"One contact at a time, {len(rows):,} times", ways, note=note)
