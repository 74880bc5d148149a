"""Laws of fixes: each gives a valid query, and a safe one selects the same contacts."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import Segment, diagnose
from sql_seg.diagnostics import Diagnostic, Fix, Safety
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.language.datatypes import Dialect
from sql_seg.linting import RULES
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from sql_seg.testing import nows, spellings
from sql_seg.testing.records import DrawnAccount
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
CODES = {rule.code for rule in RULES if rule.check is not None}


def fixes(text: str, dialect: Dialect) -> list[tuple[Diagnostic, Fix]]:
    """Return what the rules would fix in a query."""
    found = diagnose(text, SCHEMA, dialect, infos=True)
    return [(item, item.fix) for item in found if item.fix is not None and item.code in CODES]


def count(text: str, dialect: Dialect, found: Diagnostic) -> int:
    """Return how many findings there are of the same kind, and as severe."""
    kind = (found.code, found.severity)
    return sum((item.code, item.severity) == kind for item in diagnose(text, SCHEMA, dialect, infos=True))


def members(text: str, dialect: Dialect, account: DrawnAccount, now: datetime) -> list[str | None]:
    """Return the ids of the members among an account's contacts."""
    return list(Segment(text, SCHEMA, dialect).ids(account.contacts, account.events, now=now))


def assert_fixes_hold(text: str, dialect: Dialect, account: DrawnAccount, now: datetime) -> None:
    """Assert that each fix fixes what it is for, spoils nothing, and if safe keeps the members."""
    for found, fix in fixes(text, dialect):
        repaired = apply_fixes(text, [fix])
        assert not any(item.is_error for item in diagnose(repaired, SCHEMA, dialect)), repaired
        # What is left of "a OR a OR (a OR b)" without its first part says something twice still.
        is_shorter = len(repaired) < len(text)
        assert is_shorter or count(repaired, dialect, found) < count(text, dialect, found), repaired
        if fix.safety is Safety.SAFE:
            before = members(text, dialect, account, now)
            assert members(repaired, dialect, account, now) == before, repaired


@DIALECTS
@given(data=st.data(), now=nows())
def test_fixes_of_any_query_hold(dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(dialect))
    text = data.draw(spellings(query))
    assert_fixes_hold(text, dialect, data.draw(accounts_near(query, now)), now)


LAST_EVENT = (
    "SELECT contact_id, contact_data.updated_at, MAX(event_timestamp) AS last_event FROM contact_data "
    "JOIN event_data USING (contact_id) WHERE event_type <> 'open' AND event_timestamp <= NOW() "
    "HAVING last_event >= '2024-01-01 00:00';"
)

SAFE = [
    (Dialect.V1, "email LIKE 'a'"),
    (Dialect.V1, "plan NOT LIKE 'max' OR age = 2"),
    (Dialect.V2, "SELECT contact_id, updated_at FROM contact_data WHERE NOT plan LIKE 'ab'"),
    (Dialect.V1, "NOT (plan NOT IN (NULL, 'a') OR plan IN ('b'))"),
    (Dialect.V1, "plan IN ('a', NULL) OR age IN (NULL, NULL, 1, 2)"),
    (Dialect.V1, "age - 2 + 3 * 2 > 8 / 2 * age - age * 3 % 2"),
    (Dialect.V1, "created_at > TIMESTAMP '2024-02-29T23:59:59' - INTERVAL '2' DAYS AND plan <> 'a'"),
    (Dialect.V2, LAST_EVENT),
]


@pytest.mark.parametrize(("dialect", "text"), SAFE)
@settings(max_examples=12)
@given(data=st.data(), now=nows())
def test_safe_fixes_keep_the_members(dialect: Dialect, text: str, data: st.DataObject, now: datetime) -> None:
    query: Query = parse(text, dialect)
    safe = [fix for _, fix in fixes(text, dialect) if fix.safety is Safety.SAFE]
    assert safe
    account = data.draw(accounts_near(query, now))
    for fix in safe:
        repaired = apply_fixes(text, [fix])
        assert members(repaired, dialect, account, now) == members(text, dialect, account, now)
