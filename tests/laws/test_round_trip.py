"""Text and JSON say the same query as the tree, and no parenthesis too many."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import from_json, to_json, to_text
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import comments, parse
from sql_seg.syntax.parsing.tokens import Token, tokenize
from sql_seg.testing import queries
from tests.laws.strategies import trees

EVERY_QUERY = st.sampled_from(Dialect).flatmap(lambda d: trees(d) | queries(d))


@given(EVERY_QUERY)
def test_its_text_parses_to_the_query(query: Query) -> None:
    parsed = parse(to_text(query))
    assert parsed == query
    assert repr(parsed) == repr(query), "equal, and of the same types: 1 is not 1.0"


@given(EVERY_QUERY)
def test_a_text_has_one_canonical_form(query: Query) -> None:
    text = to_text(query)
    assert to_text(parse(text)) == text


@given(EVERY_QUERY, st.sampled_from([0, 40, 80]))
def test_breaking_lines_changes_nothing(query: Query, width: int) -> None:
    assert parse(to_text(query, width=width)) == query


@given(EVERY_QUERY)
def test_its_json_reads_as_the_query(query: Query) -> None:
    form: Any = json.loads(json.dumps(to_json(query)))
    assert form == to_json(query)
    assert from_json(form) == query
    assert repr(from_json(form)) == repr(query)


@given(EVERY_QUERY)
def test_no_pair_of_parentheses_can_be_left_out(query: Query) -> None:
    text = to_text(query)
    for opening, closing in _groups(tokenize(text, query.dialect).tokens):
        without = text[: opening.start] + " " + text[opening.end : closing.start] + " " + text[closing.end :]
        assert _parsed(without) != query, without


def _groups(tokens: list[Token]) -> list[tuple[Token, Token]]:
    """Return the pairs of parentheses that hold no arguments, list or subquery."""
    groups: list[tuple[Token, Token]] = []
    opened: list[tuple[Token, bool]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "LPAR":
            opened.append((token, before is None or before.type not in ("NAME", "IN", "USING")))
        elif token.type == "RPAR":
            opening, is_group = opened.pop()
            if is_group:
                groups.append((opening, token))
    return groups


def _parsed(text: str) -> Query | None:
    try:
        return parse(text)
    except QuerySyntaxError:
        return None


@given(trees(Dialect.V2) | queries(Dialect.V2))
def test_v2_never_prints_a_comment(query: Query) -> None:
    text = to_text(query)
    assert comments(text, Dialect.V2) == []
    for token in reversed(tokenize(text, Dialect.V2).tokens):
        if token.type in ("STRING", "QUOTED_NAME"):
            text = text[: token.start] + text[token.end :]
    assert "--" not in text
    assert "/*" not in text


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_a_printed_query_is_seen_in_its_dialect(dialect: Dialect, data: st.DataObject) -> None:
    assert parse(to_text(data.draw(trees(dialect)))).dialect is dialect
