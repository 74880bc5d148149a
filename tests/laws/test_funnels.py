"""A funnel's last line is the count, each line is what its condition counts alone, on records as in DuckDB.

The overlap of segments is that of Python's sets of their members.
"""

from __future__ import annotations

from datetime import datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.engines.dataset import Dataset
from sql_seg.engines.home import AskedCondition
from sql_seg.explain.outline import outline_of_all
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.funnel import Step
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)


@DIALECTS
@given(data=st.data(), now=nows())
def test_a_funnel_counts_what_its_conditions_count(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    funnel = segment.funnel(dataset, now=now)
    count = segment.count(dataset, now=now)
    assert funnel.count == count
    assert funnel.total == len(dataset)
    assert funnel.steps[-1].after == count
    remaining = [step.after for step in funnel.steps]
    assert remaining == sorted(remaining, reverse=True)
    assert all(step.alone + step.null <= funnel.total for step in funnel.root.walk())
    if funnel.emptied_by:
        assert not count


@given(data=st.data(), now=nows())
def test_each_condition_of_contacts_counts_alone_what_the_funnel_says(
    data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(Dialect.V2))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    condition = segment.checked.condition
    if not isinstance(condition, core.All):
        return
    kinds = core.All | core.AnyOf
    counts = {
        (term.span.start, term.span.end): dataset._home.count(AskedCondition(segment.checked, term), now)
        for term in condition.operands
        if not isinstance(term, kinds)
    }
    funnel = segment.funnel(dataset, now=now)
    leaves = [step.alone for step in funnel.root.walk() if not step.children]
    assert all(count in leaves for count in counts.values()) or not funnel.root.children


@DIALECTS
@settings(max_examples=30, deadline=None)
@given(data=st.data(), now=nows())
def test_each_line_is_what_its_condition_counts_alone(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    """By the interpreter, which knows nothing of funnels: alone, NULL, remaining, and deciding alone."""
    query = data.draw(contact_queries(dialect))
    contacts = [*data.draw(contacts_near(query, now)), *data.draw(contacts_near(query, now))]
    contacts = [{**contact, "contact_id": str(at)} for at, contact in enumerate(contacts)]
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(contacts, (), SCHEMA)
    root = outline_of_all(segment.checked.condition)
    interpreter = Interpreter(now, NO_ACCOUNT)
    rows = [interpreter.turn_to(contact, ()) for contact in dataset._home.account().contacts]

    def compare(step: Step, term: core.Term) -> None:
        while isinstance(term, core.All | core.AnyOf) and len(term.operands) == 1:
            (term,) = term.operands
        truths = [interpreter.value(term, row) for row in rows]
        assert step.alone == truths.count(True)
        assert step.null == truths.count(None)
        if not step.children:
            return
        if not isinstance(term, core.All | core.AnyOf):
            (inner,) = term.children()
            compare(step.children[0], inner)
            return
        inside = [[interpreter.value(one, row) is True for row in rows] for one in term.operands]
        is_and = isinstance(term, core.All)
        for at, (child, operand) in enumerate(zip(step.children, term.operands, strict=True)):
            so_far = zip(*inside[: at + 1], strict=True)
            assert child.after == sum(map(all if is_and else any, so_far))
            others = zip(*inside[:at], *inside[at + 1 :], strict=True)
            alone = [
                (is_and and all(rest) and not own) or (not is_and and own and not any(rest))
                for own, rest in zip(inside[at], others, strict=True)
            ]
            assert child.only == sum(alone)
            compare(child, operand)

    compare(segment.funnel(dataset, now=now).root, root)


@settings(max_examples=15, deadline=None)
@given(data=st.data(), now=nows())
def test_in_duckdb_it_is_the_same(data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries())
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    with Dataset.of(dataset.contacts, dataset.events, schema=SCHEMA) as held:
        dataset = Dataset(held.contacts, held.events, SCHEMA)  # where an array is empty, not NULL
        in_duckdb, in_memory = segment.funnel(held, now=now), segment.funnel(dataset, now=now)
    assert in_duckdb.root == in_memory.root
    assert in_duckdb.emptied_by == in_memory.emptied_by


@settings(max_examples=8, deadline=None)
@given(data=st.data(), now=nows())
def test_in_duckdb_the_overlap_is_that_of_sets(data: st.DataObject, now: datetime) -> None:
    queries = data.draw(st.lists(account_queries(), min_size=2, max_size=4))
    account = data.draw(accounts_near(queries[0], now))
    segments = SegmentSet({str(at): to_text(query) for at, query in enumerate(queries)}, SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    with Dataset.of(dataset.contacts, dataset.events, schema=SCHEMA) as held:
        members = {name: set(segment.ids(held, now=now)) for name, segment in segments.items()}
        overlap = segments.overlap(held, now=now)
        everyone = {contact["contact_id"] for contact in held.contacts}
    assert overlap.counts == {name: len(ids) for name, ids in members.items()}
    assert overlap.nowhere == len(everyone.difference(*members.values()))
    for first, second in combinations(members, 2):
        assert overlap.both(first, second) == len(members[first] & members[second])


@given(data=st.data(), now=nows())
def test_the_overlap_is_that_of_sets(data: st.DataObject, now: datetime) -> None:
    queries = data.draw(st.lists(account_queries(), min_size=1, max_size=4))
    account = data.draw(accounts_near(queries[0], now))
    segments = SegmentSet({str(at): to_text(query) for at, query in enumerate(queries)}, SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    members = {name: set(ids) for name, ids in segments.ids(dataset, now=now).items()}
    overlap = segments.overlap(dataset, now=now)
    assert overlap.counts == {name: len(ids) for name, ids in members.items()}
    everyone = {contact["contact_id"] for contact in dataset.contacts}
    assert overlap.nowhere == len(everyone.difference(*members.values()))
    for first, second in combinations(members, 2):
        one, other = members[first], members[second]
        assert overlap.both(second, first) == overlap.both(first, second) == len(one & other)
        relation = overlap.relation(first, second)
        assert (relation == "equal") == (one == other)
        assert (relation == "contained in") == (one < other and bool(one))
    for pair in overlap.pairs(proofs=len(queries) < 3):
        if pair.always:
            assert pair.relation != "overlapping"
