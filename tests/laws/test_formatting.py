"""A formatter that people can keep on: the same query, each comment in its place, and no second change.

Comments are put into every kind of gap: between any two tokens, before the first and behind the last, alone
or side by side, on lines of their own or not, with what queries have in them.
"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import format_text
from sql_seg.syntax.parsing import comments, parse
from sql_seg.syntax.parsing.tokens import Token, tokenize
from sql_seg.testing import query_texts

WIDTHS = st.sampled_from([20, 40, 60, 100])
SAYINGS = [
    "why",
    "",
    " noqa: null-blind-inequality",
    "it's",
    '"a"',
    "/*",
    "--",
    ";",
    "SELECT (",
    "\t",
    "👩‍👩‍👧 é",
    "${name}",
]
KINDS = ["-- {}\n", "--{}\n", "/* {} */", "/*{}*/", "/* {}\n   and more\n */"]
BREAKS = ["", " ", "\n", "\n\n", "\t", "\n    "]

V2_TEXTS = query_texts(Dialect.V2, style="plain") | query_texts(Dialect.V2)


@st.composite
def remarks(draw: st.DrawFn, number: int) -> str:
    """Return what may stand in a gap: one comment or some, with blanks and line breaks around them."""
    said = [draw(st.sampled_from(SAYINGS)) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3])))]
    parts = [draw(st.sampled_from(BREAKS))]
    for index, saying in enumerate(said):
        parts.append(draw(st.sampled_from(KINDS)).format(f"{number}.{index} {saying}"))
        parts.append(draw(st.sampled_from(BREAKS)))
    return " " + "".join(parts) + " "


@st.composite
def commented(draw: st.DrawFn) -> str:
    """Return a query with comments in some of its gaps, or in all of them."""
    text = draw(V2_TEXTS)
    tokens = tokenize(text, Dialect.V2).tokens
    gaps = range(len(tokens))
    often = draw(st.sampled_from([2, 5, 20]))
    chosen = (
        set(gaps) if draw(st.integers(0, 9)) == 0 else {g for g in gaps if draw(st.integers(0, often)) == 0}
    )
    pieces = []
    end = 0
    for index, token in enumerate(tokens):
        is_end = index == len(tokens) - 1
        pieces.append(text[end:] if is_end else text[end : token.start])
        if index in chosen:
            pieces.append(draw(remarks(index)))
        pieces.append(token.text)
        end = token.end
    made = "".join(pieces)
    return made.replace("\n", "\r\n") if draw(st.integers(0, 9)) == 0 else made


def pieces(text: str) -> list[Span | Token]:
    """Return the tokens and the comments of a text: what may have any blanks inside."""
    read = tokenize(text, Dialect.V2)
    return [*read.tokens, *read.comments]


def said(text: str) -> list[str]:
    return [text[span.start : span.end].rstrip() for span in comments(text)]


@given(commented(), WIDTHS)
def test_comments_stay_in_their_order_around_the_same_query(text: str, width: int) -> None:
    once = format_text(text, width=width)
    assert parse(once) == parse(text)
    assert said(once) == said(text)
    assert format_text(once, width=width) == once


@given(query_texts() | query_texts(style="plain"), WIDTHS)
def test_a_query_without_comments_is_laid_out_once(text: str, width: int) -> None:
    once = format_text(text, width=width)
    assert parse(once) == parse(text)
    assert format_text(once, width=width) == once


@given(commented(), WIDTHS)
def test_no_line_ends_in_a_blank(text: str, width: int) -> None:
    once = format_text(text, width=width)
    for line in re.finditer(r"[ \t]+$", once, flags=re.MULTILINE):
        assert any(token.start < line.start() < token.end for token in pieces(once)), once
