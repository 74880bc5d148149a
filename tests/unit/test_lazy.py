"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re

from sql_seg.lazy import compiled_at_first_use


def test_a_pattern_is_one_once_it_is_used() -> None:
    pattern = compiled_at_first_use(r"(?P<word>[a-z]+)\d", re.IGNORECASE)
    found = pattern.match("-Ab1", 1)
    assert found is not None
    assert found["word"] == "Ab"
    assert pattern.fullmatch("Ab") is None
    assert [one.group() for one in pattern.finditer("a1 b2")] == ["a1", "b2"]
    assert pattern.sub("x", "a1 b2") == "x x"
    assert pattern.flags & re.IGNORECASE


def test_a_pattern_that_is_never_used_is_never_compiled() -> None:
    compiled_at_first_use("(")  # which would fail
