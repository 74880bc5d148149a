"""What is held against every engine: the rendered SQL has the members that the interpreter finds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol, TypeVar

from sql_seg.checking import check
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.errors import UnsupportedSqlError
from sql_seg.language.addresses import EMAIL_DOMAINS, domains_of
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.segments.segment import Segment
from sql_seg.sql import to_sql
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from tests.corpus.cases import SCHEMA as CORPUS_SCHEMA
from tests.corpus.cases import Case, members_of
from tests.laws.strategies import SCHEMA
from tests.laws.test_small_worlds import NOW

T = TypeVar("T")


class Database(Protocol):
    """An engine that holds accounts: each in tables of its own, whose names end in ``place``."""

    dialect: str
    batch: int
    """How many statements are asked as one."""

    def holds(self, record: Any, read: Collection[str]) -> bool:
        """Return whether the engine can hold a contact or an event, of which some columns are read."""
        ...

    def put(
        self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any], place: str = ""
    ) -> None: ...

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """Return the values of a statement's columns, row by row."""
        ...


def ask(database: Database, sql: str) -> list[str]:
    """Return the ids that a statement finds, in order."""
    return sorted(str(row[0]) for row in database.rows(sql))


def ask_all(database: Database, statements: Sequence[str]) -> list[list[str]]:
    """Return the ids that each of many statements finds, in order: some of them are asked as one."""
    found: list[list[str]] = []
    for start in range(0, len(statements), database.batch):
        some = statements[start : start + database.batch]
        both = " UNION ALL ".join(
            f"SELECT {number} AS place, q{number}.contact_id AS contact_id FROM ({sql}) AS q{number}"
            for number, sql in enumerate(some)
        )
        ids: list[list[str]] = [[] for _ in some]
        for number, contact_id in database.rows(both):
            ids[number].append(str(contact_id))
        found += map(sorted, ids)
    return found


def differences(
    database: Database, texts: Sequence[str], contacts: Sequence[Any], events: Sequence[Any]
) -> list[str]:
    """Return the texts whose SQL has other members among contacts that the database holds, with it."""
    asked = []
    for text in texts:
        sql = rendered(check(parse(text), SCHEMA), database, NOW)
        if sql is not None:
            asked.append((text, sql))
    wrong = []
    for (text, sql), found in zip(asked, ask_all(database, [sql for _, sql in asked]), strict=True):
        if found != sorted(str(one) for one in Segment(text, SCHEMA).ids(contacts, events, now=NOW)):
            wrong.append(f"{text}\n{sql}")
    return wrong


def wrong_corpus_cases(database: Database, cases: Iterable[Case]) -> list[str]:
    """Return the lines of the corpus whose contacts are not what they say, with the SQL."""
    wrong = []
    for some in batched(cases, database.batch):
        asked = []
        for place, case in enumerate(some):
            now, expected = members_of(case.expected["members"].text)
            checked = check(parse(case.framed, case.dialect), CORPUS_SCHEMA)
            contacts = [member.contact for member in expected]
            events = [event for member in expected for event in member.events]
            sql = rendered(checked, database, now, f"_{place}")
            if sql is not None and _holds(database, [*contacts, *events], checked.columns):
                database.put(CORPUS_SCHEMA, as_a_table_has_them(contacts), events, f"_{place}")
                asked.append((sql, expected))
        for (sql, expected), found in zip(asked, ask_all(database, [sql for sql, _ in asked]), strict=True):
            wrong += [
                f"{member.line}\n{sql}"
                for member in expected
                if not member.expects_member(str(member.contact["contact_id"]) in found)
            ]
    return wrong


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items, some at a time."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some


def _holds(database: Database, records: Iterable[Any], read: Collection[str]) -> bool:
    return all(database.holds(record, read) for record in records)


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
    database.put(SCHEMA, as_a_table_has_them(held.contacts), held.events)
    assert ask(database, sql) == sorted(wanted), sql


def as_a_table_has_them(contacts: Sequence[Any]) -> list[Any]:
    """Return contacts with the domains that follow from their addresses, which a record need not have."""
    return [
        contact if contact.get(EMAIL_DOMAINS) is not None else {**contact, EMAIL_DOMAINS: domains_of(contact)}
        for contact in contacts
    ]


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


def rendered(checked: Any, database: Database, now: datetime, place: str = "") -> str | None:
    """Return the SQL of a query; None where the engine has a gap that it declares."""
    contacts, events = f"{CONTACT_DATA}{place}", f"{EVENT_DATA}{place}"
    try:
        return to_sql(checked, database.dialect, now=now, contacts=contacts, events=events)
    except UnsupportedSqlError:
        return None
