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


JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id WHERE "
)


def test_a_map_of_v1_is_read_where_the_webhook_has_its_keys() -> None:
    """``event_data['url']`` is a path of the payload, ``['season']`` one of the unique arguments."""
    proof = "the queries say the same, in another order or with other words"
    for key, path in (("url", "payload.url"), ("season", "payload.unique_args.season")):
        found = distinguish(f"event_data['{key}'] = 'x'", f"{JOINED}e.data:{path} = 'x'", now=NOW)
        assert found == Impossible(f"{proof}, where events are as the Event Webhook sends them")
    within = distinguish("event_data['url'] = 'x'", "event_data['url'] IN ('x')", now=NOW)
    assert within == Impossible(proof)


def test_a_difference_of_two_dialects_holds_of_the_queries_themselves() -> None:
    """Not of what is compared alone: v1 finds a key in either place."""
    first, second = "event_data['url'] = 'x'", f"{JOINED}e.data:payload.url = 'y'"
    found = distinguish(first, second, now=NOW)
    assert isinstance(found, Difference)
    record = found.record
    members = [Segment(text).matches(record.contact, record.events, now=NOW) for text in (first, second)]
    assert members == [found.in_first, not found.in_first]
    elsewhere = f"{JOINED}e.data:payload.unique_args.url = 'x'"
    other = distinguish(first, elsewhere, now=NOW)
    if isinstance(other, Difference):
        record = other.record
        members = [
            Segment(text).matches(record.contact, record.events, now=NOW) for text in (first, elsewhere)
        ]
        assert members == [other.in_first, not other.in_first]
