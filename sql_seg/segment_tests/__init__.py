"""Tests of segments, as files beside them: contacts that must be in, and contacts that must be out."""

from sql_seg.segment_tests.cases import (
    Case,
    CaseOutcome,
    SegmentTests,
    expectation,
    explained,
    outcome_of,
    run,
)
from sql_seg.segment_tests.coverage import Coverage, coverage_of
from sql_seg.segment_tests.file_reader import read_segment_tests
from sql_seg.segment_tests.locating import (
    TEST_SUFFIXES,
    has_segment,
    is_test_file,
    segment_beside,
)
from sql_seg.segment_tests.python_contacts import dataset_of

__all__ = [
    "TEST_SUFFIXES",
    "Case",
    "CaseOutcome",
    "Coverage",
    "SegmentTests",
    "coverage_of",
    "dataset_of",
    "expectation",
    "explained",
    "has_segment",
    "is_test_file",
    "outcome_of",
    "read_segment_tests",
    "run",
    "segment_beside",
]
