"""Which files are tests, and of which segments: ``vip.test.json`` or ``vip.test.yaml`` is of ``vip.sql``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.folders import files_below
from sql_seg.segments.files import QUERY_SUFFIXES, SEGMENT_SUFFIXES

TEST_SUFFIXES = tuple(f".test{suffix}" for suffix in SEGMENT_SUFFIXES)
"""How the names of test files end."""


@dataclass(slots=True)
class Found:
    """Test files, and segments without tests, each in the order of their paths."""

    tests: list[Path] = field(default_factory=list)
    untested: list[Path] = field(default_factory=list)


def is_test_file(path: Path) -> bool:
    """Return whether a file is called as tests of a segment are."""
    return path.name.lower().endswith(TEST_SUFFIXES)


def has_segment(path: Path) -> bool:
    """Return whether a file is called as tests are, and a segment is beside it that it can be of."""
    return is_test_file(path) and any(
        path.with_name(_stem(path) + suffix).is_file() for suffix in QUERY_SUFFIXES
    )


def segment_beside(path: Path) -> Path:
    """Return the segment that a test file is of. Raises SegmentFileError where there is none, or several."""
    candidates = [path.with_name(_stem(path) + suffix) for suffix in QUERY_SUFFIXES]
    found = [candidate for candidate in candidates if candidate.is_file()]
    if len(found) == 1:
        return found[0]
    names = " nor ".join(candidate.name for candidate in candidates)
    both = " and ".join(candidate.name for candidate in candidates)
    message = f"is of both {both}: rename one" if found else f"has no segment: neither {names} is beside it"
    raise SegmentFileError(str(path), [FileProblem(0, 0, message)])


def find_tests(path: Path) -> Found:
    """Return the tests that a file or folder stands for: itself, those of a segment, or all below a folder.

    Hidden files and folders are left out. Raises SegmentFileError for a file that is neither a test nor a
    segment, is not there, or cannot be listed.
    """
    if path.is_dir():
        return _found_in(_files_below(path))
    if is_test_file(path):
        return Found([path])
    if path.name.lower().endswith(QUERY_SUFFIXES) and path.is_file():
        return _found_in([path, *_tests_of(path)])
    expected = "a segment (.sql, .sgql) or its tests (.test.json, .test.yaml)"
    message = f"is not {expected}" if path.exists() else "no such file"
    raise SegmentFileError(str(path), [FileProblem(0, 0, message)])


def _stem(path: Path) -> str:
    """Return what stands before ``.test.json`` and the like."""
    return path.name[: path.name.lower().rindex(".test.")]


def _found_in(files: list[Path]) -> Found:
    tests = [path for path in files if is_test_file(path)]
    segments = [path for path in files if path.name.lower().endswith(QUERY_SUFFIXES)]
    tested = {(path.parent, _stem(path)) for path in tests}
    return Found(tests, [path for path in segments if (path.parent, path.stem) not in tested])


def _tests_of(segment: Path) -> Iterator[Path]:
    for suffix in TEST_SUFFIXES:
        path = segment.with_name(segment.stem + suffix)
        if path.is_file():
            yield path


def _files_below(directory: Path) -> list[Path]:
    try:
        return files_below(directory)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise SegmentFileError(str(error.filename), [FileProblem(0, 0, message)]) from error
