"""Arithmetic of v1 that SQL would read otherwise."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety
from sql_seg.syntax.parsing import parse
from tests.unit.linting.linting import PLAIN, finds, is_silent

CODE = "mixed-arithmetic"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10 - 2 + age", "10 - (2 + age)"),
        ("age - 1 + 2 + 3", "age - (1 + 2 + 3)"),
        ("8 / age * 4", "8 / (age * 4)"),
        ("8 * age % 4", "8 * (age % 4)"),
        ("8 / age % 4", "8 / (age % 4)"),
        ("age - 2 + 8 / 2 * 4 % 3", "age - (2 + 8 / (2 * (4 % 3)))"),
        ("-(age - 2 + 3)", None),
        ("age - (8 / 2 * 4)", "age - (8 / (2 * 4))"),
    ],
)
def test_the_parentheses_that_v1_reads(written: str, meant: str | None) -> None:
    marked, fixed = f"«{written}» = 1", f"{meant} = 1"
    if meant is None:
        marked, fixed, meant = "-«(age - 2 + 3)» = 1", "-(age - (2 + 3)) = 1", "(age - (2 + 3))"
    message = f"v1 reads this as {meant}, unlike SQL"
    finds(marked, CODE, message, help="write the parentheses", fixed=fixed, safety=Safety.SAFE)
    assert parse(fixed) == parse(marked.replace("«", "").replace("»", ""))


@pytest.mark.parametrize(
    "text",
    [
        "(10 - 2) + age = 1",
        "10 - (2 + age) = 1",
        "10 + age - 2 = 1",
        "10 - age - 2 = 1",
        "1 + age * 2 / 3 = 1",
        "2 - age * 3 = 1",
        "created_at > NOW() + INTERVAL 3 DAY - INTERVAL 2 HOUR",
        f"{PLAIN}10 - 2 + age = 1",
    ],
)
def test_what_both_read_alike(text: str) -> None:
    is_silent(text, CODE)
