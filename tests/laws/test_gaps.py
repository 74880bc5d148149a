"""Records with one thing wrong: the answer is right, or something is said."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sql_seg import SENDGRID, Dataset, DataWarning, RecordError, Segment, to_predicate

FIELDS = SENDGRID.with_fields(
    [
        {"name": "age", "field_type": "Number"},
        {"name": "score", "field_type": "Number"},
        {"name": "plan", "field_type": "Text"},
        {"name": "d", "field_type": "Date"},
    ]
)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
GOOD: dict[str, Any] = {
    "contact_id": "c",
    "email": "a@b.c",
    "plan": "US",
    "country": "US",
    "age": 30,
    "score": 2.5,
    "d": NOW,
    "created_at": NOW,
    "list_ids": ["l"],
}
CONDITIONS = {
    "plan": [
        *("plan = 'US'", "plan != 'US'", "plan IN ('US', 'CA')", "plan NOT IN ('CA')", "plan > 'A'"),
        *("NOT plan LIKE 'C%'", "plan LIKE '%S%'", "plan LIKE 'U_'", "plan NOT LIKE 'x'", "plan = country"),
        *(
            "LOWER(plan) = 'us'",
            "LENGTH(plan) = 2",
            "CONCAT(plan, country) = 'USUS'",
            "plan BETWEEN 'A' AND 'Z'",
        ),
        *("CONCAT(plan, plan) != 'x'", "UPPER(plan) LIKE 'U%'", "plan = 'US' OR age > 90"),
    ],
    "age": [
        *(
            "age = 30",
            "age != 30",
            "age > 20",
            "age NOT IN (1, 2)",
            "NOT age < 20",
            "age = 1",
            "age IN (0, 30)",
        ),
        *("age + 1 = 31", "age * 2 > 3", "-age < 0", "age > score", "score <= age", "age / 0 IS NULL"),
        *("age BETWEEN 0 AND 50", "(age > 3) IS NOT FALSE", "age % 2 = 0", "NOT (age > 90 OR age < 1)"),
    ],
    "d": [
        *("d > '2026-01-01'", "d = '2026-11-23T12:00:00Z'", "d != '2026-01-01'", "d IN ('2026-01-01')"),
        *(
            "TIMESTAMPADD(day, 1, d) > '2026-01-01'",
            "d >= created_at",
            "d BETWEEN '2026-01-01' AND '2027-01-01'",
        ),
    ],
    "list_ids": [
        *("ARRAY_CONTAINS(list_ids, 'l')", "NOT ARRAY_CONTAINS(list_ids, 'x')"),
        *("ARRAY_CONTAINS(list_ids, ['l', 'x'])", "ARRAY_CONTAINS(list_ids, plan)"),
    ],
}
WRONG: dict[str, list[Any]] = {
    "plan": [b"US", 5, ["US"], 1.5, True, {"a": 1}, ("US",), NOW],
    "age": [
        *("30", b"30", [30], "x", True, False, float("inf"), NOW),
        *(10**400, -(10**400), "", 30j, 30 + 0j),
    ],
    "d": ["2026-11-23", datetime(2026, 11, 23), 1790000000, date(2026, 11, 23), True],
    "list_ids": [
        *("l", "abc", 5, {"l"}, {"l": 1}, [5], [None, "l"], [["l"]], b"l", frozenset("l")),
        *(["l", 5], ["l", None], ["x", ["l"]], ("l", b"x"), ["x", True], ["l", float("nan")]),
    ],
}


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw a condition, records with one thing wrong, and the records as they were meant."""
    key = draw(st.sampled_from(sorted(CONDITIONS)))
    condition = draw(st.sampled_from([*CONDITIONS[key], f"{key} IS NULL", f"{key} IS NOT NULL"]))
    size = draw(st.sampled_from([1, 2, 4, 150]))  # the first hundred are looked at closely
    meant = [dict(GOOD) for _ in range(size)]
    given_ = [dict(GOOD) for _ in range(size)]
    row = draw(st.sampled_from([0, size - 1]))
    match draw(st.sampled_from(["case", "NaN", "missing", "kind"])):
        case "case":
            given_ = [{(k.upper() if k == key else k): v for k, v in one.items()} for one in given_]
        case "NaN":
            given_[row][key], meant[row][key] = float("nan"), None
        case "missing":
            given_ = [{k: v for k, v in one.items() if k != key} for one in given_]
        case "kind":
            given_[row][key] = draw(st.sampled_from(WRONG[key]))
    return condition, given_, meant


def asked(how: str, segment: Segment, records: list[dict[str, Any]]) -> int:
    """Return how many of some records are members, by one of the ways to ask."""
    match how:
        case "count":
            return segment.count(records, now=NOW)
        case "ids":
            return len(list(segment.ids(iter(records), now=NOW)))
        case "members":
            return len(list(segment.members(records, now=NOW)))
        case "dataset":
            named = [{**one, "contact_id": str(number)} for number, one in enumerate(records)]
            return segment.count(Dataset(named, schema=FIELDS), now=NOW)
        case "predicate":
            return sum(map(to_predicate(segment.checked, NOW), records))
    return sum(segment.decided_by(one, now=NOW).is_member for one in records[-2:] + records[:2])


@given(mistakes(), st.sampled_from(["count", "ids", "members", "dataset", "predicate", "decided by"]))
def test_the_answer_is_right_or_something_is_said(
    drawn: tuple[str, list[dict[str, Any]], list[dict[str, Any]]], how: str
) -> None:
    condition, records, meant = drawn
    segment = Segment(WHERE + condition, FIELDS)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = asked(how, segment, records)
        except RecordError:
            return
    if not any(issubclass(warning.category, DataWarning) for warning in said):
        assert found == asked(
            how, segment, [_without_missing(*pair) for pair in zip(records, meant, strict=True)]
        )


def _without_missing(record: dict[str, Any], meant: dict[str, Any]) -> dict[str, Any]:
    """Return a record as it was meant: one of which a column was left out never had it."""
    return meant if record.keys() == meant.keys() or any(key != key.lower() for key in record) else record


OF_EVENTS = {
    "event_type = 'open'": "event_type",
    "event_type IN ('open', 'click')": "event_type",
    "event_type IS NULL OR event_type = 'open'": "event_type",
    "event_data['campaign'] = 'x'": "campaign",
    "event_timestamp > TIMESTAMP '2020-01-01' AND event_data['category'] = 'news'": "category",
}
OPENED: dict[str, Any] = {
    "event": "open",
    "email": "a@b.c",
    "timestamp": 1790000000,
    "campaign": "x",
    "category": "news",
}
WRONG_EVENTS: list[dict[str, Any]] = [
    {"event": "Opened"},
    {"event": "OPEN"},
    {"event": "spam_report"},
    {"event": None},
    {"event": 5},
    {"timestamp": "yesterday"},
    {"timestamp": None},
    {"email": None},
    {"email": "who@x.y"},
    {"email": 5},
    {"campaign": ["x"]},
    {"Campaign": "x", "campaign": None},
    {"category": ["news"]},
]


@given(st.sampled_from(sorted(OF_EVENTS)), st.sampled_from(WRONG_EVENTS), st.booleans())
def test_so_it_is_of_events(condition: str, wrong: dict[str, Any], in_memory: bool) -> None:
    segment, contacts = Segment(condition), [{"contact_id": "1", "email": "a@b.c"}]
    event = {key: value for key, value in {**OPENED, **wrong}.items() if value is not None}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = (
                segment.count(Dataset(contacts, [event])) if in_memory else segment.count(contacts, [event])
            )
        except RecordError:
            return
    if not any(issubclass(warning.category, DataWarning) for warning in said):
        assert found == 1, "the event that was meant makes a member"
