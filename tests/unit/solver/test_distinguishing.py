"""Whether two queries hold the same contacts."""

from __future__ import annotations

import pytest

from sql_seg import Segment
from sql_seg.solver import Difference, Impossible, NotFound, distinguish
from tests.corpus.cases import SCHEMA
from tests.unit.solver.account import NOW, where
from tests.unit.solver.pairs import DIFFERENT, SAME


@pytest.mark.parametrize(("first", "second"), DIFFERENT.values(), ids=DIFFERENT)
def test_the_contact_that_is_in_one_alone(first: str, second: str) -> None:
    found = distinguish(first, second, schema=SCHEMA, now=NOW)
    assert isinstance(found, Difference)
    dataset = found.record.dataset(SCHEMA)
    members = [
        dataset.contacts[0] in Segment(text, SCHEMA).members(dataset, now=NOW) for text in (first, second)
    ]
    assert members == [found.in_first, not found.in_first]


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
def test_the_proof_that_there_is_none(first: str, second: str) -> None:
    assert isinstance(distinguish(first, second, schema=SCHEMA, now=NOW), Impossible)
    assert isinstance(distinguish(second, first, schema=SCHEMA, now=NOW), Impossible)


def test_what_cannot_be_proven_is_not_claimed() -> None:
    found = distinguish("age * 2 > 6 AND score > 1", "age > 3 AND score > 1", schema=SCHEMA, now=NOW)
    assert isinstance(found, NotFound)
    assert found.tried > 0


def test_the_reason_for_the_same() -> None:
    same = Impossible("the queries say the same in the same words")
    assert distinguish("city='a'", "city = 'a'") == same
    other = distinguish("city = 'a' OR city = 'b'", "city IN ('b', 'a')")
    assert other == Impossible("the queries say the same, in another order or with other words")
    third = distinguish("age > 3 AND age > 1", "age > 3", schema=SCHEMA)
    assert third == Impossible(
        "in every case that their conditions distinguish, who is in one is in the other"
    )


def test_a_column_of_two_types() -> None:
    lenient = SCHEMA.as_lenient()
    with pytest.raises(ValueError, match="the one query reads size as NUMBER, the other as STRING"):
        distinguish("size = 3", "size = 'a'", schema=lenient)


def test_segments_and_checked_queries_are_taken_as_they_are() -> None:
    one, other = Segment("age > 3", SCHEMA), Segment(where("age >= 3"), SCHEMA)
    found = distinguish(one, other.checked)
    assert isinstance(found, Difference)
    assert (found.record.contact, found.in_first) == ({"age": 3}, False)
