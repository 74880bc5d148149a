"""Our automaton takes what Lark's takes, stops where it stops, and expects the same there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Token
from lark.exceptions import UnexpectedToken

from grammar.tables import grammar_text, lark_of
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.parsing.automaton import DoesNotFitError
from sql_seg.syntax.parsing.builder import RefusedTextError
from sql_seg.syntax.parsing.parser import automaton
from sql_seg.syntax.parsing.tokens import tokenize
from tests.laws.strategies import noise, trees


def lark_fit(types: list[str], dialect: Dialect) -> tuple[int, set[str]]:
    """Return how many tokens fit by Lark, and what it accepts behind them."""
    walk = lark_of(grammar_text(dialect)).parse_interactive("")
    for index, kind in enumerate(types):
        try:
            walk.feed_token(Token(kind, kind))
        except UnexpectedToken:
            walk = lark_of(grammar_text(dialect)).parse_interactive("")
            for fitting in types[:index]:
                walk.feed_token(Token(fitting, fitting))
            return index, set(walk.accepts())  # type: ignore[no-untyped-call]
    return len(types), set()


@st.composite
def spoilt(draw: st.DrawFn, dialect: Dialect) -> str:
    """Return a query without some piece of its text, or with another's piece instead."""
    text = to_text(draw(trees(dialect)))
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return text[:start] + draw(st.just("") | noise()) + text[end:]


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_it_stops_where_lark_stops(dialect: Dialect, data: st.DataObject) -> None:
    read = tokenize(data.draw(noise() | spoilt(dialect)), dialect)
    index, accepted = lark_fit(read.types, dialect)
    if index < len(read.types):
        assert automaton(dialect).fit(read.types) == (index, accepted)
    try:
        automaton(dialect).run(read)
    except RefusedTextError:
        pass
    except DoesNotFitError:
        assert index < len(read.types)
    else:
        assert index == len(read.types)
