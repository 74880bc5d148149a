"""Every table of the syntax knows every kind of node, and what rewrites queries every kind of term.

Beside the readings of ``test_closed_tables`` these are those that rewrite queries: upgrade, downgrade, Python
for the builder, sets of segments; and those that count conditions: the funnel, the coverage of tests. Each
answers rightly, or refuses in words.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from sql_seg import CannotCombineError, Dataset, Segment, build, downgrade, upgrade
from sql_seg.build.printing import to_python
from sql_seg.checking import check
from sql_seg.checking import expressions as checking
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.language.datatypes import Dialect
from sql_seg.segment_tests.coverage import conditions
from sql_seg.segments.funnel import funnel_of
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import from_json, text, to_json
from sql_seg.syntax.parsing import parse
from sql_seg.upgrading.both_ways import PASSED_ON, SHARED
from sql_seg.upgrading.downward import _V1Writer
from sql_seg.upgrading.rewriting import ExpressionRewriter
from tests.corpus.cases import SCHEMA
from tests.laws.test_closed_tables import (
    CONTACTS,
    EACH_KIND,
    EVENT,
    EXAMPLES,
    NOW,
    calls,
    members,
    named,
)

ABSTRACT = (nodes.Expression, nodes.Query)
KINDS: set[type[nodes.Node]] = {
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and issubclass(kind, nodes.Expression) and kind not in ABSTRACT
}
IN_V1 = KINDS - nodes._V2_ONLY
IN_V2 = KINDS - nodes._V1_ONLY
AROUND = {nodes.And, nodes.Or}
"""What is gone through before a table is asked."""
INSIDE = {nodes.Interval, nodes.Star, nodes.Array, nodes.InSubquery}
"""What the writers of calls, sums and memberships write as a part of them."""

TABLES: dict[str, tuple[set[Any], set[Any]]] = {
    "checking": (set(checking._TERMS), KINDS),
    "formatting": (set(text._WRITERS), KINDS),
    "upgrade": ({*ExpressionRewriter.own, *SHARED, *PASSED_ON, *AROUND} - INSIDE, IN_V1 - INSIDE),
    "downgrade": ({*_V1Writer.own, *SHARED, *PASSED_ON} - INSIDE, IN_V2 - INSIDE),
}


@pytest.mark.parametrize(("table", "kinds"), TABLES.values(), ids=TABLES)
def test_a_table_has_each_kind_of_node_and_no_other(table: set[Any], kinds: set[Any]) -> None:
    assert named(table) == named(kinds)


DATASET = Dataset(CONTACTS, [EVENT], schema=SCHEMA)


def it_is_read_from_json(checked: CheckedQuery) -> None:
    assert from_json(to_json(checked.query)) == checked.query


def it_changes_the_dialect_or_is_refused(checked: CheckedQuery) -> None:
    change = upgrade if checked.query.dialect is Dialect.V1 else downgrade
    made = change(checked, now=NOW)
    if made.query is None:
        assert made.refusals
    else:
        assert members(check(made.query, SCHEMA)) == members(checked)


def it_is_built_in_python(checked: CheckedQuery) -> None:
    query = checked.query
    if query.dialect is Dialect.V1:
        made = upgrade(checked, now=NOW)
        if made.query is None:
            return
        query = made.query
    built = eval(to_python(query), dict(vars(build)))
    assert members(check(built.query(SCHEMA), SCHEMA)) == members(check(query, SCHEMA))


def its_sets_are_those_of_contacts(checked: CheckedQuery) -> None:
    one = Segment(checked.query, SCHEMA)
    inside = members(checked)
    with suppress(CannotCombineError):
        assert members((one | one).checked) == inside
    with suppress(CannotCombineError):
        assert members((~one).checked) == [not truth for truth in inside]
        assert not any(members((one & ~one).checked))


def a_funnel_counts_it(checked: CheckedQuery) -> None:
    assert funnel_of(checked, DATASET, NOW).count == sum(members(checked))


def its_conditions_are_covered_one_by_one(checked: CheckedQuery) -> None:
    found = list(conditions(checked.condition))
    assert found or not core.has(checked.condition, core.Compared)
    assert not any(isinstance(one, (core.All, core.AnyOf)) and one.operands for one in found)


READINGS: tuple[Callable[[CheckedQuery], None], ...] = (
    it_is_read_from_json,
    it_changes_the_dialect_or_is_refused,
    it_is_built_in_python,
    its_sets_are_those_of_contacts,
    a_funnel_counts_it,
    its_conditions_are_covered_one_by_one,
)
BY_READING = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.__name__)


@BY_READING
@pytest.mark.parametrize("kind", EACH_KIND)
def test_each_rewriting_knows_each_kind_of_term(
    kind: type[core.Term], reading: Callable[[CheckedQuery], None]
) -> None:
    reading(check(parse(EXAMPLES[kind]), SCHEMA))


@BY_READING
@pytest.mark.parametrize("text", list(calls()))
def test_each_rewriting_knows_each_function(text: str, reading: Callable[[CheckedQuery], None]) -> None:
    reading(check(parse(text), SCHEMA))
