"""The table of rules: each rule that a module makes has its row."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

from sql_seg import linting
from sql_seg.linting.rule import Rule
from sql_seg.linting.table import RULES


def rules_of_modules() -> Iterator[tuple[str, Rule]]:
    """Yield each rule that stands in a module by a name of its own."""
    for found in pkgutil.iter_modules(linting.__path__, f"{linting.__name__}."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Rule):
                yield f"{found.name}.{name}", value


def test_each_rule_of_a_module_has_its_row() -> None:
    rules = dict(rules_of_modules())
    assert len(rules) > 30
    assert [name for name, rule in rules.items() if rule not in RULES] == []


def test_no_code_stands_twice() -> None:
    assert [code for code, times in Counter(rule.code for rule in RULES).items() if times > 1] == []
