"""A node's span is the text that the node was read from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk
from sql_seg.syntax.parsing import parse
from sql_seg.testing import queries, spellings
from tests.laws.strategies import trees


@st.composite
def parsed_queries(draw: st.DrawFn) -> nodes.Query:
    """Return queries with spans, read from texts in many spellings."""
    dialect = draw(st.sampled_from(Dialect))
    query = draw(trees(dialect) | queries(dialect))
    return parse(draw(spellings(query)), dialect)


def read_again(node: nodes.Node, text: str, dialect: Dialect) -> nodes.Node:
    """Return what the text of a node is read as where such a node can stand."""
    if isinstance(node, nodes.Select):
        return parse(text, dialect)
    if dialect is Dialect.V1:
        query = parse(f"f({text}\n)", dialect)
        assert isinstance(query, nodes.Predicate)
        return _only_argument(query.where)
    if isinstance(node, nodes.SelectItem) or (isinstance(node, nodes.Star) and node.table):
        item = _select(f"SELECT {text}\n FROM t").items[0]
        return item if isinstance(node, nodes.SelectItem) else item.expression
    if isinstance(node, nodes.Table):
        return _select(f"SELECT x FROM {text}").table
    if isinstance(node, nodes.Join):
        return _select(f"SELECT x FROM t {text}").joins[0]
    if isinstance(node, nodes.Using):
        return _select(f"SELECT x FROM t JOIN t {text}").joins[0].on
    return _only_argument(_select(f"SELECT f({text}\n) FROM t").items[0].expression)


def _only_argument(call: nodes.Expression) -> nodes.Expression:
    assert isinstance(call, nodes.Call)
    (argument,) = call.arguments
    return argument


def _select(text: str) -> nodes.Select:
    query = parse(text, Dialect.V2)
    assert isinstance(query, nodes.Select)
    return query


@given(parsed_queries())
def test_a_span_holds_the_text_of_its_node(query: nodes.Query) -> None:
    text = query.text
    assert text is not None
    for node in walk(query):
        if node is not query:
            assert read_again(node, text[slice(*node.span)], query.dialect) == node


@given(parsed_queries())
def test_spans_lie_inside_those_around_them_and_in_order(query: nodes.Query) -> None:
    for node in walk(query):
        end = node.span.start
        for child in node.children():
            assert end <= child.span.start < child.span.end <= node.span.end
            end = child.span.end


@given(parsed_queries())
def test_a_query_spans_its_text_without_the_blanks_around_it(query: nodes.Query) -> None:
    text = query.text or ""
    assert parse(text[slice(*query.span)], query.dialect) == query
