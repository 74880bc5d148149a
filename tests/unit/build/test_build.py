"""Queries built in Python: what they are, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg import SENDGRID, check, lint, parse, to_text, upgrade
from sql_seg import build as everything
from sql_seg.build import (
    BuildError,
    and_,
    column,
    condition_of,
    data,
    days,
    event,
    in_list,
    last,
    months,
    not_,
    now,
    or_,
    quote,
    render,
    to_python,
)
from sql_seg.segments.segment import Segment
from sql_seg.syntax.nodes import Select, String
from tests.corpus.cases import FRAME, SCHEMA

HOSTILE = [
    "it's",
    '"',
    "\\",
    "\\'",
    "100%",
    "a_b",
    "a\nb\r\n",
    "'; --",
    "' OR ''='",
    "{x}",
    "\0",
    "\u2028",
    "😀",
    "",
    "x" * 100_000,
    "\\" * 1000,
]
OPENED = "contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open'"
BUILT: list[tuple[Any, str]] = [
    (column("country") == "US", "country = 'US'"),
    (column("age") >= -1.5, "age >= -1.5"),
    (column("country").is_in(["US", "CA"]), "country IN ('US', 'CA')"),
    (column("country").is_not_in(["US"]), "country NOT IN ('US')"),
    (column("city").is_null() | column("city").is_not_null(), "city IS NULL OR city IS NOT NULL"),
    (column("age").between(1, 2), "age BETWEEN 1 AND 2"),
    (column("email").like("%x"), "email LIKE '%x'"),
    (column("email").starts_with("a"), "email LIKE 'a%'"),
    (column("email").starts_with("a_b"), "email >= 'a_b' AND email < 'a_c'"),
    (column("email").ends_with("a") & column("email").contains("b"), "email LIKE '%a' AND email LIKE '%b%'"),
    (column("email_domains").contains("x"), "ARRAY_CONTAINS(email_domains, 'x')"),
    (column("list_ids").contains_any(["x", "y"]), "ARRAY_CONTAINS(list_ids, ['x', 'y'])"),
    (in_list("x"), "ARRAY_CONTAINS(list_ids, 'x')"),
    (column("created_at") < date(2024, 1, 31), "created_at < '2024-01-31'"),
    (
        column("created_at") < datetime(2024, 1, 31, 1, tzinfo=timezone(timedelta(hours=1))),
        "created_at < '2024-01-31T00:00:00Z'",
    ),
    (column("updated_at") > now() - days(30), "updated_at > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"),
    (column("first_name") == column("last_name"), "first_name = last_name"),
    (event("open"), OPENED + ")"),
    (~event("open"), OPENED.replace("IN", "NOT IN", 1) + ")"),
    (
        event("open").within(months(1)),
        OPENED + " AND timestamp >= TIMESTAMPADD(month, -1, CURRENT_TIMESTAMP))",
    ),
    (event("open").where(data("url") == "x"), OPENED + " AND data:payload.url = 'x')"),
    (last(event("open")) >= "2024-01-01", OPENED + " AND timestamp >= '2024-01-01')"),
    (
        last(event("open")) < "2024-01-01",
        f"{OPENED}) AND {OPENED.replace('IN', 'NOT IN', 1)} AND timestamp >= '2024-01-01')",
    ),
    (~(column("city") == "a"), "NOT city = 'a'"),
    (
        (column("city") == "a") & ((column("city") == "b") | (column("age") > 1)),
        "city = 'a' AND (city = 'b' OR age > 1)",
    ),
]


PRINTED = [
    "event(\"click\").within(days(30)).where(data('url').like('%sale%'))",
    "event(\"open\").before('2024-01-01')",
    'event("open") & ~event("open").since(\'2024-01-01\')',
    'event("open").since(now() - days(3) - hours(2))',
    'event("open").where(event_time() <= now())',
    "event(\"open\").where((data('a') == 'x') | (data('b').is_null()))",
    "~((column('city') == 'a') | event(\"open\").where(~(data('a') == 'y') & data('b').is_in(['z'])))",
    "column('created_at') > column('updated_at') - days(3)",
]


@pytest.mark.parametrize("python", PRINTED)
def test_a_query_is_printed_in_the_builders_own_words(python: str) -> None:
    query = eval(python, vars(everything)).query()
    printed = to_python(query)
    assert "condition_of" not in printed
    assert eval(printed, vars(everything)).query() == query
    assert printed == python.replace("(data('b').is_null())", "data('b').is_null()")


@pytest.mark.parametrize(("built", "text"), BUILT, ids=[text[:60] for _, text in BUILT])
def test_what_is_built_is_the_tree_of_its_text(built: everything.Condition, text: str) -> None:
    query = built.query(SCHEMA)
    assert query == parse(FRAME + text)
    assert parse(to_text(query)) == query


@pytest.mark.parametrize(("built", "text"), BUILT, ids=[text[:60] for _, text in BUILT])
def test_python_builds_a_query_again(built: everything.Condition, text: str) -> None:
    query = built.query()
    assert eval(to_python(query), vars(everything)).query() == query


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:12]))
def test_a_value_comes_out_as_itself(value: str) -> None:
    query = (column("city") == value).query()
    again = parse(to_text(query))
    assert isinstance(again, Select)
    assert again == query
    assert Segment(to_text(query)).matches({"city": value})
    assert not Segment(to_text(query)).matches({"city": value + "x"})
    for dialect, frame in (("v1", ""), ("v2", FRAME)):
        text = render(frame.replace("{", "{{") + "city = {value}", dialect, value=value)
        assert Segment(text, dialect=dialect).matches({"city": value})
        assert [node.value for node in _strings(parse(text, dialect))] == [value]


@given(st.text(max_size=20).filter(lambda text: text.encode(errors="ignore").decode() == text))
def test_any_text_is_a_value(value: str) -> None:
    assert Segment(to_text((column("city") == value).query())).matches({"city": value})
    assert Segment(f"city = {quote(value, 'v1')}", dialect="v1").matches({"city": value})


def _strings(node: Any) -> list[String]:
    found = [node] if isinstance(node, String) else []
    return [*found, *(inner for child in node.children() for inner in _strings(child))]


THREE: Any = 3
TEXT: Any = "x"

REFUSED: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: column("contry", SENDGRID), BuildError, "did you mean country"),
    (lambda: column("a b"), BuildError, "no column's name"),
    (lambda: column("email") == 3, TypeError, "a VARCHAR is not compared with a NUMBER"),
    (lambda: column("age", SCHEMA) == "x", TypeError, "a NUMBER is not compared with a VARCHAR"),
    (lambda: column("email") == None, BuildError, "is_null"),  # noqa: E711 -- it is what people write
    (lambda: column("email") == object(), TypeError, "a value is a text"),
    (lambda: column("age") == float("nan"), BuildError, "no finite number"),
    (lambda: column("email") == "\ud800", BuildError, "surrogate"),
    (lambda: column("email") == "x" * 2**20, BuildError, "1,048,576 bytes"),
    (lambda: column("email").is_in("abc"), TypeError, "as a list"),
    (lambda: column("email").is_in([]), BuildError, "no values"),
    (lambda: column("email").ends_with("a_b"), BuildError, "cannot look for _"),
    (lambda: column("created_at") > datetime(2024, 1, 1), BuildError, "time zone"),
    (lambda: event("opened"), BuildError, "did you mean open"),
    (lambda: event(THREE), TypeError, "a type of events is a text, not 3"),
    (lambda: event("open").where(TEXT), TypeError, "what an event must meet is a condition, .* not 'x'"),
    (lambda: event("open") | THREE, TypeError, "a condition is made by sql_seg.build, .* not 3"),
    (lambda: last(TEXT), TypeError, r"last\(\) takes events, .* not 'x'"),
    (lambda: data(THREE), TypeError, "a key of an event's data is a text, not 3"),
    (lambda: column(THREE), TypeError, "a column's name is a text, not 3"),
    (lambda: column("city").like(THREE), TypeError, "a pattern is a text, not 3"),
    (lambda: column("city").starts_with(THREE), TypeError, "what a text starts with is a text, not 3"),
    (lambda: column("city").ends_with(THREE), TypeError, "what is looked for is a text, not 3"),
    (lambda: column("city").contains(THREE), TypeError, "what is looked for is a text, not 3"),
    (lambda: column("list_ids").contains(THREE), TypeError, "what is looked for is a text, not 3"),
    (lambda: now() - THREE, TypeError, "a moment is moved by an amount of time, such as days.3., not 3"),
    (lambda: event("open").within(THREE), TypeError, "a moment is moved by an amount of time"),
    (lambda: days(True), TypeError, "an amount of time is an integer, not True"),
    (lambda: bool(event("open")), TypeError, "combine conditions with &"),
    (lambda: 1 if column("age") > 1 else 2, TypeError, "combine conditions with &"),
    (lambda: render("email = '{x}'", x="a"), BuildError, "in quotes"),
    (lambda: render("email = {x}"), BuildError, "no value for {x}"),
    (lambda: render("email = 'a'", x=1), BuildError, "has no {x}"),
    (lambda: render("email = }", x=1), BuildError, "a lone }"),
    (lambda: render("email IN {x}", x=[]), BuildError, "no values"),
    (lambda: (~event("open")).query(dialect="v1"), BuildError, "v1 cannot say this"),
    (lambda: setattr(column("email"), "_node", 1), AttributeError, "never changes"),
]


@pytest.mark.parametrize(("build", "kind", "message"), REFUSED)
def test_what_cannot_be_is_refused_where_it_is_said(
    build: Callable[[], object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        build()
    assert any(str(entry.path).endswith("test_build.py") for entry in caught.traceback[1:])


def test_queries_are_combined() -> None:
    joined = FRAME.replace("contact_id, updated_at", "c.contact_id, c.updated_at").replace(
        "contact_data", "contact_data AS c JOIN event_data AS e ON c.contact_id = e.contact_id"
    )
    both = and_(FRAME + "city = 'a'", "event_type = 'open'", column("age") > 1).query(SCHEMA)
    either = Segment(to_text(or_(joined + "e.event_type = 'open'", "city = 'b'").query()))
    contacts = [{"contact_id": name, "email": f"{name}@x.com", "city": name, "age": 2} for name in "abc"]
    opened = [
        {"event_type": "open", "timestamp": datetime(2024, 1, 1, tzinfo=UTC), "contact_id": name}
        for name in "ac"
    ]
    assert list(Segment(to_text(both), SCHEMA).ids(contacts, opened)) == ["a"]
    assert list(either.ids(contacts, opened)) == ["a", "b", "c"]
    assert Segment(to_text(not_("city = 'a'").query())).matches({"city": None})
    with pytest.raises(BuildError, match="MAX"):
        condition_of(
            "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS m FROM contact_data c "
            "JOIN event_data e ON c.contact_id = e.contact_id HAVING MAX(e.timestamp) IS NOT NULL"
        )


def test_v1_is_built_where_it_can_say_it() -> None:
    built = (column("country") == "US") & event("open").since(datetime(2024, 1, 1, tzinfo=UTC))
    assert to_text(built.query(dialect="v1")) == (
        "country = 'US' AND (event_type = 'open' AND event_timestamp >= TIMESTAMP '2024-01-01T00:00:00Z')"
    )


def test_built_queries_go_through_all_that_texts_do() -> None:
    query = ((column("email") == "Ada@x.com") & event("click")).query()
    assert "email-capitals" in {found.code for found in lint(check(query))}
    predicate = (column("country") == "US").query(dialect="v1")
    assert upgrade(predicate).query == (column("country") == "US").query()
