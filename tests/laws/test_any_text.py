"""Any text gives a query, or an error that says where it is wrong; nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Source
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse
from sql_seg.testing import queries
from tests.laws.strategies import noise, trees

DIALECTS = [None, *Dialect]

LONG_V1 = """
(email LIKE '%gmail.com' OR email NOT LIKE "a\\"b") AND CONTAINS(list_ids, '41a30d08')
AND `first name` IN ('a', "b") AND -age % 2 + 1.5 BETWEEN 3 AND 10 AND updated_at > NOW() - INTERVAL '10' DAY
AND event_data['x'] IS NOT NULL AND created_at >= TIMESTAMP '2019-08-07T18:00:00Z'
"""
LONG_V2 = """
SELECT c.contact_id, updated_at, MAX(e.timestamp) AS last /* it's */
FROM contact_data c INNER JOIN event_data e ON c.contact_id = e.contact_id JOIN event_data USING (contact_id)
WHERE e.data:payload['a-b'].select = 'it''s' AND "first name" IN (SELECT contact_id FROM event_data)
AND NOT (a IS NOT TRUE OR ARRAY_CONTAINS(list_ids, ['a', 'b']))
GROUP BY contact_id, updated_at HAVING last < TIMESTAMPADD(day, -180, CURRENT_TIMESTAMP()); -- end
"""


def answer(text: str, dialect: Dialect | None) -> Query | None:
    """Return the query, or None after looking at its error."""
    try:
        return parse(text, dialect)
    except QuerySyntaxError as error:
        look_at(error, text)
        return None


def look_at(error: QuerySyntaxError, text: str) -> None:
    assert error.diagnostics
    assert error.text == text
    source = Source(text)
    for diagnostic in error.diagnostics:
        start, end = diagnostic.span
        assert 0 <= start <= end <= len(text)
        assert (diagnostic.line, diagnostic.column) == source.position(start)
        assert (diagnostic.end_line, diagnostic.end_column) == source.position(end)
        assert diagnostic.is_error
        assert diagnostic.message
        assert "$" not in diagnostic.message or "$" in text, "a terminal's name"
        for terminal in (
            "LPAR",
            "RPAR",
            "LSQB",
            "RSQB",
            "QUOTED_NAME",
            "COMPARATOR",
            "WHITE_SPACE",
            "SEMICOLON",
        ):
            assert terminal not in diagnostic.message or terminal in text
    places = [diagnostic.span for diagnostic in error.diagnostics]
    assert places == sorted(places)
    assert str(error)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=noise())
def test_a_query_or_a_placed_error(dialect: Dialect | None, text: str) -> None:
    query = answer(text, dialect)
    if query is not None:
        assert query.text == text
        assert parse(to_text(query), query.dialect) == query


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", [LONG_V1, LONG_V2])
def test_every_start_and_every_end_of_a_query(text: str, dialect: Dialect | None) -> None:
    for position in range(len(text) + 1):
        answer(text[:position], dialect)
        answer(text[position:], dialect)


@pytest.mark.parametrize("text", [LONG_V1, LONG_V2])
def test_a_query_without_any_one_character(text: str) -> None:
    for position in range(len(text)):
        answer(text[:position] + text[position + 1 :], None)


@given(st.data())
def test_every_start_of_any_query(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(Dialect))
    text = to_text(data.draw(trees(dialect) | queries(dialect)))
    answer(text[: data.draw(st.integers(0, len(text)))], dialect)
