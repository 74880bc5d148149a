"""One contact at a time: a predicate, against the function that a careful person writes by hand.

Both are called once for each of 20,000 contacts, as a web hook would call them. The hand-written function is
safe for NULL, and knows nothing but its one question.
"""

from __future__ import annotations

from collections.abc import Callable
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
from measure import Results, measured

from sql_seg import check, parse, to_predicate

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
    found = []
    for name, condition in PREDICATES.items():
        text = f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}"
        predicate = to_predicate(check(parse(text), SCHEMA), now=NOW)
        assert [predicate(row) for row in rows] == [BY_HAND[name](row) for row in rows], name
        found.append(measured(name, asked(BY_HAND[name], rows), asked(predicate, rows), rounds=31))
    return Results(f"One contact at a time, {len(rows):,} times", {"predicate": found})
