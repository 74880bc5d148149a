from __future__ import annotations

import pytest

from sql_seg.checking import check
from sql_seg.core.planning import conjuncts, for_one_contact, planned, rows_of
from sql_seg.core.terms import AnyOf, Compared, Inverse, LastEvent, SomeEvent, Term, TruthTest
from sql_seg.errors import NeedsDatasetError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID
from sql_seg.syntax.parsing import parse

SCHEMA = SENDGRID.with_fields([{"name": "age", "field_type": "Number"}])


def condition(text: str) -> Term:
    return check(parse(text), SCHEMA).condition


def joined(joins: int, where: str, maximum: str = "") -> Term:
    """Return the condition of a query with joins to e1, e2, …."""
    tables = " ".join(f"JOIN event_data e{n} ON c.contact_id = e{n}.contact_id" for n in range(1, joins + 1))
    last = f", {maximum} AS last_event" if maximum else ""
    having = "HAVING last_event < NOW()" if maximum else ""
    return condition(
        f"SELECT c.contact_id, c.updated_at{last} FROM contact_data c {tables} WHERE {where} {having}"
    )


def rows_of_tests(term: Term) -> list[tuple[int, ...]]:
    """Return the rows of each test of events among the conjuncts."""
    return [part.rows for part in conjuncts(planned(term)) if isinstance(part, SomeEvent | LastEvent)]


def test_what_is_said_of_the_contact_alone_is_asked_first() -> None:
    first, second = conjuncts(planned(joined(1, "e1.event_type = 'open' AND c.age > 18")))
    assert isinstance(first, TruthTest)
    assert rows_of(first) == {0}
    assert isinstance(second, SomeEvent)
    assert rows_of(second.condition) == {1}


def test_joins_that_share_nothing_are_tests_of_their_own() -> None:
    assert rows_of_tests(joined(2, "e1.event_type = 'open' AND e2.event_type = 'click'")) == [(1,), (2,)]


def test_joins_that_a_condition_ties_together_are_one_test() -> None:
    tied = "e1.timestamp < e3.timestamp AND e2.event_type = 'open' AND e3.event_type = 'click'"
    assert rows_of_tests(joined(4, tied)) == [(1, 3), (2,), (4,)]
    chain = "e1.timestamp < e2.timestamp AND e3.timestamp < e4.timestamp AND e2.timestamp < e3.timestamp"
    assert rows_of_tests(joined(4, chain)) == [(1, 2, 3, 4)]
    assert rows_of_tests(joined(2, "e1.event_type = 'open' OR e2.event_type = 'click'")) == [(1, 2)]


def test_a_join_without_a_condition_asks_for_any_event() -> None:
    assert rows_of_tests(joined(2, "e1.event_type = 'open'")) == [(1,), (2,)]


def test_a_maximum_is_taken_over_the_events_it_speaks_of() -> None:
    term = joined(3, "e1.event_type = 'open' AND e3.event_type = 'click' AND c.age > 18", "MAX(e3.timestamp)")
    parts = conjuncts(planned(term))
    assert [type(part) for part in parts] == [TruthTest, SomeEvent, SomeEvent, LastEvent]
    assert rows_of_tests(term) == [(1,), (2,), (3,)]
    tied = joined(2, "e1.timestamp < e2.timestamp", "MAX(e1.timestamp)")
    assert rows_of_tests(tied) == [(1, 2)]


def test_a_maximum_of_the_contact_s_own_column_is_over_one_row() -> None:
    assert rows_of_tests(joined(1, "e1.event_type = 'open'", "MAX(c.created_at)")) == [(1,), ()]


def test_v1_says_of_the_contact_what_needs_no_event() -> None:
    either = planned(condition("event_type = 'open' OR email LIKE 'a%'"))
    assert isinstance(either, AnyOf)
    of_contact, of_event = either.operands
    assert rows_of(of_contact) == {0}
    assert isinstance(of_event, SomeEvent)
    assert of_event.or_none
    assert rows_of(of_event.condition) == {1}


def test_v1_keeps_conditions_on_one_event_together() -> None:
    term = condition("event_type = 'open' AND event_timestamp < NOW()")
    assert planned(term) == term


def test_a_condition_on_the_contact_stays_as_it_is() -> None:
    term = condition("email = 'a' AND first_name = 'b'")
    assert planned(term) is term
    assert check(parse("email = 'a'"), SCHEMA).query.dialect is Dialect.V1


def test_a_subquery_for_the_contact_s_own_id_is_a_test_of_its_events() -> None:
    term = condition(
        "SELECT contact_id, updated_at FROM contact_data WHERE contact_id NOT IN "
        "(SELECT contact_id FROM event_data WHERE event_type = 'open' AND NULL = 1)"
    )
    own = for_one_contact(term)
    assert isinstance(own, Inverse)
    first, second = conjuncts(own.operand)
    assert isinstance(first, TruthTest), "never NULL: it stands inside NOT"
    assert isinstance(second, SomeEvent)


def test_a_subquery_for_anything_else_needs_a_dataset() -> None:
    term = condition(
        "SELECT contact_id, updated_at FROM contact_data WHERE email IN (SELECT event_type FROM event_data)"
    )
    with pytest.raises(NeedsDatasetError):
        for_one_contact(term)
    plain = condition("email = 'a'")
    assert for_one_contact(plain) is plain


def test_nested_conjunctions_are_one() -> None:
    term = condition("(email = 'a' AND (first_name = 'b' AND city = 'c')) AND TRUE")
    assert [type(part) for part in conjuncts(term)] == [Compared] * 3
