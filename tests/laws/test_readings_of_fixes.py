"""A safe fix keeps the members whichever way SendGrid reads what its reference does not promise.

Each row of the table of other readings is a way that SendGrid may have: that it reads something otherwise
than Snowflake documents it, or than this library decided. A fix that keeps the members under ours alone is
not safe.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import QueryError, check, diagnose
from sql_seg.core.interpreter import Interpreter
from sql_seg.diagnostics import Fix, Safety
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.population import population_of
from sql_seg.syntax.parsing import parse
from sql_seg.testing import nows, spellings
from sql_seg.testing.records import DrawnAccount
from tests.laws.other_readings import CONSTRUCTS, Construct, read_as
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)


def members(text: str, dialect: Dialect, account: DrawnAccount, now: datetime) -> list[int]:
    """Return which contacts are members, by the interpreter alone: each reading is one of it."""
    condition = check(parse(text, dialect), SCHEMA).condition
    known = population_of(account.contacts, account.events).account
    reader = Interpreter(now, known)
    verdicts = [reader.verdict(condition, contact, known.events_of(contact)) for contact in known.contacts]
    return [number for number, verdict in enumerate(verdicts) if verdict is True]


def safe_fixes(text: str, dialect: Dialect) -> list[Fix]:
    found = [item.fix for item in diagnose(text, SCHEMA, dialect, infos=True) if item.fix is not None]
    return [fix for fix in found if fix.safety is Safety.SAFE]


def assert_safe_in_all_readings(
    text: str, dialect: Dialect, account: DrawnAccount, now: datetime, *only: Construct | None
) -> None:
    for fix in safe_fixes(text, dialect):
        repaired = apply_fixes(text, [fix])
        for construct in only or (None, *CONSTRUCTS):
            with read_as(construct):
                try:
                    before = members(text, dialect, account, now)
                except QueryError:
                    continue  # in this reading it is no query: nobody is a member of it
                after = members(repaired, dialect, account, now)
                assert after == before, (construct and construct.name, repaired)


def account_of(construct: Construct) -> DrawnAccount:
    """Return an account in which a construct's conditions are seen, and one contact who lacks all."""
    contacts = [
        {"contact_id": str(number), "email": f"{number}@b.c", **columns}
        for number, columns in enumerate([*construct.contacts, {}], 1)
    ]
    opened = {"event_type": "open", "event_source": "mail", "timestamp": NOON}
    events = [] if construct.data is None else [{**opened, "contact_id": "1", "data": construct.data}]
    return DrawnAccount(contacts, events)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_each_reading_is_another_one(construct: Construct) -> None:
    """Under both readings some condition of a row selects others: the row touches what it is about."""
    dialect = Dialect.V2 if construct.frame else Dialect.V1
    account, differing = account_of(construct), 0
    for condition in construct.conditions:
        with read_as(None):
            ours = members(construct.frame + condition, dialect, account, NOON)
        with read_as(construct):
            differing += ours != members(construct.frame + condition, dialect, account, NOON)
    assert differing


FORMS = (
    *(
        "{0}",
        "{0} AND {0}",
        "{0} OR {0}",
        "{0} AND {1}",
        "{0} OR {1}",
        "NOT (NOT ({0}))",
        "NOT ({0})",
        "({0})",
    ),
    *("({0}) AND ({0} OR {1})", "{0} OR ({0} AND {1})", "{0} AND plan = 'z'", "plan <> 'z' OR {0}"),
    *(
        "{1} AND {0} AND {1}",
        "NOT ({0} OR {1})",
        "NOT ({0} AND {1})",
        "{0} AND NOT ({0})",
        "{0} OR NOT ({0})",
    ),
    *(
        "{0} AND plan IS NOT NULL",
        "{0} OR plan IS NULL",
        "(({0})) OR (({1}))",
        "{0} AND TRUE",
        "{0} OR 1 = 1",
    ),
)
"""What people write of conditions that a lint has something to say of."""


@st.composite
def queries_that_touch(draw: st.DrawFn, construct: Construct) -> str:
    """Draw a query that holds conditions of a construct in a form that fixes are offered for."""
    condition = st.sampled_from(construct.conditions)
    text = draw(st.sampled_from(FORMS)).format(draw(condition), draw(condition))
    if draw(st.booleans()):
        text = draw(st.sampled_from(FORMS)).format(text, draw(condition))
    return construct.frame + text + ";" * (bool(construct.frame) and draw(st.booleans()))


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_safe_fixes_of_all_that_a_row_holds(construct: Construct) -> None:
    dialect, account = Dialect.V2 if construct.frame else Dialect.V1, account_of(construct)
    following = [*construct.conditions[1:], construct.conditions[0]]
    for one, other in zip(construct.conditions, following, strict=True):
        for form in FORMS:
            text = construct.frame + form.format(one, other)
            assert_safe_in_all_readings(text, dialect, account, NOON, None, construct)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
@settings(max_examples=6)
@given(data=st.data())
def test_safe_fixes_of_what_touches_each_construct(construct: Construct, data: st.DataObject) -> None:
    text = data.draw(queries_that_touch(construct))
    dialect = Dialect.V2 if construct.frame else Dialect.V1
    drawn = data.draw(accounts_near(parse(text, dialect), NOON))
    for account in (account_of(construct), drawn):
        assert_safe_in_all_readings(text, dialect, account, NOON, None, construct)


@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=10)
@given(data=st.data(), now=nows())
def test_safe_fixes_of_any_query(dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(dialect))
    text = data.draw(spellings(query))
    assert_safe_in_all_readings(text, dialect, data.draw(accounts_near(query, now)), now)


PLAIN = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOINED = "SELECT contact_id, updated_at FROM contact_data JOIN event_data ON contact_id WHERE "


@pytest.mark.parametrize(
    "text",
    [
        rf"{PLAIN}plan LIKE 'a\b'",
        rf"{PLAIN}plan LIKE 'a\\b'",
        rf"{PLAIN}plan LIKE '100\\%' AND plan LIKE '100\\%%'",
        rf"{PLAIN}plan = 'a\b' OR plan = 'ab'",
        rf"{PLAIN}plan = 'a\b' OR plan = 'a\b'",
        f"{JOINED}data:payload.url > 2 AND data:payload.url > 1",
        f"{JOINED}data:payload.url IS NOT NULL AND data:payload.url = 'a'",
        f"{JOINED}data:payload.url = TRUE OR data:payload.url = TRUE OR data:payload.url IS NOT NULL",
        f"{PLAIN}created_at >= '2024-01-01' AND created_at >= '2024-01-01T02:00:00+02:00'",
        f"{PLAIN}created_at >= '2024-01-01 10:00' OR created_at <> '2024-01-01 10:00'",
        f"{PLAIN}plan <> 'a' AND created_at < NOW();",
    ],
)
@settings(max_examples=6)
@given(data=st.data())
def test_safe_fixes_of_what_is_read_in_several_ways(text: str, data: st.DataObject) -> None:
    account = data.draw(accounts_near(parse(text), NOON))
    assert_safe_in_all_readings(text, Dialect.V2, account, NOON)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rf"{PLAIN}plan = 'a\b' OR plan = 'ab'", "duplicate-condition"),
        (f"{JOINED}data:payload.url > 2 AND data:payload.url > 1", "subsumed-condition"),
        (
            f"{PLAIN}created_at >= '2024-01-02' AND created_at >= '2024-01-01T02:00:00+02:00'",
            "subsumed-condition",
        ),
        ("age = 9007199254740993 OR age = 9007199254740992", "duplicate-condition"),
        ("plan LIKE '100%%%' AND plan LIKE '100%%%%%'", "subsumed-condition"),
        (f"{PLAIN}LOWER(plan) = 'a' AND LOWER(plan) != 'b'", "subsumed-condition"),
    ],
)
def test_a_fix_that_rests_on_what_is_not_promised_is_not_safe(text: str, code: str) -> None:
    found = [item for item in diagnose(text, SCHEMA) if item.code == code]
    assert [item.fix.safety for item in found if item.fix is not None] in ([], [Safety.UNSAFE])


@pytest.mark.parametrize(
    ("text", "is_safe"),
    [
        (f"{PLAIN}email ILIKE 'a%'", False),
        (f"{PLAIN}plan || 'a' = 'b'", False),
        (f"{PLAIN}LCASE(plan) = 'b'", False),
        (f"{PLAIN}CHAR_LENGTH(plan) = 3", False),
        ("LCASE(plan) = 'b'", True),
        (f"{PLAIN}CONTAINS(email, 'gmail')", True),
        (rf"{PLAIN}CONTAINS(email, 'a\\b')", False),
        (f"{PLAIN}age = '30'", True),
    ],
)
def test_a_fix_that_writes_what_is_not_promised_is_not_safe(text: str, is_safe: bool) -> None:
    found = [item.fix.safety for item in diagnose(text, SCHEMA) if item.is_error and item.fix is not None]
    assert all((safety is Safety.SAFE) is is_safe for safety in found)
    assert found or not is_safe
