"""A query that was built, and has no text, is what its text is: a span is a place, never a meaning."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sql_seg import Dataset, build, check, lint, to_text
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from sql_seg.solver import Impossible, distinguish
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from sql_seg.testing import nows
from sql_seg.upgrading import Upgrade, downgrade, upgrade
from tests.laws.strategies import SCHEMA, account_queries, accounts_near

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)


@st.composite
def built(draw: st.DrawFn, dialect: Dialect | None = None) -> Query:
    """Return queries without a text, and without any place in one."""
    query = draw(account_queries(dialect or draw(st.sampled_from(Dialect))))
    assert query.text is None
    return query


def parsed(query: Query) -> Query:
    return parse(to_text(query), query.dialect)


def findings(query: Query) -> Counter[tuple[str, str]]:
    return Counter((found.code, found.message) for found in lint(check(query, SCHEMA)))


@given(built())
def test_its_lints(query: Query) -> None:
    assert findings(query) == findings(parsed(query))


@given(data=st.data(), now=nows())
def test_its_members_and_why(data: st.DataObject, now: datetime) -> None:
    query = data.draw(built())
    account = data.draw(accounts_near(query, now))
    one, other = Segment(query, SCHEMA), Segment(parsed(query), SCHEMA)
    dataset = Dataset(account.contacts, account.events, SCHEMA)
    assert list(one.ids(dataset, now=now)) == list(other.ids(dataset, now=now))
    for contact in account.contacts[:2]:
        why = [asked.explain(contact, dataset=dataset, now=now) for asked in (one, other)]
        assert why[0].root == why[1].root


@given(built(Dialect.V1))
def test_its_upgrade(query: Query) -> None:
    assert _said(upgrade(query, SCHEMA, now=NOW)) == _said(upgrade(parsed(query), SCHEMA, now=NOW))


@given(built(Dialect.V2))
def test_its_downgrade(query: Query) -> None:
    assert _said(downgrade(query, SCHEMA, now=NOW)) == _said(downgrade(parsed(query), SCHEMA, now=NOW))


def _said(made: Upgrade) -> tuple[object, ...]:
    refusals = [(refusal.kind, refusal.message) for refusal in made.refusals]
    return made.text, made.verdict, made.is_proven, made.notes, refusals


@given(built())
def test_nobody_is_in_one_of_them_alone(query: Query) -> None:
    found = distinguish(query, parsed(query), schema=SCHEMA, now=NOW)
    assert found == Impossible("the queries say the same in the same words")


@given(built(Dialect.V2))
def test_python_builds_it_again(query: Query) -> None:
    try:
        condition = build.condition_of(query)
    except build.BuildError:
        return
    again = eval(build.to_python(query), vars(build))
    assert again == condition
