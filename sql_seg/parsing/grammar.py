"""The grammars, read from their files and turned into LALR tables once, when first needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark

from sql_seg.datatypes import Dialect
from sql_seg.parsing.builder import Builder

_PACKAGE = Path(__file__).parent.parent


def grammar_text(dialect: Dialect) -> str:
    """Return a dialect's grammar: the shared files and its own, as one text."""
    folder = _PACKAGE / "grammar"
    if not folder.is_dir():  # an editable install leaves the grammar beside the package
        folder = _PACKAGE.parent / "grammar"
    names = ("lexical", "expression", dialect.value)
    return "\n".join((folder / f"{name}.lark").read_text(encoding="utf-8") for name in names)


@cache
def grammar(dialect: Dialect) -> Lark:
    """Return a dialect's tables, with the builder that makes nodes while they are walked."""
    return Lark(
        grammar_text(dialect),
        parser="lalr",
        lexer="basic",
        maybe_placeholders=False,
        transformer=Builder(dialect),
    )
