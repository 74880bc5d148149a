"""Queries in files: texts, and segments in JSON and YAML, with the place of each character."""

from sql_seg.segment_files.limits import check_limits
from sql_seg.segment_files.queries import CannotRewriteError, QueryInFile, query_alone, rewrite
from sql_seg.segment_files.reading import (
    QUERY_SUFFIXES,
    SEGMENT_SUFFIXES,
    SUFFIXES,
    decoded,
    may_hold_segments,
    queries_in,
    read_queries,
)

__all__ = [
    "QUERY_SUFFIXES",
    "SEGMENT_SUFFIXES",
    "SUFFIXES",
    "CannotRewriteError",
    "QueryInFile",
    "check_limits",
    "decoded",
    "may_hold_segments",
    "queries_in",
    "query_alone",
    "read_queries",
    "rewrite",
]
