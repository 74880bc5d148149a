"""The laws of ``laws`` on every engine that can be run: ``make test-engines``."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.testing import nows
from tests.corpus.cases import cases, files
from tests.engines import facts, laws
from tests.laws.strategies import SCHEMA, account_queries, accounts_near, contact_queries, contacts_near
from tests.laws.test_small_worlds import CONTACTS, EVENTS, TEXTS

pytestmark = pytest.mark.engines

ASKED = [case for file in files() for case in cases(file) if "members" in case.expected]
EXAMPLES = {"duckdb": 600, "postgres": 150, "clickhouse": 150, "spark": 10}

FACTS = {"duckdb": 1, "postgres": 1, "clickhouse": 1, "spark": 100}
"""Of how many queries that the public suites answer one is asked by itself: Spark takes long to plan each."""


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in EXAMPLES]
)
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = importlib.import_module(f"tests.engines.{request.param}")
    reason = module.why_not()
    if reason is not None:
        pytest.skip(reason)
    database = module.make()
    yield database
    database.close()


def test_the_small_world(engine: Any) -> None:
    contacts = [contact for contact in CONTACTS if engine.holds(contact, ())]
    engine.put(SCHEMA, laws.as_a_table_has_them(contacts), EVENTS)
    assert laws.differences(engine, TEXTS, contacts, EVENTS) == []


def test_the_corpus(engine: Any) -> None:
    assert laws.wrong_corpus_cases(engine, ASKED) == []


def test_public_facts(engine: Any) -> None:
    assert facts.wrong_answers(engine, FACTS[engine.dialect]) == []


@pytest.mark.parametrize("dialect", Dialect)
def test_drawn_queries(engine: Any, dialect: Dialect) -> None:
    @settings(max_examples=EXAMPLES[engine.dialect])
    @given(data=st.data(), now=nows())
    def of_events(data: st.DataObject, now: datetime) -> None:
        query = data.draw(account_queries(dialect))
        account = data.draw(accounts_near(query, now))
        laws.assert_same(engine, query, account.contacts, account.events, now)

    @settings(max_examples=EXAMPLES[engine.dialect])
    @given(data=st.data(), now=nows())
    def of_contacts(data: st.DataObject, now: datetime) -> None:
        query = data.draw(contact_queries(dialect))
        laws.assert_same(engine, query, data.draw(contacts_near(query, now)), [], now)

    of_events()
    of_contacts()
