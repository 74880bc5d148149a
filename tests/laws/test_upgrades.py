"""An upgraded query selects the same contacts; what is refused is refused for a reason with a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import check
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.language.datatypes import Dialect
from sql_seg.language.event_data import WEBHOOK_KEYS
from sql_seg.language.json_paths import as_text
from sql_seg.language.patterns import read_pattern
from sql_seg.segments.segment import Segment
from sql_seg.solver import Difference, distinguish
from sql_seg.syntax.nodes import Call, Column, Like, Null, Query, String, walk
from sql_seg.testing import nows
from sql_seg.testing.records import DrawnAccount
from sql_seg.upgrading import Obstacle, downgrade, upgrade
from tests.engines import laws
from tests.engines.duckdb import DuckDb
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
FEW = max(25, settings().max_examples // 4)
IN_ARGUMENTS = "singlesend_id"


def as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as the webhook sends it: each key in its place, and numbers in their shortest form."""
    data = event.get("data")
    payload = data.get("payload") if isinstance(data, dict) else None
    if not isinstance(payload, dict):
        return event
    arguments = payload.get("unique_args")
    every = {**(arguments if isinstance(arguments, dict) else {}), **payload}
    every.pop("unique_args", None)
    own = {key: plain(value) for key, value in every.items() if key in WEBHOOK_KEYS and key != IN_ARGUMENTS}
    unique = {key: plain(value) for key, value in every.items() if key not in own}
    return {**event, "data": {"payload": {**own, "unique_args": unique}}}


def plain(value: Any) -> Any:
    return as_text(value) if isinstance(value, float) else value


def ids(query: Query, account: DrawnAccount, events: list[dict[str, Any]], now: datetime) -> list[str]:
    condition = check(query, SCHEMA).condition
    held = Account(account.contacts, [row for row in events if row["contact_id"] != "stranger"])
    interpreter = Interpreter(now, held)
    return [
        contact["contact_id"]
        for contact in account.contacts
        if interpreter.verdict(condition, contact, held.events_of(contact))
    ]


@given(data=st.data(), now=nows())
def test_an_upgraded_query_selects_the_same_contacts(data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(Dialect.V1))
    upgraded = upgrade(query, SCHEMA, now=now)
    if upgraded.query is None:
        assert all(refusal.kind in (Obstacle.PATTERN, Obstacle.KEY) for refusal in upgraded.refusals)
        return
    account = data.draw(accounts_near(query, now))
    events = [as_sent(event) for event in account.events]
    expected = ids(query, account, events, now)
    assert ids(upgraded.query, account, events, now) == expected
    compiled = Segment(upgraded.text, SCHEMA)
    assert list(compiled.ids(account.contacts, events, now=now)) == expected


@given(account_queries(Dialect.V1))
def test_no_contact_tells_an_upgraded_query_from_the_old_one(query: Query) -> None:
    upgraded = upgrade(query, SCHEMA, now=NOW)
    if upgraded.query is not None:
        found = distinguish(query, upgraded.query, schema=SCHEMA, now=NOW, effort=2)
        assert not isinstance(found, Difference)


def cannot_be_said(query: Query) -> set[Obstacle]:
    """Return why v2 cannot say a v1 query, by its form: LIKE has no escape, and paths have fixed keys."""
    kinds = set()
    for node in walk(query):
        match node:
            case Like(pattern=String(pattern)):
                behind = read_pattern(pattern, Dialect.V1).runs[1:]
                if any(mark in (run.text or "") for run in behind for mark in "_%"):
                    kinds.add(Obstacle.PATTERN)
            case Call("CONTAINS", (Column("event_data"), key)) if not isinstance(key, String | Null):
                kinds.add(Obstacle.KEY)
    return kinds


def test_refusals_are_few_and_of_known_kinds() -> None:
    kinds: Counter[str] = Counter()

    @given(account_queries(Dialect.V1))
    @settings(max_examples=200, database=None)
    def count(query: Query) -> None:
        made = upgrade(query, SCHEMA, now=NOW)
        reasons = cannot_be_said(query)
        assert made.query is not None or made.refusals[0].kind in reasons
        kinds["cannot be said" if reasons else "refused" if made.is_refused else "upgraded"] += 1

    count()
    assert kinds["refused"] == 0
    assert kinds["upgraded"] > kinds["cannot be said"] > 0


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDb]:
    database = DuckDb()
    yield database
    database.close()


@settings(max_examples=FEW)
@given(data=st.data(), now=nows())
def test_an_upgraded_query_has_the_same_members_in_an_engine(
    engine: DuckDb, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(Dialect.V1))
    upgraded = upgrade(query, SCHEMA, now=now)
    account = data.draw(accounts_near(query, now))
    events = [as_sent(event) for event in account.events]
    for one in (query, upgraded.query):
        if one is not None:
            laws.assert_same(engine, one, account.contacts, events, now)


@given(data=st.data(), now=nows())
def test_a_downgraded_query_selects_the_same_contacts(data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(Dialect.V2))
    back = downgrade(query, SCHEMA, now=now)
    if back.query is None:
        assert all(refusal.kind is not Obstacle.UNPROVEN for refusal in back.refusals)
        return
    account = data.draw(accounts_near(query, now))
    events = [as_sent(event) for event in account.events]
    assert ids(back.query, account, events, now) == ids(query, account, events, now)
