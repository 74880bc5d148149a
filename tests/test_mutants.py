"""The list of faults fits the source, so that none is forgotten when the source changes."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.faults import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_fits_one_place_of_the_source(mutant: Mutant) -> None:
    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    faulty = mutant.applied(source)
    assert faulty != source
    assert ast.dump(ast.parse(faulty)) != ast.dump(ast.parse(source))


def test_they_are_many_and_all_different() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
    assert len({(mutant.path, mutant.before, mutant.after) for mutant in MUTANTS}) == len(MUTANTS)
