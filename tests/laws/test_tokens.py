"""Our tokenizer reads what Lark's own lexer reads."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lark.exceptions import UnexpectedCharacters

from grammar.tables import grammar_text, lark_of
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tables import END, UNREADABLE
from sql_seg.syntax.parsing.tokens import tokenize
from sql_seg.testing import spellings
from tests.laws.strategies import noise, trees

# Beyond ASCII they differ on purpose: Lark compares keywords with all of Unicode's case folding.
ASCII_NOISE = noise().filter(str.isascii)


def assert_same_tokens(text: str, dialect: Dialect) -> None:
    ours = [
        (token.type, token.text, token.start) for token in tokenize(text, dialect).tokens if token.type != END
    ]
    theirs, stop = lark_tokens(text, dialect)
    assert ours[: len(theirs)] == theirs
    assert [(kind, start) for kind, _, start in ours[len(theirs) :][:1]] == stop


def lark_tokens(
    text: str, dialect: Dialect
) -> tuple[list[tuple[str, str, int | None]], list[tuple[str, int]]]:
    """Return Lark's tokens, and the place where it can read no more, if there is one."""
    tokens: list[tuple[str, str, int | None]] = []
    try:
        tokens.extend(
            (token.type, str(token), token.start_pos) for token in lark_of(grammar_text(dialect)).lex(text)
        )
    except UnexpectedCharacters as error:
        return tokens, [(UNREADABLE, error.pos_in_stream or 0)]
    return tokens, []


@pytest.mark.parametrize("dialect", Dialect)
@given(text=ASCII_NOISE)
def test_on_any_ascii_text(dialect: Dialect, text: str) -> None:
    assert_same_tokens(text, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_on_queries(dialect: Dialect, data: st.DataObject) -> None:
    text = data.draw(spellings(data.draw(trees(dialect))))
    if text.isascii():
        assert_same_tokens(text, dialect)


@pytest.mark.parametrize("dialect", Dialect)
@given(text=noise())
@example(text="AND\r")
@example(text="AND\r\n")
@example(text="AND\n\r")
def test_tokens_and_blanks_are_the_whole_text(dialect: Dialect, text: str) -> None:
    read = tokenize(text, dialect)
    last = read.tokens[-1]
    assert last.start == last.end
    assert text[last.end :] in ("", "\n", "\r\n", "\r")
    places = sorted([token.span for token in read.tokens] + read.comments)
    end = 0
    for start, stop in places:
        assert text[end:start].strip() == ""
        end = stop
