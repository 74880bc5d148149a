"""What is made to be in a segment is in it, what is made to be out is not, and no record is made in vain."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.goals import Goal
from sql_seg.core.interpreter import Interpreter
from sql_seg.core.terms import (
    Applied,
    Calculation,
    Compared,
    Constant,
    Now,
    ShiftedTime,
    Term,
    walk,
)
from sql_seg.segments.population import population_of
from sql_seg.segments.segment import Segment
from sql_seg.solver import Difference, Found, Impossible, NearMiss, Record, distinguish, near_miss, witness
from sql_seg.solver.near_misses import nearest
from sql_seg.solver.solver import Solver
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import Query
from sql_seg.testing import contacts_matching, contacts_not_matching, near_misses, queries
from sql_seg.testing.matching import Drawn
from sql_seg.testing.records import DrawnAccount, accounts

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
GOALS = (Goal.TRUE, Goal.NOT_TRUE)


def is_member(query: CheckedQuery, record: Record) -> bool:
    """Return whether a record is in a segment, as the compiler has it."""
    everyone = list(record.everyone)
    contacts = [one.contact for one in everyone]
    events = [event for one in everyone for event in one.events]
    members = Segment(to_text(query.query), query.schema).members(contacts, events, now=NOW)
    return any(member is record.contact for member in members)


def members(query: CheckedQuery, people: DrawnAccount) -> list[bool]:
    """Return which contacts of an account are in a segment, as the interpreter has it."""
    account = population_of(people.contacts, people.events).account
    interpreter = Interpreter(NOW, account)
    return [
        interpreter.verdict(query.condition, contact, account.events_of(contact)) is True
        for contact in account.contacts
    ]


@pytest.mark.parametrize("inside", [True, False])
@given(data=st.data(), query=queries(depth=2))
def test_a_record_is_as_wished_and_impossible_is_so(inside: bool, data: st.DataObject, query: Query) -> None:
    checked = check(query)
    outcome = witness(checked, inside=inside, now=NOW)
    if isinstance(outcome, Found):
        assert is_member(checked, outcome.record) is inside
        strategy = contacts_matching if inside else contacts_not_matching
        drawn = strategy(checked, now=NOW, realistic=data.draw(st.booleans()))
        assert is_member(checked, data.draw(drawn)) is inside
    if isinstance(outcome, Impossible):
        assert inside not in members(checked, data.draw(accounts(near=query, now=NOW)))


@given(data=st.data())
def test_a_difference_is_one_and_the_same_is_the_same(data: st.DataObject) -> None:
    pair = [data.draw(queries(depth=1)) for _ in range(2)]
    one, other = map(check, pair)
    outcome = distinguish(one, other, now=NOW)
    if isinstance(outcome, Difference):
        assert is_member(one, outcome.record) is outcome.in_first
        assert is_member(other, outcome.record) is not outcome.in_first
    if isinstance(outcome, Impossible):
        people = data.draw(accounts(near=data.draw(st.sampled_from(pair)), now=NOW))
        assert members(one, people) == members(other, people)


@given(query=queries(depth=2))
def test_nobody_tells_a_query_from_itself(query: Query) -> None:
    checked = check(query)
    assert isinstance(distinguish(checked, checked, now=NOW), Impossible)


@given(data=st.data(), query=queries(depth=2))
def test_the_one_of_a_near_miss_is_in_and_the_other_just_out(data: st.DataObject, query: Query) -> None:
    checked = check(query)
    outcome = near_miss(checked, now=NOW, choices=Drawn(data.draw))
    if isinstance(outcome, NearMiss):
        assert is_member(checked, outcome.inside)
        assert not is_member(checked, outcome.outside)
        assert (
            nearest(outcome.outside, outcome.inside, lambda one: not is_member(checked, one))
            == outcome.outside
        )


def is_solvable(term: Term) -> bool:
    """Return whether a condition is one of those that are met surely: of one thing, and what is known."""
    return not any(
        isinstance(inner, Calculation | Applied)
        or (isinstance(inner, ShiftedTime) and not _is_known(inner))
        or (isinstance(inner, Compared) and not (_is_known(inner.left) or _is_known(inner.right)))
        for inner in walk(term)
    )


def _is_known(term: Term) -> bool:
    return all(isinstance(inner, Constant | Now) or any(inner.children()) for inner in walk(term))


@given(data=st.data(), query=queries(depth=2))
def test_no_record_is_made_in_vain(data: st.DataObject, query: Query) -> None:
    checked = check(query)
    for goal, extra_events in product(GOALS, (0, 2)) if is_solvable(checked.condition) else ():
        solver = Solver([(checked.condition, goal)], checked.schema, NOW)
        outcome = solver.solve(Drawn(data.draw), extra_events=extra_events)
        assert solver.rejected == 0
        assert isinstance(outcome, Found | Impossible)


JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
)
USUAL = [
    "email LIKE '%gmail.com'",
    "country = 'US' AND state_province_region IN ('CO', 'CA', 'NY')",
    "postal_code NOT IN ('10001', '10002') OR postal_code IS NULL",
    "first_name IS NULL AND last_name IS NOT NULL",
    "CONTAINS(list_ids, 'A') AND NOT CONTAINS(list_ids, 'B')",
    "updated_at >= NOW() - INTERVAL 1 MONTH AND created_at < TIMESTAMP '2024-01-01'",
    "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 30 DAY AND city LIKE 'O%'",
    f"{JOINED} AND e.data:payload.unique_args.singlesend_id = 'x'",
    f"{JOINED} AND c.contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'click')",
    JOINED.replace("updated_at FROM", "updated_at, MAX(e.timestamp) AS last FROM")
    + " HAVING last < '2024-01-01'",
]


@pytest.mark.parametrize("text", USUAL)
@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_drawn_contacts_are_in_or_out(text: str, data: st.DataObject) -> None:
    query = Segment(text).checked
    inside = data.draw(contacts_matching(query, now=NOW, realistic=False))
    assert is_member(query, inside)
    assert inside.contact["contact_id"] is not None
    assert not is_member(query, data.draw(contacts_not_matching(query, now=NOW, realistic=False)))
    pair = data.draw(near_misses(query, now=NOW))
    assert is_member(query, pair.inside)
    assert not is_member(query, pair.outside)
