"""What each construct of the language means: the same to the interpreter, to compiled code and to DuckDB."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import SENDGRID, Dataset, NeedsDatasetError, Segment

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DEFINITIONS = [
    {"id": "e1_N", "name": "age", "field_type": "Number"},
    {"id": "e2_N", "name": "score", "field_type": "Number"},
    {"id": "e3_T", "name": "plan", "field_type": "Text"},
    {"id": "e4_D", "name": "d", "field_type": "Date"},
]
FIELDS = SENDGRID.with_fields(DEFINITIONS)
CONTACT: dict[str, Any] = {
    "contact_id": "1",
    "email": "ann@b.c",
    "city": "Denver",
    "age": -10,
    "score": 2.5,
    "plan": "100%",
    "d": datetime(2026, 1, 31, tzinfo=UTC),
    "list_ids": ["a", "b"],
    "created_at": NOW,
    "updated_at": NOW,
}
EVENT: dict[str, Any] = {
    "event": "open",
    "email": "ann@b.c",
    "timestamp": "2026-03-01T00:00:00Z",
    "attempt": "5",
    "reason": None,
    "category": ["x", "y"],
    "n": 3.5,
    "ok": True,
    "obj": {"a": 1},
    "big": 1e21,
    "when": "2026-02-01",
    "tsn": 1767225600,
    "two": "x",
}
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)


def written(value: Any) -> str:
    return json.dumps(value, default=lambda moment: moment.isoformat().replace("+00:00", "Z"))


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Dataset]]:
    """The contact with its event in memory, and in files of two forms."""
    folder: Path = tmp_path_factory.mktemp("account")
    files = {
        "contacts.json": [CONTACT],
        "events.json": [EVENT],
        "events.ndjson": EVENT,
        "fields.json": {"custom_fields": DEFINITIONS},
    }
    for name, value in files.items():
        (folder / name).write_text(written(value), encoding="utf-8")
    loaded = [
        Dataset.load(folder / "contacts.json", events=folder / events, fields=folder / "fields.json")
        for events in ("events.json", "events.ndjson")
    ]
    yield [Dataset([CONTACT], [EVENT], schema=FIELDS), *loaded]
    for dataset in loaded:
        dataset.close()


OF_LISTS_AND_OBJECTS = [
    ("({} = 'z') IS NULL", True),
    ("({} IN ('z', 'y')) IS NULL", True),
    ("('z' = {}) IS NOT NULL", False),
    ("({} = 'z') IS FALSE", False),
    ("({} = 'z') IS NOT FALSE", True),
    ("({} = 'z') = FALSE", False),
    ("({} = 'z') IN (FALSE)", False),
    ("NOT ({} = 'z')", False),
    ("NOT ({} = 'z' OR FALSE)", False),
    ("(({} = 'z') IS NULL AND e.event_type = 'open')", True),
    ("({} = 'z') IS NOT TRUE", True),
    ("{} = 'z' OR e.event_type = 'open'", True),
]
"""What holds of a path at which a list or an object stands, compared with a text: that is NULL."""

CASES = [
    *(
        (JOINED + condition.format(path), holds)
        for condition, holds in OF_LISTS_AND_OBJECTS
        for path in ("e.data:payload.unique_args.obj", "e.data:payload.category")
    ),
    (WHERE + r"plan = '100\%'", True),
    (WHERE + r"'C:\Users' = 'C:Users'", True),
    (WHERE + r"'a''b' = 'a\'b'", True),
    (WHERE + r"LENGTH('\x41\u0042\103\n') = 4", True),
    (WHERE + r"'\xZZ' = 'xZZ'", True),
    (WHERE + r"'\u00e9' = 'é'", True),
    (WHERE + r"LENGTH('\ud83d\ude00') = 1", True),
    (WHERE + r"'\q' = 'q'", True),
    (WHERE + r"LENGTH('\\') = 1", True),
    (WHERE + r"LENGTH('\0') = 1", True),
    (WHERE + r"plan LIKE '100\%'", True),
    (WHERE + "city LIKE 'D_nver'", True),
    (WHERE + "city LIKE 'den%'", False),
    (WHERE + "city LIKE ''", False),
    (WHERE + "city LIKE '%%'", True),
    ("plan LIKE '100%%'", True),
    ("plan LIKE '1%%%'", False),
    ("city LIKE 'D_nver'", False),
    (r"'a\b' = 'a\b' AND LENGTH('a\b') = 3", True),
    ("'it\\'s' = \"it's\"", True),
    ("10 - 2 + 3 = 5", True),
    ("8 / 2 * 4 = 1", True),
    ("-age % 7 = 3", True),
    ("age % 7 = -3", True),
    ("2 * 3 % 2 = 2", True),
    ("age / 0 IS NULL", True),
    ("5 % 0 IS NULL", True),
    ("1 / 3 * 3 = 0.1111111111111111", True),
    (WHERE + "first_name != 'x'", False),
    (WHERE + "NOT (first_name = 'x')", False),
    (WHERE + "first_name NOT IN ('a')", False),
    (WHERE + "city NOT IN ('a', NULL)", False),
    (WHERE + "city IN ('Denver', NULL)", True),
    (WHERE + "(first_name = 'x') IS NOT TRUE", True),
    (WHERE + "(first_name = 'x') IS NOT FALSE", True),
    (WHERE + "(first_name = 'x') IS NULL", True),
    (WHERE + "first_name = 'x' OR TRUE", True),
    (WHERE + "age BETWEEN 5 AND -20", False),
    (WHERE + "NOT age BETWEEN NULL AND -20", True),
    (WHERE + "age NOT BETWEEN NULL AND -5", False),
    (WHERE + "CONCAT(city, first_name) IS NULL", True),
    (WHERE + "'' IS NULL", False),
    (WHERE + "TIMESTAMPADD(month, 1, d) = '2026-02-28'", True),
    (WHERE + "TIMESTAMPADD(month, -0, d) = '2026-01-31T00:00:00Z'", True),
    (WHERE + "TIMESTAMPADD(year, 9999, d) IS NULL", True),
    (WHERE + "d = '2026-01-31 01:00+01:00'", True),
    (WHERE + "d = '2026-01-31T01:00:00+0100'", True),
    (WHERE + "d > '2026-01-30T23:59:59.9999999Z'", True),
    (WHERE + "TIMESTAMPADD(weeks, 1, d) = '2026-02-07'", True),
    (WHERE + "d < CURRENT_TIMESTAMP() AND d < CURRENT_TIMESTAMP AND d < NOW()", True),
    ("d + INTERVAL '1' month = TIMESTAMP '2026-02-28'", True),
    ("d - INTERVAL -1 DAYS = TIMESTAMP '2026-02-01'", True),
    (WHERE + "LOWER('İ') = LOWER('İ') AND LENGTH(LOWER('İ')) = 1", True),
    (WHERE + "UPPER('ß') = 'ß'", True),
    (WHERE + "LENGTH('é') = 1", True),
    (WHERE + "ARRAY_CONTAINS(list_ids, ['z','b'])", True),
    (WHERE + "ARRAY_CONTAINS(list_ids, 'A')", False),
    (WHERE + "ARRAY_CONTAINS(email_domains, 'b.c')", True),
    (JOINED + "e.data:payload.attempt > 3", True),
    (JOINED + "e.data:payload.attempt = '5'", True),
    (JOINED + "e.data:payload.reason IS NULL", False),
    (JOINED + "e.data:payload.nothing IS NULL", True),
    (JOINED + "ARRAY_CONTAINS(e.data:payload.category, 'x')", True),
    (JOINED + "ARRAY_CONTAINS(e.data:payload.unique_args.two, 'x')", True),
    (JOINED + "e.data:payload.category = 'x'", False),
    (JOINED + "e.data:payload.unique_args.n + 1 = 4.5", True),
    (JOINED + "e.data:payload.unique_args.n LIKE '3.5'", True),
    (JOINED + "e.data:payload.unique_args.ok", True),
    (JOINED + "e.data:payload.unique_args.ok = 1", True),
    (JOINED + "e.data:payload.unique_args.ok = 'true'", True),
    (JOINED + "e.data:payload.unique_args.obj = 'x'", False),
    (JOINED + "e.data:payload.unique_args.obj.a = 1", True),
    (JOINED + "e.data:payload.unique_args.big LIKE '1000000000000000000000'", True),
    (JOINED + "e.data:payload.unique_args.tsn = TIMESTAMP '2026-01-01'", True),
    (JOINED + "e.data:payload.unique_args.tsn IN (TIMESTAMP '2026-01-01', TIMESTAMP '2025-01-01')", True),
    (JOINED + "NOT e.data:payload.unique_args.two", False),
    (JOINED + "(e.data:payload.unique_args.two IS NOT TRUE)", True),
    (JOINED + "e.data:payload['attempt'] = 5", True),
    (JOINED + "e.DATA:payload.attempt = 5", True),
    (JOINED + "e.data:payload.Attempt IS NULL", True),
    (JOINED + "LENGTH(e.data:payload.attempt) = 1", True),
    ("event_data['attempt'] = '5' AND event_type = 'open'", True),
    ("event_data['ok'] = 'true'", True),
    ("event_data['n'] = '3.5'", True),
    ("event_data['reason'] IS NULL AND event_type = 'open'", True),
    ("event_data['category'] IS NULL AND event_type = 'open'", True),
    ("CONTAINS(event_data, 'two')", True),
    ("CONTAINS(event_data, 'obj')", False),
    ("event_type = 'click' OR city = 'Denver'", True),
    (WHERE + "contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'click')", True),
    (WHERE + "city NOT IN (SELECT first_name FROM contact_data)", False),
    (WHERE + "9007199254740993 = 9007199254740992", True),
    (WHERE + "0.1 + 0.2 = 0.3", False),
    (WHERE + "score * 2 = 5 AND score / 2 = 1.25", True),
    (JOINED + "e.data:payload.unique_args.when < CURRENT_TIMESTAMP", True),
    (JOINED + "e.data:payload.reason IS NOT NULL", True),
    (JOINED + "e.data:payload.reason IS NULL OR e.data:payload.reason = '5'", False),
]


@pytest.mark.parametrize(("query", "is_member"), CASES)
def test_it_means_the_same_everywhere(query: str, is_member: bool, datasets: list[Dataset]) -> None:
    segment = Segment(query, FIELDS)
    found = [bool(segment.count([CONTACT], [EVENT], now=NOW))]
    try:
        found.append(segment.matches(CONTACT, [EVENT], now=NOW))
    except NeedsDatasetError:
        assert "SELECT first_name" in query
    for dataset in datasets:
        found.append(bool(segment.count(dataset, now=NOW)))
        found.append(segment.decided_by("1", dataset=dataset, now=NOW).is_member)
    assert set(found) == {is_member}, found
