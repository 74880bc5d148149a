"""Segments combined with ``&``, ``|``, ``-`` and ``~``: the queries that come out, and what is refused."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, CannotCombineError, Dataset, Segment
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Column

PLAIN = Segment("SELECT contact_id, updated_at FROM contact_data WHERE country = 'US'")
NOT_DAVE = Segment("SELECT contact_id, updated_at FROM contact_data AS x WHERE x.first_name != 'Dave'")
OPENED = Segment(
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE c.city = 'Paris' AND e.event_type = 'open'"
)
QUIET = Segment(
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id HAVING last < '2026-01-01'"
)
AT_ODDS = Segment(
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id HAVING last < c.updated_at"
)
V1 = Segment("first_name != 'Dave'")
V1_EVENT = Segment("event_type = 'open'")


def test_who_is_not_in_one_is_also_who_it_is_null_of() -> None:
    others = PLAIN - NOT_DAVE
    assert others.query.text == (
        "SELECT contact_id, updated_at\n"
        "FROM contact_data\n"
        "WHERE country = 'US' AND (first_name != 'Dave') IS NOT TRUE"
    )
    contacts: list[dict[str, object]] = [
        {"contact_id": "1", "country": "US", "first_name": None},
        {"contact_id": "2", "country": "US", "first_name": "Dave"},
        {"contact_id": "3", "country": "US", "first_name": "Ada"},
    ]
    assert list(others.ids(contacts)) == ["1", "2"]
    assert (~V1).query.text == "NOT first_name != 'Dave' OR (first_name != 'Dave') IS NULL"
    assert list((~V1).ids(contacts)) == ["1", "2"]


def test_a_query_with_joins_keeps_them_where_all_must_be_so() -> None:
    assert (OPENED & NOT_DAVE).query.text == (
        "SELECT c.contact_id, c.updated_at\n"
        "FROM contact_data AS c\n"
        "JOIN event_data AS e ON c.contact_id = e.contact_id\n"
        "WHERE c.city = 'Paris' AND e.event_type = 'open' AND c.first_name != 'Dave'"
    )


def test_elsewhere_it_is_asked_by_a_subquery_that_one_contact_can_answer() -> None:
    either = PLAIN | OPENED
    assert either.query.text == (
        "SELECT contact_id, updated_at\n"
        "FROM contact_data\n"
        "WHERE country = 'US'\n"
        "  OR (\n"
        "    city = 'Paris'\n"
        "    AND contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open')\n"
        "  )"
    )
    assert either.matches(
        {"contact_id": "1", "city": "Paris"},
        [{"event_type": "open", "timestamp": "2026-01-01T00:00:00Z", "contact_id": "1"}],
    )
    assert not either.matches({"contact_id": "1", "city": "Paris"}, [])


def test_a_last_event_is_what_some_event_is_and_none_is() -> None:
    text = " ".join(((PLAIN - QUIET).query.text or "").split())
    assert "WHERE timestamp < '2026-01-01'" in text
    assert "WHERE timestamp >= '2026-01-01'" in text


def test_parent_lists_that_are_the_same_stay_and_others_become_conditions() -> None:
    on_a = Segment(PLAIN.query.text or "", parent_list_ids=["a"])
    also_on_a = Segment(NOT_DAVE.query.text or "", parent_list_ids=["a"])
    on_b = Segment(NOT_DAVE.query.text or "", parent_list_ids=["b"])
    assert (on_a - also_on_a).parent_list_ids == ("a",)
    both = on_a & on_b
    assert both.parent_list_ids == ()
    assert "ARRAY_CONTAINS(list_ids, 'a')" in (both.query.text or "")
    assert "ARRAY_CONTAINS(list_ids, 'b')" in (both.query.text or "")


def test_custom_fields_of_both_are_known() -> None:
    vip = SENDGRID.with_columns([Column("vip", DataType.NUMBER)])
    size = SENDGRID.with_columns([Column("size", DataType.VARCHAR)])
    both = Segment("vip = 1", vip) & Segment("size = 'L'", size)
    assert list(both.ids([{"contact_id": "1", "vip": 1, "size": "L"}, {"contact_id": "2", "vip": 1}])) == [
        "1"
    ]
    with pytest.raises(CannotCombineError, match="disagree on the custom field vip"):
        Segment("vip = 1", vip) & Segment(
            "vip = 'x'", SENDGRID.with_columns([Column("vip", DataType.VARCHAR)])
        )


@pytest.mark.parametrize(
    ("combine", "reason"),
    [
        (lambda: V1 & PLAIN, "one segment is in v1, the other in v2: upgrade the one in v1 first"),
        (lambda: V1_EVENT & V1_EVENT, "of the same event; sql_seg.upgrade says them in v2"),
        (lambda: V1 - V1_EVENT, "v1 cannot ask for what no event is"),
        (lambda: ~V1_EVENT, "v1 cannot ask for what no event is"),
        (lambda: PLAIN | AT_ODDS, "only where its HAVING compares each maximum with a literal or a moment"),
    ],
)
def test_what_no_query_says_is_refused_with_the_reason(combine: object, reason: str) -> None:
    with pytest.raises(CannotCombineError, match=reason):
        combine()  # type: ignore[operator]


def test_a_query_that_would_nest_too_deep_is_refused() -> None:
    def too_deep() -> Segment:
        deep = PLAIN
        for _ in range(150):
            deep = NOT_DAVE - deep
        return deep

    with pytest.raises(CannotCombineError, match="at most 200 levels"):
        too_deep()


def test_who_is_not_outside_is_inside() -> None:
    assert (~~V1).query.text == V1.query.text
    assert ~~PLAIN == PLAIN


def test_other_things_are_no_segments() -> None:
    with pytest.raises(TypeError):
        PLAIN & "country = 'US'"  # type: ignore[operator]


def test_what_comes_out_is_a_segment_as_any_other() -> None:
    dataset = Dataset([{"contact_id": "1", "country": "US", "first_name": "Ada"}])
    both = PLAIN & NOT_DAVE
    assert both.count(dataset) == 1
    assert both == Segment(both.query.text or "")
