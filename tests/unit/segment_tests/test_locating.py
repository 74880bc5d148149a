"""Which files are tests, and of which segments."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sql_seg.errors import SegmentFileError
from sql_seg.segment_tests import is_test_file, segment_beside
from sql_seg.segment_tests.discovery import find_tests
from sql_seg.workspace.folders import Exclusion, Folders

FOLDERS = Folders(Exclusion())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.sql", "a.test.json", "b.sgql", "sub/c.sql", "sub/c.test.yaml", "package.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    hidden = tmp_path / ".git" / "d.test.json"
    hidden.parent.mkdir()
    hidden.touch()
    os.mkfifo(tmp_path / "pipe.sql")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.test.json", True), ("a.TEST.yml", True), ("a.json", False), ("test.json", False), ("a.test", False)],
)
def test_the_name_says_it(name: str, expected: bool) -> None:
    assert is_test_file(Path(name)) is expected


def test_a_folder_stands_for_all_below_it(folder: Path) -> None:
    found = find_tests(folder, FOLDERS)
    assert found.tests == [folder / "a.test.json", folder / "sub/c.test.yaml"]
    assert found.untested == [folder / "b.sgql"]


def test_a_segment_stands_for_its_tests(folder: Path) -> None:
    assert find_tests(folder / "a.sql", FOLDERS).tests == [folder / "a.test.json"]
    assert find_tests(folder / "b.sgql", FOLDERS).untested == [folder / "b.sgql"]


@pytest.mark.parametrize("name", ["package.json", "nothing.sql", "x.txt"])
def test_what_is_neither_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(SegmentFileError, match=r"no such file|is not a segment"):
        find_tests(folder / name, FOLDERS)


def test_the_segment_is_beside_its_tests(folder: Path) -> None:
    assert segment_beside(folder / "a.test.json") == folder / "a.sql"
    assert segment_beside(folder / "b.test.yml") == folder / "b.sgql"
    with pytest.raises(SegmentFileError, match=r"neither x.sql nor x.sgql is beside it"):
        segment_beside(folder / "x.test.json")
    (folder / "b.sql").touch()
    with pytest.raises(SegmentFileError, match=r"is of both b.sql and b.sgql"):
        segment_beside(folder / "b.test.json")
