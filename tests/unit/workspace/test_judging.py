"""What is to be said of the queries of a file: infos are looked for only where they may count."""

from __future__ import annotations

from typing import Any

import pytest

from sql_seg import Severity, diagnose
from sql_seg.linting.about_files import UNUSED_NOQA
from sql_seg.sources import SourceFile
from sql_seg.workspace import judging
from sql_seg.workspace.judging import Ignores
from sql_seg.workspace.selection import Selection
from sql_seg.workspace.settings import Settings
from sql_seg.workspace.workspace import Workspace

TEXT = "SELECT contact_id, updated_at FROM contact_data WHERE email LIKE '%x' AND first_name != 'A'"
INFO = "undocumented-construct"  # LIKE in v2, which the reference does not mention


@pytest.mark.parametrize(
    ("selection", "end", "looks", "told"),
    [
        (Selection(), "", False, False),
        (Selection(ignore=frozenset({"never-null"})), "", False, False),
        (Selection(shows_infos=True), "", True, True),
        (Selection(select=frozenset({INFO})), "", True, True),
        (Selection(strict=True), "", True, True),
        (Selection(severity={INFO: Severity.WARNING}), "", True, True),
        (Selection(), f" -- noqa: {INFO}, null-blind-inequality", True, False),
    ],
)
def test_infos_are_looked_for_where_they_may_count(
    selection: Selection, end: str, looks: bool, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []

    def noting(*given: Any, infos: bool) -> Any:
        looked.append(infos)
        return diagnose(*given, infos=infos)

    monkeypatch.setattr(judging, "diagnose", noting)
    judge = judging.Judge(Workspace(Settings()), selection, Ignores(Settings()))
    (found,) = judge.judge(SourceFile("<query>", TEXT + end, is_argument=True)).diagnostics
    codes = [item.code for item in found]
    assert looked == [looks]
    assert (INFO in codes) is told
    assert UNUSED_NOQA.code not in codes  # what it hides was looked for
