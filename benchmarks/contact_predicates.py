"""A pass over 200,000 contacts, against the comprehension that a careful person writes by hand.

The hand-written one is safe for NULL: a column that is None or missing makes no member by mistake. It
makes the list of ids from dicts. Ours makes that list, the list of members, or the count alone, from the
same dicts and from a Dataset of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from generate import NOW, contacts
from measure import Measured, Results, Work, measured, without_collection

from sql_seg import SENDGRID, Dataset, Segment

Row = dict[str, Any]
SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "last_order_at", "field_type": "Date"},
    ]
)
LIST_A = "115715d0-0000-4000-8000-000000000003"
LIST_B = "115715d0-0000-4000-8000-000000000007"
LIST_C = "115715d0-0000-4000-8000-000000000000"
STATES = frozenset({"CO", "CA", "NY"})
POSTAL_CODES = frozenset({"10001", "10002", "10003", "80202", "90210"})
MONTH_AGO = datetime(2026, 10, 24, 12, tzinfo=UTC)
LONG_AGO = datetime(2024, 2, 27, 12, tzinfo=UTC)
TWO_MONTHS_AGO = datetime(2026, 9, 24, 12, tzinfo=UTC)
IN_MAY = datetime(2026, 5, 7, 12, tzinfo=UTC)

PREDICATES = {
    "P1": "email LIKE '%gmail.com'",
    "P2": "country = 'US' AND state_province_region IN ('CO', 'CA', 'NY')",
    "P3": "postal_code NOT IN ('10001', '10002', '10003', '80202', '90210')",
    "P4": "lower(first_name) = 'bob' OR first_name IS NULL",
    "P5": "age >= 21 AND age < 65 AND plan != 'free'",
    "P6": "updated_at >= '2026-10-24T12:00:00Z' "
    "AND created_at BETWEEN '2024-02-27T12:00:00Z' AND '2026-09-24T12:00:00Z'",
    "P7": f"array_contains(list_ids, ['{LIST_A}', '{LIST_B}']) "
    f"AND NOT array_contains(list_ids, ['{LIST_C}'])",
    "P8": "(email LIKE '%gmail.com' OR email LIKE '%yahoo.com') "
    "AND (country = 'US' OR country = 'CA' OR country IS NULL) "
    "AND NOT (state_province_region IN ('TX', 'FL') AND plan = 'free') "
    "AND ((age >= 21 AND age < 65) OR plan != 'free') "
    "AND (postal_code NOT IN ('10001', '10002', '10003', '80202', '90210') OR lower(first_name) = 'bob') "
    "AND updated_at >= '2026-05-07T12:00:00Z' "
    f"AND (array_contains(list_ids, ['{LIST_A}', '{LIST_B}']) "
    f"OR NOT array_contains(list_ids, ['{LIST_C}']))",
}


def p1(rows: list[Row]) -> list[str]:
    return [r["contact_id"] for r in rows if (e := r.get("email")) is not None and e.endswith("gmail.com")]


def p2(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"] for r in rows if r.get("country") == "US" and r.get("state_province_region") in STATES
    ]


def p3(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"] for r in rows if (p := r.get("postal_code")) is not None and p not in POSTAL_CODES
    ]


def p4(rows: list[Row]) -> list[str]:
    return [r["contact_id"] for r in rows if (f := r.get("first_name")) is None or f.lower() == "bob"]


def p5(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"]
        for r in rows
        if (a := r.get("age")) is not None
        and 21 <= a < 65
        and (p := r.get("plan")) is not None
        and p != "free"
    ]


def p6(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"]
        for r in rows
        if (u := r.get("updated_at")) is not None
        and u >= MONTH_AGO
        and (c := r.get("created_at")) is not None
        and LONG_AGO <= c <= TWO_MONTHS_AGO
    ]


def p7(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"]
        for r in rows
        if (lists := r.get("list_ids")) is not None
        and (LIST_A in lists or LIST_B in lists)
        and LIST_C not in lists
    ]


def p8(rows: list[Row]) -> list[str]:
    return [
        r["contact_id"]
        for r in rows
        if (e := r.get("email")) is not None
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
    ]


BY_HAND = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P6": p6, "P7": p7, "P8": p8}


def ways_to_ask(segment: Segment, rows: list[Row], dataset: Dataset) -> dict[str, Work]:
    """Return each way to ask who is in a segment."""
    return {
        "members": lambda: list(segment.members(rows, now=NOW)),
        "ids": lambda: list(segment.ids(rows, now=NOW)),
        "count": lambda: segment.count(rows, now=NOW),
        "Dataset: ids": lambda: list(segment.ids(dataset, now=NOW)),
        "Dataset: count": lambda: segment.count(dataset, now=NOW),
    }


def assert_equal(found: Any, expected: list[str]) -> None:
    """Hold members, ids or a count against the ids that are expected."""
    if isinstance(found, int):
        assert found == len(expected)
    else:
        assert [item["contact_id"] if isinstance(item, dict) else item for item in found] == expected


def measure() -> Results:
    rows = contacts()
    dataset = without_collection(lambda: Dataset(rows, schema=SCHEMA))
    ways: dict[str, list[Measured]] = {}
    for name, predicate in PREDICATES.items():
        segment = Segment(f"SELECT contact_id, updated_at FROM contact_data WHERE {predicate}", SCHEMA)
        hand = partial(BY_HAND[name], rows)
        for way, work in ways_to_ask(segment, rows, dataset).items():
            assert_equal(work(), hand())
            found = measured(name, hand, work)
            ways.setdefault(way, []).append(found)
    note = (
        "By hand: the list of ids, from dicts. Our `ids` make the same; `members` need not look the ids up."
    )
    return Results(f"Contacts: one pass over {len(rows):,}", ways, note=note)
