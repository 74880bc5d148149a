"""Comments that hide findings: those that are written hide all, and a query stays what it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sql_seg import SENDGRID, Dialect, diagnose, parse
from sql_seg.testing import query_texts
from sql_seg.workspace.noqa import with_noqa, without_hidden

SCHEMA = SENDGRID.as_lenient()


@given(query_texts(dialect=Dialect.V2), st.sampled_from(["", "\n", "\n-- why", " -- noqa: never-null"]))
def test_written_comments_hide_all_that_can_be_hidden(text: str, end: str) -> None:
    text += end
    found = without_hidden(text, Dialect.V2, diagnose(text, SCHEMA, Dialect.V2, infos=True))
    silenced, hidden, left = with_noqa(text, Dialect.V2, found)
    assert hidden + left == sum(item.code != "unused-noqa" for item in found)
    assert parse(silenced, Dialect.V2) == parse(text, Dialect.V2)
    after = without_hidden(silenced, Dialect.V2, diagnose(silenced, SCHEMA, Dialect.V2, infos=True))
    assert len([item for item in after if item.code != "unused-noqa"]) <= left
