"""Events and ids: values that there are not, conditions that cannot both hold, joins without any."""

from __future__ import annotations

import pytest

from tests.unit.linting.linting import JOINED, LIST_ID, PLAIN, findings, finds, is_silent

CLICKED = "SELECT contact_id FROM event_data WHERE event_type = 'click'"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("opened", "open"),
        ("Open", "open"),
        ("clicked", "click"),
        ("sent", "processed"),
        ("spam_report", "spamreport"),
        ("Spam Report", "spamreport"),
        ("bounced", "bounce"),
        ("unsubscribed", "unsubscribe"),
        ("groupUnsubscribe", "group_unsubscribe"),
        ("group-resubscribe", "group_resubscribe"),
        ("delivred", "delivered"),
    ],
)
def test_a_type_that_no_event_has(wrong: str, right: str) -> None:
    message = f"no event is of the type '{wrong}'"
    hint = f"did you mean '{right}'?"
    fixed = f"event_type = '{right}'"
    finds(f"event_type = «'{wrong}'»", "unknown-event-type", message, help=hint, fixed=fixed)
    finds(
        f"{JOINED}e.event_type NOT IN ('open', «'{wrong}'»)",
        "unknown-event-type",
        message,
        help=hint,
        fixed=f"{JOINED}e.event_type NOT IN ('open', '{right}')",
    )


def test_a_type_that_is_like_none_gets_the_whole_list() -> None:
    message = "no event is of the type 'purchase'"
    finds("event_type = «'purchase'»", "unknown-event-type", message, help="the types are processed, del")


def test_a_pattern_that_no_type_matches() -> None:
    message = "no event is of the type '%opened%'"
    finds("event_type LIKE «'%opened%'»", "unknown-event-type", message, help="did you mean 'open'?")


def test_beside_upper_the_guess_is_in_upper_case() -> None:
    message = "no event is of the type 'OPENED'"
    fixed = f"{JOINED}UPPER(e.event_type) = 'OPEN'"
    finds(f"{JOINED}UPPER(e.event_type) = «'OPENED'»", "unknown-event-type", message, fixed=fixed)


@pytest.mark.parametrize(
    "text",
    [
        "event_type IN ('processed', 'delivered', 'deferred', 'dropped', 'bounce', 'open')",
        "event_type IN ('click', 'spamreport', 'unsubscribe', 'group_unsubscribe', 'group_resubscribe')",
        "event_type LIKE '%unsubscribe'",
        "LOWER(event_type) = 'open'",
        "LOWER(event_type) = 'Open'",
        "event_data['event_type'] = 'opened'",
        "plan = 'opened'",
    ],
)
def test_types_that_there_are(text: str) -> None:
    is_silent(text, "unknown-event-type")


def test_a_long_list_of_junk_is_answered_at_once() -> None:
    values = ", ".join(f"'junk number {n}'" for n in range(20_000))
    assert len(findings(f"event_type IN ({values})", "unknown-event-type")) == 20_000


def test_a_source_that_no_event_has() -> None:
    message = "no event is known to have the source 'Email'"
    finds(
        "event_source = «'Email'»",
        "unknown-event-source",
        message,
        help="did you mean 'mail'?",
        fixed="event_source = 'mail'",
    )
    message = "no event is known to have the source 'sms'"
    finds("event_source = «'sms'»", "unknown-event-source", message, help="'mail' is the one source")
    is_silent("event_source = 'mail'", "unknown-event-source")


def test_a_text_that_is_no_id() -> None:
    finds(
        "CONTAINS(list_ids, «'Newsletter'»)",
        "malformed-id",
        "'Newsletter' is no list's id",
        help="list_ids holds the ids of lists, not their names",
    )
    finds(
        f"{PLAIN}ARRAY_CONTAINS(list_ids, ['{LIST_ID}', «'{LIST_ID[:-1]}'», «'x'»])",
        "malformed-id",
        f"'{LIST_ID[:-1]}' is no list's id",
        help="an id has 36 characters",
    )
    finds(f"contact_id NOT IN ('{LIST_ID}', «''»)", "malformed-id", "'' is no contact's id")
    finds(f"{JOINED}e.contact_id = «'ann@x.org'»", "malformed-id", "'ann@x.org' is no contact's id")


def test_an_id_with_blanks_at_its_ends() -> None:
    finds(
        f"contact_id = «' {LIST_ID}\n'»",
        "malformed-id",
        "an id has no blanks at its ends",
        fixed=f"contact_id = '{LIST_ID}'",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"CONTAINS(list_ids, '{LIST_ID}') OR contact_id = '{LIST_ID.upper()}'",
        "contact_id LIKE 'a%'",
        "external_id = 'a'",
        "CONTAINS(alternate_emails, 'a@x.org')",
        f"{JOINED}e.data:payload.unique_args.singlesend_id = '5ing1e5e-0000-4000-8000-000000000003'",
    ],
)
def test_ids_that_may_be_some(text: str) -> None:
    is_silent(text, "malformed-id")


@pytest.mark.parametrize(
    ("first", "between", "second", "end"),
    [
        ("event_type = 'open'", " AND age = 3 AND ", "event_type = 'click'", ""),
        ("event_type IN ('open', 'click')", " AND ", "'bounce' = event_type", ""),
        ("event_data['url'] = 'a'", " AND ", "event_data['url'] = 'b'", ""),
        ("event_source = 'a'", " AND (age = 3 AND ", "event_source = 'b'", ")"),
        ("event_type = 'open'", " AND (", "event_type = 'click' OR event_type = 'bounce'", ")"),
    ],
)
def test_conditions_on_one_event_that_cannot_both_hold(
    first: str, between: str, second: str, end: str
) -> None:
    text = first + between + second + end
    (found,) = findings(text, "impossible-event")
    assert text[found.span.start : found.span.end] == second
    assert [text[label.span.start : label.span.end] for label in found.labels] == [first]
    assert found.message == f"no event is both this and {first}"
    assert "two events in v2" in found.help


def test_conditions_that_a_not_turns_around() -> None:
    text = "NOT (event_type != 'open' OR event_type != 'click')"
    (found,) = findings(text, "impossible-event")
    assert text[found.span.start : found.span.end] == "event_type != 'click'"


def test_in_v2_the_way_out_is_another_join() -> None:
    (found,) = findings(f"{JOINED}e.event_type = 'open' AND e.event_type = 'click'", "impossible-event")
    assert found.help == "for two events, join event_data twice, under an alias each"


@pytest.mark.parametrize(
    "text",
    [
        "event_type = 'open' OR event_type = 'click'",
        "event_type IN ('open', 'click') AND event_type = 'open'",
        "event_type = 'open' AND event_type != 'click'",
        "event_type = 'open' AND event_source = 'mail'",
        "event_data['a'] = 'x' AND event_data['b'] = 'y'",
        "event_type = 'open' AND (event_type = 'click' OR age = 3)",
        "city = 'a' AND city = 'b'",
        f"{JOINED}e.event_type = 'open' AND c.contact_id IN ({CLICKED})",
        JOINED.replace("WHERE", "JOIN event_data f ON c.contact_id = f.contact_id WHERE")
        + "e.event_type = 'open' AND f.event_type = 'click'",
    ],
)
def test_conditions_that_may_both_hold(text: str) -> None:
    is_silent(text, "impossible-event")


def test_a_join_of_which_nothing_is_asked() -> None:
    message = "nothing is asked of e: any event at all will do"
    finds(f"{JOINED}c.age = 3".replace("event_data e", "«event_data e»"), "unconstrained-join", message)
    finds(
        f"{PLAIN}contact_id IN (SELECT c.contact_id FROM contact_data c JOIN «event_data AS e» "
        "ON c.contact_id = e.contact_id WHERE c.age = 3)",
        "unconstrained-join",
        message,
        help="such as e.event_type = 'open'",
    )
    finds(
        "SELECT contact_id, updated_at FROM contact_data JOIN «event_data» ON contact_id WHERE age = 3",
        "unconstrained-join",
        "nothing is asked of event_data: any event at all will do",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{JOINED}e.event_type = 'open'",
        f"{JOINED}event_type = 'open'",
        f"{JOINED}e.data:payload.url IS NOT NULL",
        JOINED.replace(" FROM", ", MAX(e.timestamp) AS last_event FROM").removesuffix(" WHERE ")
        + " GROUP BY c.contact_id, c.updated_at",
        JOINED.removesuffix(" WHERE ")
        + " JOIN event_data f ON e.contact_id = f.contact_id WHERE f.event_type = 'open'",
        f"{PLAIN}contact_id NOT IN (SELECT contact_id FROM event_data)",
        f"{PLAIN}age = 3",
    ],
)
def test_joins_of_which_something_is_asked(text: str) -> None:
    is_silent(text, "unconstrained-join")
