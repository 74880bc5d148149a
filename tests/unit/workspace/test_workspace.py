"""The one way in: settings, schema, lists and queries, as every command has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sql_seg import SENDGRID, Dialect
from sql_seg.errors import SegmentFileError
from sql_seg.language.schema import custom_column
from sql_seg.segments.candidates import candidates_of
from sql_seg.sources import SourceFile
from sql_seg.syntax.parsing import parser
from sql_seg.workspace.folders import Patterns, is_glob
from sql_seg.workspace.settings import SettingsError, nearest_settings
from sql_seg.workspace.workspace import Workspace

LIST = "115715d0-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_given_counts_before_settings() -> None:
    Path("sql-seg.toml").write_text("dialect = 'v2'\nlenient = true\nstrict = true")
    workspace = Workspace.open(dialect=Dialect.V1, lenient=False, fields=None)
    assert (workspace.dialect, workspace.settings.lenient, workspace.settings.strict) == (
        Dialect.V1,
        False,
        True,
    )
    assert Workspace.open(isolated=True).schema == SENDGRID


def test_field_definitions_are_read_when_they_are_needed() -> None:
    Path("sql-seg.toml").write_text("fields = 'missing.json'")
    workspace = Workspace.open()
    assert len(candidates_of(workspace.gathered((), ["a = 1"])).all) == 1
    with pytest.raises(SettingsError, match=r"missing\.json: no such file"):
        workspace.schema  # noqa: B018
    Path("missing.json").write_text('{"name": "plan", "field_type": "Text"}')
    assert workspace.schema.custom_fields == (
        custom_column("plan", SENDGRID.contact_data.columns["city"].type),
    )


def test_exports_of_lists_are_those_given_then_those_of_settings() -> None:
    first = f"a = {{id = '{LIST}', file = ['1.csv', '2.csv']}}"
    Path("sql-seg.toml").write_text(f"[lists]\n{first}\nb = {{id = 'B', file = '3.csv'}}")
    workspace = Workspace.open()
    assert workspace.list_ids == {"a": LIST, "b": "B"}
    assert workspace.list_files() == [(LIST, "1.csv"), (LIST, "2.csv"), ("B", "3.csv")]
    given = [("a", "x.csv"), ("c", "y.csv")]
    assert workspace.list_files(given) == [(LIST, "x.csv"), ("c", "y.csv"), ("B", "3.csv")]


def test_reading_goes_on_behind_what_cannot_be_read() -> None:
    Path("a.sql").write_text("city IS NULL")
    read = list(Workspace.open().read(["missing.sql", "a.sql"], ["email IS NULL"]))
    assert [type(item) for item in read] == [SegmentFileError, SourceFile, SourceFile]


def test_a_query_is_parsed_once_however_often_it_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def count(text: str, dialect: Dialect | str | None = None) -> object:
        parsed.append(text)
        return parser.parse(text, dialect)

    monkeypatch.setattr("sql_seg.sources.query_source.parse", count)
    candidates = candidates_of(Workspace.open().gathered((), ["age > 3", "city IS NULL"]))
    assert candidates.check(SENDGRID.as_lenient()) == []
    assert len(candidates.check(SENDGRID)) == 1
    candidates.check(SENDGRID)
    assert parsed == ["age > 3", "city IS NULL"]


def test_settings_elsewhere_have_whole_paths(here: Path) -> None:
    (here / "sub").mkdir()
    (here / "sql-seg.toml").write_text("fields = 'f.json'\ncontacts = 'c/*.csv'")
    settings = nearest_settings(here / "sub")
    assert (settings.fields, settings.contacts) == (str(here / "f.json"), (str(here / "c/*.csv"),))


def test_patterns_know_what_they_matched(here: Path) -> None:
    patterns = Patterns(["old/", "*.bak.sql", "!keep.bak.sql"], here)
    verdicts = [patterns.verdict(Path(name)) for name in ("old/a.sql", "x.bak.sql", "keep.bak.sql", "a.sql")]
    assert verdicts == [True, True, False, None]
    assert list(patterns.unused()) == []
    assert list(Patterns(["a", "b/"], here).unused()) == ["a", "b/"]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [("a", True), ("**/x/", True), ("", False), ("# x", False), ("[b-a]", False), ("!", False)],
)
def test_what_is_a_glob(glob: str, expected: bool) -> None:
    assert is_glob(glob) is expected
