"""What is held against every engine: the rendered SQL has the members that the interpreter finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from sql_seg.errors import UnsupportedSqlError
from sql_seg.evaluate import Account, Interpreter
from sql_seg.language.schema import Schema
from sql_seg.segments.stages import check
from sql_seg.sql import to_sql
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from tests.corpus.cases import SCHEMA as CORPUS_SCHEMA
from tests.corpus.cases import Case, members_of
from tests.laws.strategies import SCHEMA
from tests.laws.test_small_worlds import NOW, members


class Database(Protocol):
    """An engine that holds one account."""

    dialect: str

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any]) -> None: ...

    def ask(self, sql: str) -> list[str]: ...


def assert_same_in_the_small_world(database: Database, text: str) -> None:
    """Assert that a statement over the small world, which the database holds, has its members."""
    sql = rendered(check(parse(text), SCHEMA), database, NOW)
    assert sql is None or database.ask(sql) == sorted(members(text)), sql


def assert_corpus_case(database: Database, case: Case) -> None:
    """Assert that a case of the corpus has the members that it says."""
    now, expected = members_of(case.expected["members"].text)
    checked = check(parse(case.framed, case.dialect), CORPUS_SCHEMA)
    contacts = [member.contact for member in expected]
    sql = rendered(checked, database, now)
    if sql is None:
        return
    database.put(CORPUS_SCHEMA, contacts, [event for member in expected for event in member.events])
    found = database.ask(sql)
    wrong = [m.line for m in expected if not m.expects_member(str(m.contact["contact_id"]) in found)]
    assert wrong == [], sql


def assert_same(
    database: Database, query: Query, contacts: Sequence[Any], events: Sequence[Any], now: datetime
) -> None:
    """Assert that a query over an account has the members that the interpreter finds."""
    checked = check(query, SCHEMA)
    sql = rendered(checked, database, now)
    if sql is None:
        return
    ids = {contact["contact_id"] for contact in contacts}
    held = Account(contacts, [event for event in events if event["contact_id"] in ids])
    interpreter = Interpreter(now.astimezone(UTC), held)
    wanted = [
        str(contact["contact_id"])
        for contact in contacts
        if interpreter.verdict(checked.condition, contact, held.events_of(contact)) is True
    ]
    database.put(SCHEMA, held.contacts, held.events)
    assert database.ask(sql) == sorted(wanted), sql


def rendered(checked: Any, database: Database, now: datetime) -> str | None:
    """Return the SQL of a query; None where the engine has a gap that it declares."""
    try:
        return to_sql(checked, database.dialect, now=now)
    except UnsupportedSqlError:
        return None
