"""The SQL of a query, run by DuckDB, has the members that the other readings have.

``tests/engines/test_engines.py`` holds the same laws, by more examples, against every engine that can be run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.checking import check
from sql_seg.language.datatypes import Dialect
from sql_seg.sql import to_sql
from sql_seg.sql.fragments import RESERVED
from sql_seg.syntax.parsing import parse
from sql_seg.testing import nows
from tests.corpus.cases import cases, files
from tests.engines import laws
from tests.engines.duckdb import DuckDb
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near
from tests.laws.test_small_worlds import CONTACTS, EVENTS, NOW, TEXTS

ASKED = [case for file in files() for case in cases(file) if "members" in case.expected]
FEW = max(25, settings().max_examples // 4)
"""To make tables for an account, and ask them, takes much longer than to ask records."""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDb]:
    database = DuckDb()
    yield database
    database.close()


def test_a_small_world(engine: DuckDb) -> None:
    engine.put(SCHEMA, laws.as_a_table_has_them(CONTACTS), EVENTS)
    assert laws.differences(engine, TEXTS, CONTACTS, EVENTS) == []


def test_the_corpus(engine: DuckDb) -> None:
    assert laws.wrong_corpus_cases(engine, ASKED) == []


def test_every_keyword_may_be_the_name_of_a_table_and_of_columns() -> None:
    connection = duckdb.connect()
    words = [word for (word,) in connection.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()]
    checked = check(parse("email = 'x'"))
    for word in [*words, *RESERVED, "Plan", 'a"b', "a.b", "1a", "--", "*/", "x" * 300]:
        quoted = word.replace('"', '""')
        connection.execute(
            f'CREATE OR REPLACE TABLE "{quoted}" AS SELECT \'1\' AS "{quoted}_", \'x\' AS "{quoted}", 0 AS m'
        )
        columns = {"contact_id": f"{word}_", "email": word, "updated_at": "m"}
        sql = to_sql(checked, "duckdb", now=NOW, contacts=[word], columns=columns)
        assert connection.execute(sql).fetchall() == [("1", 0)], sql


@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=FEW)
@given(data=st.data(), now=nows())
def test_queries_of_events(engine: DuckDb, dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(account_queries(dialect))
    account = data.draw(accounts_near(query, now))
    laws.assert_same(engine, query, account.contacts, account.events, now)


@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=FEW)
@given(data=st.data(), now=nows())
def test_queries_of_contacts(engine: DuckDb, dialect: Dialect, data: st.DataObject, now: datetime) -> None:
    query = data.draw(contact_queries(dialect))
    laws.assert_same(engine, query, data.draw(contacts_near(query, now)), [], now)
