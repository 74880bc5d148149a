"""Walking a tree."""

from __future__ import annotations

import pytest

from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk
from sql_seg.syntax.parsing import parse

TEXTS = [
    "NOT (a = 1 OR CONTAINS(b, 'x')) AND c['k'] IS NULL",
    "SELECT a, MAX(b) AS m FROM t AS u JOIN v USING (w) WHERE a IN (SELECT x FROM y) GROUP BY a HAVING m > 1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_node_once_in_the_order_of_the_text(text: str) -> None:
    query = parse(text)
    found = list(walk(query))
    assert found[0] is query
    starts = [node.span.start for node in found]
    assert starts == sorted(starts)
    assert len({id(node) for node in found}) == len(found)


def test_it_goes_into_subqueries_and_joins() -> None:
    names = [node.name for node in walk(parse(TEXTS[1])) if isinstance(node, nodes.Column | nodes.Table)]
    assert names == ["a", "b", "t", "v", "a", "x", "y", "a", "m"]


def test_a_long_chain_needs_no_recursion() -> None:
    assert sum(1 for _ in walk(parse(" OR ".join(["a"] * 20_000)))) == 20_002
