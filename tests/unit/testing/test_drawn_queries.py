"""Queries: valid, of every construct of their dialect, and simple where they can be."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from sql_seg.checking import check
from sql_seg.language import operators
from sql_seg.language.datatypes import ORDERED, DataType, Dialect, TimeUnit
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.schema import SENDGRID
from sql_seg.linting import diagnose
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import walk
from sql_seg.syntax.parsing import parse
from sql_seg.testing import expressions, queries
from tests.unit.testing.collected import examples, simplest

V1, V2 = Dialect
DIALECTS = pytest.mark.parametrize("dialect", Dialect)
COUNT = 300

ABSTRACT = {nodes.Node, nodes.Expression, nodes.Query}
NODES: dict[Dialect, set[type[nodes.Node]]] = {
    V1: {kind for kind in vars(nodes).values() if isinstance(kind, type) and issubclass(kind, nodes.Node)}
    - ABSTRACT
    - {nodes.Select, nodes.SelectItem, nodes.Table, nodes.Join, nodes.Using}
    - {nodes.Star, nodes.Array, nodes.InSubquery, nodes.IsBoolean},
    V2: {kind for kind in vars(nodes).values() if isinstance(kind, type) and issubclass(kind, nodes.Node)}
    - ABSTRACT
    - {nodes.Predicate, nodes.Interval, nodes.Star},
}
"""All kinds of nodes that a valid query of a dialect may have."""


@cache
def drawn(dialect: Dialect) -> list[nodes.Query]:
    return examples(queries(dialect), COUNT)


@cache
def drawn_nodes(dialect: Dialect) -> list[nodes.Node]:
    return [node for query in drawn(dialect) for node in walk(query)]


@DIALECTS
def test_all_are_valid_and_read_back(dialect: Dialect) -> None:
    for query in drawn(dialect)[::6]:  # more of them in the laws
        text = to_text(query)
        assert parse(text) == query
        assert [found for found in diagnose(text) if found.is_error] == []


@DIALECTS
def test_every_node_appears(dialect: Dialect) -> None:
    assert {type(node) for node in drawn_nodes(dialect)} == NODES[dialect]


@DIALECTS
def test_every_operator_appears(dialect: Dialect) -> None:
    used = Counter(node.operator for node in drawn_nodes(dialect) if hasattr(node, "operator"))
    assert set(used) == {*operators.Comparator, *operators.Arithmetic}


@DIALECTS
def test_every_operator_that_can_be_negated_appears_in_both_ways(dialect: Dialect) -> None:
    used = {(type(node), node.negated) for node in drawn_nodes(dialect) if hasattr(node, "negated")}
    kinds = {kind for kind in NODES[dialect] if "negated" in kind.__match_args__}
    assert used == {(kind, negated) for kind in kinds for negated in (False, True)}


@DIALECTS
def test_every_function_appears(dialect: Dialect) -> None:
    used = Counter(node.name for node in drawn_nodes(dialect) if isinstance(node, nodes.Call))
    assert set(used) == {name for name, function in FUNCTIONS.items() if dialect in function.provenance}


@DIALECTS
def test_every_unit_of_time_appears(dialect: Dialect) -> None:
    used = {unit for node in drawn_nodes(dialect) if (unit := unit_of(node))}
    assert used == {unit for unit in TimeUnit if TimeUnit.read(unit, dialect)}


def unit_of(node: nodes.Node) -> TimeUnit | None:
    if isinstance(node, nodes.Interval):
        return node.unit
    if isinstance(node, nodes.Call) and node.name == "TIMESTAMPADD":
        (unit, _, _) = node.arguments
        assert isinstance(unit, nodes.Column)
        return TimeUnit.read(unit.name, V2)
    return None


def test_every_clause_of_v2_appears_and_is_left_out() -> None:
    """The bound is wide: with one more function, other queries are drawn. GROUP BY is in 3 to 12 of 100."""
    selects = [query for query in drawn(V2) if isinstance(query, nodes.Select)]
    for clause in ("joins", "where", "group_by", "having"):
        used = sum(bool(getattr(select, clause)) for select in selects)
        assert COUNT // 100 <= used <= len(selects) - COUNT // 100, clause


def test_every_spelling_of_a_join_appears() -> None:
    conditions = [join.on for query in drawn(V2) if isinstance(query, nodes.Select) for join in query.joins]
    assert {type(on) for on in conditions} == {nodes.Comparison, nodes.Column, nodes.Using}


@DIALECTS
def test_types_are_compared_evenly(dialect: Dialect) -> None:
    compared = Counter(kind for query in drawn(dialect) for kind in types_compared(query))
    assert set(compared) > ORDERED
    for kind in ORDERED:
        assert compared[kind] > 0.15 * compared.total(), compared


def types_compared(query: nodes.Query) -> list[DataType]:
    checked = check(query)
    kinds = (nodes.Comparison, nodes.In, nodes.Between)
    placed: Any = checked.query
    terms = [
        checked.term_of(node.left if isinstance(node, nodes.Comparison) else node.operand)
        for node in walk(placed)
        if isinstance(node, kinds)
    ]
    return [term.type for term in terms if term is not None]


def test_without_events_a_query_asks_of_one_contact_alone() -> None:
    for query in examples(queries(events=False), 50):
        assert not check(query).reads_events
        assert not any(isinstance(node, nodes.InSubquery | nodes.Join) for node in walk(query))


def test_the_columns_are_those_of_the_schema() -> None:
    schema = SENDGRID.with_fields([{"name": "shoe_size", "field_type": "Number"}])
    drawn = examples(queries(schema=schema), 50)
    assert any("shoe_size" in to_text(query) for query in drawn)
    for query in drawn:
        check(query, schema)


def test_the_depth_bounds_the_condition() -> None:
    for query in examples(queries("v1", depth=0), 50):
        assert not any(isinstance(node, nodes.And | nodes.Or | nodes.Not) for node in walk(query))


@DIALECTS
@pytest.mark.parametrize(
    "kind",
    [DataType.BOOLEAN, DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.ARRAY],
    ids=lambda kind: kind.name,
)
def test_an_expression_is_of_its_type(dialect: Dialect, kind: DataType) -> None:
    for expression in examples(expressions(kind, dialect), 25):
        tested = expression if kind is DataType.BOOLEAN else nodes.IsNull(expression)
        query = in_a_query(tested, dialect)
        checked = check(query)
        (placed,) = [node for node in walk(checked.query) if node == tested][:1]
        if isinstance(placed, nodes.IsNull) and kind is not DataType.BOOLEAN:
            placed = placed.operand
        term = checked.term_of(placed)
        assert term is None or term.type in (kind, DataType.NULL)


def in_a_query(condition: nodes.Expression, dialect: Dialect) -> nodes.Query:
    if dialect is V1:
        return nodes.Predicate(condition)
    items = (nodes.SelectItem(nodes.Column("contact_id")), nodes.SelectItem(nodes.Column("updated_at")))
    return nodes.Select(items, nodes.Table("contact_data"), where=condition)


def test_there_are_expressions_of_what_can_stand_anywhere_alone() -> None:
    with pytest.raises(ValueError, match="not VARIANT"):
        expressions(DataType.VARIANT)


def test_there_is_no_third_dialect() -> None:
    with pytest.raises(ValueError, match="v3"):
        queries("v3")


ALL = "SELECT contact_id, updated_at FROM contact_data"
JOINED = (
    "SELECT c.contact_id, updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id"
)
SIMPLEST = [
    ("v1", nodes.Comparison, "contact_id = 'a'"),
    ("v1", nodes.In, "contact_id IN ('a')"),
    ("v1", nodes.Like, "contact_id LIKE ''"),
    ("v1", nodes.Path, "event_data['payload'] = contact_id"),
    ("v2", nodes.Select, ALL),
    ("v2", nodes.Join, JOINED),
    ("v2", nodes.Array, f"{ALL} WHERE ARRAY_CONTAINS(alternate_emails, [contact_id])"),
    ("v2", nodes.InSubquery, f"{ALL} WHERE contact_id IN (SELECT contact_id FROM event_data)"),
    ("v2", nodes.Path, f"{JOINED} WHERE data:payload = c.contact_id"),
]


@pytest.mark.parametrize(("dialect", "kind", "expected"), SIMPLEST, ids=lambda value: str(value)[:30])
def test_the_simplest_query_with_a_construct(dialect: str, kind: type[nodes.Node], expected: str) -> None:
    """Of several that are as small, which one is found depends on the modules that are loaded.

    A search may end before the smallest: with other functions in the language, another one does. So one of
    a few has to find it.
    """
    drawn = queries(dialect, events=kind is not nodes.Array)
    found: list[nodes.Query] = []
    for seed in range(_SEARCHES):
        found.append(
            simplest(drawn, lambda query: any(isinstance(node, kind) for node in walk(query)), seed=seed)
        )
        if _size(found[-1]) <= _size(parse(expected)):
            return
    pytest.fail("\n".join(map(to_text, found)))


_SEARCHES = 5


def _size(query: nodes.Query) -> int:
    return len(list(walk(query)))
