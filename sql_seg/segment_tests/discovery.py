"""Which tests of segments a file or a folder stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sql_seg.errors import SegmentFileError
from sql_seg.segment_tests.locating import TEST_SUFFIXES, is_test_file, stem
from sql_seg.sources import QUERY_SUFFIXES, read_file, why_left_alone
from sql_seg.sources.reading import no_place
from sql_seg.workspace.folders import Folders


@dataclass(slots=True)
class FoundTests:
    """Test files, and segments without tests, each in the order of their paths."""

    tests: list[Path] = field(default_factory=list)
    untested: list[Path] = field(default_factory=list)


def may_be_tested(path: Path) -> bool:
    """Return whether a path is a folder, or is called as segments and tests are."""
    return path.is_dir() or path.name.lower().endswith((*QUERY_SUFFIXES, *TEST_SUFFIXES))


def find_tests(path: Path, folders: Folders) -> FoundTests:
    """Return the tests that a file or folder stands for: itself, those of a segment, or all below a folder.

    Raises SegmentFileError for a file that is neither a test nor a segment, and for what cannot be read.
    """
    if path.is_dir():
        return _found_in(_files_below(path, folders), are_met=True)
    if path.exists() and folders.is_left_out(path):
        return FoundTests()
    if is_test_file(path):
        return FoundTests([path])
    if path.name.lower().endswith(QUERY_SUFFIXES) and path.is_file():
        return _found_in([path, *_tests_of(path)])
    expected = "a segment (.sql, .sgql) or its tests (.test.json, .test.yaml)"
    raise no_place(str(path), f"is not {expected}" if path.exists() else "no such file")


def _found_in(files: list[Path], *, are_met: bool = False) -> FoundTests:
    """Return the tests among files, and the segments without any; of files that were met, sure ones only."""
    tests = [path for path in files if is_test_file(path)]
    segments = [path for path in files if path.name.lower().endswith(QUERY_SUFFIXES)]
    tested = {(path.parent, stem(path)) for path in tests}
    untested = [path for path in segments if (path.parent, path.stem) not in tested]
    return FoundTests(tests, [path for path in untested if not are_met or _is_segment(path)])


def _is_segment(path: Path) -> bool:
    """Return whether a file holds a segment, as far as can be seen: not SQL that changes data."""
    try:
        return why_left_alone(read_file(path).text, path.name) is None
    except SegmentFileError:
        return True


def _tests_of(segment: Path) -> Iterator[Path]:
    for suffix in TEST_SUFFIXES:
        path = segment.with_name(segment.stem + suffix)
        if path.is_file():
            yield path


def _files_below(directory: Path, folders: Folders) -> list[Path]:
    try:
        return folders.files_below(
            directory, lambda name: name.lower().endswith((*TEST_SUFFIXES, *QUERY_SUFFIXES))
        )
    except OSError as error:
        raise no_place(str(error.filename), f"cannot be read: {error.strerror}") from error
