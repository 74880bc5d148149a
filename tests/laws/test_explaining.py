"""An explanation's root is the verdict, and each node's truth is the interpreter's.

It follows from the truths below it, and those that are said to decide imply the verdict.
"""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.logic import Truth, all_of, any_of, not_
from sql_seg.diagnostics.formats.terminal_text import width
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import NeedsDatasetError
from sql_seg.explain import DecisionNode
from sql_seg.explain.showing import tree_lines
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import nows
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near

DIALECTS = pytest.mark.parametrize("dialect", Dialect)
ANY: set[Truth] = {True, False, None}


def follows(node: DecisionNode) -> bool:
    """Return whether a node's truth is what the truths below it come to."""
    truths = [child.truth for child in node.children]
    match node.kind:
        case "and":
            return node.truth is all_of(truths)
        case "or":
            return node.truth is any_of(truths)
        case "not":
            return node.truth is not_(truths[0])
        case "is":
            return node.truth is not None
        case "event":
            return not truths or (node.truth is True) == all(truth is True for truth in truths)
    return True


def possible(node: DecisionNode) -> set[Truth]:
    """Return what a node can be where only the truths of the deciding conditions are known."""
    inside = [possible(child) for child in node.children]
    match node.kind:
        case "and":
            return set(map(all_of, product(*inside)))
        case "or":
            return set(map(any_of, product(*inside)))
        case "not":
            return {not_(truth) for truth in inside[0]}
    return {node.truth} if node.decides else ANY


def is_small(node: DecisionNode) -> bool:
    return all(len(inner.children) <= 6 for inner in node.walk())


@DIALECTS
@given(data=st.data(), now=nows())
def test_the_root_is_the_verdict_and_each_truth_is_the_interpreters(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(contact_queries(dialect))
    segment = Segment(to_text(query), SCHEMA)
    (contact, *_) = data.draw(contacts_near(query, now))
    explanation = segment.explain(contact, now=now)
    assert explanation.is_member is segment.matches(contact, now=now)
    assert (explanation.root.truth is True) is explanation.is_member
    interpreter = Interpreter(now, NO_ACCOUNT)
    rows = interpreter.turn_to(contact, ())
    known: dict[object, list[Truth]] = {}
    for term in core.walk(segment.checked.condition):
        if term.type.name == "BOOLEAN":
            known.setdefault(term.span, []).append(interpreter.value(term, rows))
    for node in explanation.root.walk():
        assert follows(node)
        if node.kind == "condition":
            assert node.truth in known[node.span]
    assume(is_small(explanation.root))
    truths = possible(explanation.root)
    assert truths == {True} if explanation.is_member else True not in truths


@DIALECTS
@given(data=st.data(), now=nows())
def test_events_are_explained_as_they_are_judged(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    contact = account.contacts[0]
    events = account.events_of(contact)
    try:
        explanation = segment.explain(contact, events, now=now)
    except NeedsDatasetError:
        assume(False)
    assert explanation.is_member is segment.matches(contact, events, now=now)
    assert (explanation.root.truth is True) is explanation.is_member
    assert all(map(follows, explanation.root.walk()))
    assert all(width(line) <= 60 or " " not in line[30:] for line in tree_lines(explanation.root, 60))


@DIALECTS
@given(data=st.data(), now=nows())
def test_in_a_dataset_it_is_the_dataset_that_decides(
    dialect: Dialect, data: st.DataObject, now: datetime
) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    segment = Segment(to_text(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    members = set(segment.ids(dataset, now=now))
    for contact in dataset.contacts:
        explanation = dataset.explain(segment, contact, now=now)
        assert explanation.is_member == (contact["contact_id"] in members)
        assert explanation.reasons or explanation.root.kind == "and"
