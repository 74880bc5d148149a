"""The tables of each dialect's grammar: the shipped ones, or new ones where its text has changed."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from zlib import crc32

from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tables import Tables

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))


def grammar_text(dialect: Dialect) -> str:
    """Return a dialect's grammar: the shared files and its own, as one text."""
    folder = os.path.join(_PACKAGE, "grammar")
    if not os.path.isdir(folder):  # an editable install leaves the grammar beside the package
        folder = os.path.join(os.path.dirname(_PACKAGE), "grammar")
    texts = []
    for name in ("lexical", "expression", dialect.value):
        with open(os.path.join(folder, f"{name}.lark"), encoding="utf-8") as file:
            texts.append(file.read())
    return "\n".join(texts)


def fingerprint(text: str) -> int:
    """Return a number that another text hardly has."""
    return crc32(text.encode())


@cache
def tables(dialect: Dialect) -> Tables:
    """Return a dialect's tables; Lark makes them, slowly, where the shipped ones are of another grammar."""
    text = grammar_text(dialect)
    shipped: Tables = import_module(f"sql_seg.syntax.parsing.tables.{dialect.value}").TABLES
    if shipped.fingerprint == fingerprint(text):
        return shipped
    from sql_seg.syntax.parsing.generator import generate

    return generate(text)
