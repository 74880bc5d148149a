"""Every text gets a diagnosis, with its places inside the text; a typed query gets no error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg import SENDGRID, Schema, diagnose, parse
from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats import as_json, concise, full
from sql_seg.diagnostics.source import Source
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_text
from sql_seg.testing import InvalidQueryText, invalid_query_texts, queries, query_texts, schemas, spellings
from tests.laws.strategies import SCHEMA, noise, trees

SCHEMAS = st.sampled_from([SENDGRID, SCHEMA, SENDGRID.as_lenient()])


def look_at(diagnostics: list[Diagnostic], text: str) -> None:
    source = Source(text)
    for diagnostic in diagnostics:
        start, end = diagnostic.span
        assert 0 <= start <= end <= len(text)
        assert (diagnostic.line, diagnostic.column) == source.position(start)
        assert (diagnostic.end_line, diagnostic.end_column) == source.position(end)
        assert diagnostic.message
        assert as_json(diagnostic)["code"] == diagnostic.code
    assert [item.span for item in diagnostics] == sorted(item.span for item in diagnostics)
    assert len(full(diagnostics, text, "x").splitlines()) >= len(diagnostics)
    assert len(concise(diagnostics, "x").splitlines()) >= len(diagnostics)


@given(text=noise(), schema=SCHEMAS)
def test_any_text(text: str, schema: Schema) -> None:
    look_at(diagnose(text, schema), text)


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data(), schema=SCHEMAS)
def test_any_query(dialect: Dialect, data: st.DataObject, schema: Schema) -> None:
    text = data.draw(spellings(data.draw(trees(dialect))))
    look_at(diagnose(text, schema, dialect), text)


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data(), schema=schemas())
def test_a_generated_query_is_valid(dialect: Dialect, data: st.DataObject, schema: Schema) -> None:
    text = data.draw(query_texts(dialect, schema=schema))
    diagnostics = diagnose(text, schema)
    look_at(diagnostics, text)
    assert [item for item in diagnostics if item.is_error] == []
    assert parse(text).dialect is dialect


@given(invalid_query_texts())
def test_a_broken_query_has_the_error_that_it_is_made_for(invalid: InvalidQueryText) -> None:
    diagnostics = diagnose(invalid.text, dialect=invalid.dialect)
    look_at(diagnostics, invalid.text)
    assert invalid.code in {item.code for item in diagnostics if item.is_error}


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_a_lenient_schema_knows_every_name(dialect: Dialect, data: st.DataObject) -> None:
    text = to_text(data.draw(queries(dialect, schema=SCHEMA)))
    errors = [item for item in diagnose(text, SENDGRID.as_lenient()) if item.is_error]
    # The first use decides a type, and the first may be wrong: a text that reads as a timestamp, v1's a + b.
    assert {item.code for item in errors} <= {"type-mismatch"}
