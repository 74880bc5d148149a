"""The tables that parsing reads are those that Lark makes of the grammar."""

from __future__ import annotations

from pathlib import Path

import pytest

from grammar import tables
from sql_seg.language.datatypes import Dialect


@pytest.mark.parametrize("dialect", Dialect)
def test_the_tables_are_of_this_grammar(dialect: Dialect) -> None:
    current = tables.PACKAGE / f"{dialect}.py"
    assert current.read_text(encoding="utf-8") == tables.module(dialect), "make tables rewrites them"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tables, "PACKAGE", tmp_path)
    return tmp_path


def test_tables_are_written_only_where_they_are_not_current(elsewhere: Path) -> None:
    assert tables.write_tables() == [elsewhere / "v1.py", elsewhere / "v2.py"]
    assert tables.write_tables() == []
    elsewhere.joinpath("v1.py").write_text("of another grammar")
    assert tables.write_tables() == [elsewhere / "v1.py"]
