"""Case, blanks, quotes, comments and needless parentheses make no other query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing import parse
from sql_seg.testing import queries, spellings
from tests.laws.strategies import trees


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data())
def test_another_spelling_is_the_same_query(dialect: Dialect, data: st.DataObject) -> None:
    query = data.draw(trees(dialect) | queries(dialect))
    text = data.draw(spellings(query))
    assert parse(text, dialect) == query
