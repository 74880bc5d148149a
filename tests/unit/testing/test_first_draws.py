"""What a user's first run meets, where ``.hypothesis`` is empty: no draw waits for tables to be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
from hypothesis import HealthCheck, given, settings
from hypothesis.internal import charmap
from sql_seg.testing import contacts, datasets, events, invalid_query_texts, query_texts, schemas

strategy = {0}
made = charmap._charmap is not None

@settings(max_examples=30, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy)
def draw(value):
    pass

draw()
print(made, charmap.intervals_from_codec.cache_info().misses)
"""


@pytest.mark.parametrize(
    "strategy",
    [
        "query_texts()",
        "invalid_query_texts('type-mismatch')",
        "contacts(stored=False, realistic=False)",
        "datasets()",
        "schemas()",
    ],
)
def test_no_draw_tries_all_characters(strategy: str, tmp_path: Path) -> None:
    # each a process of its own: Hypothesis remembers its tables in a folder, and in memory
    command = [sys.executable, "-c", _PROGRAM.format(strategy)]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert answer.stdout.split() == ["True", "0"], answer.stderr


def test_the_first_text_that_is_diagnosed_imports_no_rule() -> None:
    program = """
import sys
from sql_seg import diagnose
from sql_seg.testing import query_texts

query_texts()
before = set(sys.modules)
diagnose("city = 'Oslo' AND age > 4")
print(*sorted(name for name in set(sys.modules) - before if name.startswith("sql_seg.linting")))
"""
    command = [sys.executable, "-c", program]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert answer.stdout.strip() == ""
