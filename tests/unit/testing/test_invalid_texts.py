"""Texts that are no valid query: every error has its own."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.linting import RULES, diagnose
from sql_seg.testing import InvalidQueryText, invalid_query_texts
from sql_seg.testing.faults import FAULTS, LARGE, NOT_COVERED
from tests.unit.testing.collected import examples, simplest

ERRORS = [rule.code for rule in RULES if rule.severity is Severity.ERROR]


def test_every_error_is_covered_or_has_a_reason_why_not() -> None:
    assert sorted([*FAULTS, *NOT_COVERED]) == sorted(ERRORS)
    assert all(NOT_COVERED.values())


def codes(invalid: InvalidQueryText) -> set[str]:
    return {found.code for found in diagnose(invalid.text, dialect=invalid.dialect) if found.is_error}


@pytest.mark.parametrize("code", sorted(FAULTS.keys() - LARGE))
def test_each_provokes_its_error(code: str) -> None:
    for invalid in examples(invalid_query_texts(code), 8):
        assert invalid.code == code
        assert code in codes(invalid), invalid


@pytest.mark.parametrize("code", sorted(LARGE))
def test_large_texts_are_drawn_where_they_are_asked_for(code: str) -> None:
    (invalid, *_) = examples(invalid_query_texts(code), 1)
    assert codes(invalid) == {code}


def test_others_are_not_drawn_unasked() -> None:
    drawn = examples(invalid_query_texts(), 300)
    assert len({invalid.code for invalid in drawn}) > 40
    assert LARGE.isdisjoint(invalid.code for invalid in drawn)
    assert {invalid.dialect for invalid in drawn} == set(Dialect)


def test_a_dialect_may_be_asked_for() -> None:
    drawn = examples(invalid_query_texts("type-mismatch", "v1"), 10)
    assert {invalid.dialect for invalid in drawn} == {Dialect.V1}


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(ValueError, match="'type-mismach' is the code of no error"):
        invalid_query_texts("type-mismach")
    with pytest.raises(ValueError, match="no text provokes too-many-segments: it is said of seg"):
        invalid_query_texts("too-many-segments")
    with pytest.raises(ValueError, match="no text of v1 provokes unsupported-join"):
        invalid_query_texts("unsupported-join", "v1")


def test_the_simplest() -> None:
    assert simplest(invalid_query_texts("type-mismatch", "v1")).text == "email = LENGTH(email)"
