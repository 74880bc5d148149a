"""The tables that parsing reads are those that Lark makes of the grammar."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import sql_seg
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.nodes import Binary, Predicate
from sql_seg.syntax.parsing import grammar, parser, tokens
from sql_seg.syntax.parsing.generator import module

PACKAGE = Path(sql_seg.__file__).parent


@pytest.mark.parametrize("dialect", Dialect)
def test_the_shipped_tables_are_of_this_grammar(dialect: Dialect) -> None:
    shipped = PACKAGE / "syntax" / "parsing" / "tables" / f"{dialect}.py"
    assert shipped.read_text(encoding="utf-8") == module(dialect), "make tables writes them anew"


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the grammar's folder that parsing reads instead."""
    copy = shutil.copytree(PACKAGE.parent / "grammar", tmp_path / "grammar")
    monkeypatch.setattr(grammar, "_PACKAGE", str(tmp_path))
    caches = (grammar.tables, parser.automaton, tokens._lexicon)
    for cache in caches:
        cache.cache_clear()
    yield copy
    for cache in caches:
        cache.cache_clear()


def test_an_edited_grammar_is_heeded_at_once(edited: Path) -> None:
    v1 = edited / "v1.lark"
    v1.write_text(v1.read_text().replace("subtraction MINUS addition ", "addition MINUS subtraction "))
    query = parser.parse("a - b - c", Dialect.V1)
    assert isinstance(query, Predicate)
    assert isinstance(query.where, Binary)
    assert isinstance(query.where.right, Binary), "the minus sign associates to the right now"
