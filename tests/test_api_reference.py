"""The reference of the library names all that is public, where it is defined."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

API = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^::: ([\w.]+)$", API, re.MULTILINE)


@pytest.mark.parametrize("package", ["sql_seg", "sql_seg.build", "sql_seg.solver", "sql_seg.testing"])
def test_all_public_names_are_in_it(package: str) -> None:
    module = import_module(package)
    known = {entry.rpartition(".")[2]: entry for entry in ENTRIES}
    assert [name for name in module.__all__ if name not in known] == []
    for name in module.__all__:
        home, _, last = known[name].rpartition(".")
        assert getattr(import_module(home), last) == getattr(module, name), name


def test_each_name_is_in_it_once() -> None:
    assert len(ENTRIES) == len(set(ENTRIES))
