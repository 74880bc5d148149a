"""Records as people have them: what was misread without a word is read rightly, or said."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

from sql_seg import (
    SENDGRID,
    Dataset,
    DataWarning,
    NeedsDatasetError,
    NeedsEventsError,
    RecordError,
    Segment,
    SegmentSet,
    check,
    parse,
    to_predicate,
)

NAN = float("nan")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIELDS = SENDGRID.with_fields(
    [
        {"name": "age", "field_type": "Number"},
        {"name": "score", "field_type": "Number"},
        {"name": "plan", "field_type": "Text"},
    ]
)
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
OPENED = "event_type = 'open'"
OPEN = {"event": "open", "email": "a@b.c", "timestamp": 1790000000}


class NAType:
    """What ``pandas.NA`` is: it has no truth, and compares to itself."""

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    def __eq__(self, other: object) -> Any:
        return self

    def __ne__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]


# no value


def answers(query: str, contact: dict[str, Any]) -> set[bool]:
    """Return all that is said of one contact, by each way to ask."""
    segment = Segment(query, FIELDS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return {
            segment.matches(contact),
            to_predicate(segment.checked)(contact),
            segment.decided_by(contact).is_member,
            bool(segment.count([contact])),
            bool(list(segment.members(iter([contact])))),
            bool(segment.count([{"country": "US", "city": "x", "age": 1, "plan": "p"}] * 150 + [contact]))
            if not segment.matches({"country": "US", "city": "x", "age": 1, "plan": "p"})
            else segment.matches(contact),
            bool(segment.count(Dataset([contact], schema=FIELDS))),
        }


@pytest.mark.parametrize("missing", [None, NAN, NAType()], ids=["None", "NaN", "NA"])
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("country IS NULL", True),
        ("country IS NOT NULL", False),
        ("country = 'US'", False),
        ("country != 'US'", False),
        ("NOT country = 'US'", False),
        ("country IN ('US', 'CA')", False),
        ("country NOT IN ('US', 'CA')", False),
        ("country LIKE 'U%'", False),
        ("NOT country LIKE 'U%'", False),
        ("NOT country LIKE 'U'", False),
        ("country LIKE '%'", False),
        ("country < 'Z'", False),
        ("LOWER(country) IS NULL", True),
        ("LENGTH(country) > 0", False),
        ("country = city", False),
        ("country != city", False),
        ("country IS NULL AND city = 'x'", True),
    ],
)
def test_nan_and_the_like_are_null_in_every_reading(missing: Any, condition: str, expected: bool) -> None:
    assert answers(condition, {"country": missing, "city": "x"}) == {expected}


@pytest.mark.parametrize("missing", [None, NAN, NAType()], ids=["None", "NaN", "NA"])
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("age IS NULL", True),
        ("age != 3", False),
        ("age > 3", False),
        ("NOT age > 3", False),
        ("age + 1 != 3", False),
        ("age NOT IN (1, 2)", False),
        ("created_at != TIMESTAMP '2026-01-01'", False),
        ("created_at IS NULL", True),
        ("CONTAINS(list_ids, 'a')", False),
        ("NOT CONTAINS(list_ids, 'a')", False),
        ("list_ids IS NULL", True),
    ],
)
def test_so_they_are_in_columns_of_each_type(missing: Any, condition: str, expected: bool) -> None:
    contact = {"age": missing, "created_at": missing, "list_ids": missing}
    assert answers(condition, contact) == {expected}


def test_a_nan_in_a_late_row_is_null_too() -> None:
    rows: list[dict[str, Any]] = [{"country": "US"}] * 500 + [{"country": NAN}] * 3 + [{"country": "CA"}]
    assert Segment("country != 'US'").count(rows) == 1
    assert Segment("country IS NULL").count(iter(rows)) == 3
    assert Segment("country LIKE 'C%'").count(rows) == 1
    assert list(Segment("LOWER(country) = 'ca'").members(rows)) == [{"country": "CA"}]


def test_a_null_of_a_subquery_may_be_nan() -> None:
    query = WHERE + "city NOT IN (SELECT first_name FROM contact_data WHERE age > 3)"
    rows = [{"city": "a", "first_name": NAN, "age": 4}, {"city": "b", "first_name": "c", "age": 5}]
    assert Segment(query, FIELDS).count(rows) == 0


def test_a_decimal_that_signals_is_no_value_either() -> None:
    rows: list[dict[str, Any]] = [{"age": 1, "country": "US"}] * 200 + [{"age": Decimal("sNaN")}]
    assert Segment("age IS NULL", FIELDS).count(rows) == 1
    assert Segment("age != 1", FIELDS).count(rows) == 0
    assert Segment("age IS NULL", FIELDS).count(Dataset([{"age": Decimal("sNaN")}], schema=FIELDS)) == 1


@pytest.mark.parametrize("number", [2**53 + 1, 10**300, -(10**300)])
def test_a_large_integer_is_the_double_that_it_is(number: int) -> None:
    rows = [{"age": 1}] * 200 + [{"age": number}]
    for condition in ("age != 1", "age NOT IN (1, 2)", "age > 2 OR age < -2", "age IS NOT NULL"):
        assert [row["age"] for row in Segment(condition, FIELDS).members(rows)][-1] == number
    assert Segment("age = 9007199254740992", FIELDS).matches({"age": 2**53 + 1})


@pytest.mark.parametrize("number", [30, 30.0, Decimal(30)])
def test_numbers_of_other_kinds_are_numbers(number: Any) -> None:
    for condition in ("age = 30", "age != 31", "age > 29", "age IN (30, 31)", "age + 1 = 31"):
        assert answers(condition, {"age": number}) == {True}


# keys


@pytest.mark.parametrize("key", ["COUNTRY", "Country", " country", "country "])
def test_a_key_in_another_case_is_an_error(key: str) -> None:
    segment = Segment("country = 'US'")
    asks: list[Callable[[], Any]] = [
        lambda: segment.count([{key: "US"}]),
        lambda: list(segment.ids(iter([{key: "US"}]))),
        lambda: list(segment.members([{key: "US"}])),
        lambda: segment.matches({key: "US"}),
        lambda: segment.decided_by({key: "US"}),
    ]
    for ask in asks:
        with pytest.raises(RecordError, match="keys are lower-case column names, here 'country'") as caught:
            ask()
        assert caught.value.key == key


def test_a_column_that_no_record_has_is_warned_of_with_the_key_it_may_be() -> None:
    segment = Segment("country = 'US'")
    rows = [{"contry": "US"}] * 3
    message = "the query reads country, which none of the 3 contacts has: it is NULL; did you mean contry"
    with pytest.warns(DataWarning, match=message) as caught:
        assert segment.count(rows) == 0
    assert caught[0].filename == __file__
    with pytest.warns(DataWarning, match=message):
        assert list(segment.ids(iter(rows))) == []
    with pytest.warns(DataWarning, match=message):
        assert list(segment.members(rows)) == []
    with pytest.warns(DataWarning, match=message):
        assert segment.preview(Dataset(rows)).warnings[0].startswith(message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not segment.matches({"contry": "US"})
        assert segment.count([*rows, {"country": "US"}]) == 1
        assert segment.count([]) == 0


# wrong kinds


@pytest.mark.parametrize(
    ("condition", "key", "value", "kind"),
    [
        ("age = 30", "age", "30", "a finite number"),
        ("age != 30", "age", "30", "a finite number"),
        ("age IN (30, 31)", "age", "30", "a finite number"),
        ("age NOT IN (30, 31)", "age", b"30", "a finite number"),
        ("age = 1", "age", [1], "a finite number"),
        ("plan = '30'", "plan", 30, "a text"),
        ("plan != '30'", "plan", 30, "a text"),
        ("plan LIKE '%a%'", "plan", ["a"], "a text"),
        ("country = 'US'", "country", b"US", "a text"),
        ("country IN ('US', 'CA')", "country", b"US", "a text"),
        ("CONTAINS(list_ids, 'a')", "list_ids", "abc", "a list of texts"),
        ("NOT CONTAINS(list_ids, 'a')", "list_ids", "bcd", "a list of texts"),
        (
            "created_at = TIMESTAMP '2026-01-01'",
            "created_at",
            datetime(2026, 1, 1),
            "a datetime with a time zone",
        ),
        ("created_at != TIMESTAMP '2026-01-01'", "created_at", "2026-01-01", "a datetime with a time zone"),
    ],
)
def test_a_wrong_kind_is_named(condition: str, key: str, value: Any, kind: str) -> None:
    segment = Segment(condition, FIELDS)
    contact = {"contact_id": "2", key: value}
    asks: list[Callable[[], Any]] = [
        lambda: segment.matches(contact),
        lambda: segment.decided_by(contact),
        lambda: segment.count([{"contact_id": "1"}, contact]),
        lambda: list(segment.members(iter([{"contact_id": "1"}, contact]))),
        lambda: Dataset([{"contact_id": "1"}, contact], schema=FIELDS),
    ]
    for ask in asks:
        with pytest.raises(RecordError) as caught:
            ask()
        assert (caught.value.key, caught.value.value, caught.value.expected) == (key, value, kind)
    with pytest.raises(RecordError, match="record 2") as caught:
        segment.count([{"contact_id": "1"}, contact])
    assert caught.value.row == 2


@pytest.mark.parametrize(
    ("condition", "key", "value"),
    [
        ("age = 30", "age", "30"),
        ("age = 30", "age", True),
        ("age = 30", "age", float("inf")),
        ("age IN (30, 31)", "age", "30"),
        ("age = score", "age", "30"),
        ("age = 1", "age", True),
        ("age IN (0, 7)", "age", False),
        ("age > 3", "age", True),
        ("NOT age <= 3", "age", True),
        ("age BETWEEN 0 AND 5", "age", True),
        ("age > 3", "age", float("inf")),
        ("age + 1 > 1", "age", True),
        ("age * 2 != 2", "age", True),
        ("-age < 0", "age", True),
        ("score > age", "age", True),
        ("age / 2 IS NULL", "age", True),
        ("NOT (age > 3 OR age < 0)", "age", False),
        ("CONCAT(plan, country) = 'aDE'", "plan", ["a"]),
        ("CONCAT(plan, plan) = 'aa'", "plan", 3),
        ("plan LIKE 'a%b%c'", "plan", ["a"]),
        ("NOT plan LIKE 'a%b%c'", "plan", {"a": 1}),
        ("CONTAINS(list_ids, '5')", "list_ids", [5]),
        ("NOT CONTAINS(list_ids, '5')", "list_ids", (5, 6)),
        ("CONTAINS(list_ids, plan)", "list_ids", [None, "a"]),
        ("plan = country", "country", 30),
        ("country = 'US'", "country", b"US"),
        ("country IN ('US', 'CA')", "country", ["US"]),
        ("LOWER(country) = 'us'", "country", b"US"),
        ("LENGTH(country) = 2", "country", ["U", "S"]),
        ("CONTAINS(list_ids, 'a')", "list_ids", "abc"),
        ("CONTAINS(list_ids, 'a')", "list_ids", {"a": 1}),
        ("created_at = TIMESTAMP '2026-01-01'", "created_at", "2026-01-01"),
        ("created_at IN (TIMESTAMP '2026-01-01')", "created_at", datetime(2026, 1, 1)),
        ("CONTAINS(list_ids, 'a')", "list_ids", ["a", 5]),
        ("CONTAINS(list_ids, '5')", "list_ids", ["a", 5]),
        ("NOT CONTAINS(list_ids, 'a')", "list_ids", ["b", None]),
        ("NOT CONTAINS(list_ids, 'a')", "list_ids", ("b", ["a"])),
        ("CONTAINS(list_ids, plan)", "list_ids", ["a", b"x"]),
        ("CONTAINS(list_ids, 'a')", "list_ids", ["b", "c", NAN]),
        ("list_ids IS NOT NULL", "list_ids", ["a", 5]),
        ("age > 3", "age", 10**400),
        ("age < 3", "age", -(10**400)),
        ("age != 3", "age", 10**400),
        ("age NOT IN (3, 4)", "age", -(10**400)),
        ("3 <= age", "age", 10**400),
        ("age BETWEEN 0 AND 5 OR age > 5", "age", 10**400),
        ("NOT age < 3", "age", 10**400),
        ("age > score", "age", 10**400),
        ("age + 1 > 3", "age", 10**400),
        ("-age > 3", "age", 10**400),
        ("age IS NULL", "age", 10**400),
        ("age IS NULL", "age", "30"),
        ("age IS NOT NULL", "age", ""),
        ("country IS NULL", "country", 5),
        ("country IS NOT NULL", "country", b"US"),
        ("created_at IS NULL", "created_at", "2026-01-01"),
        ("age = 30", "age", Fraction(30)),
        ("age IN (30, 31)", "age", 30 + 0j),
    ],
)
def test_a_wrong_kind_in_a_late_record_is_named_too(condition: str, key: str, value: Any) -> None:
    fine = {"age": 1, "score": 2.5, "plan": "a", "country": "DE", "list_ids": ["b"], "created_at": NOW}
    contacts = [*[{"contact_id": str(n), **fine} for n in range(200)], {**fine, key: value}]
    segment = Segment(condition, FIELDS)
    for ask in (
        segment.count,
        lambda given: list(segment.ids(given)),
        lambda given: list(segment.members(given)),
    ):
        with pytest.raises(RecordError, match=f"the column {key} holds") as caught:
            ask(contacts)
        assert (caught.value.key, caught.value.value) == (key, value)


def test_a_lenient_query_that_takes_a_column_for_another_type() -> None:
    lenient = SENDGRID.as_lenient()
    for condition in ("age > 20", "age = 20", "age != 20"):
        with pytest.raises(RecordError, match="record 1: the column age holds a finite number, not '30'"):
            Segment(condition, lenient).count(Dataset([{"age": "30"}]))
    wide = {"a": 2**53 + 1, "b": 2.0**53}
    assert not Segment("a > b", lenient).matches(wide)
    assert Segment("a = b", lenient).count([wide]) == 1


# events


def test_an_event_query_needs_events() -> None:
    segment, contact = Segment(OPENED), {"email": "a@b.c"}
    asks: list[Callable[[], Any]] = [
        lambda: segment.matches(contact),
        lambda: segment.decided_by(contact),
        lambda: to_predicate(check(parse(OPENED)))(contact),
        lambda: segment.count([contact]),
        lambda: SegmentSet({"open": OPENED}).matches(contact),
    ]
    for ask in asks:
        with pytest.raises(NeedsEventsError, match=r"\(\) if it has none"):
            ask()
    assert not segment.matches(contact, ())
    assert segment.matches(contact, [OPEN])
    assert Segment("country = 'US'").matches({"country": "US"})


@pytest.fixture
def account() -> Iterator[Dataset]:
    contacts: list[dict[str, Any]] = [
        {"email": "a@b.c"},
        {"contact_id": "7", "email": "x@y.z", "alternate_emails": ["q@y.z"]},
    ]
    with Dataset(contacts, [OPEN]) as dataset:
        yield dataset


def test_a_dataset_answers_about_its_own_contacts(account: Dataset) -> None:
    segment = Segment(OPENED)
    assert list(segment.ids(account)) == ["a@b.c"]
    for name in ("a@b.c", "A@B.C", "7", "q@y.z"):
        contact, events = account.contact(name), account.events_of(name)
        is_member = contact in list(segment.members(account))
        assert segment.matches(contact, events) is is_member
        assert segment.decided_by(name, dataset=account).is_member is is_member
        assert segment.decided_by(contact, dataset=account).is_member is is_member
    with pytest.raises(KeyError):
        segment.decided_by("who", dataset=account)


@pytest.mark.parametrize("contact", [{}, {"email": "a@b.c"}, {"contact_id": NAN}])
@pytest.mark.parametrize("events", [(), [OPEN]], ids=["none", "one"])
def test_a_contact_without_an_id_has_one_of_its_own(contact: dict[str, Any], events: Any) -> None:
    opened = "(SELECT contact_id FROM event_data WHERE event_type = 'open')"
    expected = {
        "contact_id IS NULL": False,
        "contact_id = 'x'": False,
        "contact_id != 'x'": True,
        f"contact_id IN {opened}": bool(events),
        f"contact_id NOT IN {opened}": not events,
    }
    for condition, is_member in expected.items():
        segment = Segment(WHERE + condition)
        assert segment.matches(contact, events) is is_member
        assert to_predicate(segment.checked)(contact, events) is is_member
        assert segment.decided_by(contact, events).is_member is is_member
    with pytest.raises(NeedsDatasetError):
        Segment(WHERE + "contact_id IN (SELECT contact_id FROM contact_data)").matches(contact, events)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("event_type = 'processed'", "there are none; there are Processed"),
        (OPENED, "1 event is of type 'Processed', which SendGrid does not know"),
        ("event_type IS NULL OR event_data['category'] = 'news'", "1 event has a list under category"),
        ("event_data['campaign'] = 'x'", "the query reads campaign of events, which none of the 2 has"),
        ("city IS NULL", "the query reads city, which none of the 2 contacts has"),
        ("CONTAINS(list_ids, 'l')", "asks for list_ids, but the contacts come without"),
    ],
)
def test_what_the_data_lacks_is_told_beside_the_answer(query: str, message: str) -> None:
    contacts = [{"contact_id": "1", "email": "a@b.c"}, {"contact_id": "2", "email": "b@b.c"}]
    events = [OPEN, {**OPEN, "event": "Processed", "category": ["news"]}]
    dataset = Dataset(contacts, events)
    with pytest.warns(DataWarning, match=message):
        told = Segment(query).preview(dataset).warnings
    assert any(message in sentence for sentence in told)
    with pytest.warns(DataWarning, match=f"one: .*{message}"):
        assert SegmentSet({"one": query}).preview(dataset)["one"].warnings == told


def test_a_list_that_nobody_is_on_is_told() -> None:
    dataset = Dataset([{"contact_id": "1", "list_ids": ["a"]}])
    with pytest.warns(DataWarning, match="asks for list b, which no contact is on"):
        assert Segment("CONTAINS(list_ids, 'b')").count(dataset) == 0


def test_no_events_at_all_are_told() -> None:
    with pytest.warns(DataWarning, match="asks for events, but there are none"):
        assert Segment(OPENED).count(Dataset([{"contact_id": "1"}])) == 0


def test_one_id_on_different_events_is_no_repeat() -> None:
    first = {**OPEN, "sg_event_id": "e"}
    others = [{**first, "event": "click"}, {**first, "timestamp": 1790000001}, {**first, "email": "x@y.z"}]
    dataset = Dataset([{"email": "a@b.c"}, {"email": "x@y.z"}], [first, *others, first, others[0]])
    assert len(dataset.events) == 4
    assert dataset.report.events.repeats == 2
    (warning,) = [it for it in dataset.report.warnings if "sg_event_id" in it]
    assert warning == "1 sg_event_id on events that are not the same: all are kept"


def test_events_of_the_account_are_left_out_with_a_note() -> None:
    dataset = Dataset([{"email": "a@b.c"}], [{"event": "account_status_change", "timestamp": 1}, OPEN])
    assert len(dataset.events) == 1
    assert dataset.report.warnings == ["left out 1 event of the account, of no contact"]


def test_unique_args_as_an_object_are_the_unique_arguments() -> None:
    events = [{**OPEN, "unique_args": {"campaign": "x"}, "flat": "y"}]
    dataset = Dataset([{"email": "a@b.c"}], events)
    assert Segment("event_data['campaign'] = 'x' AND event_data['flat'] = 'y'").count(dataset) == 1


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            {"event": "account_status_change", "timestamp": 1},
            "left out 1 event of the account, of no contact",
        ),
        ({**OPEN, "email": "who@x.y"}, "left out 1 event of no known contact"),
    ],
)
def test_events_of_nobody_are_told_beside_the_answer(event: dict[str, Any], message: str) -> None:
    segment, contacts = Segment(OPENED), [{"email": "a@b.c"}]
    asks: list[Callable[[], Any]] = [
        lambda: segment.count(contacts, [OPEN, event]),
        lambda: len(list(segment.ids(contacts, [OPEN, event]))),
        lambda: len(list(segment.members(contacts, [OPEN, event]))),
        lambda: segment.count(Dataset(contacts, [OPEN, event])),
        lambda: len(SegmentSet({"a": segment}).ids(Dataset(contacts, [OPEN, event]))["a"]),
    ]
    for ask in asks:
        with pytest.warns(DataWarning, match=message):
            assert ask() == 1
    with pytest.warns(DataWarning, match=message):
        assert message in segment.preview(Dataset(contacts, [event])).warnings
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Segment("email = 'a@b.c'").count(Dataset(contacts, [event])) == 1


def test_an_event_of_the_account_is_no_event_of_a_contact() -> None:
    of_the_account = {"event": "account_status_change", "timestamp": 1}
    segment, contact = Segment("event_type IS NOT NULL"), {"email": "a@b.c"}
    assert not segment.matches(contact, [of_the_account])
    assert not segment.decided_by(contact, [of_the_account]).is_member
    assert segment.matches(contact, [of_the_account, OPEN])


def test_an_event_that_went_to_another_address_is_told() -> None:
    segment = Segment(OPENED)
    message = "events that went to 'a@b.c' are taken for this contact's, which has no such address"
    for contact in ({"email": "x@y.z"}, {"contact_id": "1", "email": "x@y.z", "alternate_emails": ["q@y.z"]}):
        asks: list[Callable[..., Any]] = [
            segment.matches,
            segment.decided_by,
            segment.explain,
            to_predicate(segment.checked),
        ]
        for ask in asks:
            with pytest.warns(DataWarning, match=message):
                ask(contact, [OPEN, {**OPEN, "event": "click"}])
    fine: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, OPEN),
        ({"contact_id": "1"}, OPEN),
        ({"email": "A@b.c"}, OPEN),
        ({"email": "x@y.z", "alternate_emails": ["A@B.c"]}, OPEN),
        ({"contact_id": "1", "email": "x@y.z"}, {**OPEN, "contact_id": "1"}),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for contact, event in fine:
            assert segment.matches(contact, [event])


@pytest.mark.parametrize(
    "condition",
    [
        "country = 'US'",
        "country IS NULL",
        "country != 'US'",
        "country LIKE 'U%'",
        "country NOT IN ('US', 'CA')",
    ],
)
def test_a_predicate_names_keys_in_another_case_too(condition: str) -> None:
    predicate = to_predicate(check(parse(condition)))
    with pytest.raises(RecordError, match="keys are lower-case column names, here 'country'"):
        predicate({"Country": "US"})
    assert predicate({"country": None}) is predicate({}) is (condition == "country IS NULL")


def test_custom_fields_stand_flat() -> None:
    segment = Segment("plan = 'gold'", FIELDS)
    contact = {"email": "a@b.c", "custom_fields": {"plan": "gold"}}
    asks: list[Callable[[], Any]] = [
        lambda: segment.matches(contact),
        lambda: segment.count([contact]),
        lambda: segment.decided_by(contact),
        lambda: to_predicate(segment.checked)(contact),
    ]
    for ask in asks:
        with pytest.raises(RecordError, match=r"plan stands inside of custom_fields: .* here under 'plan'"):
            ask()
    with pytest.warns(DataWarning, match="custom fields stand flat beside the other columns"):
        assert segment.count(Dataset([contact], schema=FIELDS)) == 0


def test_an_id_under_the_key_of_the_api_is_told() -> None:
    with pytest.warns(DataWarning, match="contact_id.*the key id is called contact_id here"):
        assert Segment("contact_id = '1'").count([{"id": "1"}]) == 0


def test_emails_with_capitals_are_told_where_emails_are_compared() -> None:
    rows = [{"email": "Ann@B.c"}, {"email": "bob@b.c"}]
    message = "1 contact has an email with capitals, which no address in lower case equals"
    for condition in ("email = 'ann@b.c'", "email LIKE '%@b.c'", "NOT email IN ('ann@b.c')"):
        segment = Segment(condition)
        for given in (rows, Dataset(rows)):
            with pytest.warns(DataWarning, match=message):
                segment.count(given)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Segment("LOWER(email) = 'ann@b.c'").count(rows) == 1
        assert Segment("email IS NULL").count(Dataset(rows)) == 0


def test_emails_with_capitals_are_told_of_files_too(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("EMAIL,CITY\nAnn@B.c,x\nbob@b.c,y\n")
    with pytest.warns(DataWarning, match="1 contact has an email with capitals"):
        assert Segment("email = 'ann@b.c'").count(Dataset.load(file)) == 0


MIXED = [("1", 1), (1, True), ("1", datetime(2026, 1, 1, tzinfo=UTC)), (["x"], "x"), (2.5, "2.5")]


@pytest.mark.parametrize("values", MIXED)
@pytest.mark.parametrize("condition", ["a = b", "a != b", "a IN (b, b)", "NOT a IN (b)", "a < b"])
def test_values_of_two_kinds_are_not_equal_and_not_different_either(
    condition: str, values: tuple[Any, Any]
) -> None:
    segment = Segment(condition, SENDGRID.as_lenient())
    record = dict(zip("ab", values, strict=True))
    for ask in (segment.matches, lambda one: segment.count([one]), segment.decided_by):
        with pytest.raises(RecordError, match="the values of a and b cannot be compared"):
            ask(record)
    with pytest.raises(RecordError, match="the values of a and b cannot be compared"):
        segment.count(Dataset([record]))


def test_values_of_one_kind_and_nothing_are_compared() -> None:
    segment = Segment("a != b", SENDGRID.as_lenient())
    assert segment.count([{"a": 1, "b": 2.5}, {"a": "x", "b": "y"}, {"a": None, "b": "x"}, {"a": 1}]) == 2


def test_a_list_that_numpy_has_is_a_list() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Segment("CONTAINS(list_ids, 'a')").count([{"list_ids": numpy.array(["a", "b"])}]) == 1


NO_RECORDS: list[tuple[Any, str]] = [
    (pandas.DataFrame([{"email": "a@b.c"}]), "Dataset.of"),
    ({"email": "a@b.c"}, "mapping"),
    ("contacts.csv", "Dataset.load"),
]


@pytest.mark.parametrize(("given", "said"), NO_RECORDS)
def test_what_is_no_list_of_records_is_named(given: Any, said: str) -> None:
    for ask in (Segment("email = 'a@b.c'").count, lambda it: list(Segment("email = 'a'").members(it))):
        with pytest.raises(TypeError, match=said):
            ask(given)


def test_a_segment_is_made_of_a_text_and_perhaps_of_no_lists() -> None:
    with pytest.raises(TypeError, match="a query's text, not of a NoneType"):
        Segment(None)  # type: ignore[arg-type]
    assert Segment("email = 'a'", parent_list_ids=None).parent_list_ids == ()


def test_an_events_time_may_be_numpys() -> None:
    event = {"event": "open", "email": "a@b.c", "timestamp": numpy.int64(1790000000)}
    assert Segment("event_type = 'open'").count(Dataset([{"email": "a@b.c"}], [event])) == 1
