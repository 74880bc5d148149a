"""What a query says of events: three evaluators agree, whatever the order of events and whoever is asked."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.checking import check
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import NeedsDatasetError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import CONTACT_DATA
from sql_seg.segments.predicate import to_predicate
from sql_seg.segments.segment import Segment
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import Column, Expression, InSubquery, Query, walk
from sql_seg.testing import events, nows
from sql_seg.testing.records import DrawnAccount
from tests.laws import naive
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, monotone

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)


def interpreted(query: Query, account: DrawnAccount, now: datetime) -> list[bool | None]:
    """Return what the interpreter says of each contact."""
    condition = check(query, SCHEMA).condition
    held = Account(account.contacts, [row for row in account.events if row["contact_id"] != "stranger"])
    interpreter = Interpreter(now, held)
    return [interpreter.verdict(condition, contact, held.events_of(contact)) for contact in account.contacts]


def ids(contacts: list[Any]) -> list[str]:
    return [contact["contact_id"] for contact in contacts]


def known(account: DrawnAccount) -> list[dict[str, Any]]:
    """Return the events of the account's contacts: those of strangers are left out of event_data."""
    return [event for event in account.events if event["contact_id"] != "stranger"]


@DIALECTS
@given(data=st.data(), now=nows())
def test_three_evaluators_agree(dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    expected = ids(naive.members(query, SCHEMA, account.contacts, known(account), now))
    truths = interpreted(query, account, now)
    assert [c["contact_id"] for c, truth in zip(account.contacts, truths, strict=True) if truth] == expected
    segment = Segment(to_text(query), SCHEMA)
    assert list(segment.ids(account.contacts, account.events, now=now)) == expected
    assert segment.count(account.contacts, account.events, now=now) == len(expected)
    members = list(segment.members(account.contacts, account.events, now=now))
    assert ids(members) == expected
    assert all(any(member is contact for contact in account.contacts) for member in members)


@DIALECTS
@given(data=st.data(), now=nows())
def test_one_contact_alone_is_what_it_is_in_the_dataset(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    members = list(segment.members(dataset, now=now))
    assert all(member in dataset.contacts for member in members)
    assert ids(members) == list(segment.ids(account.contacts, account.events, now=now))
    assert segment.count(dataset, now=now) == segment.preview(dataset, now=now).count == len(members)
    predicate = segment.matches
    for contact in account.contacts:
        events = account.events_of(contact)
        if asks_of_others(query):
            with pytest.raises(NeedsDatasetError):
                predicate(contact, events, now=now)
            with pytest.raises(NeedsDatasetError):
                to_predicate(segment.checked, now)
        else:
            is_member = contact["contact_id"] in ids(members)
            assert predicate(contact, events, now=now) is is_member
            assert to_predicate(segment.checked, now)(contact, events) is is_member


def asks_of_others(query: Query) -> bool:
    """Return whether a subquery is over contact_data, or on another column than contact_id."""
    return any(
        node.query.table.name.lower() == CONTACT_DATA
        or not (is_contact_id(node.operand) and is_contact_id(node.query.items[0].expression))
        for node in walk(query)
        if isinstance(node, InSubquery)
    )


def is_contact_id(node: Expression) -> bool:
    return isinstance(node, Column) and node.name.lower() == "contact_id"


@DIALECTS
@given(data=st.data(), seed=st.integers(0, 99))
def test_order_and_repetition_of_events_mean_nothing(
    dialect: Dialect, data: st.DataObject, seed: int
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, NOW))
    segment = Segment(to_text(query), SCHEMA)
    shuffled = [*account.events, *account.events[::2]]
    random.Random(seed).shuffle(shuffled)
    expected = list(segment.ids(account.contacts, account.events, now=NOW))
    assert list(segment.ids(account.contacts, shuffled, now=NOW)) == expected
    assert list(segment.ids(Dataset(account.contacts, shuffled, SCHEMA), now=NOW)) == expected
    if not asks_of_others(query):
        for contact in account.contacts:
            own = [event for event in shuffled if event["contact_id"] == contact["contact_id"]]
            assert segment.matches(contact, own, now=NOW) is (contact["contact_id"] in expected)


@DIALECTS
@given(data=st.data())
def test_one_more_event_takes_nobody_out_of_a_segment_that_only_asks_for_events(
    dialect: Dialect, data: st.DataObject
) -> None:
    query = monotone(data.draw(account_queries(dialect)))
    account = data.draw(accounts_near(query, NOW))
    contact_id = data.draw(st.sampled_from(account.contacts))["contact_id"]
    event = data.draw(events(contact_id, near=query, now=NOW, realistic=False))
    segment = Segment(to_text(query), SCHEMA)
    before = set(segment.ids(account.contacts, account.events, now=NOW))
    after = set(segment.ids(account.contacts, [*account.events, event], now=NOW))
    assert before <= after


@DIALECTS
def test_the_generated_accounts_hold_members_and_others(dialect: Dialect) -> None:
    met: Counter[bool] = Counter()
    asked: Counter[bool] = Counter()

    @settings(max_examples=60, derandomize=True, database=None)
    @given(data=st.data(), now=nows())
    def meet(data: st.DataObject, now: datetime) -> None:
        query = data.draw(account_queries(dialect))
        truths = interpreted(query, data.draw(accounts_near(query, now)), now)
        met.update(truth is True for truth in truths)
        asked[check(query, SCHEMA).reads_events] += 1

    meet()
    assert met[True] > 0.04 * met.total(), met
    assert met[False] > 0.1 * met.total(), met
    assert asked[True] > 0.5 * asked.total(), asked
