"""Comments that hide findings: each finding is held against those on its lines alone."""

from __future__ import annotations

import pytest

from sql_seg import diagnose
from sql_seg.diagnostics import Diagnostic
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tokens import tokenize
from sql_seg.workspace import noqa

START = "SELECT contact_id, updated_at FROM contact_data WHERE "


def test_many_comments_are_each_asked_about_their_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = START + "\nOR ".join(f"email = 'A{number}@b.co' -- noqa: email-capitals" for number in range(200))
    found, hides, asked = diagnose(text), noqa._Noqa.hides, []

    def counting(one: noqa._Noqa, item: Diagnostic) -> bool:
        asked.append(one)
        return hides(one, item)

    monkeypatch.setattr(noqa._Noqa, "hides", counting)
    assert len(found) == 200
    assert noqa.without_hidden(text, Dialect.V2, found) == []
    assert len(asked) == 200


def test_comments_are_written_after_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    text = START + "\nOR ".join(f"email = 'A{number}@b.co'" for number in range(200))
    found, read = diagnose(text), []

    def counting(text: str, dialect: Dialect) -> object:
        read.append(text)
        return tokenize(text, dialect)

    monkeypatch.setattr(noqa, "tokenize", counting)
    written, hidden, left = noqa.with_noqa(text, Dialect.V2, found)
    assert (hidden, left, len(read)) == (200, 0, 1)
    assert noqa.without_hidden(written, Dialect.V2, diagnose(written)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("email = 'A@b.co'", "email = 'A@b.co'  -- noqa: email-capitals"),
        ("email = 'A@b.co' \t", "email = 'A@b.co'  -- noqa: email-capitals"),
        ("email = 'A@b.co'\r\n", "email = 'A@b.co'  -- noqa: email-capitals\r\n"),
        ("email = 'A@b.co' -- why", "email = 'A@b.co' -- why  -- noqa: email-capitals"),
        ("email = 'A@b.co' /* why */", "email = 'A@b.co' /* why */  -- noqa: email-capitals"),
        ("email = 'A@b.co' /* why\n*/", None),
        ("email = 'A@b.co' -- noqa: comment", "email = 'A@b.co' -- noqa: comment, email-capitals"),
        ("email IN ('A@b.co', 'B@b.co\n')", None),
        ("email IN ('A@b.co', '\n',\n'B@b.co')", None),
    ],
)
def test_where_a_comment_is_written(before: str, after: str | None) -> None:
    found = [item for item in diagnose(START + before) if item.code == "email-capitals"]
    assert len(found) == 1
    written, hidden, left = noqa.with_noqa(START + before, Dialect.V2, found)
    assert written == START + (before if after is None else after)
    assert (hidden, left) == ((0, 1) if after is None else (1, 0))
