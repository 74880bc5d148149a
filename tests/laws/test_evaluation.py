"""What a condition says of a contact: compiler, interpreter and a naive reading agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.predicate import to_predicate
from sql_seg.segments.segment import Segment
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import And, Not, Or, Predicate, Query, Select
from sql_seg.testing import nows
from tests.laws import naive
from tests.laws.strategies import SCHEMA, contact_queries, contacts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)


def verdicts(checked: CheckedQuery, asked: list[dict[str, Any]], now: datetime) -> list[bool | None]:
    """Return what the interpreter says of contacts."""
    interpreter = Interpreter(now, NO_ACCOUNT)
    return [interpreter.verdict(checked.condition, contact) for contact in asked]


def assert_same_members(query: Query, asked: list[dict[str, Any]], now: datetime) -> None:
    """Assert that each contact is a member just where the interpreter says TRUE, however it is asked."""
    checked = check(query, SCHEMA)
    truths = verdicts(checked, asked, now)
    expected = [contact for contact, truth in zip(asked, truths, strict=True) if truth is True]
    segment = Segment(to_text(query), SCHEMA)
    assert [segment.matches(contact, now=now) for contact in asked] == [truth is True for truth in truths]
    assert [to_predicate(checked, now)(contact) for contact in asked] == [truth is True for truth in truths]
    assert list(segment.members(asked, now=now)) == expected
    assert list(segment.ids(asked, now=now)) == [contact.get("contact_id") for contact in expected]
    assert segment.count(asked, now=now) == len(expected)


@DIALECTS
@given(data=st.data(), now=nows())
def test_the_compiler_says_what_the_interpreter_says(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(contact_queries(dialect))
    assert_same_members(query, data.draw(contacts_near(query, now)), now)


@DIALECTS
@given(data=st.data(), now=nows())
def test_a_naive_reading_of_the_syntax_tree_says_the_same(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(contact_queries(dialect))
    asked = data.draw(contacts_near(query, now))
    found = list(Segment(to_text(query), SCHEMA).members(asked, now=now))
    assert found == naive.members(query, SCHEMA, asked, [], now)


@DIALECTS
@given(data=st.data(), now=nows())
def test_a_dataset_says_what_its_contacts_say(dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(contact_queries(dialect))
    asked = data.draw(contacts_near(query, now))
    segment, dataset = Segment(to_text(query), SCHEMA), Dataset(asked, schema=SCHEMA)
    ids = [contact["contact_id"] for contact in segment.members(asked, now=now)]
    expected = [contact for contact in dataset if contact["contact_id"] in ids]
    assert list(segment.members(dataset, now=now)) == expected
    assert list(segment.ids(dataset, now=now)) == [contact["contact_id"] for contact in expected]
    assert segment.count(dataset, now=now) == len(expected)
    preview = segment.preview(dataset, now=now, sample=1)
    assert (preview.count, preview.total, preview.now) == (len(expected), len(asked), now)
    assert preview.sample == expected[:1]


@DIALECTS
@given(data=st.data())
def test_a_contact_is_a_member_of_at_most_one_of_a_segment_and_its_opposite(
    dialect: Dialect, data: st.DataObject
) -> None:
    query = data.draw(contact_queries(dialect).filter(has_condition))
    (contact, *_) = data.draw(contacts_near(query, NOW))
    where = query.where if isinstance(query, Predicate | Select) else None
    assert where is not None

    def is_member(condition: Any) -> bool:
        changed = Predicate(condition) if isinstance(query, Predicate) else _with_where(query, condition)
        return Segment(to_text(changed), SCHEMA).matches(contact, now=NOW)

    assert not (is_member(where) and is_member(Not(where)))
    assert is_member(where) == is_member(Not(Not(where))) == is_member(And((where, where)))
    either = is_member(where) or is_member(Not(where))
    assert either == is_member(Or((where, Not(where))))


def has_condition(query: Query) -> bool:
    return not isinstance(query, Select) or query.where is not None


def _with_where(query: Query, condition: Any) -> Query:
    assert isinstance(query, Select)
    return Select(query.items, query.table, where=condition)


@DIALECTS
def test_the_generated_contacts_are_all_of_true_false_and_null(dialect: Dialect) -> None:
    met: Counter[bool | None] = Counter()

    @settings(max_examples=100, derandomize=True, database=None)
    @given(data=st.data(), now=nows())
    def meet(data: st.DataObject, now: datetime) -> None:
        query = data.draw(contact_queries(dialect))
        met.update(verdicts(check(query, SCHEMA), data.draw(contacts_near(query, now)), now))

    meet()
    for truth in (True, False, None):
        assert met[truth] > 0.08 * met.total(), met


@given(data=st.data())
def test_members_come_lazily_in_order_and_as_the_very_same_objects(data: st.DataObject) -> None:
    query = data.draw(contact_queries())
    asked = data.draw(contacts_near(query, NOW)) * 3
    walked: list[int] = []

    def walk() -> Iterator[dict[str, Any]]:
        for number, contact in enumerate(asked):
            walked.append(number)
            yield contact

    segment = Segment(to_text(query), SCHEMA)
    members = segment.members(walk(), now=NOW)
    assert walked == []
    for member in members:
        assert member is asked[walked[-1]]
    assert len(walked) == len(asked)
