"""What is held against every engine: the rendered SQL has the members that the interpreter finds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from sql_seg.errors import UnsupportedSqlError
from sql_seg.evaluate import Account, Interpreter
from sql_seg.language.schema import Schema
from sql_seg.segments.segment import Segment
from sql_seg.segments.stages import check
from sql_seg.sql import to_sql
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from tests.corpus.cases import SCHEMA as CORPUS_SCHEMA
from tests.corpus.cases import Case, members_of
from tests.laws.strategies import SCHEMA
from tests.laws.test_small_worlds import NOW


class Database(Protocol):
    """An engine that holds one account."""

    dialect: str

    def holds(self, record: Any, read: Collection[str]) -> bool:
        """Return whether the engine can hold a contact or an event, of which some columns are read."""
        ...

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any]) -> None: ...

    def ask(self, sql: str) -> list[str]: ...


def differences(
    database: Database, texts: Sequence[str], contacts: Sequence[Any], events: Sequence[Any]
) -> list[str]:
    """Return the texts whose SQL has other members among contacts that the database holds, with it."""
    wrong = []
    for text in texts:
        sql = rendered(check(parse(text), SCHEMA), database, NOW)
        wanted = sorted(str(found) for found in Segment(text, SCHEMA).ids(contacts, events, now=NOW))
        if sql is not None and database.ask(sql) != wanted:
            wrong.append(f"{text}\n{sql}")
    return wrong


def assert_corpus_case(database: Database, case: Case) -> None:
    """Assert that a case of the corpus has the members that it says."""
    now, expected = members_of(case.expected["members"].text)
    checked = check(parse(case.framed, case.dialect), CORPUS_SCHEMA)
    contacts = [member.contact for member in expected]
    events = [event for member in expected for event in member.events]
    sql = rendered(checked, database, now)
    if sql is None or not all(database.holds(record, checked.columns) for record in [*contacts, *events]):
        return
    database.put(CORPUS_SCHEMA, contacts, events)
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
    contacts = [contact for contact in contacts if database.holds(contact, checked.columns)]
    ids = {contact["contact_id"] for contact in contacts}
    events = [event for event in events if database.holds(event, ())]
    held = Account(contacts, [event for event in events if event["contact_id"] in ids])
    interpreter = Interpreter(now.astimezone(UTC), held)
    wanted = [
        str(contact["contact_id"])
        for contact in contacts
        if interpreter.verdict(checked.condition, contact, held.events_of(contact)) is True
    ]
    database.put(SCHEMA, held.contacts, held.events)
    assert database.ask(sql) == sorted(wanted), sql


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts in a record, keys of objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_of(key)
            yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


def rendered(checked: Any, database: Database, now: datetime) -> str | None:
    """Return the SQL of a query; None where the engine has a gap that it declares."""
    try:
        return to_sql(checked, database.dialect, now=now)
    except UnsupportedSqlError:
        return None
