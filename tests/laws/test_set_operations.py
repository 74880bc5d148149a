"""``a & b``, ``a | b``, ``a - b`` and ``~a`` have just the contacts that Python's sets of members have.

With NULLs, events and parent lists, in both dialects; in memory, by the interpreter, and in DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sql_seg import CannotCombineError, Dataset, Segment
from sql_seg.core.interpreter import Interpreter
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.combining import reads_events
from sql_seg.syntax.formatting import format_text, to_text
from sql_seg.syntax.nodes import Predicate
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
LIST_ID = "41a30d08-69fe-4ff9-96a6-1d0b9d5a5a00"

Operation = Callable[[Any, Any], Any]
OPERATIONS: dict[str, Operation] = {
    "&": lambda one, other: one & other,
    "|": lambda one, other: one | other,
    "-": lambda one, other: one - other,
}


@st.composite
def two_segments(draw: st.DrawFn, dialect: Dialect, now: datetime) -> tuple[Segment, Segment, Dataset]:
    """Draw two segments, and contacts near to both of them."""
    queries = [draw(account_queries(dialect)) for _ in range(2)]
    accounts = [draw(accounts_near(query, now)) for query in queries]
    lists = [draw(st.sampled_from([(), (), (LIST_ID,)])) for _ in range(2)]
    one, other = (
        Segment(to_text(query), SCHEMA, parent_list_ids=ids)
        for query, ids in zip(queries, lists, strict=True)
    )
    contacts, events = [], []
    for number, account in enumerate(accounts):
        for contact in account.contacts:
            on_list = {"list_ids": [LIST_ID]} if any(lists) and draw(st.booleans()) else {}
            contacts.append({**contact, **on_list, "contact_id": f"{contact.get('contact_id')}-{number}"})
        events += [{**event, "contact_id": f"{event['contact_id']}-{number}"} for event in account.events]
    return one, other, Dataset(contacts, events, SCHEMA)


def may_be_refused(operation: str, one: Segment, other: Segment) -> bool:
    """Return whether a refusal is one of those that the documentation names."""
    queries = [one.query, other.query]
    if all(isinstance(query, Predicate) for query in queries):
        ask = [reads_events(query.where) for query in queries if isinstance(query, Predicate)]
        return all(ask) if operation == "&" else ask[1] and operation == "-"
    return any("MAX" in to_text(query) for query in queries)


@DIALECTS
@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), now=nows())
def test_members_are_those_of_sets(
    dialect: Dialect, operation: str, data: st.DataObject, now: datetime
) -> None:
    one, other, dataset = data.draw(two_segments(dialect, now))
    combine = OPERATIONS[operation]
    try:
        both = combine(one, other)
    except CannotCombineError:
        assert may_be_refused(operation, one, other)
        assume(False)
    assert both.query.dialect is dialect
    assert format_text(both.query.text, dialect) == both.query.text
    expected = combine(*(set(segment.ids(dataset, now=now)) for segment in (one, other)))
    assert set(both.ids(dataset, now=now)) == expected
    interpreter = Interpreter(now, dataset._account)
    for contact in dataset._account.contacts:
        verdict = interpreter.verdict(both.checked.condition, contact, dataset._account.events_of(contact))
        assert (verdict is True) == (contact["contact_id"] in expected)


@DIALECTS
@settings(max_examples=20, deadline=None)
@given(data=st.data(), now=nows())
def test_the_complement_is_everyone_else(dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    segment, _, dataset = data.draw(two_segments(dialect, now))
    try:
        others = ~segment
    except CannotCombineError:
        assert may_be_refused("-", segment, segment)
        assume(False)
    everyone = {contact["contact_id"] for contact in dataset.contacts}
    assert set(others.ids(dataset, now=now)) == everyone - set(segment.ids(dataset, now=now))


@settings(max_examples=8, deadline=None)
@given(
    data=st.data(), now=nows(), dialect=st.sampled_from(Dialect), operation=st.sampled_from(list(OPERATIONS))
)
def test_in_duckdb_it_is_the_same(
    data: st.DataObject, now: datetime, dialect: Dialect, operation: str
) -> None:
    one, other, dataset = data.draw(two_segments(dialect, now))
    combine = OPERATIONS[operation]
    try:
        both = combine(one, other)
    except CannotCombineError:
        assume(False)
    with Dataset.of(dataset.contacts, dataset.events, schema=SCHEMA) as held:
        expected = combine(*(set(segment.ids(held, now=now)) for segment in (one, other)))
        assert set(both.ids(held, now=now)) == expected
