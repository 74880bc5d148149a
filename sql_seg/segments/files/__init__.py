"""Queries in files: texts, and segments in JSON and YAML, with the place of each character."""

from sql_seg.segments.files.limits import check_limits
from sql_seg.segments.files.queries import CannotRewriteError, QueryInFile, query_alone, rewrite
from sql_seg.segments.files.reading import (
    QUERY_SUFFIXES,
    SEGMENT_SUFFIXES,
    SUFFIXES,
    content_of,
    decoded,
    may_hold_segments,
    placed,
    queries_in,
    read_queries,
    trees_in,
)

__all__ = [
    "QUERY_SUFFIXES",
    "SEGMENT_SUFFIXES",
    "SUFFIXES",
    "CannotRewriteError",
    "QueryInFile",
    "check_limits",
    "content_of",
    "decoded",
    "may_hold_segments",
    "placed",
    "queries_in",
    "query_alone",
    "read_queries",
    "rewrite",
    "trees_in",
]
