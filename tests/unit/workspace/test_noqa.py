"""Comments that hide findings: each finding is held against those on its lines alone."""

from __future__ import annotations

import pytest

from sql_seg import diagnose
from sql_seg.diagnostics import Diagnostic
from sql_seg.language.datatypes import Dialect
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
