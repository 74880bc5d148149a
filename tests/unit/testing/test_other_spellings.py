"""Texts of queries, in many spellings."""

from __future__ import annotations

import pytest

from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID
from sql_seg.linting import diagnose
from sql_seg.segments.segment import Segment
from sql_seg.syntax.parsing import comments, parse
from sql_seg.testing import query_texts, spellings
from tests.unit.testing.collected import examples, simplest

CUSTOM = SENDGRID.with_fields([{"name": name, "field_type": "Text"} for name in ("select", "event_type")])


@pytest.mark.parametrize("dialect", Dialect)
def test_a_text_is_valid_and_its_dialect_is_seen(dialect: Dialect) -> None:
    for schema in (SENDGRID, CUSTOM):
        for text in examples(query_texts(dialect, schema=schema), 25):
            assert parse(text).dialect is dialect
            assert [found for found in diagnose(text, schema) if found.is_error] == []


def test_both_dialects_are_drawn() -> None:
    assert {parse(text).dialect for text in examples(query_texts(), 20)} == set(Dialect)


def test_spellings_are_many_and_mean_the_same() -> None:
    query = parse("email LIKE 'a%' AND updated_at < NOW()")
    texts = examples(spellings(query), 60)
    assert all(parse(text) == query for text in texts)
    assert len(set(texts)) > 50
    written = " ".join(texts)
    for variant in ("like", "AND", "and", '"a%"', "`email`", "\n", "(", "now"):
        assert variant in written


def test_v2_has_comments_delimiters_and_a_semicolon() -> None:
    query = parse("SELECT contact_id, updated_at FROM contact_data AS c WHERE first_name != 'O''Neil'")
    texts = examples(spellings(query), 60)
    assert all(parse(text) == query for text in texts)
    assert any(comments(text, Dialect.V2) for text in texts)
    written = " ".join(texts)
    for variant in ("select", "<>", "!=", '"contact_id"', "`contact_id`", "\\'", "''", ";"):
        assert variant in written


def test_the_simplest_text() -> None:
    assert simplest(query_texts("v2")) == "SELECT contact_id, updated_at FROM contact_data"


PLAIN = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "num_orders", "field_type": "Number"},
        {"name": "renewal", "field_type": "Date"},
    ]
)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_plain_texts_are_as_people_write_them(dialect: Dialect) -> None:
    drawn = examples(query_texts(dialect, schema=PLAIN, style="plain"), 200)
    for text in drawn:
        assert parse(text).dialect is dialect
        assert not [finding for finding in diagnose(text, PLAIN) if finding.is_error], text
        assert text.replace("\n", "").isprintable()
        assert len(text) < 700
    for word in ("LIKE", "IN (", "IS NOT NULL", "list_ids", "created_at", "num_orders", "OR ", "event_type"):
        assert any(word in text for text in drawn), word
    assert any("\n" in text for text in drawn)
    assert any(" and " in text for text in drawn)


def test_plain_texts_without_events_ask_of_one_contact() -> None:
    for text in examples(query_texts(events=False, style="plain"), 60):
        Segment(text).matches({"email": "ada@example.com"})


def test_there_are_two_styles() -> None:
    with pytest.raises(ValueError, match="style is 'any' or 'plain', not 'fancy'"):
        query_texts(style="fancy")  # type: ignore[arg-type]
