"""Which files are tests, and of which segments: ``vip.test.json`` or ``vip.test.yaml`` is of ``vip.sql``."""

from __future__ import annotations

from pathlib import Path

from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.sources import QUERY_SUFFIXES, SEGMENT_SUFFIXES

TEST_SUFFIXES = tuple(f".test{suffix}" for suffix in SEGMENT_SUFFIXES)
"""How the names of test files end."""


def is_test_file(path: Path) -> bool:
    """Return whether a file is called as tests of a segment are."""
    return path.name.lower().endswith(TEST_SUFFIXES)


def has_segment(path: Path) -> bool:
    """Return whether a file is called as tests are, and a segment is beside it that it can be of."""
    return is_test_file(path) and any(
        path.with_name(stem(path) + suffix).is_file() for suffix in QUERY_SUFFIXES
    )


def segment_beside(path: Path) -> Path:
    """Return the segment that a test file is of. Raises SegmentFileError where there is none, or several."""
    candidates = [path.with_name(stem(path) + suffix) for suffix in QUERY_SUFFIXES]
    found = [candidate for candidate in candidates if candidate.is_file()]
    if len(found) == 1:
        return found[0]
    names = " nor ".join(candidate.name for candidate in candidates)
    both = " and ".join(candidate.name for candidate in candidates)
    message = f"is of both {both}: rename one" if found else f"has no segment: neither {names} is beside it"
    raise SegmentFileError(str(path), [FileProblem(0, 0, message)])


def stem(path: Path) -> str:
    """Return what stands before ``.test.json`` and the like."""
    return path.name[: path.name.lower().rindex(".test.")]
