"""The automaton of any grammar: values from the bottom up, each with its place."""

from __future__ import annotations

from typing import Any

import pytest

from grammar.tables import generate
from sql_seg.diagnostics.source import Span
from sql_seg.syntax.parsing.automaton import Automaton, DoesNotFitError
from sql_seg.syntax.parsing.tables import END
from sql_seg.syntax.parsing.tokens import Tokens

SUMS = """
start: sum+ SEMICOLON*
?sum: product | sum PLUS product -> binary
?product: atom | product STAR atom -> binary
?atom: NUMBER -> number
     | LPAR sum RPAR -> group
NUMBER: /[0-9]+/
PLUS: "+"
STAR: "*"
LPAR: "("
RPAR: ")"
SEMICOLON: ";"
WHITE_SPACE: /\\s+/
%ignore WHITE_SPACE
"""
TYPES = {"+": "PLUS", "*": "STAR", "(": "LPAR", ")": "RPAR", ";": "SEMICOLON"}


class Words:
    """Makes texts with all their brackets."""

    def start(self, children: list[Any], span: Span) -> tuple[list[Any], Span]:
        return children, span

    def binary(self, children: list[Any], _: Span) -> str:
        return f"({''.join(children)})"

    def number(self, children: list[Any], span: Span) -> str:
        return f"{children[0]}@{span.start}"

    def group(self, children: list[Any], _: Span) -> str:
        return f"[{children[1]}]"


@pytest.fixture(scope="module")
def sums() -> Automaton:
    return Automaton(generate(SUMS), Words())


def tokens(text: str) -> Tokens:
    read = Tokens(text)
    for end, word in enumerate(text, 1):
        read.types.append(TYPES.get(word, "NUMBER"))
        read.words.append(word)
        read.ends.append(end)
    read.types.append(END)
    read.words.append("")
    read.ends.append(len(text))
    return read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1@0"),
        ("1+2*3", "(1@0+(2@2*3@4))"),
        ("1*2+3", "((1@0*2@2)+3@4)"),
        ("1+2+3", "((1@0+2@2)+3@4)"),
        ("1*(2+3)", "(1@0*[(2@3+3@5)])"),
    ],
)
def test_rules_make_values_in_the_order_of_the_grammar(sums: Automaton, text: str, value: str) -> None:
    assert sums.run(tokens(text)) == ([value], Span(0, len(text)))


def test_the_values_of_repeated_parts_are_those_of_the_rule_around_them(sums: Automaton) -> None:
    values, span = sums.run(tokens("1(2)3;;"))
    assert values == ["1@0", "[2@2]", "3@4", ";", ";"]
    assert span == Span(0, 7)


@pytest.mark.parametrize(
    ("text", "fitting", "expected"),
    [
        ("", 0, {"NUMBER", "LPAR"}),
        ("1+", 2, {"NUMBER", "LPAR"}),
        ("1)", 1, {"NUMBER", "LPAR", "PLUS", "STAR", "SEMICOLON", END}),
        ("(1", 2, {"PLUS", "STAR", "RPAR"}),
        ("1;2", 2, {"SEMICOLON", END}),
    ],
)
def test_what_does_not_fit(sums: Automaton, text: str, fitting: int, expected: set[str]) -> None:
    read = tokens(text)
    with pytest.raises(DoesNotFitError):
        sums.run(read)
    assert sums.fit(read.types) == (fitting, expected)


def test_a_rule_that_may_match_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="the rule nothing may match nothing"):
        generate(SUMS.replace("start: sum+", "start: nothing sum+") + "\nnothing:\n")
