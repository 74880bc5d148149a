"""The grammars themselves: free of conflicts, and no terminal that eats another."""

from __future__ import annotations

import itertools
import re
from importlib import import_module

import pytest
from lark import Lark
from lark.exceptions import GrammarError, LexError
from lark.lexer import PatternStr, TerminalDef

from grammar.tables import grammar_text, lark_of
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import RESERVED
from sql_seg.syntax.parsing.tokens import tokenize


@pytest.mark.grammar_proof
@pytest.mark.parametrize("dialect", Dialect)
def test_the_tables_are_free_of_conflicts(dialect: Dialect) -> None:
    import_module("interegular")  # strict mode compares terminals only with it: without it, no proof
    Lark(grammar_text(dialect), parser="lalr", lexer="basic", maybe_placeholders=False, strict=True)


@pytest.mark.grammar_proof
def test_the_proof_can_fail() -> None:
    import_module("interegular")
    with pytest.raises(GrammarError):
        Lark('start: e\ne: "a" | e "+" e', parser="lalr", lexer="basic", strict=True)
    with pytest.raises(LexError):
        Lark("start: A | B\nA: /a+/\nB: /[ab]b*/", parser="lalr", lexer="basic", strict=True)


def terminals(dialect: Dialect) -> list[TerminalDef]:
    return list(lark_of(grammar_text(dialect)).terminals)


def keywords(dialect: Dialect) -> set[str]:
    return {
        terminal.name
        for terminal in terminals(dialect)
        if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalpha()
    }


@pytest.mark.parametrize("dialect", Dialect)
def test_the_reserved_words_are_the_keywords(dialect: Dialect) -> None:
    assert keywords(dialect) == RESERVED[dialect]


@pytest.mark.parametrize("dialect", Dialect)
def test_a_keyword_is_named_as_it_is_spelled(dialect: Dialect) -> None:
    for terminal in terminals(dialect):
        if terminal.name in RESERVED[dialect]:
            assert terminal.pattern.value == terminal.name
            assert "i" in terminal.pattern.flags


def test_behind_a_dot_every_keyword_is_a_word() -> None:
    (rule,) = re.findall(r"^\?word: ([^%]*?)^COMMENT", grammar_text(Dialect.V2), flags=re.MULTILINE)
    assert set(re.findall(r"[A-Z]+", rule)) == RESERVED[Dialect.V2] | {"NAME"}


SAMPLES = {
    "NAME": [
        "a",
        "_",
        "é1",
        "CURRENT_TIMESTAMP",
        "timestamp",
        "day",
        "interval",
        "orb",
        "nothing",
        "isnull",
        "e5",
    ],
    "NUMBER": ["0", "12", "0.50"],
    "COMPARATOR": ["=", "!=", "<>", "<", "<=", ">", ">="],
    "PLUS": ["+"],
    "MINUS": ["-"],
    "STAR": ["*"],
    "SLASH": ["/"],
    "PERCENT": ["%"],
    "LPAR": ["("],
    "RPAR": [")"],
    "LSQB": ["["],
    "RSQB": ["]"],
    "COMMA": [","],
    "STRING": ["''", "'a'", r"'it\'s'", r"'\\'", "'a b'", "'\n'", "'--'", "'/*'"],
    "QUOTED_NAME": ["`a`", "`a b`", "`'`"],
}
MORE = {
    Dialect.V1: {"STRING": ['""', '"a"', r'"\""', '"it\'s"', '"`"'], "INTERVAL": []},
    Dialect.V2: {
        "STRING": ["'it''s'", "''''", r"'\"'", "'`\"'"],
        "QUOTED_NAME": ['"a"', '"it\'s"', '"--"', '`"`'],
        "DOT": ["."],
        "COLON": [":"],
        "SEMICOLON": [";"],
    },
}


def samples(dialect: Dialect) -> list[tuple[str, str]]:
    """Return the terminals of a dialect, each with words that are it."""
    kinds = {kind: [*words, *MORE[dialect].get(kind, [])] for kind, words in SAMPLES.items()}
    kinds |= {kind: words for kind, words in MORE[dialect].items() if kind not in kinds}
    kinds |= {word: [word, word.lower(), word.title()] for word in RESERVED[dialect]}
    return [(kind, word) for kind, words in kinds.items() for word in words]


@pytest.mark.parametrize("dialect", Dialect)
def test_every_terminal_has_a_sample(dialect: Dialect) -> None:
    ignored = {"WHITE_SPACE", "COMMENT", "INTERVAL"}
    assert {terminal.name for terminal in terminals(dialect)} - ignored == {
        kind for kind, _ in samples(dialect)
    }


@pytest.mark.parametrize("dialect", Dialect)
def test_pairs_of_tokens_with_a_blank_between_them(dialect: Dialect) -> None:
    for (first, a), (second, b) in itertools.product(samples(dialect), repeat=2):
        if first == "NAME" and a.lower() == "interval":
            continue  # a keyword of v1 before an amount and a word
        read = tokenize(f"{a} {b}", dialect).tokens[:-1]
        assert [(token.type, token.text) for token in read] == [(first, a), (second, b)]


@pytest.mark.parametrize("dialect", Dialect)
def test_pairs_of_tokens_that_touch(dialect: Dialect) -> None:
    for (first, a), (second, b) in itertools.product(samples(dialect), repeat=2):
        if joins(a, b, dialect) or (first == "NAME" and a.lower() == "interval"):
            continue
        read = tokenize(a + b, dialect).tokens[:-1]
        assert [(token.type, token.text) for token in read] == [(first, a), (second, b)], a + b


def joins(first: str, second: str, dialect: Dialect) -> bool:
    """Return whether two words without a blank between them are read as something else."""
    last, start = first[-1], second[0]
    word = (last.isalnum() or last == "_") and (start.isalnum() or start == "_")
    fraction = first[0].isdigit() and start == "."
    comparator = first in ("<", ">") and start in "=>" and first + start != ">>"
    comment = first + second == "/*" or (dialect is Dialect.V2 and first + second == "--")
    doubled = dialect is Dialect.V2 and last == start == "'"
    return word or fraction or comparator or comment or doubled
