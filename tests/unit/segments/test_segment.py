from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest

from sql_seg.checking import check
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.diagnostics.query_errors import CheckError, QuerySyntaxError
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import NeedsDatasetError, RecordError
from sql_seg.language.schema import SENDGRID
from sql_seg.segments.predicate import to_predicate
from sql_seg.segments.segment import Segment
from sql_seg.syntax.parsing import parse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCHEMA = SENDGRID.with_fields(
    [{"name": "age", "field_type": "Number"}, {"name": "timestamp", "field_type": "Text"}]
)
ANN = {"contact_id": "1", "email": "ann@example.com", "age": 30}
BOB = {"contact_id": "2", "email": "bob@example.com", "age": None}
OPEN = {"contact_id": "1", "event_type": "open", "timestamp": NOW - timedelta(days=1)}
OPENED = """
SELECT c.contact_id, c.updated_at FROM contact_data AS c
JOIN event_data AS e ON c.contact_id = e.contact_id
WHERE e.event_type = 'open' AND c.age > 18
"""
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
FIRST_NAMES = WHERE + "email IN (SELECT first_name FROM contact_data WHERE age > 18)"

Ask = Callable[[Segment, list[Any], list[Any]], Any]
ASKS: dict[str, Ask] = {
    "matches": lambda segment, contacts, events: [segment.matches(c, events, now=NOW) for c in contacts],
    "members": lambda segment, contacts, events: list(segment.members(contacts, events, now=NOW)),
    "ids": lambda segment, contacts, events: list(segment.ids(contacts, events, now=NOW)),
    "count": lambda segment, contacts, events: segment.count(contacts, events, now=NOW),
}
PASSES = {name: ask for name, ask in ASKS.items() if name != "matches"}


def test_its_query_schema_and_diagnostics() -> None:
    segment = Segment("email LIKE '%@example.com'")
    assert segment.query == parse("email LIKE '%@example.com'")
    assert segment.checked.schema is SENDGRID
    assert not any(diagnostic.is_error for diagnostic in segment.diagnostics)
    assert repr(segment) == "Segment(\"email LIKE '%@example.com'\")"


def test_a_text_that_is_no_segment() -> None:
    with pytest.raises(QuerySyntaxError):
        Segment("email LIKE")
    with pytest.raises(CheckError):
        Segment("emial = 'x'")


def test_a_contact_is_a_member_where_the_predicate_is_true() -> None:
    segment = Segment("age != 31", SCHEMA)
    assert segment.matches(ANN)
    assert not segment.matches(BOB), "NULL is not TRUE"
    assert not segment.matches({})


def test_members_are_the_very_same_objects_and_those_of_a_dataset_equal_ones() -> None:
    segment = Segment("email LIKE '%@example.com'")
    first, second = segment.members([ANN, BOB])
    assert first is ANN
    assert second is BOB
    dataset = Dataset([ANN, BOB])
    members: list[Any] = list(segment.members(dataset))
    assert members == dataset.contacts
    members[0]["email"] = "changed"
    assert list(segment.members(dataset)) == dataset.contacts


def test_members_are_found_while_they_are_walked() -> None:
    asked = []

    def contacts() -> Iterator[dict[str, Any]]:
        for contact in (ANN, BOB):
            asked.append(contact["contact_id"])
            yield contact

    members = Segment("email LIKE 'ann%'").members(contacts())
    assert asked == []
    assert next(members) is ANN
    assert asked == ["1"]
    assert list(members) == []


def test_a_preview_counts_all_and_shows_some() -> None:
    dataset = Dataset([ANN, BOB])
    preview = Segment("email LIKE '%@example.com'").preview(dataset, now=NOW, sample=1)
    assert (preview.count, preview.total, preview.share) == (2, 2, 1.0)
    assert preview.sample == [dataset.contact("1")]
    assert preview.now == NOW
    assert Segment("email IS NOT NULL").preview(dataset, sample=10**20).sample == dataset.contacts
    assert Segment("email = ''").preview(Dataset([])).share == 0
    with pytest.raises(ValueError, match="negative"):
        Segment("email = ''").preview(Dataset([]), sample=-1)


# now


@pytest.mark.parametrize("name", ASKS)
def test_a_naive_now_is_refused_at_once(name: str) -> None:
    naive = datetime(2026, 11, 23)
    segment = Segment("created_at < NOW()")
    asked: Any = ANN if name == "matches" else [ANN]
    with pytest.raises(ValueError, match="aware"):
        getattr(segment, name)(asked, now=naive)
    with pytest.raises(ValueError, match="aware"):
        segment.preview(Dataset([ANN]), now=naive)
    with pytest.raises(ValueError, match="aware"):
        to_predicate(segment.checked, naive)


def test_now_may_be_in_any_zone() -> None:
    segment = Segment("created_at = NOW()")
    assert segment.matches({"created_at": NOW}, now=NOW.astimezone(timezone(timedelta(hours=5))))


def test_without_a_now_the_moment_of_the_call_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            read.append(tz)
            return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=len(read))

    monkeypatch.setattr("sql_seg.language.timestamps.datetime", Clock)
    contacts = [
        {"contact_id": str(day), "created_at": datetime(2026, 1, day, tzinfo=UTC)} for day in range(1, 5)
    ]
    segment = Segment("created_at = NOW() OR created_at = NOW() - INTERVAL 1 DAY")
    assert list(segment.ids(contacts)) == ["1", "2"]
    assert read == [UTC]
    assert list(segment.ids(contacts)) == ["2", "3"]


class EndOfSummer(tzinfo):
    """The zone of a place whose clock is put back by an hour."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=-5 if moment is not None and moment.fold else -4)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment) + timedelta(hours=5)

    def tzname(self, moment: datetime | None) -> str:
        return "winter" if moment is not None and moment.fold else "summer"


FIRST = datetime(2024, 11, 3, 1, 30, tzinfo=EndOfSummer())
SECOND = FIRST.replace(fold=1)
"""The clock shows half past one a second time, an hour later."""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("created_at = TIMESTAMP '2024-11-03T05:30:00Z'", True),
        ("updated_at = TIMESTAMP '2024-11-03T05:30:00Z'", False),
        ("updated_at != TIMESTAMP '2024-11-03T05:30:00Z'", True),
        ("updated_at IN (TIMESTAMP '2024-11-03T06:30:00Z', TIMESTAMP '2024-01-01')", True),
        ("updated_at NOT IN (TIMESTAMP '2024-11-03T06:30:00Z', TIMESTAMP '2024-01-01')", False),
        ("updated_at NOT IN (TIMESTAMP '2024-11-03T06:30:00Z')", False),
        ("created_at < updated_at", True),
        ("created_at = updated_at", False),
        ("created_at + INTERVAL 1 HOUR = updated_at", True),
        ("updated_at BETWEEN TIMESTAMP '2024-11-03T06:30:00Z' AND NOW()", True),
        (WHERE + "updated_at IN (SELECT updated_at FROM contact_data)", True),
        (WHERE + "updated_at IN (SELECT created_at FROM contact_data)", False),
    ],
)
def test_timestamps_are_instants_in_any_zone(query: str, expected: bool) -> None:
    contact = {"contact_id": "1", "created_at": FIRST, "updated_at": SECOND}
    segment = Segment(query)
    assert segment.count([contact], now=NOW) == segment.count(Dataset([contact]), now=NOW) == expected
    account = Account([contact])
    assert (Interpreter(NOW, account).verdict(segment.checked.condition, contact) is True) is expected


# wrong values


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ("age > 18", "age", "30"),
        ("age + 1 > 18", "age", "30"),
        ("first_name LIKE 'A%'", "first_name", 5),
        ("LOWER(first_name) = 'ann'", "first_name", 5),
        ("LENGTH(first_name) > 1", "first_name", 5),
        ("first_name < 'b'", "first_name", ["a"]),
        ("first_name IN ('a', 'b')", "first_name", ["a"]),
        ("CONTAINS(list_ids, 'a')", "list_ids", 5),
        ("created_at > TIMESTAMP '2026-01-01'", "created_at", "2026-01-01"),
        ("created_at > TIMESTAMP '2026-01-01'", "created_at", datetime(2026, 1, 1)),
        ("created_at = TIMESTAMP '2026-01-01'", "created_at", datetime(2026, 1, 1)),
        ("created_at IN (TIMESTAMP '2026-01-01')", "created_at", datetime(2026, 1, 1)),
        ("created_at + INTERVAL 1 DAY > NOW()", "created_at", "2026-01-01"),
        ("created_at + INTERVAL 1 DAY > NOW()", "created_at", datetime(2026, 1, 1)),
        ("created_at + INTERVAL 1 MONTH > NOW()", "created_at", datetime(2026, 1, 1)),
    ],
)
def test_a_wrong_value_in_a_plain_mapping_is_named(name: str, query: str, key: str, value: Any) -> None:
    good: dict[str, Any] = {"contact_id": "1"}
    with pytest.raises(RecordError) as caught:
        ASKS[name](Segment(query, SCHEMA), [good, {"contact_id": "2", key: value}, good], [])
    assert (caught.value.key, caught.value.value) == (key, value)
    assert str(caught.value.expected) in str(caught.value)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("name", ASKS)
def test_a_wrong_value_beside_events_is_named(name: str) -> None:
    with pytest.raises(RecordError) as caught:
        ASKS[name](Segment(OPENED, SCHEMA), [{**ANN, "age": "30"}], [OPEN])
    assert (caught.value.key, caught.value.value) == ("age", "30")


@pytest.mark.parametrize("name", PASSES)
def test_a_wrong_value_inside_a_subquery_is_named(name: str) -> None:
    with pytest.raises(RecordError) as caught:
        PASSES[name](Segment(FIRST_NAMES, SCHEMA), [ANN, {**BOB, "age": "30"}], [])
    assert (caught.value.key, caught.value.value) == ("age", "30")


@pytest.mark.parametrize("name", PASSES)
def test_an_unhashable_value_of_a_subquery_is_named(name: str) -> None:
    with pytest.raises(RecordError) as caught:
        PASSES[name](Segment(FIRST_NAMES, SCHEMA), [ANN, {**ANN, "first_name": ["a"]}], [])
    assert (caught.value.key, caught.value.value) == ("first_name", ["a"])


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize(
    ("key", "value"),
    [("contact_id", ["2"]), ("email", 5), ("alternate_emails", 5), ("alternate_emails", [5])],
)
def test_a_wrong_id_or_address_is_named_where_events_are_asked_for(name: str, key: str, value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        PASSES[name](Segment(OPENED, SCHEMA), [ANN, {**BOB, key: value}], [OPEN])
    assert (caught.value.key, caught.value.value) == (key, value)


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("query", ["age > 18", OPENED])
@pytest.mark.parametrize("contact", [5, "contact", None])
def test_a_contact_that_is_no_mapping(name: str, query: str, contact: Any) -> None:
    with pytest.raises(RecordError) as caught:
        ASKS[name](Segment(query, SCHEMA), [contact], [])
    assert (caught.value.value, caught.value.expected) == (contact, "a mapping")


def test_contacts_that_cannot_be_walked_are_nobody_s_fault() -> None:
    with pytest.raises(TypeError, match="iterable"):
        list(Segment("age > 18", SCHEMA).members(5))  # type: ignore[arg-type]


def test_a_column_that_is_called_as_an_event_s_is_the_contact_s_own() -> None:
    segment = Segment(
        OPENED.replace("e.event_type = 'open'", "e.timestamp > '2020-01-01' AND c.timestamp LIKE 'a%'"),
        SCHEMA,
    )
    contact = {"contact_id": "1", "age": "30", "timestamp": "a text"}
    with pytest.raises(RecordError) as caught:
        list(segment.members([contact], [OPEN], now=NOW))
    assert caught.value.key == "age"


# events


def test_events_are_rows_or_webhook_objects() -> None:
    row = {"contact_id": "1", "event_type": "open", "timestamp": NOW, "data": {"payload": {"url": "u"}}}
    by_id = {"event": "open", "timestamp": int(NOW.timestamp()), "contact_id": "1", "url": "u"}
    by_address = {"event": "open", "timestamp": NOW.isoformat(), "email": "ANN@Example.com", "url": "u"}
    segment = Segment("event_type = 'open' AND event_data['url'] = 'u' AND event_timestamp = NOW()")
    for event in (row, by_id, by_address):
        assert segment.matches(ANN, [event], now=NOW)
        assert list(segment.ids([BOB, ANN], [event], now=NOW)) == ["1"]
        assert list(segment.ids(Dataset([BOB, ANN], [event]), now=NOW)) == ["1"]


def test_an_event_s_payload_and_its_unique_arguments() -> None:
    event = {
        "event": "click",
        "timestamp": NOW,
        "email": "ann@example.com",
        "singlesend_id": "s",
        "season": 3,
    }
    paths = "e.data:payload.{} = 's' AND e.data:payload.unique_args.{} = 's'"
    segment = Segment(OPENED.replace("e.event_type = 'open'", paths.format(*["singlesend_id"] * 2)), SCHEMA)
    assert segment.matches(ANN, [event])
    assert Segment("event_data['season'] = '3' AND event_data['singlesend_id'] = 's'").matches(ANN, [event])


def ask_predicate(segment: Segment, contacts: list[Any], events: list[Any]) -> list[bool]:
    predicate = to_predicate(segment.checked)
    return [predicate(contact, events) for contact in contacts]


@pytest.mark.parametrize("ask", [ASKS["matches"], ask_predicate])
def test_another_contact_s_event_is_refused(ask: Ask) -> None:
    with pytest.raises(RecordError, match="event 2") as caught:
        ask(Segment(OPENED, SCHEMA), [ANN], [OPEN, {**OPEN, "contact_id": "2"}])
    assert (caught.value.key, caught.value.value, caught.value.row) == ("contact_id", "2", 2)


def test_an_event_without_an_id_is_the_contact_s_own() -> None:
    event = {"event": "open", "timestamp": NOW, "email": "another@example.com"}
    assert Segment(OPENED, SCHEMA).matches(ANN, [event])
    assert Segment(OPENED, SCHEMA).matches({"age": 30}, [event])


def test_a_bad_event_is_refused() -> None:
    with pytest.raises(RecordError) as caught:
        Segment(OPENED, SCHEMA).matches(ANN, [{"event_type": "open", "contact_id": "1"}])
    assert caught.value.key == "timestamp"


def test_events_of_nobody_are_left_out() -> None:
    segment = Segment(OPENED, SCHEMA)
    assert list(segment.ids([ANN], [{**OPEN, "contact_id": "stranger"}])) == []
    without = Segment(WHERE + "contact_id NOT IN (SELECT contact_id FROM event_data)")
    assert list(without.ids([ANN, BOB], [OPEN, {**OPEN, "contact_id": "stranger"}])) == ["2"]


def test_a_dataset_has_its_own_events() -> None:
    with pytest.raises(ValueError, match="its own events"):
        list(Segment(OPENED, SCHEMA).members(Dataset([ANN], schema=SCHEMA), [OPEN]))


@pytest.mark.parametrize(
    "condition",
    [
        "email IN (SELECT first_name FROM contact_data)",
        "contact_id IN (SELECT contact_id FROM contact_data)",
        "contact_id IN (SELECT event_type FROM event_data)",
        "email IN (SELECT contact_id FROM event_data)",
        "contact_id IN (SELECT contact_id FROM event_data WHERE 'x' IN (SELECT city FROM contact_data))",
        "contact_id IN (SELECT e.contact_id FROM contact_data JOIN event_data AS e ON contact_id)",
    ],
)
def test_what_only_a_dataset_can_answer(condition: str) -> None:
    segment = Segment(WHERE + condition)
    with pytest.raises(NeedsDatasetError):
        segment.matches(ANN)
    with pytest.raises(NeedsDatasetError):
        to_predicate(segment.checked)
    assert segment.count(Dataset([ANN, BOB], [OPEN])) in (0, 1, 2)


def test_a_condition_that_is_null_inside_not_in_leaves_no_event() -> None:
    segment = Segment(
        WHERE + "contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open' AND NULL = 1)"
    )
    assert list(segment.ids([ANN], [OPEN])) == ["1"]
    assert segment.matches(ANN, [OPEN])


def test_a_predicate_is_a_function() -> None:
    predicate = to_predicate(check(parse("age > 18"), SCHEMA), NOW)
    assert list(filter(predicate, [ANN, BOB])) == [ANN]


@pytest.mark.parametrize(
    "query",
    [
        "email IS NOT NULL",
        "event_type = 'open'",
        "SELECT contact_id, updated_at FROM contact_data",
        (
            "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS latest FROM contact_data AS c "
            "JOIN event_data AS e ON c.contact_id = e.contact_id HAVING latest > '2026-01-01'"
        ),
    ],
)
@pytest.mark.parametrize(("lists", "expected"), [((), ["1", "2"]), (["A"], ["1"]), (["A", "B"], ["1", "2"])])
def test_with_parent_lists_members_are_on_one_of_them(
    query: str, lists: list[str], expected: list[str]
) -> None:
    segment = Segment(query, parent_list_ids=lists)
    contacts: list[dict[str, Any]] = [ANN | {"list_ids": ["A"]}, BOB | {"list_ids": ["B", "C"]}]
    events: list[dict[str, Any]] = [OPEN, OPEN | {"contact_id": "2"}]
    assert list(segment.ids(contacts, events, now=NOW)) == expected
    assert list(segment.ids(Dataset(contacts, events), now=NOW)) == expected
    asked = zip(contacts, events, strict=True)
    assert [c["contact_id"] for c, event in asked if segment.matches(c, [event], now=NOW)] == expected


def test_a_parent_list_decides_too() -> None:
    decision = Segment("email IS NOT NULL", parent_list_ids=["A"]).decided_by(ANN | {"list_ids": ["B"]})
    assert list(map(str, decision.reasons)) == ["being on a parent list is FALSE (list_ids is ['B'])"]


def test_one_list_is_given_as_a_list() -> None:
    with pytest.raises(TypeError, match=r"parent_list_ids=\['A1'\]"):
        Segment("email IS NOT NULL", parent_list_ids="A1")


def test_segments_are_compared_and_pickled_by_value() -> None:
    segment = Segment("age > 18", SCHEMA, parent_list_ids=["l1"])
    assert segment == Segment("age > 18", SCHEMA, parent_list_ids=["l1"])
    assert hash(segment) == hash(Segment("age > 18", SCHEMA, parent_list_ids=["l1"]))
    for other in (
        Segment("age > 18", SCHEMA),
        Segment("age > 19", SCHEMA, parent_list_ids=["l1"]),
        "age > 18",
    ):
        assert segment != other
    copy = pickle.loads(pickle.dumps(segment))
    assert copy == segment
    assert copy.matches({**ANN, "list_ids": ["l1"]})
