"""A safe fix keeps the members whichever way SendGrid reads what its reference does not promise.

Each reading below is another that SendGrid may have: that it reads something otherwise than Snowflake
documents it, or than this library decided. A fix that keeps the members under one of them alone is not safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg import QueryError, Segment, diagnose
from sql_seg.diagnostics import Fix, Safety
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.evaluate.path_code import path_reader
from sql_seg.language import json_paths, patterns
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import read_string, read_timestamp
from sql_seg.syntax.parsing import parse
from sql_seg.testing import nows, spellings
from sql_seg.testing.records import Account
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)


def backslash_that_stays(token: str, dialect: Dialect) -> str:
    """Return a v2 string where a backslash is dropped before quotes and backslashes alone."""
    if dialect is Dialect.V1:
        return read_string(token, dialect)
    value, rest = "", token[1:-1]
    while rest:
        is_escape = rest[:2] == "''" or (rest[0] == "\\" and rest[1:2] in tuple("'\"\\"))
        value, rest = value + rest[is_escape], rest[1 + is_escape :]
    return value


def wildcards_with_escape(text: str) -> list[list[str | None]]:
    """Return the runs of a v2 pattern where a backslash makes a wildcard an ordinary character."""
    runs: list[list[str | None]] = [[]]
    while text:
        if text[0] == "\\" and text[1:2] in tuple("%_\\"):
            runs[-1].append(text[1])
            text = text[1:]
        elif text[0] == "%":
            runs.append([])
        else:
            runs[-1].append(None if text[0] == "_" else text[0])
        text = text[1:]
    return runs


def moment_elsewhere(text: str) -> datetime | None:
    """Return the instant of a text where no offset is another time zone than UTC."""
    moment = read_timestamp(text)
    has_offset = (
        text.endswith("Z") or text[-6:-5] in ("+", "-") or (text[-5:-4] in ("+", "-") and ":" in text)
    )
    if moment is None or has_offset:
        return moment
    try:
        return moment.replace(tzinfo=timezone(timedelta(hours=5))).astimezone(UTC)
    except OverflowError:
        return moment


JSON_OF_ONE_KIND: dict[DataType, Callable[[Any], Any]] = {
    DataType.VARCHAR: lambda value: value if isinstance(value, str) else None,
    DataType.NUMBER: lambda value: value if type(value) in (int, float) else None,
    DataType.BOOLEAN: lambda value: value if isinstance(value, bool) else None,
    DataType.TIMESTAMP: lambda value: read_timestamp(value) if isinstance(value, str) else None,
    DataType.ARRAY: lambda _: None,
    DataType.VARIANT: lambda value: value,
}

READINGS: dict[str, list[Any]] = {
    "as Snowflake does": [],
    "a backslash stays": [lambda: patch("sql_seg.syntax.parsing.builder.read_string", backslash_that_stays)],
    "LIKE has an escape": [lambda: patch.object(patterns, "_v2_runs", wildcards_with_escape)],
    "JSON has one kind": [lambda: patch.dict(json_paths.JSON_READERS, JSON_OF_ONE_KIND)],
    "no offset is no UTC": [lambda: patch("sql_seg.checking.inference.read_timestamp", moment_elsewhere)],
}


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Read queries in one of the ways; what was compiled for another is forgotten."""
    made = [make() for make in READINGS[name]]
    for each in made:
        each.start()
    path_reader.cache_clear()
    try:
        yield
    finally:
        for each in made:
            each.stop()
        path_reader.cache_clear()


def members(text: str, dialect: Dialect, account: Account, now: datetime) -> list[str | None]:
    return list(Segment(text, SCHEMA, dialect).ids(account.contacts, account.events, now=now))


def safe_fixes(text: str, dialect: Dialect) -> list[Fix]:
    found = [item.fix for item in diagnose(text, SCHEMA, dialect, infos=True) if item.fix is not None]
    return [fix for fix in found if fix.safety is Safety.SAFE]


def assert_safe_in_all_readings(text: str, dialect: Dialect, account: Account, now: datetime) -> None:
    for fix in safe_fixes(text, dialect):
        repaired = apply_fixes(text, [fix])
        for name in READINGS:
            with reading(name):
                try:
                    before = members(text, dialect, account, now)
                except QueryError:
                    continue  # in this reading it is no query: nobody is a member of it
                assert members(repaired, dialect, account, now) == before, (name, repaired)


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
